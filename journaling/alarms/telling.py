"""Notices: planned once for each alarm, step and receiver, sent until they have arrived."""

import logging
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from smtplib import SMTPException
from zoneinfo import ZoneInfo

import requests
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from connector.models import UnreadableSecret
from connector.outside import ForbiddenAddress, post_json
from connector.silence import Code, find_silence
from journaling.models import Alarm, AlarmNotice, AlarmReceiver

log = logging.getLogger(__name__)

TOLD_AFTER = timedelta(minutes=2)
"""What ends sooner (a restart, a hiccup) is told to nobody."""
NEXT_TRY = timedelta(minutes=5)
GIVEN_UP_AFTER = timedelta(days=1)


HAS_ARRIVED = (
    Q(sent_at__isnull=False) | Q(email_sent_at__isnull=False) | Q(webhook_sent_at__isnull=False)
)
"""By one way at least: that somebody knows."""


class Way(StrEnum):
    EMAIL = "email"
    WEBHOOK = "webhook"


def plan_notices(*, now: datetime) -> None:
    """One notice for each lasting alarm, step and receiver, one more when a told alarm is over."""
    receivers = [row for row in AlarmReceiver.objects.filter(active=True) if not is_quiet(row, now)]
    for receiver in receivers:
        own = Q() if receiver.connection_id is None else Q(connection=receiver.connection_id)
        lasting = Alarm.objects.filter(own, ended_at=None, began_at__lte=now - TOLD_AFTER)
        over = AlarmNotice.objects.filter(
            HAS_ARRIVED, receiver=receiver, is_end=False, alarm__ended_at__gt=now - GIVEN_UP_AFTER
        )
        plan = partial(AlarmNotice, receiver=receiver, planned_at=now, next_try_at=now)
        begun = [plan(alarm_id=pk, step=step) for pk, step in lasting.values_list("pk", "step")]
        ended = set(over.values_list("alarm_id", flat=True))
        ends = [plan(alarm_id=pk, is_end=True) for pk in sorted(ended)]
        AlarmNotice.objects.bulk_create([*begun, *ends], ignore_conflicts=True)


def is_quiet(receiver: AlarmReceiver, now: datetime) -> bool:
    """Quiet hours may reach over midnight."""
    begin, end = receiver.quiet_from, receiver.quiet_until
    if begin is None or end is None or begin == end:
        return False
    clock = now.astimezone(ZoneInfo(receiver.time_zone)).time()
    return begin <= clock < end if begin < end else clock >= begin or clock < end


def send_due(*, now: datetime) -> None:
    """A copy of a portal alarms nobody: the portal itself does."""
    silence = find_silence()
    if silence and silence.code == Code.COPIED:
        return
    for notice in list_due(now=now):
        mine = AlarmNotice.objects.filter(pk=notice.pk, next_try_at=notice.next_try_at)
        if mine.update(next_try_at=now + NEXT_TRY):
            send_notice(notice)


def list_due(*, now: datetime) -> QuerySet[AlarmNotice]:
    """Without what came after: a further step, or the end of the alarm."""
    ends = AlarmNotice.objects.filter(
        alarm=OuterRef("alarm"), receiver=OuterRef("receiver"), is_end=True
    )
    is_past = Q(is_end=False) & (Q(step__lt=F("alarm__step")) | Exists(ends))
    due = AlarmNotice.objects.filter(
        sent_at=None,
        next_try_at__lte=now,
        planned_at__gt=now - GIVEN_UP_AFTER,
        receiver__active=True,
    )
    return due.exclude(is_past).select_related("alarm", "receiver").order_by("pk")


def send_notice(notice: AlarmNotice) -> None:
    """By each way that it has not arrived by yet."""
    alarm, receiver = notice.alarm, notice.receiver
    row = AlarmNotice.objects.filter(pk=notice.pk)
    troubles = []
    with translation.override(receiver.language):
        words = str(alarm.words.get(receiver.language) or alarm)
        text = _("Over: %s") % words if notice.is_end else words
    for way in list_ways(receiver):
        if getattr(notice, f"{way}_sent_at"):
            continue
        trouble = tell_by(way, receiver, text=text, url=settings.PUBLIC_URL + alarm.url)
        if trouble:
            troubles.append(trouble)
        else:
            row.update(**{f"{way}_sent_at": timezone.now()})
    row.update(sent_at=None if troubles else timezone.now(), trouble="; ".join(troubles))


def list_ways(receiver: AlarmReceiver) -> list[Way]:
    ways = []
    if receiver.email and settings.EMAIL_IS_SET_UP:
        ways.append(Way.EMAIL)
    if receiver.webhook_url:
        ways.append(Way.WEBHOOK)
    return ways


def tell(receiver: AlarmReceiver, *, text: str, url: str) -> str:
    """Send one message by every way that the receiver has; returns what went wrong, or nothing."""
    troubles = [tell_by(way, receiver, text=text, url=url) for way in list_ways(receiver)]
    return "; ".join(filter(None, troubles))


def tell_by(way: Way, receiver: AlarmReceiver, *, text: str, url: str) -> str:
    """Returns what went wrong, or nothing."""
    try:
        if way == Way.EMAIL:
            subject = f"Patchbay: {text}"[:150].replace("\n", " ")
            send_mail(subject, f"{text}\n\n{url}\n", None, [receiver.email])
        else:
            post_json(receiver.webhook_url.reveal(), {"text": f"{text}\n{url}"})
    except (OSError, SMTPException, UnreadableSecret) as error:
        return note_trouble(receiver, error)
    except (requests.RequestException, ForbiddenAddress) as error:
        return note_trouble(receiver, error)
    return ""


def note_trouble(receiver: AlarmReceiver, error: Exception) -> str:
    """The address of a webhook is a secret, so only the kind of a network's trouble is kept."""
    known = isinstance(error, ForbiddenAddress | SMTPException | UnreadableSecret)
    words = str(error) if known else type(error).__name__
    log.warning("alarm to %s was not sent: %s", receiver, words)
    return words
