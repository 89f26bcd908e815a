"""What a layout demands of a new contact or lead, before Zoho is asked to create one."""

from collections.abc import Mapping
from typing import Any

from connector.models import ZohoOrganisation
from connector.organisations import refresh_fields
from connector.wording import Wording as _
from connector.zoho.client import ZohoClient
from connector.zoho.errors import Rejected
from journaling.drafts import LAYOUT
from journaling.fields.layouts import is_demanded

GIVEN_BY_ZOHO = {"id", "Owner"}
NEVER_EMPTY = {"boolean", "autonumber", "formula"}
CODE = "MANDATORY_NOT_FOUND"


def list_empty(
    record: Mapping[str, Any], *, module: str, organisation: ZohoOrganisation
) -> dict[str, str]:
    """The mandatory fields that nothing fills: labels by API names, as last read from Zoho."""
    layout = record.get(LAYOUT, {}).get("id", "")
    return {
        name: str(facts.get("label") or name)
        for name, facts in organisation.fields.get(module, {}).items()
        if is_demanded(facts, layout=layout)
        and not facts.get("read_only")
        and facts.get("type") not in NEVER_EMPTY
        and name not in GIVEN_BY_ZOHO
        and not record.get(name)
    }


def refuse_empty(
    record: Mapping[str, Any], *, module: str, organisation: ZohoOrganisation, client: ZohoClient
) -> None:
    """Raises Rejected when something is missing, also by what Zoho says now; ZohoError."""
    if list_empty(record, module=module, organisation=organisation):
        refresh_fields(organisation, client, module=module)
        if empty := list_empty(record, module=module, organisation=organisation):
            raise build_refusal(empty)


def build_refusal(empty: Mapping[str, str]) -> Rejected:
    words = _(
        "The layout in Zoho demands %(fields)s. Fill it under Contact creation, or make it "
        "optional in Zoho.",
        fields=[f"“{label}” ({name})" for name, label in empty.items()],
    )
    return Rejected(words, code=CODE, field=next(iter(empty)))
