"""One form over a connection's settings: Connection, JournalSettings and DialSettings."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import construct_instance, model_to_dict
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminTextInputWidget,
)

from connector.admin.list_fields import (
    FieldLinesField,
    LineListField,
    PrefixListField,
    WordListField,
)
from connector.admin.rule_rows import RuleRowsField
from connector.models import Connection, DialSettings
from journaling.admin.field_help import HELP
from journaling.admin.label_help import show_labels
from journaling.admin.layout_fields import LayoutField, offer_layouts
from journaling.admin.new_connection_form import TimeZoneField
from journaling.models import JournalSettings
from journaling.models.call_kinds import CallKind
from journaling.setup.field_checks import MODULES, list_faults
from journaling.texts import defaults

JOURNAL_FIELDS = [
    field.name
    for field in JournalSettings._meta.get_fields()
    if field.concrete and field.name not in ("id", "connection")
]
DIAL_FIELDS = [
    "way",
    "number_format",
    "web_client_port",
    "xapi_client_id",
    "xapi_client_secret",
    "compare_call_log",
]
SECRETS = ("client_secret", "xapi_client_secret")
LINES_HELP = _("One per line: API_Name = text. The text may hold the variables of the texts above.")
PERSON_LINES_HELP = _("One per line: API_Name = text or pick-list value.")


class ConnectionForm(forms.ModelForm):
    """The fields of JournalSettings and DialSettings are declared by the admin (see
    ConnectionAdmin.get_form)."""

    time_zone = TimeZoneField()
    outside_prefixes = PrefixListField(
        label=_("Outside prefixes"),
        help_text=_("Digits that are dialled to get an outside line, with commas: 9, 00."),
    )
    pbx_addresses = LineListField(label=_("Allowed addresses"), help_text=HELP["pbx_addresses"])
    withheld = WordListField(
        label=_("Withheld numbers"),
        help_text=_("Words that the PBX sends instead of a hidden number, with commas."),
    )
    module_order = WordListField(
        label=_("Order of modules"),
        widget=UnfoldAdminTextInputWidget(attrs={"data-up": _("up"), "data-down": _("down")}),
        help_text=_("When several people have the same number, the first of these wins."),
    )
    keep_out = LineListField(
        label=_("Records that nobody finds"),
        help_text=Connection._meta.get_field("keep_out").help_text,
    )
    work_days = WordListField(
        label=_("Working days"),
        help_text=_("With commas: mon, tue, wed, thu, fri, sat, sun."),
    )
    holidays = WordListField(
        label=_("Holidays"),
        help_text=_("Days without work, with commas: 2026-12-25, 2026-12-26."),
    )
    exclusions = RuleRowsField(
        label=_("Exclusions"),
        required=False,
        help_text=_(
            "Calls and chats that Zoho shall not know, or only without their texts. A pattern is "
            "like +44163296*. Of what is journaled not at all the portal keeps only the kind, the "
            "time, the rule with its note, and a hash of the number."
        ),
    )
    client_secret = forms.CharField(
        label="Client Secret",
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )
    xapi_client_secret = forms.CharField(
        label=_("API key of the PBX"),
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )
    fields_calls = FieldLinesField(label=_("Further fields of calls"), help_text=LINES_HELP)
    fields_tasks = FieldLinesField(label=_("Further fields of chats"), help_text=LINES_HELP)
    fields_lead = FieldLinesField(
        label=_("Further fields of created leads"), help_text=PERSON_LINES_HELP
    )
    fields_contact = FieldLinesField(
        label=_("Further fields of created contacts"), help_text=PERSON_LINES_HELP
    )
    layout_calls = LayoutField()
    layout_tasks = LayoutField()
    layout_lead = LayoutField()
    layout_contact = LayoutField()
    create_for = forms.MultipleChoiceField(
        label=_("Create the caller for"),
        required=False,
        choices=CallKind.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=JournalSettings._meta.get_field("create_for").help_text,
    )

    class Meta:
        model = Connection
        fields = ()  # the admin names them in its fieldsets

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        connection = kwargs.get("instance")
        self.journal = find_journal(connection)
        self.dial = find_dial(connection)
        texts = model_to_dict(self.journal, fields=JOURNAL_FIELDS)
        dialling = model_to_dict(self.dial, fields=DIAL_FIELDS)
        kwargs["initial"] = texts | dialling | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        offer_layouts(self, connection=self.instance)
        show_labels(self, connection=self.instance)
        stored = (self.instance.client_secret, self.dial.xapi_client_secret)
        for name, secret in zip(SECRETS, stored, strict=True):
            self.initial[name] = ""
            if field := self.fields.get(name):
                field.help_text = (
                    _("A secret is stored. Leave this empty to keep it; it is never shown again.")
                    if secret
                    else _("Not set yet. It is stored encrypted and never shown again.")
                )

    def clean_client_secret(self) -> Any:
        return self.cleaned_data["client_secret"].strip() or self.instance.client_secret

    def clean_xapi_client_secret(self) -> Any:
        return self.cleaned_data["xapi_client_secret"].strip() or self.dial.xapi_client_secret

    def clean_withheld(self) -> list[str]:
        """A missing number stays withheld: people cannot see an empty word, nor remove it."""
        words: list[str] = self.cleaned_data["withheld"]
        return [*words, ""] if "" in self.instance.withheld else words

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's stubs leave it out
        if not set(JOURNAL_FIELDS) & set(self.fields):
            return
        self.journal = construct_instance(self, self.journal, JOURNAL_FIELDS)
        self.dial = construct_instance(self, self.dial, DIAL_FIELDS)
        swap_default_texts(self)
        self.check_row(self.journal, fields=JOURNAL_FIELDS)
        self.check_row(self.dial, fields=DIAL_FIELDS)
        for column in MODULES.keys() & set(self.changed_data) - set(self.errors):
            fields = getattr(self.journal, column)
            for fault in list_faults(column, fields, connection=self.instance):
                self.add_error(column, fault)

    def check_row(self, row: JournalSettings | DialSettings, *, fields: list[str]) -> None:
        row.connection = self.instance
        wrong = set(fields) & set(self.errors)
        try:
            row.full_clean(exclude={"connection"} | wrong, validate_unique=False)
        except ValidationError as error:
            self.add_error(None, error)

    def save_further_rows(self) -> None:
        """After the connection itself is saved."""
        for row in (self.journal, self.dial):
            row.connection = self.instance
            row.save()


def find_journal(connection: Connection | None) -> JournalSettings:
    if connection is None or connection.pk is None:
        return JournalSettings()
    return JournalSettings.objects.filter(connection=connection).first() or JournalSettings(
        connection=connection
    )


def find_dial(connection: Connection | None) -> DialSettings:
    """The stored row, read anew, or the defaults."""
    if connection is None or connection.pk is None:
        return DialSettings()
    return DialSettings.objects.filter(connection=connection).first() or DialSettings(
        connection=connection
    )


def swap_default_texts(form: ConnectionForm) -> None:
    """Another language brings its default texts, wherever the old one's still stand."""
    before = defaults.TEXTS.get(form.initial.get("language", ""), {})
    after = defaults.TEXTS.get(form.instance.language, {})
    if before is after:
        return
    for name, text in before.items():
        if getattr(form.journal, name).strip() == text:
            setattr(form.journal, name, after[name])
