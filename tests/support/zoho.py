"""A sandbox Zoho in a thread, and connections that are authorised at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import requests
from django.utils import timezone

from connector.granting.grants import fetch_organisation_facts, open_client
from connector.models import Connection, ZohoGrant
from connector.sandbox.zoho import ZohoSandbox
from tests.support.builders import build_connection, build_grant


class ControlledZoho:
    """The sandbox's own addresses: what it received, and the trouble it is asked to make."""

    def __init__(self, sandbox: ZohoSandbox) -> None:
        self.sandbox = sandbox

    @property
    def url(self) -> str:
        return self.sandbox.url

    def control(self, **wanted: Any) -> None:
        answer = requests.post(f"{self.url}/sandbox/control", json=wanted, timeout=5)
        assert answer.ok, answer.text

    def fail(self, kind: str, **details: Any) -> None:
        self.control(faults=[{"kind": kind, **details}])

    def list_records(self, module: str) -> list[dict[str, Any]]:
        answer = requests.get(f"{self.url}/sandbox/records", params={"module": module}, timeout=5)
        return answer.json()["records"]

    def read_counters(self) -> dict[str, Any]:
        return requests.get(f"{self.url}/sandbox/counters", timeout=5).json()

    def count_inserts(self, module: str) -> int:
        return self.read_counters()["requests"].get(f"POST {module}", 0)

    def find_user(self, email: str) -> str:
        [organisation] = self.sandbox.store
        user = organisation.find_user(email)
        assert user is not None
        return user.id

    def find_person(self, module: str, last_name: str) -> dict[str, Any]:
        name = "Account_Name" if module == "Accounts" else "Last_Name"
        return next(row for row in self.list_records(module) if row[name] == last_name)

    def make_tokens(self) -> dict[str, Any]:
        """Of a new grant, as a ZohoGrant has them."""
        tokens = requests.post(f"{self.url}/sandbox/grant", json={}, timeout=5).json()
        return {
            "access_token": tokens["access_token"],
            "refresh_token": tokens["refresh_token"],
            "access_token_expires_at": timezone.now() + timedelta(hours=1),
        }

    def connect(self, slug: str = "acme", **values: Any) -> Connection:
        """A connection with a token of the sandbox; organisation, users and fields are read."""
        connection = build_connection(
            slug, accounts_url=self.url, crm_url=self.url, api_url=self.url,
            data_centre="own", client_id="1000.SANDBOX", client_secret="sandbox-secret", **values,
        )  # fmt: skip
        grant = build_grant(connection, url=self.url)
        ZohoGrant.objects.filter(pk=grant.pk).update(**self.make_tokens())
        fetch_organisation_facts(connection, open_client(connection))
        return Connection.objects.get(pk=connection.pk)


@contextmanager
def run_zoho(**options: Any) -> Iterator[ControlledZoho]:
    sandbox = ZohoSandbox(**options)
    sandbox.start()
    try:
        yield ControlledZoho(sandbox)
    finally:
        sandbox.stop()
