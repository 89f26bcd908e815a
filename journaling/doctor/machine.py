"""This machine: its disk, its spool, and whose files they are."""

import os
import pwd
import tempfile
from collections.abc import Iterator

from django.conf import settings

from journaling.doctor.verdicts import Verdict, judge, warn
from journaling.operating.machines import Machine, measure_here
from journaling.spooling.spool import find_directory


def check_machine() -> Iterator[Verdict]:
    here = measure_here()
    yield from check_account()
    yield check_disk(here)
    yield check_spool()
    if here.spooled_reports:
        yield warn(
            "spooled",
            reason=f"{here.spooled_reports} reports of the PBX wait on disk, the oldest for"
            f" {here.spool_oldest_seconds:.0f} s",
            remedy="Web processes store them within seconds while the database answers; if they"
            " stay, look into the log of the web process",
        )


def check_account() -> Iterator[Verdict]:
    """What belongs to another account, this command sees otherwise than the portal does."""
    owner = settings.DATA_DIR.stat().st_uid
    if owner != os.geteuid():
        name = find_name(owner)
        yield warn(
            "account",
            reason=f"{settings.DATA_DIR} belongs to {name}, this command runs as"
            f" {find_name(os.geteuid())}",
            remedy=f"Run it as {name}, like the portal",
        )


def find_name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def check_disk(here: Machine) -> Verdict:
    told = f"{here.free_bytes // 1_000_000} MB are free in {here.place}"
    return judge(
        "disk",
        trouble=told if here.is_full else "",
        remedy="Delete old backups or make the disk larger",
        fine=told,
    )


def check_spool() -> Verdict:
    """Where reports wait while the database is away: a file is really written there."""
    place = find_directory()
    trouble = ""
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"\n")
            os.fsync(file.fileno())
    except OSError as error:
        trouble = f"{place} cannot be written: {error.strerror or error}"
    remedy = "Let the portal's account write there; without it reports are lost while the database"
    return judge("spool", trouble=trouble, remedy=f"{remedy} is away", fine=f"{place} is writable")
