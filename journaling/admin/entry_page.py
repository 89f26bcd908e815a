"""What the page of one call or chat shows."""

import json
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.labels import find_label, find_organisation, name_field
from connector.models import MirroredPerson
from connector.people.fields import describe_stored
from connector.state import find_grant
from connector.wording import Words, is_quoted
from connector.zoho.links import record_url
from journaling.admin.entry_lists import BADGES
from journaling.admin.private import Reader
from journaling.correcting.anew import may_write_anew
from journaling.drafts import LAYOUT
from journaling.entries.amending import list_candidates
from journaling.fields.layouts import list_layouts
from journaling.models import AttemptVerdict, Entry, Event
from journaling.telling.reasons import describe_reason
from journaling.telling.story import Line, tell
from journaling.telling.waiting import describe_waiting

State = Entry.State
LINKED = ("Calls", "Tasks")
TRY_AGAIN_STATES = {State.PARKED, State.LEFT_OUT, State.WAITING}
LEAVE_OUT_STATES = {State.SETTLING, State.WAITING, State.PARKED}
CALL_KINDS = {
    "Inbound": gettext_lazy("Answered incoming call"),
    "Missed": gettext_lazy("Missed call"),
    "Outbound": gettext_lazy("Answered outgoing call"),
    "Notanswered": gettext_lazy("Outgoing call without an answer"),
}


def name_kind(row: Entry | Event) -> str:
    """“Missed call”, “Chat”, “Note”."""
    kind = CALL_KINDS.get(row.call_type) if row.kind == Entry.Kind.CALL else None
    words = str(kind or row.get_kind_display())
    return words[:1].upper() + words[1:]


def describe_entry(entry: Entry, *, may_decide: bool, reader: Reader) -> dict[str, Any]:
    """Template variables of an entry's page, with what the reader may know."""
    number, may_read = reader.show_number(entry), reader.may_read(entry)
    events = list_events(entry)
    is_whole = not (entry.texts_deleted_at or any(event.body_deleted_at for event in events))
    return {
        "title": " · ".join(filter(None, [name_kind(entry), number])),
        "entry": entry,
        "number": number,
        "may_read": may_read,
        "words": reader.clean(entry.words, row=entry),
        "is_quoted": is_quoted(entry.words),
        "waiting": describe_waiting(entry),
        "field": name_unsaid(entry, field=entry.field, words=entry.words),
        "show_history": False,
        "zone": entry.connection.time_zone,
        "badge": BADGES.get(State(entry.state), "default"),
        "reason": describe_reason(entry.reason),
        "story": [
            Line(at=line.at, text=reader.clean(line.text, row=entry)) for line in tell(entry)
        ],
        "sent_fields": label_record(entry) if may_read else [],
        "reports": [describe_report(event) for event in events] if may_read else [],
        "verdicts": [
            (
                verdict,
                reader.clean(verdict.words, row=entry),
                name_unsaid(entry, field=verdict.field, words=verdict.words),
            )
            for verdict in list_verdicts(entry)
        ],
        "followers": entry.followers.all(),
        "zoho_url": find_record_url(entry, module=entry.module, zoho_id=entry.zoho_id),
        "card_url": find_record_url(entry, module=entry.card_module, zoho_id=entry.card_zoho_id),
        "candidates": [
            {"id": zoho_id, "url": find_record_url(entry, module=entry.module, zoho_id=zoho_id)}
            for zoho_id in (list_candidates(entry) if may_decide else [])
        ],
        "can_put_on": may_decide and entry.state == State.DELIVERED and entry.module in LINKED,
        "can_write_anew": may_decide and may_write_anew(entry),
        "can_mark_done": may_decide and entry.state == State.PARKED,
        "can_try_again": may_decide
        and is_whole
        and entry.state in TRY_AGAIN_STATES
        and bool(entry.module),
        "can_leave_out": may_decide and entry.state in LEAVE_OUT_STATES,
    }


def list_verdicts(entry: Entry) -> Iterable[AttemptVerdict]:
    return entry.verdicts.select_related("attempt").order_by("-attempt__sent_at")


def list_events(entry: Entry) -> list[Event]:
    return list(entry.events.prefetch_related("versions").order_by("received_at"))


def find_record_url(entry: Entry, *, module: str, zoho_id: str) -> str:
    grant = find_grant(entry.connection)
    if not (module and zoho_id and grant):
        return ""
    return record_url(
        crm_url=entry.connection.crm_url,
        zgid=grant.organisation.zgid,
        environment=grant.organisation.environment,
        module=module,
        zoho_id=zoho_id,
    )


def name_refused(entry: Entry, *, field: str) -> str:
    """The field that Zoho complained about, "" for none."""
    if not field:
        return ""
    return name_field(find_organisation(entry.connection), module=entry.module, field=field)


def name_unsaid(entry: Entry, *, field: str, words: Words) -> str:
    """The same, unless Zoho's words name it as well."""
    name = name_refused(entry, field=field)
    return "" if name in str(words) else name


def label_record(entry: Entry) -> list[dict[str, str]]:
    """The record as sent."""
    return label_fields(entry, entry.record or {})


def label_fields(entry: Entry, record: dict[str, Any]) -> list[dict[str, str]]:
    """The organisation's own label, the API name, the value; what belongs to no field of theirs,
    such as $se_module, stands in the request alone."""
    organisation = find_organisation(entry.connection)
    return [
        {
            "label": find_label(organisation, module=entry.module, field=name)
            or name.replace("_", " "),
            "name": name,
            "value": show_value(name_record(name, value, entry=entry)),
        }
        for name, value in record.items()
        if not name.startswith("$")
    ]


def name_record(field: str, value: Any, *, entry: Entry) -> Any:
    """A user's or person's name in place of a bare id, where we know it."""
    if not isinstance(value, dict) or "name" in value or "id" not in value:
        return value
    organisation = find_organisation(entry.connection)
    if organisation is None:
        return value
    if field == LAYOUT:
        names = {row["id"]: row for row in list_layouts(organisation, module=entry.module)}
        return names.get(value["id"], value)
    known: Any = organisation.users.filter(zoho_id=value["id"]).first()
    known = (
        known
        or MirroredPerson.objects.filter(organisation=organisation, zoho_id=value["id"]).first()
    )
    if known is None and value["id"] == entry.card_zoho_id and entry.person:
        return {"name": entry.person}
    if isinstance(known, MirroredPerson):
        return {"name": describe_stored(known).name}
    return {"name": known.name} if known else value


def show_value(value: Any) -> str:
    if isinstance(value, dict) and "name" in value:
        return str(value["name"])
    if isinstance(value, dict) and value.keys() == {"id"}:
        return str(value["id"])
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "–" if value is None else str(value)


def describe_report(event: Event) -> dict[str, Any]:
    bodies = [(event.received_at, event.body)]
    bodies += [(version.received_at, version.body) for version in event.versions.all()]
    return {
        "event": event,
        "versions": [{"at": at, "text": show_body(bytes(body))} for at, body in bodies],
    }


def show_body(body: bytes) -> str:
    """Readable: JSON with indents, else the text as it came; what no page can show is marked."""
    text = body.decode("utf-8", errors="replace")
    try:
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
    # JSON can name half of a sign, \ud800, which no answer can be written with.
    return text.encode("utf-8", errors="replace").decode()
