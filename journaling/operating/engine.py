"""What keeps the corridor moving, judged in one sentence: broker, workers, beat."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from connector.counting.pulses import Life


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """`code` is broker, workers or beat; `remedy` says what the operator does."""

    code: str
    words: str
    remedy: str


def find_engine_trouble(
    *, life: Life, broker_trouble: str, answering: int | None = None
) -> Trouble | None:
    """The first thing that stands still, or None. `answering`: how many workers just answered;
    without it those count that gave a sign of life lately."""
    workers = len(life.workers) if answering is None else answering
    if broker_trouble:
        return Trouble(
            code="broker",
            words=_("The broker does not answer: %s.") % broker_trouble.rstrip("."),
            remedy=_("Start Redis or Valkey, or correct CELERY_BROKER_URL."),
        )
    if not workers:
        return Trouble(
            code="workers",
            words=_("No worker answers."),
            remedy=_("Start one: systemctl start patchbay-worker, or make run."),
        )
    if not life.is_ticking:
        return Trouble(
            code="beat",
            words=_("Workers answer, but beat does not tick."),
            remedy=_("Start it: systemctl start patchbay-beat, or make run."),
        )
    return None
