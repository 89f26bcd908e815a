"""The second step of a log-in: a code from an app on the person's telephone."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from connector.models.secret import SecretField


class SecondStep(models.Model):
    """Being set up until `confirmed_at`, asked for at each log-in from then on.

    `last_counter` is the half minute whose code was used last: no code opens twice. `recovery`
    holds the digests of the recovery codes that are left.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="second_step"
    )
    secret = SecretField()
    confirmed_at = models.DateTimeField(null=True)
    last_counter = models.BigIntegerField(default=0)
    recovery = models.JSONField(default=list)
    failures = models.PositiveSmallIntegerField(default=0)
    closed_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("log-in code")
        verbose_name_plural = _("log-in codes")

    def __str__(self) -> str:
        return str(self.user)
