"""Reports from the PBX and requests to Zoho, as they were."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from connector.admin.readonly import ReadOnlyAdmin
from connector.auditing import note_opened
from connector.moments import show_moment
from connector.wording import is_quoted
from journaling.admin.entry_lists import EntryList
from journaling.admin.entry_page import describe_report, name_kind, name_refused
from journaling.admin.entry_search import read_page, search_events
from journaling.admin.private import Reader, show_numbers_to
from journaling.models import Attempt, Event
from journaling.telling.reasons import describe_reason


class EventList(EntryList):
    """Newest first by the primary key, which begins with the time of arrival."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        return ["-pk"]


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = [
        "show_received", "show_kind", "number", "extension", "queue", "show_readable",
        "connection",
    ]  # fmt: skip
    sortable_by = ()
    list_filter = ["connection", "kind", "source"]
    list_select_related = ["connection"]
    search_fields = ["number"]
    search_help_text = gettext_lazy("A number in any format")
    change_form_template = "admin/journaling/event/page.html"
    empty_words = gettext_lazy(
        "A PBX reports a call or chat after its end. If nothing arrives, the tab “3CX template and "
        "key” on the connection's page shows who was refused."
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[EventList]:
        return EventList

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return show_numbers_to(request, super().get_list_display(request))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        events: QuerySet[Event] = super().get_queryset(request)
        return events.defer("body")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found = search_events(
            queryset, search_term, reader=Reader(request.user), page=read_page(request)
        )
        return found, False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        event = self.get_object(request, object_id)
        context = extra_context or {}
        if event:
            reader = Reader(request.user)
            number = reader.show_number(event)
            if reader.may_read(event):
                note_opened(event)
            context |= {
                "title": " · ".join(filter(None, [name_kind(event), number])),
                "event": event,
                "number": number,
                "show_history": False,
                "report": describe_report(event) if reader.may_read(event) else None,
                "zone": event.connection.time_zone,
            }
        return super().change_view(request, object_id, form_url, context)

    @display(description=gettext_lazy("received"))
    def show_received(self, event: Event) -> str:
        return show_moment(event.received_at, zone=event.connection.time_zone)

    @display(description=gettext_lazy("kind"))
    def show_kind(self, event: Event) -> str:
        return name_kind(event)

    @display(description=gettext_lazy("readable"), boolean=True)
    def show_readable(self, event: Event) -> bool:
        return not event.unreadable_reason


class AttemptList(EntryList):
    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        return ["-sent_at"]


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    list_display = [
        "show_sent", "method", "path", "status", "show_outcome", "took_ms", "connection",
    ]  # fmt: skip
    sortable_by = ()
    list_filter = ["connection"]
    list_select_related = ["connection"]
    empty_words = gettext_lazy("Each request that writes to Zoho stands here, with its answer.")
    change_form_template = "admin/journaling/attempt/page.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[AttemptList]:
        return AttemptList

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        attempt = self.get_object(request, object_id)
        context = extra_context or {}
        if attempt:
            reader = Reader(request.user)
            verdicts = attempt.verdicts.select_related("entry__connection")
            context |= {
                "title": _("Request to Zoho"),
                "attempt": attempt,
                "show_history": False,
                "outcome": describe_reason(attempt.outcome),
                "zone": attempt.connection.time_zone,
                "words": reader.clean(attempt.words, row=attempt),
                "is_quoted": is_quoted(attempt.words),
                "verdicts": [
                    (
                        verdict,
                        reader.clean(verdict.words, row=attempt),
                        name_refused(verdict.entry, field=verdict.field),
                    )
                    for verdict in verdicts.order_by("pk")
                ],
            }
        return super().change_view(request, object_id, form_url, context)

    @display(description=gettext_lazy("sent"))
    def show_sent(self, attempt: Attempt) -> str:
        return show_moment(attempt.sent_at, zone=attempt.connection.time_zone)

    @display(description=gettext_lazy("outcome"))
    def show_outcome(self, attempt: Attempt) -> str:
        return describe_reason(attempt.outcome)
