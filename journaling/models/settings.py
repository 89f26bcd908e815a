"""What an administrator sets about journaling, one row per connection."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from connector.audited import Audited
from connector.models import Connection
from journaling.models.call_kinds import check_kinds, list_default_kinds
from journaling.models.follow_up import FollowUpSettings, check_follow_up
from journaling.models.layouts import LayoutSettings
from journaling.models.text_checks import check_texts
from journaling.texts import defaults


class JournalSettings(Audited, FollowUpSettings, LayoutSettings):
    """Journaling of one connection; the labels are those of 3CX's CRM screen."""

    class UnknownNumbers(models.TextChoices):
        JOURNAL = "journal", _("Write the call without a person")
        LEAVE_OUT = "leave_out", _("Leave the call out")
        CREATE = "create", _("Create the caller in Zoho")

    class Legs(models.TextChoices):
        ONE_PER_CALL = "one_per_call", _("One record per call")
        ONE_PER_ANSWERED_LEG = "one_per_answered_leg", _("One record per answered part")
        ONE_PER_LEG = "one_per_leg", _("One record per part")

    class StoreAs(models.TextChoices):
        TASK = "task", "Task"
        CALL = "call", "Call"

    class Automations(models.TextChoices):
        FRESH = "fresh", _("For fresh records only")
        ALWAYS = "always", _("Always")
        NEVER = "never", _("Never")

    class OwnerRule(models.TextChoices):
        AGENT = "agent", _("The user of the extension")
        RECORD_OWNER = "record_owner", _("The owner of the caller's record")
        QUEUE = "queue", _("The owner of the queue")
        FALLBACK = "fallback", _("The fallback owner")

    class ContactParent(models.TextChoices):
        ACCOUNT = "account", _("The contact's account")
        NEWEST_OPEN_DEAL = "newest_open_deal", _("The contact's newest open deal")
        NONE = "none", _("Nothing")

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="journal")

    calls_enabled = models.BooleanField("Enable Call Journaling", default=True)
    call_subject = models.CharField("Call Subject", max_length=255, default=defaults.CALL_SUBJECT)
    answered_inbound = models.TextField("Answered Inbound Call", default=defaults.ANSWERED_INBOUND)
    missed = models.TextField("Missed Call", default=defaults.MISSED)
    answered_outbound = models.TextField(
        "Answered Outbound Call", default=defaults.ANSWERED_OUTBOUND
    )
    unanswered_outbound = models.TextField(
        "Unanswered Outbound Call", default=defaults.UNANSWERED_OUTBOUND
    )
    unknown_numbers = models.CharField(
        _("unknown numbers"),
        max_length=10,
        choices=UnknownNumbers.choices,
        default=UnknownNumbers.JOURNAL,
    )
    create_for = models.JSONField(
        _("create callers of"),
        default=list_default_kinds,
        blank=True,
        validators=[check_kinds],
        help_text=_(
            "Nobody is created for withheld and internal numbers or for calls under 10 seconds; "
            "a call that nobody answered is as long as it rang."
        ),
    )
    legs = models.CharField(
        _("parts of a call"), max_length=20, choices=Legs.choices, default=Legs.ONE_PER_CALL
    )
    settle_seconds = models.PositiveIntegerField(
        _("time for collecting parts, seconds"),
        default=20,
        validators=[MaxValueValidator(3600)],
        help_text=_("How long the portal waits for further parts of a call before it writes it."),
    )
    journal_from = models.DateTimeField(
        _("journal calls from"),
        null=True,
        blank=True,
        help_text=_(
            "Calls and chats that began before this moment are never sent. Empty: all are sent."
        ),
    )

    reference_line = models.BooleanField(
        _("reference as the last line"),
        default=True,
        help_text=_(
            "Where the reference field is missing, the last line of the description (“ref …”) "
            "tells the portal its own records. Off: records are compared by their facts and texts."
        ),
    )
    call_page_link = models.BooleanField(
        _("link to the call's page in the description"),
        default=False,
        db_default=False,
        help_text=_("A short address of this portal; whoever opens it has to log in."),
    )
    unknown_seconds = models.PositiveIntegerField(
        _("wait for Zoho after a lost answer, seconds"),
        default=120,
        validators=[MinValueValidator(30), MaxValueValidator(3600)],
        help_text=_("Zoho may still be writing a record whose answer did not arrive."),
    )

    chats_enabled = models.BooleanField("Enable Chat Journaling", default=True)
    chats_store_as = models.CharField(
        "Create Task or Call", max_length=4, choices=StoreAs.choices, default=StoreAs.TASK
    )
    chat_subject = models.CharField("Chat Subject", max_length=255, default=defaults.CHAT_SUBJECT)

    send_transcript = models.BooleanField(_("transcript of calls"), default=True)
    send_summary = models.BooleanField(_("summary of calls"), default=True)
    send_sentiment = models.BooleanField(_("sentiment of calls"), default=False)
    send_recording_link = models.BooleanField(_("link to the recording"), default=True)
    send_chat_text = models.BooleanField(_("text of chats"), default=True)

    automations_calls = models.CharField(
        _("Zoho's automations for calls"),
        max_length=6,
        choices=Automations.choices,
        default=Automations.FRESH,
    )
    automations_chats = models.CharField(
        _("Zoho's automations for chats"),
        max_length=6,
        choices=Automations.choices,
        default=Automations.FRESH,
    )
    fresh_minutes = models.PositiveIntegerField(_("fresh means ended within, minutes"), default=60)
    automations_created_records = models.CharField(
        _("Zoho's automations for created people"),
        max_length=6,
        choices=Automations.choices,
        default=Automations.ALWAYS,
    )

    fields_calls = models.JSONField(_("further fields of calls"), default=dict, blank=True)
    fields_tasks = models.JSONField(_("further fields of tasks"), default=dict, blank=True)
    fields_lead = models.JSONField(_("further fields of created leads"), default=dict, blank=True)
    fields_contact = models.JSONField(
        _("further fields of created contacts"), default=dict, blank=True
    )
    contact_parent = models.CharField(
        _("beside the contact, calls stand on"),
        max_length=20,
        choices=ContactParent.choices,
        default=ContactParent.ACCOUNT,
    )
    owner_missed = models.CharField(
        _("owner of missed calls"),
        max_length=15,
        choices=OwnerRule.choices,
        default=OwnerRule.RECORD_OWNER,
    )
    owner_without_zoho_user = models.CharField(
        _("owner when the extension has no Zoho user"),
        max_length=15,
        choices=OwnerRule.choices,
        default=OwnerRule.RECORD_OWNER,
    )

    canary_enabled = models.BooleanField(
        _("a test call every hour"),
        default=False,
        db_default=False,
        help_text=_(
            "Written to Zoho without a person and automations, and deleted at once. An alarm "
            "tells when it does not arrive."
        ),
    )
    keep_reports_days = models.PositiveIntegerField(
        _("raw reports of the PBX, days"),
        default=30,
        db_default=30,
        validators=[MinValueValidator(1)],
    )
    keep_texts_days = models.PositiveIntegerField(
        _("texts and transcripts, days"),
        default=180,
        db_default=180,
        validators=[MinValueValidator(1)],
    )
    keep_attempts_days = models.PositiveIntegerField(
        _("attempts, days"), default=90, db_default=90, validators=[MinValueValidator(1)]
    )
    keep_entries_days = models.PositiveIntegerField(
        _("calls and chats, days"),
        default=730,
        db_default=730,
        validators=[MinValueValidator(30)],
        help_text=_("A report that comes once more is recognised for as long: at least 30 days."),
    )
    keep_knocks_days = models.PositiveIntegerField(
        _("refused requests, days"), default=7, db_default=7, validators=[MinValueValidator(1)]
    )

    class Meta:
        verbose_name = _("journaling")
        verbose_name_plural = _("journaling")

    def __str__(self) -> str:
        return str(self.connection)

    def clean(self) -> None:
        """All that is wrong at once: a form tells it beside each field."""
        errors: dict[str, list[ValidationError]] = {}
        for check in (check_texts, check_follow_up):
            try:
                check(self)
            except ValidationError as error:
                errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)
