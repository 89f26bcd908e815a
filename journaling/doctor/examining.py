"""All checks, in the order in which their troubles are to be mended."""

from collections.abc import Iterator

from journaling.doctor.address import check_address
from journaling.doctor.customers import check_customers
from journaling.doctor.life import check_life
from journaling.doctor.machine import check_machine
from journaling.doctor.options import check_options
from journaling.doctor.stores import check_broker, check_database, check_stored
from journaling.doctor.verdicts import State, Verdict


def examine() -> list[Verdict]:
    """What needs the database is left out while it does not answer, or lacks migrations."""
    return list(list_verdicts())


def list_verdicts() -> Iterator[Verdict]:
    yield from check_options()
    yield from check_machine()
    database = check_database()
    yield from database
    yield from check_broker()
    if all(verdict.state is State.GOOD for verdict in database):
        yield from check_stored()
        yield from check_life()
    yield from check_address()
    if all(verdict.state is State.GOOD for verdict in database):
        yield from check_customers()


def is_healthy(verdicts: list[Verdict]) -> bool:
    return not any(verdict.state is State.BAD for verdict in verdicts)
