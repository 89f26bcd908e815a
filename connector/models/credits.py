"""What the portal's requests cost at Zoho, hour by hour."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from connector.models.zoho import ZohoOrganisation


class CreditHour(models.Model):
    """API credits that one kind of work spent at an organisation within one hour (UTC).

    Zoho counts over the last 24 hours. Rows are written by connector/credits.py, kept for a day.
    """

    class Work(models.TextChoices):
        DELIVERY = "delivery", _("delivery")
        CREATION = "creation", _("creating people")
        LOOKUP = "lookup", _("lookups")
        BACKFILL = "backfill", _("directory, missing people and comparisons")
        OTHER = "other", _("corrections and buttons")

    organisation = models.ForeignKey(
        ZohoOrganisation, on_delete=models.CASCADE, related_name="credit_hours"
    )
    hour = models.DateTimeField()
    work = models.CharField(max_length=10, choices=Work.choices)
    credits = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "hour", "work"], name="credit_hour_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.hour:%H:%M} {self.work} {self.credits}"
