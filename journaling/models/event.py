"""What the PBX reported, exactly as it arrived."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from connector.models import Connection, WordsField
from journaling.models.ids import make_event_id


class Event(models.Model):
    """One report of the PBX: a leg of a call, or a chat.

    Stored by one INSERT before anything else happens. The columns beside `body` are what
    settling compares; everything else is read from `body` again when it is needed.
    NEW (`entry` empty) -> settled (`entry` set, once). A leg whose call is being sent waits until
    `settle_at` and is looked at again. When its time is over (journaling.ending.retention) `body`
    is emptied and `body_deleted_at` says when; the row stays, so that a repeat is recognised. With
    `excluded_by` (a kind of rule) the body is reduced to the bare facts, and `number_key` is a
    keyed hash.

    What the PBX did not report, but has in its own call log, is an Event too (`source`), with the
    log's id of the call. When its report comes after all, `report` names it: the report counts
    from then on, and no second call is made.
    """

    class Source(models.TextChoices):
        REPORT = "report", _("reported by the PBX")
        CALL_LOG = "call_log", _("found in the PBX's call log")

    class Kind(models.TextChoices):
        CALL = "call", _("call")
        CHAT = "chat", _("chat")

    TRIAL_VERSION = "trial"
    """What a test call of the portal says in place of its template's version."""

    id = models.UUIDField(primary_key=True, default=make_event_id, editable=False)
    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        related_name="events",
        verbose_name=_("connection"),
    )
    entry = models.ForeignKey(
        "journaling.Entry", on_delete=models.SET_NULL, null=True, related_name="events"
    )
    kind = models.CharField(_("kind"), max_length=4, choices=Kind.choices)
    source = models.CharField(
        _("source"), max_length=10, choices=Source.choices, default=Source.REPORT
    )
    pbx_call_id = models.CharField(max_length=64, blank=True)
    report = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, related_name="logged"
    )
    identity = models.CharField(max_length=64)
    body = models.BinaryField()
    body_deleted_at = models.DateTimeField(null=True)
    template_version = models.CharField(_("template version"), max_length=10, blank=True)
    received_at = models.DateTimeField(_("received"))
    settle_at = models.DateTimeField(null=True)
    unreadable_reason = WordsField(blank=True)
    excluded_by = models.CharField(_("excluded by"), max_length=10, blank=True)

    call_type = models.CharField(_("type"), max_length=12, blank=True)
    number = models.CharField(_("number"), max_length=100, blank=True)
    number_key = models.CharField(max_length=40, blank=True)
    extension = models.CharField(_("extension"), max_length=50, blank=True)
    queue = models.CharField(_("queue"), max_length=50, blank=True)
    started_at = models.DateTimeField(_("started"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("report from the PBX")
        verbose_name_plural = _("reports from the PBX")
        constraints = [
            # A repeat is decided here, never by asking first.
            models.UniqueConstraint(fields=["connection", "identity"], name="event_once"),
        ]
        indexes = [
            # settle: reports that belong to no entry yet, in order of arrival.
            models.Index(
                fields=["connection", "received_at"],
                name="event_new",
                condition=models.Q(entry__isnull=True),
            ),
            # settle: legs of the same call.
            models.Index(fields=["connection", "number_key", "started_at"], name="event_legs"),
            # dashboard: a PBX's last report; admin: its reports, newest first.
            models.Index(fields=["connection", "-received_at"], name="event_newest"),
            # retention: what still has its body.
            models.Index(
                fields=["connection", "received_at"],
                name="event_with_body",
                condition=models.Q(body_deleted_at__isnull=True),
            ),
            # settle, call log: what was found there, by time and by call.
            models.Index(
                fields=["connection", "started_at"],
                name="event_logged",
                condition=models.Q(source="call_log"),
            ),
            # admin: the rare ones, newest first.
            models.Index(fields=["id"], name="event_chats", condition=models.Q(kind="chat")),
            models.Index(
                fields=["id"], name="event_from_log", condition=models.Q(source="call_log")
            ),
        ]

    @property
    def is_trial(self) -> bool:
        """A test call of the portal itself: never a part of another call, so waits for none."""
        return self.template_version == self.TRIAL_VERSION

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.id}"


class EventVersion(models.Model):
    """A repeat that differed from the first report: it may bring a recording or a transcript."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="versions")
    digest = models.CharField(max_length=64)
    body = models.BinaryField()
    received_at = models.DateTimeField(_("received"))
    is_new = models.BooleanField(default=True)

    class Meta:
        ordering = ["received_at"]
        verbose_name = _("further version of a report")
        verbose_name_plural = _("further versions of reports")
        constraints = [
            models.UniqueConstraint(fields=["event", "digest"], name="event_version_once")
        ]
        indexes = [
            # settle: what may have to be added to a text in Zoho.
            models.Index(
                fields=["received_at"], name="event_version_new", condition=models.Q(is_new=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.received_at:%H:%M:%S}"


class RefusedReports(models.Model):
    """How many reports of a connection were refused: neither database nor disk took them."""

    connection = models.OneToOneField(
        Connection, on_delete=models.CASCADE, related_name="refused_reports"
    )
    number = models.PositiveIntegerField(_("number"))
    first_at = models.DateTimeField(_("first"))
    last_at = models.DateTimeField(_("last"))

    class Meta:
        verbose_name = _("refused reports")
        verbose_name_plural = _("refused reports")

    def __str__(self) -> str:
        return f"{self.connection}: {self.number}"
