"""Calls and chats that stay out of Zoho, or whose texts do: rules of the connection. Pure.

A rule is a row of texts: {"kind", "value", "journal", "note"}.
"""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from connector.phones import NumberKind, NumberRules, read_number
from connector.threecx.reports import Report

Rule = Mapping[str, str]

KINDS = {
    "number": _("Number"),
    "pattern": _("Pattern of numbers"),
    "extension": _("Extension"),
    "queue": _("Queue"),
}
NEVER, WITHOUT_TEXTS = "never", "without_texts"
JOURNAL = {WITHOUT_TEXTS: _("without texts"), NEVER: _("not at all")}
KEYS = ("kind", "value", "journal", "note")
LONGEST_NOTE = 60
PATTERN_SIGNS = set("0123456789+*?")


def find_rule(report: Report, *, rules: Iterable[Rule], numbers: NumberRules) -> Rule | None:
    """The rule that concerns a report; “not at all” goes before “without texts”."""
    fitting = [rule for rule in rules if fits(rule, report, numbers=numbers)]
    fitting.sort(key=lambda rule: rule["journal"] != NEVER)
    return fitting[0] if fitting else None


def fits(rule: Rule, report: Report, *, numbers: NumberRules) -> bool:
    value = rule["value"]
    if rule["kind"] == "extension":
        return report.agent == value
    if rule["kind"] == "queue":
        return report.queue == value
    number = read_number(report.number, numbers)
    if rule["kind"] == "number":
        return bool(number.key) and number.key == read_number(value, numbers).key
    return bool(number.key) and fnmatchcase(number.key, value)


def check_rules(rows: object, *, numbers: NumberRules) -> None:
    """Raises ValidationError that says which row is wrong."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValidationError(_("Must be a list of rules."))
    for position, row in enumerate(rows, start=1):
        if fault := find_fault(row, numbers=numbers):
            words = _("Rule %(position)s: %(fault)s")
            raise ValidationError(words, params={"position": position, "fault": fault})


def find_fault(row: Rule, *, numbers: NumberRules) -> str:
    value = row.get("value", "")
    if set(row) - set(KEYS) or row.get("kind") not in KINDS or row.get("journal") not in JOURNAL:
        return str(
            _(
                "A rule has a kind (number, pattern, extension, queue), a value, journal "
                "(without_texts, never) and, if wanted, a note."
            )
        )
    if not value:
        return str(_("What is excluded? The value is empty."))
    if len(row.get("note", "")) > LONGEST_NOTE:
        return str(_("The note is longer than 60 characters."))
    if row["kind"] == "number" and read_number(value, numbers).kind != NumberKind.REAL:
        return str(_("“%s” is no number of the outside. Write it like +44 1632 960011.") % value)
    if row["kind"] == "pattern" and (set(value) - PATTERN_SIGNS or not value.strip("+*?")):
        return str(_("“%s” is no pattern. Write +44 and digits, * for any rest.") % value)
    return ""
