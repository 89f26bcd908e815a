"""Zoho's data centres: a closed list, for addresses that decide where secrets are sent.

An open pattern once accepted `accounts.zoho.com.evil.io` in another product, so addresses are
compared whole. Source of the table: Zoho's multi-DC page and SDK hosts; `uk` and `ae` are partly
inferred.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

OWN = "own"


@dataclass(frozen=True, kw_only=True)
class DataCentre:
    label: Any
    accounts_host: str
    api_host: str
    crm_host: str

    @property
    def accounts_url(self) -> str:
        return f"https://{self.accounts_host}"

    @property
    def api_url(self) -> str:
        return f"https://{self.api_host}"

    @property
    def crm_url(self) -> str:
        return f"https://{self.crm_host}"

    @property
    def api_urls(self) -> tuple[str, ...]:
        """API addresses of the production, sandbox and developer environments."""
        domain = self.api_host.removeprefix("www.")
        return tuple(f"https://{name}.{domain}" for name in ("www", "sandbox", "developer"))


def describe_centre(label: Any, suffix: str, crm_host: str = "") -> DataCentre:
    return DataCentre(
        label=label,
        accounts_host=f"accounts.zoho.{suffix}",
        api_host=f"www.zohoapis.{suffix}",
        crm_host=crm_host or f"crm.zoho.{suffix}",
    )


DATA_CENTRES: dict[str, DataCentre] = {
    "us": describe_centre(_("United States (zoho.com)"), "com"),
    "eu": describe_centre(_("Europe (zoho.eu)"), "eu"),
    "in": describe_centre(_("India (zoho.in)"), "in"),
    "au": describe_centre(_("Australia (zoho.com.au)"), "com.au"),
    "jp": describe_centre(_("Japan (zoho.jp)"), "jp"),
    "cn": describe_centre(_("China (zoho.com.cn)"), "com.cn"),
    "ca": DataCentre(
        label=_("Canada (zohocloud.ca)"),
        accounts_host="accounts.zohocloud.ca",
        api_host="www.zohoapis.ca",
        crm_host="crm.zohocloud.ca",
    ),
    "sa": describe_centre(_("Saudi Arabia (zoho.sa)"), "sa"),
    "uk": describe_centre(_("United Kingdom (zoho.uk)"), "uk"),
    "ae": describe_centre(_("United Arab Emirates (zoho.ae)"), "ae"),
}


def trim_url(url: str) -> str:
    """The address without path and trailing slash: `https://host[:port]`, host in lower case.

    Empty for what is no address at all, such as `https://[`.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"


def is_known_accounts_url(url: str, *, trusted: Iterable[str] = ()) -> bool:
    return trim_url(url) in {c.accounts_url for c in DATA_CENTRES.values()} | trim_all(trusted)


def is_known_api_url(url: str, *, trusted: Iterable[str] = ()) -> bool:
    known = {address for centre in DATA_CENTRES.values() for address in centre.api_urls}
    return trim_url(url) in known | trim_all(trusted)


def is_known_crm_url(url: str, *, trusted: Iterable[str] = ()) -> bool:
    """CRM pages; a sandbox environment has `crmsandbox.zoho.<tld>` beside `crm.zoho.<tld>`."""
    known = {centre.crm_url for centre in DATA_CENTRES.values()}
    known |= {address.replace("://crm.", "://crmsandbox.") for address in known}
    return trim_url(url) in known | trim_all(trusted)


def trim_all(urls: Iterable[str]) -> set[str]:
    return {trim_url(url) for url in urls}


def find_data_centre(*, accounts_url: str) -> str:
    """The key of the data centre with this accounts server, or "own"."""
    wanted = trim_url(accounts_url)
    for key, centre in DATA_CENTRES.items():
        if centre.accounts_url == wanted:
            return key
    return OWN
