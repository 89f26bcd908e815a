"""Step 3: from a call or chat and its connection's settings to the record in Zoho. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Unpack

from connector.threecx.payloads import CallReport, CallType, ChatReport
from journaling.drafts import Draft, Frame, Rendered, complete
from journaling.fields.further import find_option, read_limit
from journaling.models import JournalSettings
from journaling.standing import Card
from journaling.texts.defaults import TEXTS
from journaling.texts.fitting import Overflow, clean_line
from journaling.texts.moments import write_date, write_duration, write_time
from journaling.texts.phrases import PHRASES, say
from journaling.texts.rendering import call_values, chat_values, render_text

__all__ = ["CallFacts", "Card", "Overflow", "Rendered", "render_call", "render_chat"]

ANSWERED = (CallType.INBOUND, CallType.OUTBOUND)
TEXT_FIELDS = {
    CallType.INBOUND: "answered_inbound",
    CallType.MISSED: "missed",
    CallType.OUTBOUND: "answered_outbound",
    CallType.NOTANSWERED: "unanswered_outbound",
}
UNANSWERED_RESULTS = (
    "No response/Busy",
    "No response",
    "No answer",
    "Busy",
    "Нет ответа/Занято",
    "Нет ответа",
    "Занято",
)
RESULT = "Call_Result"
LONGEST_ADDRESS = 450


@dataclass(frozen=True, kw_only=True)
class CallFacts:
    """A settled call: the leg that speaks for it, and the others."""

    report: CallReport
    other_legs: tuple[CallReport, ...] = ()


def render_call(facts: CallFacts, **frame: Unpack[Frame]) -> Rendered:
    """The Zoho Call of a settled call. The same arguments always give the same record."""
    settings, language, report = frame["settings"], frame["language"], facts.report
    known = frame["org_fields"].get("Calls", {})
    text_field = TEXT_FIELDS[report.type]
    values = call_values(report, **_read(frame))
    kept_back = _tell_kept_back(report)
    text = "" if kept_back else render_text(getattr(settings, text_field), values)
    body = [text, *_tell_other_legs(facts, frame)]
    recording = _find_recording(facts, frame)
    is_field = _takes_address(known, recording)
    if recording and not is_field and recording not in "\n".join(body):
        body.append(say("recording", language=language, url=recording))
    further, left = _choose_further(settings.fields_calls, report, known)
    draft = Draft(
        module="Calls",
        report=report,
        values=values,
        subject=_write_subject(settings.call_subject, values) or TEXTS[language]["call_subject"],
        body="\n".join(filter(None, body)),
        facts={
            **_describe_call(report, known, time_zone=frame["time_zone"]),
            **({"Voice_Recording__s": recording} if is_field else {}),
        },
        further=further,
        notes=({"code": "text_used", "text": _name_text(text_field)}, *kept_back, *left),
    )
    return complete(draft, frame)


def render_chat(report: ChatReport, **frame: Unpack[Frame]) -> Rendered:
    """The completed Task of a chat, or an incoming Call when the settings say so."""
    settings, language, zone = frame["settings"], frame["language"], frame["time_zone"]
    is_call = settings.chats_store_as == JournalSettings.StoreAs.CALL
    values = chat_values(report, **_read(frame))
    kept_back = _tell_kept_back(report)
    task = {"Status": "Completed", "Due_Date": write_date(report.started_at, time_zone=zone)}
    call = {
        "Call_Type": "Inbound",
        "Call_Start_Time": write_time(report.started_at, time_zone=zone),
        "Call_Duration": write_duration(report.seconds),
    }
    draft = Draft(
        module="Calls" if is_call else "Tasks",
        report=report,
        values=values,
        subject=_write_subject(settings.chat_subject, values) or TEXTS[language]["chat_subject"],
        body="" if kept_back else render_text(PHRASES[language]["chat_text"], values),
        facts=call if is_call else task,
        further=settings.fields_calls if is_call else settings.fields_tasks,
        notes=kept_back,
    )
    return complete(draft, frame)


def _tell_kept_back(report: CallReport | ChatReport) -> tuple[dict[str, Any], ...]:
    """A row for the trace when a rule keeps the texts of this report out of Zoho."""
    rule = report.kept_back
    return ({"code": "without_texts", "rule": f"excluded_{rule}"},) if rule else ()


def _write_subject(text: str, values: Mapping[str, str]) -> str:
    """Zoho demands a subject: what is empty once it is clean gives way to the default."""
    return clean_line(render_text(text, values))


def _read(frame: Frame) -> dict[str, Any]:
    return {
        "language": frame["language"],
        "time_zone": frame["time_zone"],
        "person": frame["card"].name if frame["card"] else "",
        "settings": frame["settings"],
    }


def _name_text(text_field: str) -> str:
    """The label that the administrator knows the text by."""
    field: Any = JournalSettings._meta.get_field(text_field)
    return str(field.verbose_name)


def _describe_call(
    report: CallReport, known: Mapping[str, Any], *, time_zone: str
) -> dict[str, Any]:
    """Zoho's Missed is an unanswered incoming call and has no duration; an unanswered outgoing
    one is an Outbound of one second with the organisation's own word for it."""
    start = {"Call_Start_Time": write_time(report.started_at, time_zone=time_zone)}
    if report.type is CallType.MISSED:
        return {"Call_Type": "Missed", **start}
    if report.type is CallType.INBOUND:
        return {"Call_Type": "Inbound", **start, "Call_Duration": write_duration(report.seconds)}
    unanswered = report.type is CallType.NOTANSWERED
    result = _find_unanswered_result(known) if unanswered else ""
    return {
        "Call_Type": "Outbound",
        **start,
        "Call_Duration": write_duration(0 if unanswered else report.seconds),
        "Outgoing_Call_Status": "Completed",
        **({RESULT: result} if result else {}),
    }


