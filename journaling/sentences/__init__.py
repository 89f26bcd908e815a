"""What each code of a trace says. The first sentence whose facts are all there is told."""

from django.utils.functional import Promise

from journaling.sentences import composing, correcting, delivering, reconciling
from journaling.sentences.values import VALUES

__all__ = ["SENTENCES", "VALUES"]

SENTENCES: dict[str, tuple[Promise, ...]] = {
    **composing.SENTENCES,
    **delivering.SENTENCES,
    **correcting.SENTENCES,
    **reconciling.SENTENCES,
}
