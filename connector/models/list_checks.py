"""What columns of a connection take, where a column alone cannot judge."""

import zoneinfo
from ipaddress import ip_network

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

WITHHELD_WORDS = ("anonymous", "private", "unknown", "restricted", "")


def list_withheld_words() -> list[str]:
    return list(WITHHELD_WORDS)


def check_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is no time zone. Write it like Europe/London."), params={"name": name}
        )


def check_texts(value: object, *, digits_only: bool) -> None:
    """Refuse anything but a list of texts; with `digits_only`, of texts like "9"."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValidationError(_("Must be a list of texts."))
    if digits_only and not all(item.isascii() and item.isdigit() for item in value):
        raise ValidationError(_("Each must consist of digits, like 9."))


def check_networks(value: object) -> None:
    """Refuse anything but a list of addresses and networks like 203.0.113.0/28."""
    check_texts(value, digits_only=False)
    for text in value if isinstance(value, list) else ():
        try:
            ip_network(text)
        except ValueError:
            raise ValidationError(
                _(
                    "“%(text)s” is no address and no network. Write it like 203.0.113.7, "
                    "203.0.113.0/28 or 2001:db8::/64."
                ),
                params={"text": text},
            ) from None


def check_country(code: str) -> None:
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise ValidationError(
            _("“%(code)s” is no country. Write its two letters, like GB, DE or US."),
            params={"code": code},
        )


def check_area_code(code: str) -> None:
    if code and not (code.isascii() and code.isdigit()):
        raise ValidationError(_("Must consist of digits, like 20."))
