"""A day's comparison in one sentence."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journaling.models import Reconciliation


def describe(row: Reconciliation) -> str:
    """What was compared, worst figure last; without figures why there are none."""
    if row.compared_at is None:
        return str(row.trouble or _("Not compared yet."))
    is_zoho = row.kind == Reconciliation.Kind.ZOHO
    parts = describe_zoho(row.figures) if is_zoho else describe_call_log(row.figures)
    return ", ".join(part for part in parts if part) + "."


def describe_zoho(figures: Mapping[str, int]) -> list[str]:
    return [
        say_calls(figures),
        _("%(number)s in Zoho") % {"number": figures.get("in_zoho", 0)},
        say(figures, "left_out", _("%(number)s excluded by rule")),
        say(figures, "open", _("%(number)s still on the way")),
        say(figures, "parked", _("%(number)s waiting for a decision")),
        say(figures, "elsewhere", _("%(number)s written to another organisation before")),
        say(figures, "deleted", _("%(number)s deleted in Zoho by somebody: left alone")),
        say(figures, "sent_again", _("%(number)s missing: sent again")),
        say(figures, "not_found", _("%(number)s missing: not sent again, please look")),
    ]


def describe_call_log(figures: Mapping[str, int]) -> list[str]:
    return [
        say(figures, "calls", _("%(number)s calls in the PBX's log"), always=True),
        say(figures, "reported", _("%(number)s reported"), always=True),
        say(figures, "left_out", _("%(number)s excluded by rule")),
        say(figures, "missing", _("%(number)s never reported")),
        say(figures, "completed", _("%(number)s completed with late recordings or texts")),
    ]


def say_calls(figures: Mapping[str, int]) -> str:
    calls, reports = figures.get("calls", 0), figures.get("reports", 0)
    words = ngettext("%(number)s call or chat", "%(number)s calls and chats", calls)
    if calls == reports:
        return words % {"number": calls}
    of = ngettext("from %(number)s report", "from %(number)s reports", reports)
    return f"{words % {'number': calls}} {of % {'number': reports}}"


def say(figures: Mapping[str, int], name: str, words: str, *, always: bool = False) -> str:
    number = figures.get(name, 0)
    return words % {"number": number} if number or always else ""
