"""A client of the sandbox's Zoho for its tests."""

from dataclasses import dataclass
from typing import Any

import requests

CALL = {
    "Subject": "3CX PhoneSystem Call",
    "Call_Type": "Inbound",
    "Call_Start_Time": "2026-06-20T09:15:30+00:00",
    "Call_Duration": "02:41",
}


def grant(url: str, **wanted: str) -> dict[str, Any]:
    """Tokens without the consent page."""
    return requests.post(f"{url}/sandbox/grant", json=wanted, timeout=10).json()


@dataclass
class Crm:
    """A client with a good token of one account."""

    url: str
    tokens: dict[str, Any]

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Zoho-oauthtoken {self.tokens['access_token']}"}
        headers |= more.pop("headers", {})
        url = f"{self.url}/crm/v8/{path}"
        return requests.request(method, url, headers=headers, timeout=10, **more)

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.ask("GET", path, **more)

    def insert(self, module: str, *records: dict[str, Any], **more: Any) -> requests.Response:
        return self.ask("POST", module, json={"data": list(records), **more})

    def insert_one(self, module: str, **values: Any) -> dict[str, Any]:
        """The one verdict; its details when the record was made."""
        verdict = self.insert(module, values).json()["data"][0]
        return verdict["details"] if verdict["code"] == "SUCCESS" else verdict

    def insert_call(self, **values: Any) -> dict[str, Any]:
        return self.insert_one("Calls", **{**CALL, **values})

    def read(self, module: str, record_id: str) -> dict[str, Any]:
        return self.get(f"{module}/{record_id}").json()["data"][0]

    def update(self, module: str, record_id: str, **values: Any) -> requests.Response:
        return self.ask("PUT", f"{module}/{record_id}", json={"data": [values]})

    def find(self, module: str, last_name: str) -> str:
        """Id of a seeded person."""
        query = f"select id from {module} where Last_Name = '{last_name}' limit 1"
        return self.query(query).json()["data"][0]["id"]

    def query(self, text: str) -> requests.Response:
        return self.ask("POST", "coql", json={"select_query": text})

    def control(self, **keys: Any) -> dict[str, Any]:
        answer = requests.post(f"{self.url}/sandbox/control", json=keys, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def look(self, path: str, **query: str) -> Any:
        return requests.get(f"{self.url}/sandbox/{path}", params=query, timeout=10).json()
