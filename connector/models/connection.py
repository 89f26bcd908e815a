"""Connection: one PBX with one Zoho organisation, and what an administrator sets about both."""

import re
from collections.abc import Callable, Collection
from functools import partial

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from connector.audited import Audited
from connector.exclusions import check_rules
from connector.models.addresses import (
    ADDRESS_COLUMNS,
    check_addresses,
    check_pbx_url,
    fill_addresses,
)
from connector.models.keep_out import check_lines
from connector.models.list_checks import (
    check_area_code,
    check_country,
    check_networks,
    check_texts,
    check_time_zone,
    list_withheld_words,
)
from connector.models.mirror_settings import MirrorSettings
from connector.models.module_order import check_modules, list_modules
from connector.models.rows import RowsField
from connector.models.secret import SecretField
from connector.models.seen import SeenPbx
from connector.models.words import WordsField
from connector.phones import NumberRules
from connector.zoho.datacentres import DATA_CENTRES, OWN, trim_url

API_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)


class Connection(Audited, SeenPbx, MirrorSettings):
    """One PBX <-> one Zoho organisation.

    `held_*` says why deliveries wait for a person (a revoked grant, a missing permission);
    `paused_at` says that an operator stopped them on purpose. Both keep every report.
    """

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        RUSSIAN = "ru", "Русский"

    class PbxVersion(models.TextChoices):
        V20 = "v20", "V20"
        V18 = "v18", "V18"

    class Strategy(models.TextChoices):
        EXACT = "exact", _("Match exactly")
        LAST_DIGITS = "last_digits", _("Match the last digits")

    class CreateAs(models.TextChoices):
        CONTACT = "contact", "Contact"
        LEAD = "lead", "Lead"

    slug = models.SlugField(
        _("short name"),
        unique=True,
        max_length=50,
        help_text=_("Part of the addresses that the PBX calls. Changing it needs a new template."),
    )
    name = models.CharField(_("name"), max_length=100)
    active = models.BooleanField(
        _("active"), default=True, help_text=_("Off: reports are stored but left out of Zoho.")
    )
    takes_over = models.BooleanField(
        _("takes over from 3CX's own Zoho integration"),
        default=False,
        db_default=False,
        help_text=_("The set-up then leads from 3CX's form to the portal's, and back."),
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=Language.choices,
        default=Language.ENGLISH,
        help_text=_("Of the texts written to Zoho."),
    )

    pbx_url = models.URLField(_("address of the PBX"), blank=True)
    pbx_version = models.CharField(
        _("3CX version"), max_length=3, choices=PbxVersion.choices, default=PbxVersion.V20
    )
    pbx_addresses = models.JSONField(
        _("allowed addresses"), default=list, db_default=[], blank=True
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[check_time_zone]
    )

    country = models.CharField(
        _("country"),
        max_length=2,
        default="US",
        validators=[RegexValidator(r"^[A-Z]{2}$", _("Two capital letters, like GB."))],
        help_text=_("Two letters, like GB. National numbers are read by this country's rules."),
    )
    area_code = models.CharField(
        _("area code"),
        max_length=10,
        blank=True,
        help_text=_("Put before local numbers without one."),
    )
    outside_prefixes = models.JSONField(
        _("outside prefixes"),
        default=list,
        blank=True,
        help_text=_("Digits that are dialled to get an outside line, like 9."),
    )
    internal_digits = models.PositiveSmallIntegerField(
        _("digits of an extension"),
        default=4,
        validators=[MaxValueValidator(8)],
        help_text=_("Numbers of at most this many digits are internal and never journaled."),
    )
    withheld = models.JSONField(_("withheld numbers"), default=list_withheld_words, blank=True)

    exclusions = RowsField(_("exclusions"), default=list, blank=True)

    data_centre = models.CharField(
        _("data centre"),
        max_length=10,
        choices=[(key, centre.label) for key, centre in DATA_CENTRES.items()]
        + [(OWN, _("Own addresses"))],
        default="us",
    )
    accounts_url = models.URLField("Accounts Server URL", default=DATA_CENTRES["us"].accounts_url)
    crm_url = models.URLField("Zoho CRM URL", default=DATA_CENTRES["us"].crm_url)
    api_url = models.URLField(_("API address"), default=DATA_CENTRES["us"].api_url)
    client_id = models.CharField("Client ID", max_length=100, blank=True)
    client_secret = SecretField("Client Secret")
    reference_field = models.CharField(
        _("reference field"),
        max_length=50,
        default="PBX_Ref",
        blank=True,
        help_text=_("Unique custom text field on Calls and Tasks; used when it exists."),
    )

    matching_strategy = models.CharField(
        _("match strategy"), max_length=12, choices=Strategy.choices, default=Strategy.EXACT
    )
    matching_digits = models.PositiveSmallIntegerField(
        _("number of last digits"),
        default=9,
        validators=[MinValueValidator(6), MaxValueValidator(15)],
    )
    module_order = models.JSONField(
        _("order of modules"),
        default=list_modules,
        blank=True,
        help_text=_("Of several people with the same number the earlier module wins."),
    )
    contact_creation = models.BooleanField(
        "Allow contact creation directly to your CRM using 3CX Web Client", default=True
    )
    create_as = models.CharField(
        "Create Lead or Contact",
        max_length=7,
        choices=CreateAs.choices,
        default=CreateAs.CONTACT,
    )
    placeholder = models.BooleanField(
        _("placeholder contact for unknown numbers"),
        default=False,
        help_text=_(
            "3CX shows a contact named like the number, whose link opens a page where people say "
            "who it is. It takes the place of 3CX's own form for new contacts, and may stay in the "
            "phonebook of the PBX: never use it while 3CX copies CRM contacts into its phonebook."
        ),
    )
    fallback_owner = models.EmailField(
        _("fallback owner"),
        blank=True,
        help_text=_("E-mail of the Zoho user who gets what no other rule gives to anyone."),
    )

    held_code = models.CharField(max_length=40, blank=True, editable=False)
    held_words = WordsField(blank=True, editable=False)
    held_at = models.DateTimeField(null=True, editable=False)
    paused_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("connection")
        verbose_name_plural = _("connections")

    def __str__(self) -> str:
        return self.name

    @property
    def number_rules(self) -> NumberRules:
        return NumberRules(
            country=self.country,
            area_code=self.area_code,
            outside_prefixes=tuple(self.outside_prefixes),
            internal_digits=self.internal_digits,
            withheld=tuple(self.withheld),
        )

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Fill empty addresses from the data centre before anything is checked."""
        fill_addresses(self)
        super().clean_fields(exclude)

    def clean(self) -> None:
        """Refuse what a column alone cannot judge; addresses lose their path and trailing slash."""
        checks: dict[str, Callable[[], None]] = {
            "country": partial(check_country, self.country),
            "area_code": partial(check_area_code, self.area_code),
            "outside_prefixes": partial(check_texts, self.outside_prefixes, digits_only=True),
            "withheld": partial(check_texts, self.withheld, digits_only=False),
            "module_order": partial(check_modules, self.module_order),
            "keep_out": self.check_keep_out,
            "pbx_addresses": partial(check_networks, self.pbx_addresses),
            "pbx_url": partial(check_pbx_url, self.pbx_url),
            "exclusions": partial(check_rules, self.exclusions, numbers=self.number_rules),
            "reference_field": self.check_reference_field,
        }
        errors = check_addresses(self)
        for column, check in checks.items():
            try:
                check()
            except ValidationError as error:
                errors[column] = error
        if errors:
            raise ValidationError(errors)
        for column in ADDRESS_COLUMNS:
            setattr(self, column, trim_url(getattr(self, column)))

    def check_keep_out(self) -> None:
        grant = getattr(self, "grant", None)
        check_lines(self.keep_out, known=grant.organisation.fields if grant else {})

    def check_reference_field(self) -> None:
        if self.reference_field and not API_NAME.fullmatch(self.reference_field):
            raise ValidationError(_("Must be the API name of a field in Zoho, like PBX_Ref."))
