"""Whose CRM this is: the organisation, its users, the fields of its modules."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connector.wording import Wording as _
from connector.zoho.client import ZohoClient
from connector.zoho.errors import Misconfigured, Temporary

PER_PAGE = 200
MOST_PAGES = 100


@dataclass(frozen=True, kw_only=True)
class OrganisationFacts:
    """`edition` in Zoho's word, like "enterprise"; it decides how many API credits there are."""

    zgid: str
    name: str
    time_zone: str
    edition: str = ""
    licensed_users: int = 0


@dataclass(frozen=True, kw_only=True)
class UserFacts:
    zoho_id: str
    email: str
    name: str


def read_organisation(client: ZohoClient) -> OrganisationFacts:
    found = read_items(client.get("/crm/v8/org"), "org")
    if not found or not found[0].get("zgid"):
        raise Temporary(_("Zoho does not say which organisation this is."), code="garbled")
    facts = found[0]
    licence = facts.get("license_details")
    licence = licence if isinstance(licence, dict) else {}
    users = licence.get("users_license_purchased")
    return OrganisationFacts(
        zgid=str(facts["zgid"]),
        name=str(facts.get("company_name") or facts["zgid"]),
        time_zone=str(facts.get("time_zone") or ""),
        edition=str(licence.get("paid_type") or ""),
        licensed_users=users if isinstance(users, int) else 0,
    )


def read_current_user(client: ZohoClient) -> UserFacts:
    """The person who gave the consent."""
    users = read_items(client.get("/crm/v8/users", {"type": "CurrentUser"}), "users")
    if not users:
        raise Temporary(_("Zoho does not say which user is connected."), code="garbled")
    return build_user(users[0])


def read_users(client: ZohoClient) -> list[UserFacts]:
    """The active users, from all pages."""
    return list(page_users(client))


def page_users(client: ZohoClient) -> Iterator[UserFacts]:
    for page in range(1, MOST_PAGES + 1):
        params = {"type": "ActiveUsers", "page": str(page), "per_page": str(PER_PAGE)}
        answer = client.get("/crm/v8/users", params) or {}
        yield from (build_user(user) for user in read_items(answer, "users"))
        if not (answer.get("info") or {}).get("more_records"):
            return


def build_user(user: dict[str, Any]) -> UserFacts:
    email = str(user.get("email") or "")
    name = str(user.get("full_name") or user.get("last_name") or email)
    return UserFacts(zoho_id=str(user.get("id") or ""), email=email, name=name)


def read_module_labels(client: ZohoClient) -> dict[str, dict[str, str]]:
    """The organisation's names by API name: {"one", "many"}; none where they may not be read."""
    try:
        modules = read_items(client.get("/crm/v8/settings/modules"), "modules")
    except Misconfigured:
        return {}
    return {
        str(module["api_name"]): {
            "one": str(module.get("singular_label") or module["api_name"]),
            "many": str(module.get("plural_label") or module["api_name"]),
        }
        for module in modules
        if module.get("api_name")
    }


def read_fields(client: ZohoClient, *, module: str) -> dict[str, dict[str, Any]]:
    """By API name: label, type, length, unique, read_only, mandatory, values (as stored), and
    for the stages of deals `closing`."""
    answer = client.get("/crm/v8/settings/fields", {"module": module})
    return {
        str(field["api_name"]): describe_field(field)
        for field in read_items(answer, "fields")
        if field.get("api_name")
    }


def describe_field(field: dict[str, Any]) -> dict[str, Any]:
    """`unique` is an object at Zoho, an empty one for a field that is not unique."""
    values = [item for item in field.get("pick_list_values") or [] if isinstance(item, dict)]
    return {
        "label": str(field.get("field_label") or field["api_name"]),
        "type": str(field.get("data_type") or ""),
        "length": field.get("length"),
        "unique": bool(field.get("unique")),
        "read_only": bool(field.get("read_only") or field.get("field_read_only")),
        "mandatory": bool(field.get("system_mandatory")),
        "values": [str(item["actual_value"]) for item in values if "actual_value" in item],
        **describe_stages(values),
    }


def describe_stages(values: list[dict[str, Any]]) -> dict[str, list[str]]:
    """The stages of a deal that close it, by both of their names; nothing for other fields.

    Source: the pick-list values of Zoho's v8 SDK; forecast_type is Open, Closed Won, Closed Lost.
    """
    typed = [item for item in values if item.get("forecast_type")]
    if not typed:
        return {}
    closing = [item for item in typed if str(item["forecast_type"]).lower().startswith("closed")]
    names = [
        str(item.get(key) or "") for item in closing for key in ("actual_value", "display_value")
    ]
    return {"closing": list(dict.fromkeys(filter(None, names)))}


def read_items(answer: dict[str, Any] | None, name: str) -> list[dict[str, Any]]:
    items = (answer or {}).get(name)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
