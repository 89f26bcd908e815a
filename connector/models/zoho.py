"""Zoho's side of a connection: the organisation, the grant, the users."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from connector.models.connection import Connection
from connector.models.secret import SecretField
from connector.models.words import WordsField


class ZohoOrganisation(models.Model):
    """A Zoho CRM organisation in one environment; shared by the connections that write to it.

    `waits_until`, `failures` and `trouble` are its circuit breaker: limits and outages belong to
    the organisation. `failures` counts failed requests in a row; above 0 the next try is a probe
    of one record. `fields` is what settings/fields said: {module: {api_name: {"label", "type",
    "length", "unique", "read_only", "mandatory", "values": [stored pick-list values]}}}; where only
    some layouts demand a field, "required_by" has their ids. `layouts` are the active ones:
    {module: [{"id", "name", "required": [API names]}]}. `module_labels` is what the organisation
    calls its modules: {api_name: {"one", "many"}}.
    `credits_spent` counts what the mirror cost on the day `credits_on` (UTC). `credits_left` is
    what Zoho said at `credits_told_at`.
    """

    class Environment(models.TextChoices):
        PRODUCTION = "production", _("production")
        SANDBOX = "sandbox", _("sandbox")
        DEVELOPER = "developer", _("developer")

    zgid = models.CharField(max_length=40)
    environment = models.CharField(
        max_length=10, choices=Environment.choices, default=Environment.PRODUCTION
    )
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, blank=True)
    users_fetched_at = models.DateTimeField(null=True)
    fields = models.JSONField(default=dict)
    layouts = models.JSONField(default=dict, db_default={})
    module_labels = models.JSONField(default=dict, db_default={})
    fields_fetched_at = models.DateTimeField(null=True)
    edition = models.CharField(max_length=40, blank=True)
    licensed_users = models.PositiveIntegerField(default=0)
    credits_on = models.DateField(null=True)
    credits_spent = models.PositiveIntegerField(default=0)
    credits_left = models.PositiveIntegerField(null=True)
    credits_told_at = models.DateTimeField(null=True)
    waits_until = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    trouble = WordsField(blank=True)

    class Meta:
        verbose_name = _("Zoho organisation")
        verbose_name_plural = _("Zoho organisations")
        constraints = [
            models.UniqueConstraint(fields=["zgid", "environment"], name="organisation_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.zgid}, {self.get_environment_display()})"


class GrantFacts(models.Model):
    """What one consent gave us: tokens, addresses, and whose they are."""

    organisation = models.ForeignKey(ZohoOrganisation, on_delete=models.PROTECT, related_name="+")
    user_zoho_id = models.CharField(max_length=40)
    user_name = models.CharField(max_length=200)
    user_email = models.EmailField()
    accounts_url = models.URLField()
    api_url = models.URLField()
    scopes = models.JSONField(default=list)
    refresh_token = SecretField()
    access_token = SecretField()
    access_token_issued_at = models.DateTimeField(null=True)
    access_token_expires_at = models.DateTimeField(null=True)
    granted_at = models.DateTimeField()

    class Meta:
        abstract = True


class ZohoGrant(GrantFacts):
    """The grant in use. GRANTED -> (Zoho refuses the refresh token) REFUSED -> (consent) GRANTED.

    A refresh of the access token is claimed by `refresh_claim` until `refresh_claimed_until`;
    `refreshed_at_moments` holds ISO moments of the last refreshes, to stay under Zoho's limit.
    `moved_at`: when the connection moved to this organisation from another one; what was written
    before stands there.
    `waits_until`: there is trouble with this access, and none with the organisation.
    `unreadable_since`: no key opens the secrets any more; cleared when one does.
    """

    class State(models.TextChoices):
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused by Zoho")

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="grant")
    state = models.CharField(max_length=10, choices=State.choices, default=State.GRANTED)
    refused_words = WordsField(blank=True)
    refused_at = models.DateTimeField(null=True)
    refresh_claim = models.UUIDField(null=True)
    refresh_claimed_until = models.DateTimeField(null=True)
    refreshed_at_moments = models.JSONField(default=list)
    moved_at = models.DateTimeField(null=True)
    waits_until = models.DateTimeField(null=True)
    unreadable_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Zoho grant")
        verbose_name_plural = _("Zoho grants")

    def __str__(self) -> str:
        return f"{self.user_email} @ {self.organisation.name}"


class ProposedGrant(GrantFacts):
    """A consent for another organisation, kept until an administrator confirms the move."""

    connection = models.OneToOneField(
        Connection, on_delete=models.CASCADE, related_name="proposed_grant"
    )

    class Meta:
        verbose_name = _("proposed move to another organisation")
        verbose_name_plural = _("proposed moves to another organisation")

    def __str__(self) -> str:
        return f"{self.user_email} @ {self.organisation.name}"


class ZohoUser(models.Model):
    """A user of the organisation, as last fetched; records are owned by them."""

    organisation = models.ForeignKey(
        ZohoOrganisation,
        on_delete=models.CASCADE,
        related_name="users",
        verbose_name=_("organisation"),
    )
    zoho_id = models.CharField(max_length=40)
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=200)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("Zoho user")
        verbose_name_plural = _("Zoho users")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "zoho_id"], name="zoho_user_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


class ConsentRequest(models.Model):
    """The `state` of one authorization request: a digest, used once, for 10 minutes.

    `session_digest` ties a request from the admin to the browser session that began it; it is
    empty for a request that an operator made at the terminal.
    """

    class Purpose(models.TextChoices):
        ADMIN = "admin", _("admin")
        TERMINAL = "terminal", _("terminal")

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    state_digest = models.CharField(max_length=64, unique=True)
    session_digest = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("consent request")
        verbose_name_plural = _("consent requests")

    def __str__(self) -> str:
        return f"{self.connection} {self.purpose}"
