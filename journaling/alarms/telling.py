"""Notices: planned once for each alarm and receiver, sent until they have arrived."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from zoneinfo import ZoneInfo

import requests
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
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


def plan_notices(*, now: datetime) -> None:
    """One notice for each lasting alarm and receiver, one more when a told alarm has ended."""
    receivers = [row for row in AlarmReceiver.objects.filter(active=True) if not is_quiet(row, now)]
    for receiver in receivers:
        own = Q() if receiver.connection_id is None else Q(connection=receiver.connection_id)
        lasting = Alarm.objects.filter(own, ended_at=None, began_at__lte=now - TOLD_AFTER)
        plan(receiver, lasting.values_list("pk", flat=True), is_end=False, now=now)
        over = Alarm.objects.filter(
            notices__receiver=receiver, notices__is_end=False, notices__sent_at__isnull=False,
            ended_at__gt=now - GIVEN_UP_AFTER,
        )  # fmt: skip
        plan(receiver, over.values_list("pk", flat=True), is_end=True, now=now)


def plan(receiver: AlarmReceiver, alarms: object, *, is_end: bool, now: datetime) -> None:
    AlarmNotice.objects.bulk_create(
        [
            AlarmNotice(alarm_id=pk, receiver=receiver, is_end=is_end, next_try_at=now)
            for pk in alarms  # type: ignore[attr-defined]
        ],
        ignore_conflicts=True,
    )


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
    due = AlarmNotice.objects.filter(
        sent_at=None,
        next_try_at__lte=now,
        next_try_at__gt=now - GIVEN_UP_AFTER,
        receiver__active=True,
    )
    for notice in due.select_related("alarm", "receiver").order_by("pk"):
        mine = due.filter(pk=notice.pk).update(next_try_at=now + NEXT_TRY)
        if mine:
            send_notice(notice)


def send_notice(notice: AlarmNotice) -> None:
    alarm, receiver = notice.alarm, notice.receiver
    row = AlarmNotice.objects.filter(pk=notice.pk)
    with translation.override(receiver.language):
        words = str(alarm.words.get(receiver.language) or alarm)
        text = _("Over: %s") % words if notice.is_end else words
        trouble = tell(receiver, text=text, url=settings.PUBLIC_URL + alarm.url)
    row.update(sent_at=None if trouble else timezone.now(), trouble=trouble)


def tell(receiver: AlarmReceiver, *, text: str, url: str) -> str:
    """Send one message by every way that the receiver has; returns what went wrong, or nothing."""
    try:
        if receiver.email and settings.EMAIL_IS_SET_UP:
            send_mail(f"Patchbay: {text}"[:150].replace("\n", " "), f"{text}\n\n{url}\n", None,
                      [receiver.email])  # fmt: skip
        if receiver.webhook_url:
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
