"""The story of a call in plain words, from the decisions that its Entry's trace holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from journaling.models import Entry
from journaling.reasons import describe_reason

lazy = gettext_lazy

# What each code says. The first sentence whose facts are all there is told.
SENTENCES: dict[str, tuple[Promise, ...]] = {
    "reported": (
        lazy("The PBX reported: %(type)s, extension %(agent)s, queue %(queue)s."),
        lazy("The PBX reported: %(type)s, extension %(agent)s."),
        lazy("The PBX reported: %(type)s, queue %(queue)s."),
        lazy("The PBX reported: %(type)s."),
        lazy("The PBX reported it."),
    ),
    "joined": (
        lazy("One more part of the same call: %(type)s, extension %(agent)s, queue %(queue)s."),
        lazy("One more part of the same call: %(type)s, extension %(agent)s."),
        lazy("One more part of the same call: %(type)s."),
        lazy("One more part of the same call."),
    ),
    "settled": (
        lazy("All parts are there (%(parts)s): %(type)s."),
        lazy("All parts are there."),
    ),
    "number_read": (
        lazy("%(number)s was read as %(key)s."),
        lazy("The number is %(kind)s."),
        lazy("There is no number."),
    ),
    "card_named": (
        lazy("The PBX named a record in Zoho (%(module)s, %(name)s): %(verdict)s."),
        lazy("The PBX named a record in Zoho (%(module)s): %(verdict)s."),
    ),
    "people_found": (
        lazy("Found in Zoho: %(people)s."),
        lazy("Nobody in Zoho has this number."),
    ),
    "card_taken": (
        lazy("%(name)s (%(module)s) was taken."),
        lazy("A record in Zoho was taken."),
    ),
    "no_card": (lazy("It stands on no person's record in Zoho."),),
    "owner": (
        lazy("Owner: %(name)s, by the rule: %(rule)s."),
        lazy("Owner: %(name)s."),
        lazy("Owner: %(email)s, by the rule: %(rule)s."),
        lazy("The owner was found."),
    ),
    "text_used": (
        lazy("Text: %(text)s."),
        lazy("The text of the connection was used."),
    ),
    "shortened": (
        lazy("%(field)s was longer than Zoho allows; the rest follows as %(into)s."),
        lazy("A text was longer than Zoho allows; the rest follows."),
    ),
    "automations": (
        lazy("Zoho's automations run: %(run)s (%(rule)s; it was %(age_minutes)s minutes old)."),
        lazy("Zoho's automations run: %(run)s (%(rule)s)."),
        lazy("Zoho's automations run: %(run)s."),
    ),
    "sent": (
        lazy("Sent to Zoho in one request of %(among)s records."),
        lazy("Sent to Zoho."),
    ),
    "delivered": (
        lazy("Written to Zoho as record %(zoho_id)s, in one request of %(among)s."),
        lazy("Written to Zoho as record %(zoho_id)s."),
        lazy("Written to Zoho."),
    ),
    "found_delivered": (
        lazy("Zoho has it already, as record %(zoho_id)s."),
        lazy("Zoho has it already."),
    ),
    "checked": (
        lazy("Zoho was asked for the record. Found: %(found)s; asked once more: %(again)s."),
        lazy("Zoho was asked whether it has the record."),
    ),
    "owner_refused": (
        lazy("Zoho did not accept the owner: %(words)s Another one is chosen."),
        lazy("Zoho did not accept the owner. Another one is chosen."),
    ),
    "later": (
        lazy("It did not work: %(words)s The next try is at %(until)s."),
        lazy("It did not work: %(words)s It is tried again later."),
        lazy("%(reason)s It is tried again later."),
        lazy("It is tried again later."),
    ),
    "waits": (
        lazy("Waits until %(until)s: %(reason)s"),
        lazy("Waits: %(reason)s"),
        lazy("Waits."),
    ),
    "parked": (
        lazy("Needs a decision: %(reason)s Zoho's words: %(words)s (%(field)s)"),
        lazy("Needs a decision: %(reason)s %(words)s"),
        lazy("Needs a decision: %(reason)s Candidates: %(candidates)s."),
        lazy("Needs a decision: %(reason)s"),
        lazy("Needs a decision."),
    ),
    "left_out": (
        lazy("%(by)s left it out."),
        lazy("Not written to Zoho: %(reason)s"),
        lazy("Not written to Zoho."),
    ),
    "released": (lazy("%(by)s pressed “Try again”."), lazy("Tried again.")),
}

# Values that are codes themselves.
VALUES: dict[str, Promise] = {
    "Inbound": lazy("answered incoming call"),
    "Missed": lazy("missed call"),
    "Outbound": lazy("answered outgoing call"),
    "Notanswered": lazy("outgoing call without an answer"),
    "call": lazy("call"),
    "chat": lazy("chat"),
    "note": lazy("a note"),
    "attachment": lazy("an attachment"),
    "withheld": lazy("withheld"),
    "internal": lazy("internal"),
    "unreadable": lazy("not readable as a number"),
    "agent": lazy("the extension's user"),
    "record_owner": lazy("the owner of the caller's record"),
    "queue": lazy("the owner of the queue"),
    "fallback": lazy("the fallback owner"),
    "connected_user": lazy("the user who authorised the portal"),
    "extension_map": lazy("the table of extensions"),
    "same_email": lazy("the same e-mail in 3CX and Zoho"),
    "fresh": lazy("for fresh records only"),
    "always": lazy("always"),
    "never": lazy("never"),
    "taken": lazy("it holds the number and was taken"),
    "without_number": lazy("it does not hold this number"),
    "missing": lazy("it is not in this organisation"),
    "True": pgettext_lazy("answer", "yes"),
    "False": pgettext_lazy("answer", "no"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One sentence; `at` is empty when the trace does not say when."""

    at: datetime | None
    text: str


def tell(entry: Entry) -> list[Line]:
    """The trace of an entry as sentences, oldest first. Unknown codes are shown as they are."""
    return [
        Line(at=parse_datetime(str(row.get("at", ""))), text=say(row))
        for row in entry.trace
        if isinstance(row, dict)
    ]


def say(row: Mapping[str, Any]) -> str:
    facts = {name: show(value, name=name) for name, value in row.items() if is_told(value)}
    for sentence in SENTENCES.get(str(row.get("code")), ()):
        try:
            return " ".join((str(sentence) % facts).split())
        except KeyError:
            continue
    return list_plainly(row)


def is_told(value: Any) -> bool:
    return value is not None and value != "" and value != []


def show(value: Any, *, name: str) -> str:
    if isinstance(value, Mapping):
        return show_person(value)
    if isinstance(value, list | tuple):
        return ", ".join(show(item, name=name) for item in value)
    if name == "reason":
        return describe_reason(str(value))
    if name == "until" and (moment := parse_datetime(str(value))):
        return f"{moment:%H:%M:%S} UTC"
    return str(VALUES.get(str(value), value))


def show_person(person: Mapping[str, Any]) -> str:
    name, module = person.get("name") or person.get("zoho_id"), person.get("module", "")
    if person.get("exact", True):
        return f"{name} ({module})"
    return _("%(name)s (%(module)s, by the last digits)") % {"name": name, "module": module}


def list_plainly(row: Mapping[str, Any]) -> str:
    facts = [
        f"{name} {show(value, name=name)}"
        for name, value in row.items()
        if name not in ("at", "code", "event") and is_told(value)
    ]
    title = str(row.get("code") or _("Noted")).replace("_", " ").capitalize()
    return f"{title}: {', '.join(facts)}." if facts else f"{title}."
