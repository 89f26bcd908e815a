"""The base of every admin page: it shows and changes rows of the person's own connections only."""

from typing import Any

from django.contrib.admin import FieldListFilter, RelatedFieldListFilter
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import ModelAdmin

from connector.access.roles import SEE_HISTORY
from connector.access.scope import covers, has_everywhere, narrow
from connector.audited import find_place
from connector.auditing import note
from connector.models import Connection, ZohoOrganisation
from connector.wording import Wording


class ScopedAdmin(ModelAdmin):
    """Rights are asked for together with the row; lists, choices and actions are narrowed.

    `action_rights` names the right behind a word in an action's `permissions` when it is not the
    one that Django would name.
    """

    action_rights: dict[str, str] = {}

    def name_right(self, verb: str) -> str:
        return f"{self.opts.app_label}.{verb}_{self.opts.model_name}"

    def may(self, request: HttpRequest, verb: str, obj: Model | None) -> bool:
        right = self.name_right(verb)
        stored = obj is not None and obj.pk is not None
        return covers(request.user, right, obj) if stored else request.user.has_perm(right)  # type: ignore[arg-type]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "add", None)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, "delete", obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return narrow(rows, request.user, right=self.name_right("view"))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the page's own filters ask. Django lets every column of the row itself be
        asked, so that whoever tries beginnings would read what no page shows them."""
        offered = {getattr(one, "parameter_name", one) for one in self.get_list_filter(request)}
        known = lookup.partition("__")[0] in offered
        return known and super().lookup_allowed(lookup, value, request)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """What happened to a connection and to all that belongs to it stands in one list."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not covers(request.user, SEE_HISTORY, row):
            raise PermissionDenied
        url = reverse("admin:auditlog_logentry_changelist")
        return HttpResponseRedirect(f"{url}?connection={find_place(row) or ''}")

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The change itself is written down, by django-auditlog: no need for Django's own log."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """A button says in words what it did; a form's changes are written down already."""
        if isinstance(message, str | Wording):
            note(obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """As log_addition."""

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Whoever may look at a row may not therefore press every button on it."""
        known = self.get_actions(request)
        chosen = [known[name][0] for name in request.POST.getlist("action") if name in known]
        verbs = {verb for one in chosen for verb in getattr(one, "allowed_permissions", ())}
        for verb in verbs:
            right = self.action_rights.get(verb) or self.name_right(verb)
            queryset = narrow(queryset, request.user, right=right)
        return super().response_action(request, queryset)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        right = self.name_right("change")
        if db_field.related_model is Connection and not has_everywhere(request.user, right):
            # Without a connection it would concern them all.
            kwargs |= {
                "queryset": narrow(Connection.objects.all(), request.user, right=right),
                "required": True,
            }
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ScopedFilter(RelatedFieldListFilter):
    """Offers the person's own connections and organisations."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, Any]]:
        right = model_admin.name_right("view")
        rows = narrow(field.related_model._default_manager.all(), request.user, right=right)
        ordering = self.field_admin_ordering(field, request, model_admin)
        return [(row.pk, str(row)) for row in rows.order_by(*ordering)]


FieldListFilter.register(
    lambda field: getattr(field, "related_model", None) in (Connection, ZohoOrganisation),
    ScopedFilter,
    take_priority=True,
)
