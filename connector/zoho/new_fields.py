"""Custom fields are made by POST /settings/fields; Zoho derives the API name from the label."""

from typing import Any

from connector.wording import Wording as _
from connector.zoho.client import ZohoClient
from connector.zoho.errors import Misconfigured, UnknownOutcome
from connector.zoho.refusals import read_refusal

LENGTH = 50


def make_unique_text(client: ZohoClient, *, module: str, label: str) -> None:
    """A unique text field of 50 characters. One that is there already is left as it is.

    Raises Misconfigured with Zoho's words where it may not be made (too many fields, no right).
    """
    field = {
        "field_label": label,
        "data_type": "text",
        "length": LENGTH,
        "unique": {"casesensitive": False},
    }
    answer = client.post("/crm/v8/settings/fields", {"fields": [field]}, {"module": module})
    verdict = read_verdict(answer)
    if verdict.get("code") in ("SUCCESS", "DUPLICATE_DATA"):
        return
    refusal = read_refusal(verdict)
    raise Misconfigured(refusal.words, code=refusal.code, field=refusal.field)


def read_verdict(answer: dict[str, Any]) -> dict[str, Any]:
    found = answer.get("fields")
    if not isinstance(found, list) or not found or not isinstance(found[0], dict):
        raise UnknownOutcome(_("Zoho's answer cannot be understood."), code="garbled")
    return found[0]
