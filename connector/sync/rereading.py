"""A connection that reads numbers in a new way gets its own rows, made from what is here."""

from connector.models import Mirror, MirroredKey, MirroredPerson
from connector.sync.keys import write_keys
from connector.sync.statements import take_turn
from connector.sync.work import Work

BATCH = 200


def follow_readings(work: Work) -> None:
    """Add the keys of readings that are new, drop those that no connection has any more."""
    wanted = {reading.digest: reading for reading in work.readings}
    for digest, reading in wanted.items():
        if digest not in work.mirror.readings:
            add_reading(work, digest)
            work.lease.write(readings=[*work.mirror.readings, reading.digest])
    if set(work.mirror.readings) - set(wanted):
        own = MirroredKey.objects.filter(organisation=work.organisation, person__module=work.module)
        own.exclude(reading__in=wanted).delete()
        work.lease.write(readings=[d for d in work.mirror.readings if d in wanted])


def add_reading(work: Work, digest: str) -> None:
    reading = next(one for one in work.readings if one.digest == digest)
    people = MirroredPerson.objects.filter(organisation=work.organisation, module=work.module)
    # What an interrupted try left.
    MirroredKey.objects.filter(person__in=people, reading=digest).delete()
    last = 0
    while batch := list(people.filter(pk__gt=last).order_by("pk")[:BATCH]):
        with take_turn():
            write_keys(batch, organisation=work.organisation, readings=[reading], only_add=True)
        work.lease.write()
        last = batch[-1].pk


def mend_converted(work: Work) -> None:
    """Leads and their contacts are stored side by side: who missed the other gets their keys."""
    bare = MirroredPerson.objects.filter(
        organisation=work.organisation, module="Leads", keys__isnull=True
    ).exclude(converted_to="")
    ids = list(bare.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        rows = list(MirroredPerson.objects.filter(pk__in=ids[start : start + BATCH]))
        with take_turn():
            write_keys(rows, organisation=work.organisation, readings=work.readings)
        work.lease.write()


def is_needed(mirror: Mirror, digests: list[str]) -> bool:
    return set(mirror.readings) != set(digests)
