"""Calls and chats: what became of each, and the buttons for what needs a decision."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from connector.access.roles import REPAIR_ENTRY
from connector.access.scope import covers
from connector.admin.readonly import ReadOnlyAdmin
from connector.auditing import note_opened
from connector.moments import show_moment
from journaling import entries
from journaling.admin import anew_button, entry_actions, entry_buttons
from journaling.admin.entry_actions import ask_first, list_chosen, note_chosen, tell_released
from journaling.admin.entry_export import export_entries
from journaling.admin.entry_filters import DayFilter, ExtensionFilter
from journaling.admin.entry_lists import BADGES, CallList, ReasonFilter
from journaling.admin.entry_page import describe_entry, name_kind, name_refused
from journaling.admin.entry_search import read_page, search_entries
from journaling.admin.private import Reader, show_numbers_to
from journaling.models import Entry
from journaling.telling.reasons import describe_with_fields

SEARCH_HELP = gettext_lazy("A number in any format, an extension, a name or a reference")


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = [
        "show_started",
        "show_kind",
        "show_state",
        "number",
        "person",
        "extension",
        "show_reason",
        "connection",
    ]
    sortable_by = ()
    list_display_links = ["show_started", "show_kind"]
    list_filter = ["connection", "state", "kind", ReasonFilter, ExtensionFilter, DayFilter]
    list_filter_submit = True
    list_before_template = "admin/journaling/entry/whole_list.html"
    list_select_related = ["connection"]
    search_fields = ["number"]
    search_help_text = SEARCH_HELP
    actions = ["try_again", "leave_out", "export"]
    action_rights = {"decide": REPAIR_ENTRY}
    change_form_template = "admin/journaling/entry/page.html"
    empty_words = gettext_lazy(
        "A call or chat appears seconds after its end. If none does, the checklist on the "
        "connection's page says what is missing."
    )
    custom_urls = (
        ("<int:pk>/try-again/", "journaling_entry_try_again", entry_buttons.try_again),
        ("<int:pk>/leave-out/", "journaling_entry_leave_out", entry_buttons.leave_out),
        ("<int:pk>/done/", "journaling_entry_done", entry_buttons.mark_as_done),
        ("<int:pk>/candidate/", "journaling_entry_candidate", entry_buttons.choose_candidate),
        ("<int:pk>/put-on/", "journaling_entry_put_on", entry_buttons.put_on_person),
        ("<int:pk>/write-anew/", "journaling_entry_write_anew", anew_button.ask_anew),
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[CallList]:
        return CallList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        rows: QuerySet[Entry] = super().get_queryset(request)
        return rows.defer("trace", "record")

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return show_numbers_to(request, super().get_list_display(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found = search_entries(
            queryset, search_term, reader=Reader(request.user), page=read_page(request)
        )
        return found, False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(REPAIR_ENTRY))

    @action(description=gettext_lazy("Try again"), permissions=["decide"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Entry]) -> TemplateResponse | None:
        ids = list_chosen(queryset)
        if "confirmed" not in request.POST:
            words = _("Try %s again?")
            return ask_first(request, ids, action="try_again", words=words, model_admin=self)
        number = entries.release(ids, by=request.user.get_username())
        note_chosen(Entry.objects.filter(pk__in=ids), entry_actions.TRIED)
        tell_released(request, number=number, chosen=len(ids))
        return None

    @action(description=gettext_lazy("Leave out"), permissions=["decide"])
    def leave_out(self, request: HttpRequest, queryset: QuerySet[Entry]) -> TemplateResponse | None:
        ids = list_chosen(queryset)
        if "confirmed" not in request.POST:
            words = _("Keep %s out of Zoho?")
            return ask_first(request, ids, action="leave_out", words=words, model_admin=self)
        number = entries.leave_out(ids, by=request.user.get_username())
        note_chosen(Entry.objects.filter(pk__in=ids), entry_actions.LEFT_OUT)
        messages.success(request, _("%(number)s of %(chosen)s stay out of Zoho.") % {
            "number": number, "chosen": len(ids),
        })  # fmt: skip
        return None

    @action(description=gettext_lazy("Save as CSV"))
    def export(self, request: HttpRequest, queryset: QuerySet[Entry]) -> HttpResponseBase:
        note_chosen(queryset, entry_actions.SAVED)
        return export_entries(queryset, reader=Reader(request.user))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        entry = self.get_object(request, object_id)
        context = {}
        if entry:
            may_decide = covers(request.user, REPAIR_ENTRY, entry)
            context = describe_entry(entry, may_decide=may_decide, reader=Reader(request.user))
            if context["sent_fields"] or context["reports"]:
                note_opened(entry)
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    @display(description=gettext_lazy("started"))
    def show_started(self, entry: Entry) -> str:
        return show_moment(entry.started_at or entry.created_at, zone=entry.connection.time_zone)

    @display(description=gettext_lazy("kind"))
    def show_kind(self, entry: Entry) -> str:
        return name_kind(entry)

    @display(
        description=gettext_lazy("state"),
        label={str(state): badge for state, badge in BADGES.items()},
    )
    def show_state(self, entry: Entry) -> tuple[str, str]:
        return entry.state, entry.get_state_display()

    @display(description=gettext_lazy("reason"))
    def show_reason(self, entry: Entry) -> str:
        return describe_with_fields(entry.reason, [name_refused(entry, field=entry.field)]) or "–"
