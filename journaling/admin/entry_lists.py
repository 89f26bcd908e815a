"""What the lists of calls, chats and reports are made of."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from connector.models import Connection
from journaling.models import Entry
from journaling.telling.reasons import REASONS, describe_reason

BADGES = {
    Entry.State.DELIVERED: "success",
    Entry.State.PARKED: "danger",
    Entry.State.UNKNOWN: "warning",
    Entry.State.WAITING: "info",
    Entry.State.SENDING: "info",
    Entry.State.SETTLING: "info",
    Entry.State.LEFT_OUT: "default",
}


class ReasonFilter(admin.SimpleListFilter):
    """Reasons that stand on a call that needs a decision now, and the known ones."""

    title = _("reason")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        parked = model_admin.get_queryset(request).filter(state=Entry.State.PARKED).order_by()
        present = set(parked.values_list("reason", flat=True).distinct())
        codes = [*sorted(present - set(REASONS)), *REASONS]
        return [(code, describe_reason(code)) for code in codes if code]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        return queryset.filter(reason=self.value()) if self.value() else queryset


class EntryList(ChangeList):
    """Newest first by the index on the arrival alone: a second column would need a sort."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        return ["-created_at"]


class CallList(EntryList):
    """Rows whose reason names a field share one connection each, with the organisation's labels."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        named = [row for row in self.result_list if row.field]
        known = Connection.objects.select_related("grant__organisation").in_bulk(
            {row.connection_id for row in named}
        )
        for row in named:
            row.connection = known[row.connection_id]
