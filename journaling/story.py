"""The story of a call in plain words, from the decisions that its Entry's trace holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from journaling.amounts import write_amounts
from journaling.models import Entry
from journaling.reasons import describe_reason

# What each code says. The first sentence whose facts are all there is told.
SENTENCES: dict[str, tuple[Promise, ...]] = {
    "reported": (
        _("The PBX reported: %(type)s, extension %(agent)s, queue %(queue)s."),
        _("The PBX reported: %(type)s, extension %(agent)s."),
        _("The PBX reported: %(type)s, queue %(queue)s."),
        _("The PBX reported: %(type)s."),
        _("The PBX reported it."),
    ),
    "joined": (
        _("One more part of the same call: %(type)s, extension %(agent)s, queue %(queue)s."),
        _("One more part of the same call: %(type)s, extension %(agent)s."),
        _("One more part of the same call: %(type)s."),
        _("One more part of the same call."),
    ),
    "settled": (
        _("All parts are there (%(parts)s): %(type)s."),
        _("All parts are there."),
    ),
    "number_read": (
        _("%(number)s was read as %(key)s."),
        _("The number is %(kind)s."),
        _("There is no number."),
    ),
    "start_estimated": (
        _("The PBX named no start in UTC; it was reckoned back from the end by the duration."),
    ),
    "start_corrected": (
        _("The PBX's clock is ahead (it said %(sent)s); the moment of arrival was taken as start."),
        _("The PBX's clock is ahead; the moment of arrival was taken as start."),
    ),
    "card_named": (
        _("The PBX named a record in Zoho (%(module)s, %(name)s): %(verdict)s."),
        _("The PBX named a record in Zoho (%(module)s): %(verdict)s."),
    ),
    "dialled_from": (
        _("The agent dialled from a record in Zoho (%(module)s, %(name)s)."),
        _("The agent dialled from a record in Zoho (%(module)s): %(verdict)s."),
    ),
    "people_found": (
        _("Found in Zoho: %(people)s."),
        _("Nobody in Zoho has this number."),
    ),
    "card_taken": (
        _("%(name)s (%(module)s) was taken."),
        _("A record in Zoho was taken."),
    ),
    "no_card": (_("It stands on no person's record in Zoho."),),
    "owner": (
        _("Owner: %(name)s, by the rule: %(rule)s."),
        _("Owner: %(name)s."),
        _("Owner: %(email)s, by the rule: %(rule)s."),
        _("The owner was found."),
    ),
    "stranger": (_("Nobody in Zoho has the number %(number)s, so its caller is created."),),
    "waits_for_person": (_("Its caller is created in Zoho first (%(reference)s)."),),
    "relinked": (_("Zoho has the caller by now: moved to the card of %(name)s (%(module)s)."),),
    "relinked_converted": (_("The lead was converted: moved to the contact %(name)s."),),
    "relinked_merged": (
        _("Its card is gone; moved to %(name)s (%(module)s), who has the number."),
    ),
    "linked_by_hand": (_("Somebody linked it in Zoho (%(module)s); it stays there."),),
    "not_relinked": (_("It could not be moved to a card: %(words)s"),),
    "handed_over": (_("The person created for this number was handed to the agent."),),
    "not_handed_over": (
        _("The person created for this number was not handed to the agent: %(words)s"),
        _("The person created for this number was not handed to the agent."),
    ),
    "text_used": (
        _("Text: %(text)s."),
        _("The text of the connection was used."),
    ),
    "shortened": (
        _("%(field)s was longer than Zoho allows; the rest follows as %(into)s."),
        _("A text was longer than Zoho allows; the rest follows."),
    ),
    "automations": (
        _("Zoho's automations run: %(run)s (%(rule)s; its age: %(age)s)."),
        _("Zoho's automations run: %(run)s (%(rule)s)."),
        _("Zoho's automations run: %(run)s."),
    ),
    "sent": (
        _("Sent to Zoho in one request (%(records)s)."),
        _("Sent to Zoho."),
    ),
    "delivered": (
        _("Written to Zoho as record %(zoho_id)s, in one request (%(records)s)."),
        _("Written to Zoho as record %(zoho_id)s."),
        _("Written to Zoho."),
    ),
    "found_delivered": (
        _("Zoho has it already, as record %(zoho_id)s."),
        _("Zoho has it already."),
    ),
    "checked": (
        _("Zoho was asked for the record. Found: %(found)s; asked once more: %(again)s."),
        _("Zoho was asked whether it has the record."),
    ),
    "owner_refused": (
        _("Zoho did not accept the owner: %(words)s Another one is chosen."),
        _("Zoho did not accept the owner. Another one is chosen."),
    ),
    "later": (
        _("It did not work: %(words)s The next try is at %(until)s."),
        _("It did not work: %(words)s It is tried again later."),
        _("%(reason)s It is tried again later."),
        _("It is tried again later."),
    ),
    "waits": (
        _("Waits until %(until)s: %(reason)s"),
        _("Waits: %(reason)s"),
        _("Waits."),
    ),
    "would_create": (_("The caller would be created in Zoho first, and the call linked to them."),),
    "parked": (
        _("Needs a decision: %(reason)s Zoho's words: %(words)s (%(field)s)"),
        _("Needs a decision: %(reason)s %(words)s"),
        _("Needs a decision: %(reason)s Candidates: %(candidates)s."),
        _("Needs a decision: %(reason)s"),
        _("Needs a decision."),
    ),
    "left_out": (
        _("%(by)s left it out."),
        _("Not written to Zoho: %(reason)s"),
        _("Not written to Zoho."),
    ),
    "completed": (_("More came later: the text in Zoho was completed."),),
    "replaced": (
        _(
            "Its answered part came later and was written as record %(zoho_id)s; this missed call "
            "was removed from Zoho."
        ),
        _("Its answered part came later; this missed call was removed from Zoho."),
    ),
    "missed_stays": (
        _("Somebody changed the missed call %(zoho_id)s in Zoho, so it stays beside this one."),
        _("Somebody changed the missed call in Zoho, so it stays beside this one."),
    ),
    "put_on_by_hand": (_("%(by)s put it on %(name)s."), _("It was put on another record.")),
    "done_by_hand": (_("%(by)s marked it as done."),),
    "candidate_taken": (_("%(by)s chose record %(zoho_id)s of several."),),
    "released": (_("%(by)s pressed “Try again”."), _("Tried again.")),
}

# Values that are codes themselves.
VALUES: dict[str, Promise] = {
    "Inbound": _("answered incoming call"),
    "Missed": _("missed call"),
    "Outbound": _("answered outgoing call"),
    "Notanswered": _("outgoing call without an answer"),
    "call": _("call"),
    "chat": _("chat"),
    "note": _("a note"),
    "attachment": _("an attachment"),
    "withheld": _("withheld"),
    "internal": _("internal"),
    "unreadable": _("not readable as a number"),
    "agent": _("the extension's user"),
    "record_owner": _("the owner of the caller's record"),
    "queue": _("the owner of the queue"),
    "fallback": _("the fallback owner"),
    "connected_user": _("the user who authorised the portal"),
    "extension_map": _("the table of extensions"),
    "same_email": _("the same e-mail in 3CX and Zoho"),
    "fresh": _("for fresh records only"),
    "always": _("always"),
    "never": _("never"),
    "taken": _("it holds the number and was taken"),
    "without_number": _("it does not hold this number"),
    "missing": _("it is not in this organisation"),
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
    facts |= write_amounts(row)
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
    return gettext("%(name)s (%(module)s, by the last digits)") % {"name": name, "module": module}


def list_plainly(row: Mapping[str, Any]) -> str:
    facts = [
        f"{name} {show(value, name=name)}"
        for name, value in row.items()
        if name not in ("at", "code", "event") and is_told(value)
    ]
    title = str(row.get("code") or gettext("Noted")).replace("_", " ").capitalize()
    return f"{title}: {', '.join(facts)}." if facts else f"{title}."
