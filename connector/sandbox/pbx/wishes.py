"""What a person at the terminal wishes to happen: options of `manage.py sandbox`."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime, timedelta
from typing import Any

from connector.models import Connection
from connector.sandbox.pbx.happenings import Call, Chat, Leg
from connector.sandbox.pbx.plays import RECORDING
from connector.sandbox.pbx.setup import find_extension

LENGTH = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?")
ANSWERED_SECONDS = 60
RINGING_SECONDS = 20
CHAT_SECONDS = 120


def add_call(parser: ArgumentParser) -> None:
    add_shared(parser)
    parser.add_argument("--email", default="", help="of the extension; default: the known one")
    parser.add_argument("--direction", choices=("in", "out"), default="in")
    outcome = parser.add_mutually_exclusive_group()
    outcome.add_argument("--answered", type=read_length, metavar="65s", default=ANSWERED_SECONDS)
    outcome.add_argument(
        "--missed", type=read_length, nargs="?", const=RINGING_SECONDS, metavar="20s"
    )
    parser.add_argument("--missed-by", default="", help="other extensions that rang: 102,104")
    parser.add_argument("--recording", nargs="?", const=RECORDING.format(1), default="")
    parser.add_argument("--transcription", default="")
    parser.add_argument("--summary", default="")
    parser.add_argument("--sentiment", default="")


def add_chat(parser: ArgumentParser) -> None:
    add_shared(parser, number_required=False)
    parser.add_argument("--email", default="", help="of the visitor")
    parser.add_argument("--agent-email", default="", help="default: the extension's known one")
    parser.add_argument("--text", default="Visitor: Hello\nAgent: Hello, how can I help?")
    parser.add_argument("--seconds", type=read_length, default=CHAT_SECONDS)


def add_shared(parser: ArgumentParser, *, number_required: bool = True) -> None:
    parser.add_argument(
        "--from", dest="caller", required=number_required, default="", metavar="NUMBER"
    )
    parser.add_argument("--to", default="101", metavar="EXTENSION")
    parser.add_argument("--name", default="", help="name that the trunk or the visitor gives")
    parser.add_argument("--queue", default="", metavar="EXTENSION")
    parser.add_argument("--at", type=read_moment, help="start, ISO 8601; default: just over now")
    parser.add_argument("--repeat", type=int, default=1, help="how often everything is posted")


def add_play(parser: ArgumentParser) -> None:
    parser.add_argument("--calls", type=int, help="how many; default: the demo's handful")
    parser.add_argument("--chats", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--withhold", type=int, default=0, metavar="N", help="calls that are not reported"
    )
    parser.add_argument("--repeat", type=int, default=1, help="how often everything is posted")


def build_call(connection: Connection, options: dict[str, Any]) -> Call:
    """The call that the options describe; extensions that only rang come first.

    Raises ValueError when several are to ring for an outgoing call.
    """
    missed, inbound = options["missed"] is not None, options["direction"] == "in"
    seconds = options["missed"] if missed else options["answered"]
    kinds = {(True, False): "Inbound", (True, True): "Missed", (False, False): "Outbound"}
    start = options["at"] or datetime.now(UTC) - timedelta(seconds=seconds)
    rang = [number.strip() for number in options["missed_by"].split(",") if number.strip()]
    if rang and not inbound:
        raise ValueError("Only an incoming call rings at several extensions.")
    legs = [
        Leg(
            type="Missed",
            extension=find_extension(connection, number),
            started_at=start,
            seconds=RINGING_SECONDS,
        )
        for number in rang
    ]
    main = Leg(
        type=kinds.get((inbound, missed), "Notanswered"),
        extension=find_extension(connection, options["to"], email=options["email"]),
        started_at=start,
        seconds=seconds,
    )
    return Call(
        number=options["caller"],
        legs=(*legs, main),
        caller_name=options["name"],
        recording_url=options["recording"],
        **{key: options[key] for key in ("queue", "transcription", "summary", "sentiment")},
    )


def build_chat(connection: Connection, options: dict[str, Any]) -> Chat:
    """The chat that the options describe; raises ValueError when nobody takes part in it."""
    if not options["caller"] and not options["email"]:
        raise ValueError("Say who chats: --from NUMBER or --email ADDRESS.")
    return Chat(
        number=options["caller"],
        email=options["email"],
        visitor=options["name"],
        queue=options["queue"],
        extension=find_extension(connection, options["to"], email=options["agent_email"]),
        started_at=options["at"] or datetime.now(UTC) - timedelta(seconds=options["seconds"]),
        seconds=options["seconds"],
        messages=options["text"],
    )


def read_length(text: str) -> int:
    """Seconds from 65, 65s, 2m or 1h2m3s."""
    found = LENGTH.fullmatch(text.strip())
    if not text.strip() or not found:
        raise ArgumentTypeError(f"{text} is no length; write it like 65s or 2m")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def read_moment(text: str) -> datetime:
    """A moment with an offset, or in UTC without one."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no time; write 2026-11-20T09:15:30Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
