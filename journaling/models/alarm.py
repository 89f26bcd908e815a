"""What is wrong at the moment, who is told, and what they were told."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from connector.audited import Audited
from connector.models import Connection, SecretField
from connector.models.connection import check_time_zone


class AlarmReceiver(Audited, models.Model):
    """Who is told: by e-mail, by a webhook, or both. Without a connection: about everything."""

    name = models.CharField(_("name"), max_length=100)
    active = models.BooleanField(_("active"), default=True)
    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("connection"),
        related_name="alarm_receivers",
        help_text=_("Empty: every connection, and the portal itself."),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    webhook_url = SecretField(_("webhook"))
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="en"
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(
        _("quiet until"),
        null=True,
        blank=True,
        help_text=_("Between the two nothing is sent; what still lasts is told afterwards."),
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[check_time_zone]
    )

    class Meta:
        verbose_name = _("receiver of alarms")
        verbose_name_plural = _("receivers of alarms")

    def __str__(self) -> str:
        return self.name


class Alarm(models.Model):
    """One thing that is wrong: BEGUN -> (gone) ENDED. `words` holds its sentence by language.

    `step` is 1, 10, 100...: when what is wrong has grown to the next one, `words` are those of
    that moment, and it is told once more.
    """

    key = models.CharField(max_length=250)
    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, null=True, verbose_name=_("connection")
    )
    words = models.JSONField(default=dict)
    url = models.CharField(max_length=500)
    step = models.PositiveIntegerField(default=1, db_default=1)
    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(ended_at__isnull=True), name="alarm_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.words.get(get_language() or "en") or self.words.get("en", self.key))


class AlarmNotice(models.Model):
    """One message to one receiver: that an alarm began or has grown to `step`, or that it ended.

    Due until it has arrived by every way that the receiver has (`sent_at`), at most for a day from
    `planned_at`. Each way is noted by itself, so that what has arrived is never sent again.
    """

    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="notices")
    receiver = models.ForeignKey(AlarmReceiver, on_delete=models.CASCADE, related_name="notices")
    is_end = models.BooleanField(default=False)
    step = models.PositiveIntegerField(default=1, db_default=1)
    planned_at = models.DateTimeField(default=timezone.now, db_default=Now())
    next_try_at = models.DateTimeField()
    email_sent_at = models.DateTimeField(null=True)
    webhook_sent_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    trouble = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alarm", "receiver", "is_end", "step"], name="alarm_notice_once_a_step"
            )
        ]

    def __str__(self) -> str:
        return f"{self.receiver} {self.alarm}"
