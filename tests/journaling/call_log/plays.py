"""Calls of one day: in the PBX's log, reported, compared."""

from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

from connector.models import Connection
from connector.sandbox.pbx.happenings import Call, Extension, Leg
from journaling.call_log.days import compare_day
from journaling.ingest import store_report
from journaling.models import Entry
from journaling.settle import settle_connection
from tests.support.builders import build_call_body

DAY = timezone.now().date() - timedelta(days=2)
NOON = datetime.combine(DAY, time(12), tzinfo=UTC)
ANN = Extension(number="101", email="ann@acme.example")
BEN = Extension(number="102", email="ben@acme.example")
NUMBER = "+441632960011"


def make_leg(kind: str, extension: Extension, *, after: float = 0, seconds: int = 60) -> Leg:
    started_at = NOON + timedelta(seconds=after)
    return Leg(type=kind, extension=extension, started_at=started_at, seconds=seconds)


def make_call(number: str = NUMBER, *, after: float = 0, kind: str = "Inbound") -> Call:
    return Call(number=number, legs=(make_leg(kind, ANN, after=after),))


def report(connection: Connection, call: Call) -> None:
    for leg in call.legs:
        body = build_call_body(
            type=leg.type, direction=call.direction, number=call.number,
            agent=leg.extension.number, queue=call.queue, seconds=str(leg.seconds),
            start=leg.started_at.isoformat(), end=leg.ended_at.isoformat(), summary="Told.",
        )  # fmt: skip
        store_report(connection=connection, kind="call", body=body)


def compare(connection: Connection) -> dict[str, int]:
    row = compare_day(connection, DAY)
    assert (row.trouble, row.claim) == ("", None)
    settle_connection(connection.pk)
    return row.figures


def list_entries() -> list[Entry]:
    return list(Entry.objects.order_by("started_at"))
