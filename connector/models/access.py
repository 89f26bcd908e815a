"""What a user of the portal may do, and with which connections."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from connector.audited import Audited
from connector.models.connection import Connection


class Assignment(Audited, models.Model):
    """One role of one user: for a connection, or for all of them when there is none.

    What a role may do stands in connector.access.roles. A superuser needs no assignment.
    """

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", _("Administrator: everything")
        OPERATOR = "operator", _("Operator: repairs, no settings, numbers masked")
        VIEWER = "viewer", _("Viewer: looks, numbers masked")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments"
    )
    role = models.CharField(_("role"), max_length=13, choices=Role.choices, default=Role.VIEWER)
    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("connection"),
        related_name="assignments",
        help_text=_("Empty: every connection, and the portal itself."),
    )
    reads_texts = models.BooleanField(
        _("reads texts"),
        default=False,
        help_text=_("Opens texts and transcripts, and sees whole numbers. Each opening is noted."),
    )

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(fields=["user", "connection"], name="role_once"),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(connection=None), name="role_for_all_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.connection or ''}".strip()
