"""What is to be delivered: one Entry is one record in Zoho."""

from typing import Any

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from connector.models import Connection, WordsField
from journaling.models.ids import make_reference


class Entry(models.Model):
    """One record to deliver, and its state.

        SETTLING -> WAITING <-> SENDING -> DELIVERED
                       ^           |-> UNKNOWN -> (asked Zoho) DELIVERED or WAITING
                       |           '-> PARKED  -> (a person) WAITING
                       '--- LEFT_OUT (by rule, or by a person)

        DELIVERED -> LEFT_OUT (a missed call whose answered part came late and was written anew;
                               a record that somebody deleted in Zoho)
        DELIVERED -> UNKNOWN (the nightly comparison does not find the record in Zoho)

    A completion or a removal corrects what stands in Zoho already: it waits for `after` and goes
    through the lane CORRECTIONS. So does an account that was made for a contact which may not have
    come to be, and that has to go then.

    Only journaling/entries/ changes `state`. A claim is `claim` until `claimed_until`; whoever no
    longer holds the token writes nothing. `reference` is what Zoho's record is recognised by.
    `record` is the record as it stands in Zoho for all we know, `zoho_modified_at` Zoho's own
    word for when we wrote it last. `ask_first`: restored from a backup, so Zoho is asked whether
    it has the record before anything is sent. `trace` lists the decisions: {"at", "code",
    facts...}.
    `texts_deleted_at`: its record and words were deleted when their time was over.
    """

    class Kind(models.TextChoices):
        CALL = "call", _("call")
        CHAT = "chat", _("chat")
        NOTE = "note", _("note")
        ATTACHMENT = "attachment", _("attachment")
        COMPLETION = "completion", _("completed text")
        FOLLOW_UP = "follow_up", _("follow-up task")
        CLOSING = "closing", _("closed follow-up")
        REMOVAL = "removal", _("removal")
        REPORT = "report", _("unreadable report")
        PERSON = "person", _("created person")
        ACCOUNT = "account", _("account left over")

    class State(models.TextChoices):
        SETTLING = "settling", _("collecting parts")
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("sending")
        UNKNOWN = "unknown", _("being checked at Zoho")
        DELIVERED = "delivered", _("in Zoho")
        PARKED = "parked", _("needs a decision")
        LEFT_OUT = "left_out", _("excluded by rule")

    CORRECTIONS = "Corrections"
    """Stands for a module where entries are that change records of any module."""

    DOUBTFUL = ("unknown_outcome", "unanswered", "several_candidates")
    """Reasons of an entry that may stand in Zoho although it is not delivered."""

    OPEN_STATES = (State.SETTLING, State.WAITING, State.SENDING, State.UNKNOWN)

    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        related_name="entries",
        verbose_name=_("connection"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    module = models.CharField(_("module"), max_length=20, blank=True)
    reference = models.CharField(max_length=20, unique=True, default=make_reference)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.SETTLING
    )
    after = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="followers"
    )

    next_attempt_at = models.DateTimeField(_("next attempt"), null=True)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(_("tries"), default=0)
    first_sent_at = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    checks = models.PositiveIntegerField(default=0)

    ask_first = models.BooleanField(default=False, db_default=False)

    reason = models.CharField(_("reason"), max_length=60, blank=True)
    words = WordsField(_("Zoho's words"), blank=True)
    field = models.CharField(_("field"), max_length=100, blank=True)

    call_type = models.CharField(_("type"), max_length=12, blank=True)
    number = models.CharField(_("number"), max_length=100, blank=True)
    number_key = models.CharField(max_length=40, blank=True)
    person = models.CharField(_("person"), max_length=200, blank=True)
    extension = models.CharField(_("extension"), max_length=50, blank=True)
    queue = models.CharField(_("queue"), max_length=50, blank=True)
    started_at = models.DateTimeField(_("started"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    is_trial = models.BooleanField(default=False, db_default=False)
    record = models.JSONField(null=True, blank=True)
    trigger = models.CharField(max_length=20, blank=True)
    trace = models.JSONField(default=list, blank=True)
    card_module = models.CharField(max_length=40, blank=True)
    card_zoho_id = models.CharField(max_length=40, blank=True)
    owner_zoho_id = models.CharField(max_length=40, blank=True)
    zoho_id = models.CharField(max_length=40, blank=True)
    zoho_modified_at = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    texts_deleted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("call or chat")
        verbose_name_plural = _("calls and chats")
        permissions = [("erase_person", "Can tell and erase everything about a person")]
        indexes = [
            # deliver: what is due in a lane. SQLite takes no other condition for one that has a
            # parameter in it.
            models.Index(
                fields=["connection", "module", "next_attempt_at"],
                name="entry_due",
                condition=models.Q(next_attempt_at__isnull=False),
            ),
            # sweep: claims whose holder died.
            models.Index(
                fields=["claimed_until"],
                name="entry_claimed",
                condition=models.Q(state="sending"),
            ),
            # settle: the open entry that a further leg may join.
            models.Index(fields=["connection", "number_key", "started_at"], name="entry_legs"),
            # admin: what needs a decision.
            models.Index(
                fields=["connection", "reason"],
                name="entry_parked",
                condition=models.Q(state="parked"),
            ),
            # every write of a worker: what its token holds.
            models.Index(
                fields=["claim"],
                name="entry_held",
                condition=models.Q(claim__isnull=False),
            ),
            models.Index(fields=["-created_at"], name="entry_newest"),
            # admin: filters that may find nothing, which would read everything.
            models.Index(fields=["state", "-created_at"], name="entry_by_state"),
            models.Index(fields=["kind", "-created_at"], name="entry_by_kind"),
            models.Index(fields=["extension", "-created_at"], name="entry_by_extension"),
            models.Index(
                fields=["reason", "-created_at"],
                name="entry_by_reason",
                condition=~models.Q(reason=""),
            ),
            models.Index(
                fields=["connection", "reason", "-created_at"],
                name="entry_by_reason_of_one",
                condition=~models.Q(reason=""),
            ),
            models.Index(
                fields=["connection", "state", "-created_at"],
                name="entry_aside_of_one",
                condition=models.Q(state__in=["parked", "left_out"]),
            ),
            # dashboard and admin: the same of one connection.
            models.Index(fields=["connection", "-created_at"], name="entry_newest_of_one"),
            # retention: what still has its texts.
            models.Index(
                fields=["connection", "created_at"],
                name="entry_with_texts",
                condition=models.Q(texts_deleted_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"

    @cached_property
    def fresh_lines(self) -> list[dict[str, Any]]:
        """The end of `trace` that is not stored yet: journaling/trace.py."""
        return []

    def save(self, *args: Any, **options: Any) -> None:
        super().save(*args, **options)
        self.fresh_lines = []


class Lane(models.Model):
    """One connection's way into one Zoho module; at most one delivery runs in it at a time."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="lanes")
    module = models.CharField(max_length=20)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "module"], name="lane_once")]

    def __str__(self) -> str:
        return f"{self.connection_id} {self.module}"
