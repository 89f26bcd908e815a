"""The PBX's side of a connection: its key, its extensions and queues."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from connector.audited import Audited
from connector.models.connection import Connection
from connector.models.words import WordsField


class PbxKey(Audited, models.Model):
    """An API key of the PBX, kept as SHA-256 digest. During a rotation two are valid.

    `expires_at` is empty for the newest key. It is set on the older one when the newer one has
    been seen for 24 hours.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="pbx_keys")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    last_four = models.CharField(_("last characters"), max_length=4, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    first_seen_at = models.DateTimeField(_("first seen"), null=True, editable=False)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, editable=False)
    expires_at = models.DateTimeField(_("valid until"), null=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("PBX key")
        verbose_name_plural = _("PBX keys")

    def __str__(self) -> str:
        return f"…{self.last_four}"


class RowSource(models.TextChoices):
    """A row that the PBX's API gave follows the PBX until a person changes it."""

    MANUAL = "manual", _("set here")
    PBX = "pbx", _("read from the PBX")


class TrialKey(models.Model):
    """Opens the PBX's doors for one test call of the portal itself, for a minute."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("key of a test call")
        verbose_name_plural = _("keys of test calls")

    def __str__(self) -> str:
        return f"{self.connection_id} {self.expires_at}"


class Agent(Audited, models.Model):
    """Who sits at an extension, and which Zoho user that is.

    `zoho_user` is an e-mail; empty means "the same as `email`".
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="agents")
    extension = models.CharField(_("extension"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail in 3CX"), blank=True)
    zoho_user = models.EmailField(_("e-mail in Zoho"), blank=True)
    has_no_zoho_user = models.BooleanField(_("has no Zoho user"), default=False)
    source = models.CharField(
        _("source"),
        max_length=10,
        choices=RowSource.choices,
        default=RowSource.MANUAL,
        editable=False,
    )

    class Meta:
        ordering = ["extension", "email"]
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "extension", "email"], name="agent_once_per_connection"
            ),
            models.CheckConstraint(
                condition=~models.Q(extension="", email=""), name="agent_has_extension_or_email"
            ),
        ]

    def __str__(self) -> str:
        return self.extension or self.email


class Queue(Audited, models.Model):
    """A queue of the PBX; `owner` is the e-mail of the Zoho user who gets its missed calls."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="queues")
    extension = models.CharField(_("extension"), max_length=20)
    name = models.CharField(_("name"), max_length=100, blank=True)
    owner = models.EmailField(_("owner in Zoho"), blank=True)
    ring_seconds = models.PositiveIntegerField(
        _("longest ringing, seconds"),
        default=0,
        help_text=_(
            "A missed part of a queue call waits this long for the part that answered; "
            "0 means the time for collecting parts."
        ),
    )
    source = models.CharField(
        _("source"),
        max_length=10,
        choices=RowSource.choices,
        default=RowSource.MANUAL,
        editable=False,
    )

    class Meta:
        ordering = ["extension"]
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "extension"], name="queue_once_per_connection"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.extension


class ExtensionReading(models.Model):
    """When a connection's extensions and queues were last read over the PBX's API.

    `tried_at` is claimed before the PBX is asked; `trouble` says why the last try failed.
    """

    connection = models.OneToOneField(
        Connection, on_delete=models.CASCADE, related_name="extension_reading"
    )
    tried_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    trouble = WordsField(blank=True)

    class Meta:
        verbose_name = _("reading of extensions")
        verbose_name_plural = _("readings of extensions")

    def __str__(self) -> str:
        return str(self.connection)