def _choose_further(
    wanted: Mapping[str, object], report: CallReport, known: Mapping[str, Any]
) -> tuple[Mapping[str, object], list[dict[str, Any]]]:
    """A missed call was no talk, so it has no result, unless the organisation demands one."""
    demanded = known.get(RESULT, {}).get("mandatory")
    if report.type is not CallType.MISSED or RESULT not in wanted or demanded:
        return wanted, []
    rest = {name: wish for name, wish in wanted.items() if name != RESULT}
    return rest, [{"code": "field_not_for_missed", "field": RESULT}]


def _find_unanswered_result(known: Mapping[str, Any]) -> str:
    facts = known.get(RESULT, {})
    options = [] if facts.get("read_only") else facts.get("values") or []
    return next(filter(None, (find_option(word, options) for word in UNANSWERED_RESULTS)), "")


def _find_recording(facts: CallFacts, frame: Frame) -> str:
    """The first address among the legs; "" when it may not leave the PBX."""
    if not frame["settings"].send_recording_link:
        return ""
    legs = (facts.report, *facts.other_legs)
    return next((leg.recording_url for leg in legs if leg.recording_url), "")


def _takes_address(known: Mapping[str, Any], address: str) -> bool:
    """Organisations without telephony may lack the field; then the description has the address."""
    facts = known.get("Voice_Recording__s", {})
    exists = not known or (bool(facts) and not facts.get("read_only"))
    return bool(address) and exists and len(address) <= read_limit(facts, default=LONGEST_ADDRESS)


def _tell_other_legs(facts: CallFacts, frame: Frame) -> Iterator[str]:
    """Who else rang, and what the others who answered said."""
    language = frame["language"]
    rang = [leg.agent for leg in facts.other_legs if leg.type not in ANSWERED and leg.agent]
    others = [agent for agent in dict.fromkeys(rang) if agent != facts.report.agent]
    if others:
        yield say("also_rang", language=language, agents=", ".join(others))
    for leg in facts.other_legs:
        if leg.type in ANSWERED and not leg.kept_back:
            yield render_text(PHRASES[language]["other_leg"], call_values(leg, **_read(frame)))
