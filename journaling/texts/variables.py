"""The variables of 3CX that texts may name, and what each holds for one call or chat."""

from datetime import timedelta
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from connector.threecx.payloads import CallReport, CallType, ChatReport
from journaling.texts.moments import (
    count_milliseconds,
    show_duration,
    show_moment,
    show_timespan,
    show_utc,
)


class TextSwitches(Protocol):
    """Which texts may leave the PBX: JournalSettings has these, and needs the names below."""

    send_transcript: bool
    send_summary: bool
    send_sentiment: bool
    send_recording_link: bool
    send_chat_text: bool


SHARED_VARIABLES: dict[str, str | Promise] = {
    "LineBreak": _("begins a new line"),
    "Number": _("the other party's number, as the PBX sent it"),
    "Name": _("the other party's name"),
    "EntityId": _("the id of the record that the PBX had found"),
    "EntityType": _("the module of the record that the PBX had found"),
    "Agent": _("the extension"),
    "AgentFirstName": _("the first name of the extension's user"),
    "AgentLastName": _("the last name of the extension's user"),
    "AgentEmail": _("the e-mail of the extension's user"),
    "QueueExtension": _("the queue's extension"),
    "DateTime": _("date and time of the start, in the connection's language and time zone"),
    "Duration": _("minutes and seconds, like 02:43"),
    "DurationTimespan": _("hours, minutes and seconds, like 00:02:43"),
}
CALL_VARIABLES: dict[str, str | Promise] = {
    **SHARED_VARIABLES,
    "CallType": _("Inbound, Missed, Outbound or Notanswered"),
    "CallDirection": _("Inbound or Outbound"),
    "CallStartTimeLocal": _("start, in the connection's time zone"),
    "CallStartTimeUTC": _("start, in UTC"),
    "CallStartTimeUTCMillis": _("start, in milliseconds since 1970"),
    "CallEstablishedTimeLocal": _("when it was answered, in the connection's time zone"),
    "CallEstablishedTimeUTC": _("when it was answered, in UTC"),
    "CallEstablishedTimeUTCMillis": _("when it was answered, in milliseconds since 1970"),
    "CallEndTimeLocal": _("end, in the connection's time zone"),
    "CallEndTimeUTC": _("end, in UTC"),
    "CallEndTimeUTCMillis": _("end, in milliseconds since 1970"),
    "RecordingUrl": _("the address of the recording"),
    "RecordingHyperLink": _("the address of the recording"),
    "Transcription": _("what was said"),
    "Summary": _("the summary of what was said"),
    "Sentiment": _("the mood of the call"),
}
CHAT_VARIABLES: dict[str, str | Promise] = {
    **SHARED_VARIABLES,
    "Email": _("the visitor's e-mail"),
    "ChatStartTimeUTC": _("start, in UTC"),
    "ChatEndTimeUTC": _("end, in UTC"),
    "ChatMessages": _("the text of the chat"),
}

ANSWERED = (CallType.INBOUND, CallType.OUTBOUND)
# What leaves the PBX only when its switch says so.
SWITCHES = {
    "Transcription": "send_transcript",
    "Summary": "send_summary",
    "Sentiment": "send_sentiment",
    "RecordingUrl": "send_recording_link",
    "RecordingHyperLink": "send_recording_link",
    "ChatMessages": "send_chat_text",
}


def call_values(
    report: CallReport,
    *,
    language: str,
    time_zone: str,
    person: str = "",
    settings: TextSwitches | None = None,
) -> dict[str, str]:
    """The value of each of CALL_VARIABLES but LineBreak; `person` is the name of the card.

    The recording is a bare address: Zoho's description shows tags. What the switches of
    `settings` keep inside the PBX is empty.
    """
    values = _share_values(report, language=language, time_zone=time_zone, person=person)
    moments = {"Start": report.started_at, "End": report.ended_at, "Established": None}
    if report.type in ANSWERED:
        moments["Established"] = report.ended_at - timedelta(seconds=report.seconds)
    for name, moment in moments.items():
        values |= {
            f"Call{name}TimeLocal": (
                show_moment(moment, language=language, time_zone=time_zone) if moment else ""
            ),
            f"Call{name}TimeUTC": show_utc(moment) if moment else "",
            f"Call{name}TimeUTCMillis": count_milliseconds(moment) if moment else "",
        }
    values |= {
        "CallType": report.type.value,
        "CallDirection": report.direction.value,
        "RecordingUrl": report.recording_url,
        "RecordingHyperLink": report.recording_url,
        "Transcription": report.transcription,
        "Summary": report.summary,
        "Sentiment": report.sentiment,
    }
    return _keep_allowed(values, settings)


def chat_values(
    report: ChatReport,
    *,
    language: str,
    time_zone: str,
    person: str = "",
    settings: TextSwitches | None = None,
) -> dict[str, str]:
    """The value of each of CHAT_VARIABLES but LineBreak."""
    values = _share_values(report, language=language, time_zone=time_zone, person=person)
    values |= {
        "Email": report.email,
        "ChatStartTimeUTC": show_utc(report.started_at),
        "ChatEndTimeUTC": show_utc(report.ended_at),
        "ChatMessages": report.messages,
    }
    return _keep_allowed(values, settings)


def _share_values(
    report: CallReport | ChatReport, *, language: str, time_zone: str, person: str
) -> dict[str, str]:
    first_name, _space, last_name = report.agent_name.partition(" ")
    return {
        "Number": report.number,
        "Name": person or report.name,
        "EntityId": report.entity_id,
        "EntityType": report.entity_type,
        "Agent": report.agent,
        "AgentFirstName": first_name,
        "AgentLastName": last_name,
        "AgentEmail": report.agent_email,
        "QueueExtension": report.queue,
        "DateTime": show_moment(report.started_at, language=language, time_zone=time_zone),
        "Duration": show_duration(report.seconds),
        "DurationTimespan": show_timespan(report.seconds),
    }


def _keep_allowed(values: dict[str, str], settings: TextSwitches | None) -> dict[str, str]:
    if settings is None:
        return values
    kept_in = [name for name, switch in SWITCHES.items() if not getattr(settings, switch)]
    return values | dict.fromkeys(values.keys() & kept_in, "")
