"""What a connection wants of the mirror, which it may share with others of its organisation."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class MirrorSettings(models.Model):
    """`keep_out` holds lines of connector.models.keep_out; of shares the largest holds."""

    keep_out = models.JSONField(
        _("records that nobody finds"),
        default=list,
        blank=True,
        help_text=_(
            "3CX's search does not say who searches: every extension sees what the contact "
            "directory holds. One condition per line, with API names: “Contacts: Contact_Status = "
            "Private” keeps those contacts out, “Leads: May_Call != true” keeps out all other "
            "leads. It holds within a minute, for all connections of the same organisation; then "
            "the directory is read anew."
        ),
    )
    credit_share = models.PositiveSmallIntegerField(
        _("share of the API credits for the contact directory, per cent"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )

    class Meta:
        abstract = True
