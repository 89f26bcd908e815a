"""Which portal this database belongs to, and whether it may speak."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Installation(models.Model):
    """The one row (pk 1) that tells a portal from a copy of its database.

    `home` is the fingerprint of the database in which the portal was last told to work: in a copy
    it does not fit. `silent_code` keeps everything from being sent until a person says yes;
    `data_until` is the moment up to which a restored database knows what happened. `version` is the
    newest version whose changes the operator was told.
    """

    class Silence(models.TextChoices):
        RESTORED = "restored"
        MOVED = "moved"
        COPIED = "copied"

    home = models.CharField(max_length=100)
    silent_code = models.CharField(max_length=10, choices=Silence.choices, blank=True)
    data_until = models.DateTimeField(null=True)
    version = models.CharField(max_length=20, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("portal")
        verbose_name_plural = _("portals")

    def __str__(self) -> str:
        return "Patchbay"
