"""Click to call: how agents dial, who they are, and from which card they dialled."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from connector.audited import Audited
from connector.models.connection import Connection
from connector.models.secret import SecretField


class DialWay(models.TextChoices):
    WEB_CLIENT = "webclient", _("3CX web client: opens with the number filled in")
    TEL = "tel", _("3CX app: a tel: link")
    XAPI = "xapi", _("The PBX dials: 3CX API (Enterprise)")


class DialFormat(models.TextChoices):
    E164 = "e164", _("International, like +442079460011")
    NATIONAL = "national", _("National, like 02079460011")
    OUTSIDE = "outside", _("Outside prefix and national, like 902079460011")


class DialSettings(Audited, models.Model):
    """How the agents of a connection dial; a connection without a row uses the defaults."""

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="dialling")
    way = models.CharField(
        _("way to dial"), max_length=10, choices=DialWay.choices, default=DialWay.WEB_CLIENT
    )
    number_format = models.CharField(
        _("dialled number"),
        max_length=10,
        choices=DialFormat.choices,
        default=DialFormat.E164,
        help_text=_("What the outbound rules of the PBX expect."),
    )
    web_client_port = models.PositiveIntegerField(
        _("port of the web client"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(65535)],
        help_text=_("Empty: 5001 for V18, the port of the PBX's address for V20."),
    )
    xapi_client_id = models.CharField(
        _("Client ID of the PBX's API"),
        max_length=100,
        blank=True,
        help_text=_("Admin Console › Integrations › API. An own one for the portal."),
    )
    xapi_client_secret = SecretField(_("API key of the PBX"))
    compare_call_log = models.BooleanField(
        _("compare with the PBX's call log"),
        default=True,
        help_text=_("Each night, over the PBX's API; calls that it did not report are added."),
    )

    class Meta:
        verbose_name = _("click to call")
        verbose_name_plural = _("click to call")

    def __str__(self) -> str:
        return str(self.connection)

    @property
    def has_api(self) -> bool:
        """Whether the PBX's API is set up here; whether it answers, it says itself."""
        return bool(self.xapi_client_id and self.xapi_client_secret and self.connection.pbx_url)


class AgentToken(Audited, models.Model):
    """A personal token of one extension, kept as SHA-256 digest; it opens /agent/ alone.

    `way` and `number_format` are empty where the connection's apply.
    """

    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        related_name="agent_tokens",
        verbose_name=_("connection"),
    )
    extension = models.CharField(_("extension"), max_length=20)
    name = models.CharField(
        _("name"), max_length=100, blank=True, help_text=_("Whose it is, and where it is used.")
    )
    way = models.CharField(
        _("way to dial"),
        max_length=10,
        choices=DialWay.choices,
        blank=True,
        help_text=_("Empty: as the connection says."),
    )
    number_format = models.CharField(
        _("dialled number"), max_length=10, choices=DialFormat.choices, blank=True
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    last_four = models.CharField(_("last characters"), max_length=4, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    last_dialled_at = models.DateTimeField(_("last dialled"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    class Meta:
        ordering = ["connection", "extension", "-created_at"]
        verbose_name = _("dial token")
        verbose_name_plural = _("dial tokens")

    def __str__(self) -> str:
        return f"{self.name or self.extension} …{self.last_four}"


class XapiToken(models.Model):
    """The one living access token of an API client of a PBX, shared by all processes.

    3CX lets one token per client live: a renewal ends the one before. It is claimed by lease:
    each change asks for the `claim` that was read. `key_digest` is of the API key that fetched it:
    whoever knows the Client ID alone gets nothing. `version` is the PBX's, as it said itself.
    """

    pbx_url = models.CharField(max_length=255)
    client_id = models.CharField(max_length=100)
    key_digest = models.CharField(max_length=64, default="", db_default="")
    access_token = SecretField()
    issued_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=40, blank=True)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("access to a PBX's API")
        verbose_name_plural = _("accesses to PBX APIs")
        constraints = [
            models.UniqueConstraint(
                fields=["pbx_url", "client_id", "key_digest"], name="xapi_token_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pbx_url} {self.client_id}"


class DialIntent(models.Model):
    """An agent clicked this number on this record: the call that follows belongs there."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="intents")
    extension = models.CharField(max_length=20)
    number_key = models.CharField(max_length=40)
    module = models.CharField(max_length=40)
    zoho_id = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        verbose_name = _("dialled number")
        verbose_name_plural = _("dialled numbers")
        indexes = [
            # intents.find_intent: what this agent clicked last.
            models.Index(
                fields=["connection", "extension", "number_key", "created_at"], name="dial_intent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.extension} {self.module} {self.zoho_id}"
