"""What is wrong at this moment, in the active language: findings, and the portal itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from connector.counting.pulses import read_life
from connector.models import Mirror
from connector.silence import find_silence
from connector.state import Level
from journaling.alarms.silence import list_silent
from journaling.alarms.slowness import SLOW_SECONDS, read_window
from journaling.health import CREDITS, list_findings
from journaling.operating.broker import find_trouble
from journaling.operating.engine import find_engine_trouble
from journaling.operating.machines import Machine, group_by_disk, list_machines

STALE_AFTER = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Condition:
    """`key` is the same in every language and as long as the condition lasts. When it has grown
    to a higher `step`, it is told once more."""

    key: str
    connection_id: int | None
    words: str
    url: str
    step: int = 1


def list_conditions() -> list[Condition]:
    machines = list_machines()
    return [
        *list_engine(),
        *list_silence(),
        *list_full_disks(machines),
        *list_of_connections(),
        *list_stale_mirrors(),
        *list_silent_pbxs(),
        *list_slow_lookups(),
        *list_stuck_spools(machines),
    ]


def list_engine() -> Iterator[Condition]:
    trouble = find_engine_trouble(life=read_life(), broker_trouble=find_trouble())
    if trouble:
        words = f"{trouble.words} {trouble.remedy}"
        yield Condition(key=trouble.code, connection_id=None, words=words, url=reverse("queues"))


def list_silence() -> Iterator[Condition]:
    if silence := find_silence():
        yield Condition(
            key="silence", connection_id=None, words=str(silence.words), url=reverse("queues")
        )


def list_full_disks(machines: Sequence[Machine]) -> Iterator[Condition]:
    full = [machine for machine in machines if machine.is_full]
    for disk, sharing in group_by_disk(full).items():
        words = _("Only %(number)s MB are free in %(place)s on %(machines)s.") % {
            "number": sharing[0].free_bytes // 1_000_000,
            "place": sharing[0].place,
            "machines": ", ".join(machine.name for machine in sharing),
        }
        yield Condition(key=f"disk {disk}", connection_id=None, words=words, url=reverse("queues"))


def list_stuck_spools(machines: Sequence[Machine]) -> Iterator[Condition]:
    stuck = [machine for machine in machines if machine.is_stuck]
    for disk, sharing in group_by_disk(stuck).items():
        words = _(
            "%(number)s reports of the PBX wait on disk, in %(place)s on %(machines)s: the "
            "database does not take them. They are not lost; look into the log of the web process."
        ) % {
            "number": max(machine.spooled_reports for machine in sharing),
            "place": f"{sharing[0].place}/spool",
            "machines": ", ".join(machine.name for machine in sharing),
        }
        yield Condition(key=f"spool {disk}", connection_id=None, words=words, url=reverse("queues"))


def list_of_connections() -> Iterator[Condition]:
    """Findings that a person has to do something about. A pause is somebody's own wish; the
    credits are those of the whole organisation, whose other connections go on."""
    for finding in list_findings():
        connection = finding.connection
        is_wished = connection.paused_at and finding.code != CREDITS
        begun = hasattr(connection, "grant") and not is_wished
        if begun and finding.level in {Level.DANGER, Level.WARNING}:
            yield Condition(
                key=f"{connection.slug} {finding.code}"[:250],
                connection_id=connection.pk,
                words=f"{connection.name}: {finding.sentence}",
                url=finding.url,
                step=find_step(finding.number),
            )


def find_step(number: int) -> int:
    """1, 10, 100...: the highest that the number has reached."""
    return int(10 ** (len(str(number)) - 1))


def list_stale_mirrors() -> Iterator[Condition]:
    before = timezone.now() - STALE_AFTER
    stale = Mirror.objects.filter(is_absent=False, synced_at__lt=before)
    for mirror in stale.select_related("organisation").order_by("pk"):
        words = _("%(name)s: %(module)s was not compared with Zoho for more than an hour.") % {
            "name": mirror.organisation.name,
            "module": mirror.module,
        }
        key = f"mirror {mirror.organisation_id} {mirror.module}"
        yield Condition(key=key, connection_id=None, words=words, url=reverse("queues"))


def list_silent_pbxs() -> Iterator[Condition]:
    for connection in list_silent():
        yield Condition(
            key=f"silent {connection.slug}",
            connection_id=connection.pk,
            words=_("%s: the PBX reports nothing, though it usually does at this hour.")
            % connection.name,
            url=reverse("admin:connector_connection_change", args=[connection.pk]),
        )


def list_slow_lookups() -> Iterator[Condition]:
    window = read_window()
    if window.is_bad:
        words = _(
            "Callers are named late: %(slow)s of %(number)s lookups took longer than %(seconds)s s."
        ) % {"slow": window.slow, "number": window.number, "seconds": int(SLOW_SECONDS)}
        yield Condition(key="lookups", connection_id=None, words=words, url=reverse("queues"))
