"""Zoho's three addresses of a connection: filled by the data centre, checked against closed lists.

They decide where the Client Secret and the tokens are sent, so nothing unknown is accepted.
"""

from collections.abc import Iterable
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from connector.zoho.datacentres import (
    DATA_CENTRES,
    OWN,
    DataCentre,
    is_known_accounts_url,
    is_known_api_url,
    is_known_crm_url,
    trim_url,
)

KNOWN_BY = {
    "accounts_url": is_known_accounts_url,
    "crm_url": is_known_crm_url,
    "api_url": is_known_api_url,
}
ADDRESS_COLUMNS = tuple(KNOWN_BY)


class Addressed(Protocol):
    data_centre: str
    accounts_url: str
    crm_url: str
    api_url: str


def fill_addresses(connection: Addressed) -> None:
    """Set the empty ones of the three addresses from the data centre, if it has any."""
    centre = DATA_CENTRES.get(connection.data_centre)
    for column in ADDRESS_COLUMNS if centre else ():
        if not getattr(connection, column):
            setattr(connection, column, getattr(centre, column))


def check_addresses(connection: Addressed) -> dict[str, ValidationError]:
    """Return what is wrong with which address: unknown, or of another data centre."""
    errors = {}
    for column in ADDRESS_COLUMNS:
        url = getattr(connection, column)
        problem = find_problem(column, url, data_centre=connection.data_centre) if url else ""
        if problem:
            errors[column] = ValidationError(problem)
    return errors


def find_problem(column: str, url: str, *, data_centre: str) -> str:
    trusted = settings.ZOHO_TRUSTED_URLS
    if not KNOWN_BY[column](url, trusted=trusted):
        return _(
            "“%(url)s” is no address of Zoho's. Choose a data centre, or have the operator name "
            "the address in ZOHO_TRUSTED_URLS."
        ) % {"url": url}
    centre = DATA_CENTRES.get(data_centre)
    if centre and not KNOWN_BY[column](url, trusted=[]):
        return ""
    if centre and trim_url(url) not in list_urls(centre, column):
        return _(
            "“%(url)s” belongs to another data centre than “%(key)s”. Leave the address out, or "
            "choose “%(own)s” to set all three yourself."
        ) % {"url": url, "key": data_centre, "own": OWN}
    return ""


def list_urls(centre: DataCentre, column: str) -> Iterable[str]:
    """The addresses of one kind in one data centre, with those of its sandbox."""
    if column == "api_url":
        return centre.api_urls
    url: str = getattr(centre, column)
    return (url, url.replace("://crm.", "://crmsandbox."))


def check_pbx_url(url: str) -> None:
    if url and not url.lower().startswith(("https://", "http://")):
        raise ValidationError(_("Must begin with https://, like https://pbx.acme.example."))
    if "@" in url:
        raise ValidationError(_("No user name belongs here: addresses are shown to people."))
