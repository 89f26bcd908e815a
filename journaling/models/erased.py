"""Whose calls may not be taken from the PBX's call log any more."""

from django.db import models

from connector.models import Connection


class ErasedNumber(models.Model):
    """A number of an erased person, as a keyed hash: what the PBX's own call log has of it before
    `erased_at` is not added again. The row ends when the comparison looks no further back."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    number_hash = models.CharField(max_length=64)
    erased_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "number_hash"], name="erased_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.connection} {self.erased_at:%Y-%m-%d}"
