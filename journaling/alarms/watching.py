"""Each minute: compare what is wrong with what was wrong, and tell whom it concerns."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from connector.counting.pulses import note_pulse
from connector.models import Pulse
from journaling.alarms.conditions import Condition, list_conditions
from journaling.alarms.slowness import note_lookups
from journaling.alarms.telling import plan_notices, send_due
from journaling.models import Alarm

PULSE = "watch"
OVERDUE = timedelta(seconds=150)


def watch() -> None:
    """May run in several processes at once: rows decide who begins an alarm and who tells it."""
    note_pulse(PULSE)
    now = timezone.now()
    note_lookups(now=now)
    by_language = {code: read_conditions(code) for code, _name in settings.LANGUAGES}
    seen = by_language[settings.LANGUAGE_CODE]
    lasting = dict(Alarm.objects.filter(ended_at=None).values_list("key", "step"))
    for key, condition in seen.items():
        words = {code: known[key].words for code, known in by_language.items() if key in known}
        if key not in lasting:
            begin(condition, words=words, now=now)
        elif condition.step > lasting[key]:
            grow(condition, words=words)
    Alarm.objects.filter(ended_at=None).exclude(key__in=seen).update(ended_at=now)
    plan_notices(now=now)
    send_due(now=now)


def watch_if_nobody_does() -> None:
    """For the web process: without beat or workers nobody else would notice that they are gone."""
    pulse = Pulse.objects.filter(name=PULSE).first()
    if pulse is None or pulse.at < timezone.now() - OVERDUE:
        watch()


def read_conditions(language: str) -> dict[str, Condition]:
    with translation.override(language):
        return {condition.key: condition for condition in list_conditions()}


def begin(condition: Condition, *, words: Mapping[str, str], now: datetime) -> None:
    try:
        with transaction.atomic():
            Alarm.objects.create(
                key=condition.key,
                connection_id=condition.connection_id,
                words=dict(words),
                url=condition.url,
                step=condition.step,
                began_at=now,
            )
    except IntegrityError:  # another process was first
        return


def grow(condition: Condition, *, words: Mapping[str, str]) -> None:
    """What has shrunk keeps its step: nobody is told twice of a number that goes up and down."""
    smaller = Alarm.objects.filter(key=condition.key, ended_at=None, step__lt=condition.step)
    smaller.update(step=condition.step, words=dict(words))
