"""Pages that show what happened: nobody adds, changes or deletes there."""

from django.db.models import Model
from django.http import HttpRequest
from unfold.paginator import InfinitePaginator

from connector.admin.scoped import ScopedAdmin


class ReadOnlyAdmin(ScopedAdmin):
    """A list and a page to read, fast with millions of rows: nothing counts them."""

    paginator = InfinitePaginator
    show_full_result_count = False
    list_per_page = 50
    list_disable_select_all = True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
