"""The task to call back, in the language of the connection. Pure."""

from datetime import date
from typing import Any, Unpack

from connector.threecx.reports import CallReport
from journaling.drafts import Draft, Frame, Rendered, complete
from journaling.fields.further import find_option
from journaling.texts.fitting import clean_line
from journaling.texts.phrases import PHRASES
from journaling.texts.rendering import CHAT_VARIABLES, call_values, render_text

NOT_STARTED = "Not Started"


def render_follow_up(report: CallReport, *, due_on: date, **frame: Unpack[Frame]) -> Rendered:
    """The same arguments always give the same record."""
    phrases, settings = PHRASES[frame["language"]], frame["settings"]
    values = dict.fromkeys(CHAT_VARIABLES, "") | call_values(
        report,
        language=frame["language"],
        time_zone=frame["time_zone"],
        person=frame["card"].name if frame["card"] else "",
        settings=settings,
    )
    draft = Draft(
        module="Tasks",
        report=report,
        values=values,
        subject=clean_line(render_text(phrases["follow_up_subject"], values)),
        body=render_text(phrases["follow_up_text"], values),
        facts={**choose_status(frame), "Due_Date": due_on.isoformat()},
        further=settings.fields_tasks,
    )
    return complete(draft, frame)


def choose_status(frame: Frame) -> dict[str, Any]:
    """As the organisation spells it; without such a value Zoho takes its own default."""
    known = frame["org_fields"].get("Tasks", {}).get("Status", {})
    status = find_option(NOT_STARTED, known["values"]) if known.get("values") else NOT_STARTED
    return {"Status": status} if status else {}
