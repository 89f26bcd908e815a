"""What the processes of the portal tell each other about themselves."""

from django.db import models


class Tally(models.Model):
    """A number that only grows, summed over all processes: what happened, how often, how long.

    `labels` is JSON with sorted keys. The buckets of a histogram are rows with the label `le`
    (each holds its own bucket only), its sum is the row with `le` "sum".
    """

    name = models.CharField(max_length=60)
    labels = models.CharField(max_length=250)
    value = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "labels"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.name}{self.labels} {self.value}"


class Pulse(models.Model):
    """The last sign of life of a process or a clock, and what it says about itself."""

    name = models.CharField(max_length=150, unique=True)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.name} {self.at}"
