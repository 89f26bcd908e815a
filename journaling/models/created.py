"""People whom the portal created in Zoho: each number once for a connection."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from connector.models import Connection


class CreatedPerson(models.Model):
    """A number for which a contact or lead was, or is being, created.

        (claim, claimed_until) -> zoho_id; or given back when Zoho refused it

    The constraint decides which of two requests creates; the other one waits or is answered with
    the record. `is_unsure`: a write was sent and its answer never came; Zoho is asked first.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    number_key = models.CharField(max_length=40)
    module = models.CharField(max_length=40)
    zoho_id = models.CharField(max_length=40, blank=True)
    is_unsure = models.BooleanField(default=False)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    handed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("created person")
        verbose_name_plural = _("created people")
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "number_key"], name="created_once_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.module} {self.zoho_id}"
