"""One customer of a running portal, set up and used as a reseller's scripts would do it."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
import yaml

from tests.support.portal import Portal
from tests.support.processes import wait_until

SECRET_VARIABLE = "ACME_ZOHO_SECRET"
OPEN = (
    "select (select count(*) from journaling_event where entry_id is null) +"
    " (select count(*) from journaling_entry"
    " where state in ('settling', 'waiting', 'sending', 'unknown'))"
)
"""How much is on its way to Zoho."""


@dataclass
class Customer:
    portal: Portal
    slug: str = "acme"

    def apply(self, **changes: Any) -> None:
        """`connections apply` of this connection; `changes` are top-level keys of it."""
        described: dict[str, Any] = {
            "name": "Acme Ltd",
            "pbx": {"url": "https://pbx.acme.example", "time_zone": "Europe/London"},
            "numbers": {"country": "GB"},
            "zoho": {
                "data_centre": "own",
                "accounts_url": self.portal.zoho_url,
                "crm_url": self.portal.zoho_url,
                "api_url": self.portal.zoho_url,
                "client_id": "1000.SANDBOX",
                "client_secret": {"env": SECRET_VARIABLE},
            },
            "calls": {"settle_seconds": 0},
            "agents": [
                {"extension": "101", "email": "ann@acme.example"},
                {"extension": "102", "email": "ben@acme.example"},
                {"extension": "104", "zoho_user": "none"},
            ],
            "queues": [{"extension": "800", "name": "Sales", "owner": "head@acme.example"}],
            "fallback_owner": "boss@acme.example",
        }
        file = self.portal.directory / f"{self.slug}.yaml"
        file.write_text(yaml.safe_dump({"connections": {self.slug: {**described, **changes}}}))
        self.portal.manage("connections", "apply", str(file))

    def authorize(self, account: str = "integration@acme.example") -> requests.Response:
        """Walk from the address that the terminal prints to the portal's own page."""
        address = self.portal.manage("connections", "authorize", self.slug).stdout.strip()
        form = dict(parse_qsl(urlsplit(address).query))
        answer = requests.post(
            address.partition("?")[0],
            data={**form, "account": account, "decision": "accept"},
            timeout=20,
        )
        assert answer.url.startswith(self.portal.url), answer.text
        return answer

    def install_pbx(self) -> str:
        key = self.portal.manage("connections", "key", self.slug).stdout.strip()
        self.portal.manage("sandbox", "install", "--connection", self.slug, "--key", key)
        return key

    def play(self, *words: str) -> None:
        self.portal.manage("sandbox", *words, "--connection", self.slug)

    def read_status(self) -> dict[str, Any]:
        printed = self.portal.manage("journal", "status", self.slug, "--json").stdout
        return json.loads(printed)[self.slug]

    def wait_until_delivered(self, *, seconds: float = 120) -> dict[str, Any]:
        """Wait until nothing is on its way any more; returns the status then."""
        wait_until(
            lambda: self.portal.count(OPEN) == 0,
            what=f"deliveries of {self.slug}",
            seconds=seconds,
        )
        return self.read_status()

    def list_zoho(self, module: str) -> list[dict[str, Any]]:
        address = f"{self.portal.zoho_url}/sandbox/records"
        return requests.get(address, params={"module": module}, timeout=10).json()["records"]

    def count_zoho_requests(self, name: str) -> int:
        counters = requests.get(f"{self.portal.zoho_url}/sandbox/counters", timeout=10).json()
        return counters["requests"].get(name, 0)

    def log_in(self) -> requests.Session:
        """The session of an administrator who typed the password."""
        make = "from django.contrib.auth.models import User as U; U.objects.create_superuser"
        self.portal.manage("shell", "-c", f"{make}('boss', password='a word of ours')")
        session, address = requests.Session(), f"{self.portal.url}/admin/login/"
        session.get(address, timeout=10)
        form = {
            "username": "boss",
            "password": "a word of ours",
            "csrfmiddlewaretoken": session.cookies["csrftoken"],
        }
        session.post(address, data=form, headers={"Referer": address}, timeout=10)
        return session

    def show_queues(self) -> str:
        """The page “Queues” as an administrator who logs in sees it."""
        return self.log_in().get(f"{self.portal.url}/admin/queues/", timeout=20).text
