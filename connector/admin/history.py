"""The history of settings, keys, roles, repairs and opened texts: one list, to read."""

from typing import Any

from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from connector.access.scope import narrow
from connector.admin.readonly import ReadOnlyAdmin
from connector.models import Connection
from connector.moments import show_moment
from connector.wording import unpack

ACTIONS = {
    LogEntry.Action.CREATE: _("added"),
    LogEntry.Action.UPDATE: _("changed"),
    LogEntry.Action.DELETE: _("deleted"),
    LogEntry.Action.ACCESS: _("opened the texts"),
}
LONGEST_SHOWN = 300

admin.site.unregister(LogEntry)
LogEntry._meta.verbose_name_plural = _("history")  # as the menu calls it


class PlaceFilter(SimpleListFilter):
    title = _("connection")
    parameter_name = "connection"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        own = narrow(Connection.objects.all(), request.user, right=model_admin.name_right("view"))
        return [(str(row.pk), row.name) for row in own]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        wanted = read_id(self.value())
        return rows.filter(additional_data__connection=wanted) if wanted else rows


class PersonFilter(SimpleListFilter):
    """What somebody did, and what was done to their user."""

    title = _("person")
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        seen = model_admin.get_queryset(request).exclude(actor=None)
        return [
            (str(pk), name)
            for pk, name in seen.order_by("actor__username")
            .values_list("actor", "actor__username")
            .distinct()
        ]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        wanted = read_id(self.value())
        own = Q(content_type__app_label="auth", content_type__model="user", object_id=wanted)
        return rows.filter(Q(actor=wanted) | own) if wanted else rows


@admin.register(LogEntry)
class HistoryAdmin(ReadOnlyAdmin):
    list_display = ["show_moment", "show_actor", "show_what", "show_which", "show_changes"]
    list_filter = [PlaceFilter, PersonFilter, "action"]
    list_select_related = ["actor", "content_type"]
    search_fields = ["object_repr", "actor__username"]
    fields = [
        "show_moment", "show_actor", "remote_addr", "show_what", "show_which", "show_changes",
    ]  # fmt: skip

    @display(description=_("when (UTC)"), ordering="timestamp")
    def show_moment(self, row: LogEntry) -> str:
        return show_moment(row.timestamp, zone="UTC")

    @display(description=_("which one"))
    def show_which(self, row: LogEntry) -> str:
        return str(row.object_repr)

    @display(description=_("who"))
    def show_actor(self, row: LogEntry) -> str:
        return str(row.actor or row.actor_email or _("a command"))

    @display(description=_("what"))
    def show_what(self, row: LogEntry) -> str:
        kind = row.content_type.name if row.content_type else ""
        return f"{kind}: {ACTIONS.get(row.action, '')}"

    @display(description=_("changes"))
    def show_changes(self, row: LogEntry) -> str:
        """“label: old → new”; of secrets only that they changed."""
        words = unpack((row.additional_data or {}).get("words", ""))
        if words or row.action != LogEntry.Action.UPDATE:
            return str(words)
        told = [
            f"{name_column(row, name)}: {show_change(*pair)}"
            for name, pair in (row.changes or {}).items()
        ]
        return "; ".join(told)[:LONGEST_SHOWN]


def read_id(text: str | None) -> int | None:
    """An id out of an address, where anything may stand."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def name_column(row: LogEntry, name: str) -> str:
    """As pages label it; the column's own name where a field or its model is gone."""
    model = row.content_type.model_class() if row.content_type else None
    try:
        field: Any = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return name
    return str(getattr(field, "verbose_name", "") or name)


def show_change(old: Any, new: Any) -> str:
    return str(new) if old in (None, "None", "") else f"{old} → {new}"
