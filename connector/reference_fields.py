"""The reference field, made in Zoho by a button: unique, so that Zoho itself refuses doubles."""

from typing import Any

from connector.grants import fetch_organisation_facts, open_client
from connector.models import Connection
from connector.zoho.client import ZohoClient
from connector.zoho.errors import Rejected

MODULES = ("Calls", "Tasks")
LENGTH = 50


def create_reference_fields(connection: Connection) -> list[str]:
    """The modules in which it was made. Raises ZohoError; Rejected names Zoho's words."""
    client = open_client(connection)
    known: dict[str, Any] = connection.grant.organisation.fields
    missing = [m for m in MODULES if connection.reference_field not in known.get(m, {})]
    for module in missing:
        create_field(client, module=module, name=connection.reference_field)
    fetch_organisation_facts(connection, client)
    return missing


def create_field(client: ZohoClient, *, module: str, name: str) -> None:
    """Zoho makes the API name from the label: blanks become underscores."""
    field = {
        "field_label": name.replace("_", " "),
        "data_type": "text",
        "length": LENGTH,
        "unique": {"casesensitive": False},
    }
    answer = client.post("/crm/v8/settings/fields", {"fields": [field]}, {"module": module})
    for verdict in answer.get("fields", []):
        if verdict.get("status") != "success" and verdict.get("code") != "DUPLICATE_DATA":
            words = str(verdict.get("message") or verdict.get("code"))
            raise Rejected(f"{module}: {words}", code=str(verdict.get("code", "")))
