"""The history of requests: who asked for what and when stays; about whom does not."""

from collections.abc import Iterable

from connector.auditing import note
from connector.phones import mask_number
from connector.wording import Wording as _
from connector.wording import Words
from journaling.privacy.subject import Subject


def note_saved(subjects: Iterable[Subject], *, asked: str) -> None:
    note_each(
        subjects, _("Saved what is stored about a person (%(number)s).", number=mask_number(asked))
    )


def note_begun(subjects: Iterable[Subject], *, asked: str) -> None:
    note_each(subjects, _("Began to erase a person (%(number)s).", number=mask_number(asked)))


def note_each(subjects: Iterable[Subject], words: Words) -> None:
    for subject in subjects:
        note(subject.connection, words)
