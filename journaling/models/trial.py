"""Calls that nobody made: sent through the whole way to see whether it works."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connector.models import Connection


class TrialCall(models.Model):
    """One test call: RUNNING (`ended_at` empty) -> ended, good or not.

    `code` says how it went (journaling.trying.trial_call.WORDS), `facts` its details. `event_id` is
    the portal's own answer at the PBX's door. A canary is a trial that nobody pressed a button for.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="trials")
    is_canary = models.BooleanField(default=False)
    event_id = models.UUIDField(null=True)
    code = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    is_good = models.BooleanField(null=True)
    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("test call")
        verbose_name_plural = _("test calls")
        indexes = [models.Index(fields=["connection", "-began_at"], name="trial_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["connection"],
                condition=Q(ended_at__isnull=True),
                name="trial_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.connection} {self.began_at:%Y-%m-%d %H:%M:%S}"
