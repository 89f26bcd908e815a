"""One day of a connection beside what somebody else has of it."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from connector.models import Connection, WordsField


class Reconciliation(models.Model):
    """A day (of the connection's time zone) compared, once for each half of the way.

    ZOHO: the entries made on that day beside Zoho's records. CALL_LOG: the PBX's own call log
    beside the reports that arrived; without such a row this half is unproved.

    `figures` are whole numbers by name, `findings` what they are made of, at most MOST_FINDINGS:
    {"code", "entry" or "number", facts...}; docs/architecture.md lists the names. Work on a row is
    claimed by `claim` until `claimed_until` and goes on after `cursor`. `compared_at` is empty
    until the day was compared to its end; `trouble` says why it was not.
    """

    class Kind(models.TextChoices):
        ZOHO = "zoho", _("portal to Zoho")
        CALL_LOG = "call_log", _("PBX to portal")

    MOST_FINDINGS = 500

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="reconciliations"
    )
    day = models.DateField(_("day"))
    kind = models.CharField(_("half"), max_length=10, choices=Kind.choices)
    figures = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    trouble = WordsField(blank=True)
    cursor = models.CharField(max_length=100, blank=True)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(_("compared"), null=True)

    class Meta:
        verbose_name = _("comparison of a day")
        verbose_name_plural = _("comparisons of days")
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "day", "kind"], name="reconciliation_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.connection} {self.day} {self.kind}"

    @classmethod
    def choose(
        cls, connection: Connection, day: date, *, kind: "Reconciliation.Kind"
    ) -> models.QuerySet["Reconciliation"]:
        """The one row of this day, made if there is none."""
        row, _made = cls.objects.get_or_create(connection=connection, day=day, kind=kind)
        return cls.objects.filter(pk=row.pk)
