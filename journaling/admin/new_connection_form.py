"""The short form of a new connection; everything else stands on the next page."""

import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from connector.models import Connection
from connector.zoho.datacentres import OWN
from journaling.admin.field_help import HELP


class TimeZoneField(forms.ChoiceField):
    """Every time zone that this machine knows, to choose from."""

    widget = UnfoldAdminSelectWidget

    def __init__(self, **kwargs: Any) -> None:
        names = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
        choices = [("", "---------"), *((name, name) for name in names)]
        told = {"choices": choices, "help_text": HELP["time_zone"]}
        super().__init__(label=_("Time zone"), **told | kwargs)


class NewConnectionForm(forms.ModelForm):
    """The few facts without which nothing else makes sense."""

    time_zone = TimeZoneField()

    class Meta:
        model = Connection
        fields = ["name", "slug", "data_centre", "country", "time_zone", "language", "takes_over"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Own addresses are typed on the next page: here would be no field for them."""
        super().__init__(*args, **kwargs)
        centre: Any = self.fields["data_centre"]
        centre.choices = [choice for choice in centre.choices if choice[0] != OWN]

    def clean(self) -> dict[str, Any] | None:
        """Empty addresses are filled from the data centre by the model."""
        self.instance.accounts_url = self.instance.crm_url = self.instance.api_url = ""
        return super().clean()
