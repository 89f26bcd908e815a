"""A connection, a sandbox's Zoho with two organisations, and a person who consents there."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from connector.granting.consent import ConsentResult, begin_consent, finish_consent
from connector.models import Connection
from connector.sandbox.zoho import Specification, ZohoSandbox

ACME = Specification()
BETA = Specification(
    name="Beta GmbH", domain="beta.example", zgid="20061000002", client_id="1000.BETA"
)
SESSION = "session-of-ann"


def make_connection(url: str, **values: Any) -> Connection:
    """As an administrator enters it for a Zoho at `url`."""
    known = {
        "slug": "acme",
        "name": "Acme Ltd",
        "data_centre": "own",
        "accounts_url": url,
        "api_url": url,
        "crm_url": url,
        "client_id": ACME.client_id,
        "client_secret": ACME.client_secret,
    }
    return Connection.objects.create(**{**known, **values})


def accept(address: str, *, account: str = "ann@acme.example", **changes: str) -> dict[str, str]:
    """What Zoho sends the person back with after the consent page at `address`."""
    form = {**dict(parse_qsl(urlsplit(address).query)), "account": account, "decision": "accept"}
    answer = requests.post(
        address.partition("?")[0], data={**form, **changes}, allow_redirects=False, timeout=10
    )
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


@dataclass
class World:
    """The sandbox and what a test does in it."""

    sandbox: ZohoSandbox
    connection: Connection

    def begin(self) -> str:
        return begin_consent(connection=self.connection, purpose="admin", session_key=SESSION)

    def authorise(self, *, account: str = "ann@acme.example") -> ConsentResult:
        params = accept(self.begin(), account=account)
        return finish_consent(params=params, session_key=SESSION)

    def control(self, **keys: Any) -> None:
        url = f"{self.sandbox.url}/sandbox/control"
        assert requests.post(url, json=keys, timeout=10).status_code == 200

    @property
    def refresh_tokens(self) -> list[str]:
        return list(self.sandbox.store.tokens.refreshes)
