"""What is wrong with a file, said with its line."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _


@dataclass(order=True, unsafe_hash=True)
class Problem(Exception):
    """One thing to correct. `line` counts from 1; 0 is the file as a whole."""

    line: int
    words: str

    def __str__(self) -> str:
        return _("line %d: %s") % (self.line, self.words) if self.line else self.words


class FileRefused(Exception):
    """The file says something that cannot be applied; nothing was changed.

    Its text is one line that holds every problem, in the order of the file.
    """

    def __init__(self, path: Path, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__(f"{path}: " + "; ".join(str(problem) for problem in self.problems))


def suggest(word: str, known: Iterable[str]) -> str:
    """Return which of `known` is meant by `word`, or else all of them, as the end of a sentence."""
    names = list(known)
    near = difflib.get_close_matches(word.lower(), [name.lower() for name in names], n=1)
    if near:
        name = next(name for name in names if name.lower() == near[0])
        return _("did you mean “%s”?") % name
    return _("allowed: %s") % ", ".join(name or '""' for name in names)
