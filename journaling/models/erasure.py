"""A person who is being erased."""

from django.db import models

from connector.models import SecretField


class Erasure(models.Model):
    """What has to be done and what was done; all that names the person is sealed.

    `subject` and `table` count what comes next, `after` is the key of the last row that was looked
    at in that table: a worker that dies is followed by another. The row goes a day after its end.
    """

    asked = SecretField()
    plan = SecretField()
    certificate = SecretField()
    in_zoho = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    is_hindered = models.BooleanField(default=False)
    subject = models.PositiveIntegerField(default=0)
    table = models.PositiveIntegerField(default=0)
    after = models.CharField(max_length=40, blank=True)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.pk} {self.created_at:%Y-%m-%d %H:%M}"
