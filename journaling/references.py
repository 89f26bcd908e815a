"""References of what follows from another entry: the same ones again when the work is done anew."""

from collections.abc import Iterator
from itertools import count

from journaling.models import Entry
from journaling.models.ids import derive_reference


def offer_references(parent: Entry, *, kind: str) -> Iterator[str]:
    """For followers of one kind: those that none of the stored ones has, in a fixed order."""
    stored = Entry.objects.filter(after=parent) if parent.pk else Entry.objects.none()
    taken = set(stored.values_list("reference", flat=True))
    for number in count():
        reference = derive_reference(parent.reference, kind, number)
        if reference not in taken:
            yield reference
