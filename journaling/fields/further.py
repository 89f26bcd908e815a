"""The further fields that an administrator fills: API name -> text with variables or value."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from connector.threecx.payloads import CallReport, ChatReport
from journaling.texts.fitting import Overflow, clean_text, fit_line, fit_text
from journaling.texts.moments import write_date, write_time
from journaling.texts.rendering import render_text

NUMBER_TYPES = {"integer": int, "bigint": int, "double": float, "currency": float, "percent": float}
TRUE_WORDS = {"true", "yes", "1", "да"}
LONGEST_LINE = 255
LONGEST_TEXT = 32_000
STARTS = ("DateTime", "CallStartTimeLocal", "CallStartTimeUTC", "ChatStartTimeUTC")
ENDS = ("CallEndTimeLocal", "CallEndTimeUTC", "ChatEndTimeUTC")


@dataclass(frozen=True, kw_only=True)
class Filling:
    """What a report gives to fill fields with. `known` is what Zoho said about the module's."""

    report: CallReport | ChatReport
    values: Mapping[str, str]
    known: Mapping[str, Mapping[str, Any]]
    time_zone: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Filled:
    """`notes` says what was not taken over, and why."""

    record: dict[str, Any]
    overflow: tuple[Overflow, ...]
    notes: tuple[dict[str, Any], ...]


def fill_fields(
    wanted: Mapping[str, object], filling: Filling, *, protected: Collection[str]
) -> Filled:
    """The values by API name; empty ones are left out, and so is what must not be overridden."""
    record: dict[str, Any] = {}
    overflow: list[Overflow] = []
    notes: list[dict[str, Any]] = []
    for name, wish in wanted.items():
        if refusal := _find_refusal(name, filling.known, protected=protected):
            notes.append({"code": refusal, "field": name})
            continue
        value, followers = _fill(name, wish, filling)
        if followers:
            notes.append({"code": "shortened", "field": name, "into": followers[0].kind})
        overflow += followers
        if value not in ("", None, []):
            record[name] = value
    return Filled(record=record, overflow=tuple(overflow), notes=tuple(notes))


def _find_refusal(name: str, known: Mapping[str, Any], *, protected: Collection[str]) -> str:
    if name in protected:
        return "field_kept"
    if known and name not in known:
        return "field_unknown"
    facts = known.get(name, {})
    if facts.get("refused"):
        return "field_refused"
    return "field_read_only" if facts.get("read_only") else ""


def _fill(name: str, wish: object, filling: Filling) -> tuple[Any, tuple[Overflow, ...]]:
    if not isinstance(wish, str):
        return wish, ()
    facts = filling.known.get(name, {})
    kind = str(facts.get("type") or "")
    text = clean_text(render_text(wish, _choose_values(kind, filling))).strip()
    if kind in NUMBER_TYPES or kind in ("boolean", "picklist", "multiselectpicklist"):
        return _convert(text, kind=kind, options=facts.get("values") or []), ()
    fit = fit_text if kind == "textarea" else fit_line
    limit = read_limit(facts, default=LONGEST_TEXT if kind == "textarea" else LONGEST_LINE)
    fitted = fit(text, limit=limit, field=name, language=filling.language)
    return fitted.text, fitted.overflow


def read_limit(facts: Mapping[str, Any], *, default: int) -> int:
    """The organisation's own length when it is smaller than Zoho's."""
    length = facts.get("length")
    return min(length, default) if isinstance(length, int) and length > 0 else default


def _choose_values(kind: str, filling: Filling) -> Mapping[str, str]:
    """Fields of dates and numbers take moments and durations as Zoho writes them."""
    report = filling.report
    if kind in NUMBER_TYPES:
        seconds = str(report.seconds)
        return {**filling.values, "Duration": seconds, "DurationTimespan": seconds}
    if kind not in ("date", "datetime"):
        return filling.values
    write = write_date if kind == "date" else write_time
    start = write(report.started_at, time_zone=filling.time_zone)
    end = write(report.ended_at, time_zone=filling.time_zone)
    return {**filling.values, **dict.fromkeys(STARTS, start), **dict.fromkeys(ENDS, end)}


def _convert(text: str, *, kind: str, options: list[str]) -> Any:
    if kind == "boolean":
        return text.casefold() in TRUE_WORDS if text else ""
    if kind == "multiselectpicklist":
        parts = [part.strip() for part in text.split(";")]
        return [find_option(part, options) or part for part in parts if part]
    if kind == "picklist":
        return find_option(text, options) or text
    try:
        return NUMBER_TYPES[kind](text)
    except ValueError:
        return text  # Zoho refuses it with its own words, which name the field.


def find_option(text: str, options: Collection[str]) -> str:
    """The pick-list value as the organisation spells it, "" when it has none like the text."""
    folded = "".join(text.casefold().split())
    return next((own for own in options if "".join(own.casefold().split()) == folded), "")
