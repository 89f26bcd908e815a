"""Every request to Zoho that tried to deliver something."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from connector.models import Connection, WordsField
from journaling.models.entry import Entry


class Attempt(models.Model):
    """One request: what was asked, what came back, how long it took (milliseconds)."""

    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        related_name="attempts",
        verbose_name=_("connection"),
    )
    sent_at = models.DateTimeField(_("sent"))
    took_ms = models.PositiveIntegerField(_("took, ms"))
    method = models.CharField(_("method"), max_length=6)
    path = models.CharField(_("path"), max_length=200)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    outcome = models.CharField(_("outcome"), max_length=40)
    words = WordsField(_("Zoho's words"), blank=True)
    entries = models.ManyToManyField(Entry, through="AttemptVerdict", related_name="attempts")

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        indexes = [models.Index(fields=["-sent_at"], name="attempt_newest")]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status or ''}".strip()


class AttemptVerdict(models.Model):
    """What Zoho said about one record of a request."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="verdicts")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="verdicts")
    outcome = models.CharField(_("outcome"), max_length=20)
    code = models.CharField(_("code"), max_length=60, blank=True)
    words = WordsField(_("Zoho's words"), blank=True)
    field = models.CharField(_("field"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")

    def __str__(self) -> str:
        return f"{self.outcome} {self.code}".strip()
