"""Who was refused at the PBX's doors."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RefusedKnock(models.Model):
    """Requests at `/pbx/<slug>/...` from one address that were refused for one reason.

    `slug` and `route` are what the stranger asked for; `last_four` ends the key of the last one.
    Written by connector.knocks, kept for 7 days unless the connection says otherwise.
    """

    class Reason(models.TextChoices):
        NO_KEY = "no_key", _("without a key")
        WRONG_KEY = "wrong_key", _("with a wrong key")
        OLD_KEY = "old_key", _("with a key that has ended")
        UNKNOWN_SLUG = "unknown_slug", _("at an address that belongs to no connection")
        FOREIGN_ADDRESS = "foreign", _("with the right key, but from an address not in the list")
        TOO_LARGE = "too_large", _("with a report above 10 MiB")
        TOO_OFTEN = "too_often", _("above the limit of LOOKUPS_PER_SECOND")

    address = models.CharField(_("address"), max_length=45)
    slug = models.CharField(_("short name"), max_length=50)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    route = models.CharField(_("route"), max_length=30)
    last_four = models.CharField(max_length=4, blank=True)
    count = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("refused request")
        verbose_name_plural = _("refused requests")
        constraints = [
            models.UniqueConstraint(fields=["address", "slug", "reason"], name="knock_once")
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.slug} {self.reason}"
