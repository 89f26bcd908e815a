"""The users of Zoho as last fetched."""

from django.contrib import admin
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.decorators import display

from connector.admin.readonly import ReadOnlyAdmin
from connector.models import ZohoUser


@admin.register(ZohoUser)
class ZohoUserAdmin(ReadOnlyAdmin):
    list_display = ["show_name", "email", "organisation", "active"]
    list_filter = ["organisation", "active"]
    list_select_related = ["organisation"]
    empty_words = gettext_lazy("They are read when a connection is authorised, and daily.")
    search_fields = ["name", "email"]
    fields = ["show_name", "email", "active", "organisation", "zoho_id"]

    @display(description=pgettext_lazy("of a person", "name"), ordering="name")
    def show_name(self, user: ZohoUser) -> str:
        return user.name
