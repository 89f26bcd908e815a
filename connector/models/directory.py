"""The mirror of Zoho's people: who they are, and by which numbers and addresses they are found."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from connector.models.words import WordsField
from connector.models.zoho import ZohoOrganisation


class Mirror(models.Model):
    """How far one module of an organisation is mirrored; work on it is claimed by this row.

        EMPTY -> (fill_started_at, page by page) -> (filled_at) COMPLETE -> changes, deletions

    `page_token` and `last_zoho_id` say where a fill goes on, `upper_page_token` and
    `upper_zoho_id` where it does so downwards (connector.sync.ends). `changed_until` and
    `deleted_until` are moments of Zoho's clock up to which everything is here. `readings` lists
    the digests of connector.people.reading under which all numbers are stored. `expected` is about
    how many records a fill reads, `resumed_at` and `resumed_records` where its last run began.
    `is_absent`: the organisation does not have this module, or does not let us read it.
    """

    organisation = models.ForeignKey(
        ZohoOrganisation, on_delete=models.CASCADE, related_name="mirrors"
    )
    module = models.CharField(_("module"), max_length=40)
    is_absent = models.BooleanField(default=False)

    fill_started_at = models.DateTimeField(null=True)
    page_token = models.TextField(blank=True)
    last_zoho_id = models.CharField(max_length=40, blank=True)
    upper_page_token = models.TextField(blank=True, db_default="")
    upper_zoho_id = models.CharField(max_length=40, blank=True, db_default="")
    pages = models.PositiveIntegerField(default=0)
    records = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(null=True)
    resumed_at = models.DateTimeField(null=True)
    resumed_records = models.PositiveIntegerField(default=0)
    fields_digest = models.CharField(max_length=16, blank=True)
    readings = models.JSONField(default=list)
    filled_at = models.DateTimeField(null=True)

    changed_until = models.DateTimeField(null=True)
    deleted_until = models.DateTimeField(null=True)
    synced_at = models.DateTimeField(_("last good sync"), null=True)
    deletions_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True)

    trouble = WordsField(blank=True)
    waits_until = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("mirror of a module")
        verbose_name_plural = _("mirrors of modules")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "module"], name="mirror_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.module}"


class MirroredPerson(models.Model):
    """A person or company as Zoho last gave it.

    `phones` maps API names of phone fields to what they hold, `emails` those of e-mail fields.
    `search_text` is what connector.people.folding makes of names, company, e-mails and numbers;
    `name_key` begins with the last name and `first_key` with the first, for one and two letters.
    Their indexes differ by database (migration 0003). On SQLite triggers of this table keep the
    index of `search_text`: a migration that remakes the table has to make them anew.
    `converted_to` is the contact that a lead became. `seen_at`: when Zoho last listed it.
    """

    organisation = models.ForeignKey(ZohoOrganisation, on_delete=models.CASCADE, related_name="+")
    module = models.CharField(_("module"), max_length=40)
    zoho_id = models.CharField(max_length=40)
    first_name = models.CharField(max_length=200, blank=True)
    last_name = models.CharField(max_length=200, blank=True)
    company = models.CharField(max_length=255, blank=True)
    title = models.CharField(max_length=255, blank=True)
    department = models.CharField(max_length=255, blank=True)
    email = models.CharField(max_length=255, blank=True)
    emails = models.JSONField(default=dict)
    phones = models.JSONField(default=dict)
    account_zoho_id = models.CharField(max_length=40, blank=True)
    owner_zoho_id = models.CharField(max_length=40, blank=True)
    converted_to = models.CharField(max_length=40, blank=True)
    search_text = models.TextField(blank=True)
    name_key = models.CharField(max_length=80, blank=True)
    first_key = models.CharField(max_length=80, blank=True)
    modified_at = models.DateTimeField(null=True)
    active_at = models.DateTimeField(null=True)
    spoken_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("person of Zoho")
        verbose_name_plural = _("people of Zoho")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "module", "zoho_id"], name="mirrored_person_once"
            )
        ]
        indexes = [
            # sync: leads that became a contact.
            models.Index(
                fields=["organisation", "converted_to"],
                name="mirrored_converted",
                condition=~models.Q(converted_to=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.module} {self.zoho_id}"


class MirroredKey(models.Model):
    """A number or e-mail address that finds a person, and the finished answer for the PBX.

    `reading` names the rules by which the number was read (connector.people.reading). `key` is the
    number's E.164 form or bare digits, or the e-mail address in small letters; `tail` the digits
    backwards, so that the last ones are found by an index. `answer` is the JSON of
    connector.threecx.answers.Match, of the contact where a lead was converted.
    """

    organisation = models.ForeignKey(
        ZohoOrganisation, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    person = models.ForeignKey(MirroredPerson, on_delete=models.CASCADE, related_name="keys")
    reading = models.CharField(max_length=16)
    key = models.CharField(max_length=255)
    tail = models.CharField(max_length=40, blank=True)
    is_company = models.BooleanField(default=False)
    module = models.CharField(max_length=40)
    spoken_at = models.DateTimeField(null=True)
    active_at = models.DateTimeField(null=True)
    answer = models.TextField()

    class Meta:
        verbose_name = _("number or e-mail of a person")
        verbose_name_plural = _("numbers and e-mails of people")
        indexes = [
            # lookup: the same number or address.
            models.Index(fields=["organisation", "reading", "key"], name="mirrored_key"),
            # lookup: the same last digits.
            models.Index(fields=["organisation", "reading", "tail"], name="mirrored_tail"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.module}"
