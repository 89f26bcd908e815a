"""What the processes write to stderr: a line for people, JSON for production, never a secret."""

import re
from typing import Any

import structlog
from structlog.types import EventDict

SECRETS = re.compile(
    r"pb[kl]_[\w-]{8,}"  # keys of PBXs, and the portal's own for a test call
    r"|\b1000\.[\w.-]{8,}"  # Zoho's tokens and client ids
    r"|(?<=Zoho-oauthtoken )\S+|(?<=Bearer )\S+"
    r"|(?<=client_secret=)[^&\s]+|(?<=refresh_token=)[^&\s]+|(?<=code=)[^&\s]{16,}"
)
NUMBER = re.compile(r"\+\d[\d ().-]{5,17}\d|(?<![\w.:+-])0\d{8,13}(?![\w.:-])")
"""Phone numbers as PBXs write them; Zoho's ids and our own have another shape."""

LOGGERS: dict[str, dict[str, Any]] = {
    "config": {"level": "INFO"},
    "connector": {"level": "INFO"},
    "journaling": {"level": "INFO"},
    # Django's own handlers would write every line a second time, and each 404 once.
    "django": {"handlers": [], "level": "WARNING"},
    "django.request": {"level": "ERROR"},
    "django.server": {"handlers": [], "propagate": True},
    "django.security.DisallowedHost": {"level": "CRITICAL"},
}


def build_logging(*, as_json: bool) -> dict[str, Any]:
    """Return Django's LOGGING."""
    render = structlog.processors.JSONRenderer() if as_json else render_line
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            clean_record,
            render,
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"structured": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": LOGGERS,
    }


def clean_record(_logger: Any, _name: str, record: EventDict) -> EventDict:
    """Whatever a message or a trace carries by mistake, no secret and no whole number stays."""
    for name in ("event", "exception"):
        if name in record:
            record[name] = clean_text(str(record[name]))
    return record


def clean_text(text: str) -> str:
    return NUMBER.sub(lambda found: f"…{found[0][-3:]}", SECRETS.sub("…", text))


def render_line(_logger: Any, _name: str, record: EventDict) -> str:
    """Whatever a stranger's text brings along, it makes no second line and moves no cursor."""
    level = str(record["level"]).upper()
    event = record["event"]
    if not event.isprintable():
        event = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in event)
    line = f"{record['timestamp']} {level} {record['logger']}: {event}"
    return f"{line}\n{record['exception']}" if "exception" in record else line
