"""The organisation, its users and fields, as the portal keeps them."""

import pytest
import responses
from responses.matchers import query_param_matcher

from connector.zoho.client import ZohoClient
from connector.zoho.errors import Temporary
from connector.zoho.organisation import (
    read_current_user,
    read_fields,
    read_organisation,
    read_users,
)
from tests.connector.zoho.conftest import API

USERS = f"{API}/crm/v8/users"


@responses.activate
def test_the_organisation_is_known_by_zgid_and_name(client: ZohoClient) -> None:
    org = {"id": "1", "zgid": 20061, "company_name": "Acme", "time_zone": "Europe/London"}
    responses.get(f"{API}/crm/v8/org", json={"org": [org]})
    facts = read_organisation(client)
    assert (facts.zgid, facts.name, facts.time_zone) == ("20061", "Acme", "Europe/London")


@responses.activate
def test_an_organisation_without_zgid_is_no_organisation(client: ZohoClient) -> None:
    responses.get(f"{API}/crm/v8/org", json={"org": [{"company_name": "Acme"}]})
    with pytest.raises(Temporary):
        read_organisation(client)


@responses.activate
def test_users_are_read_from_all_pages(client: ZohoClient) -> None:
    for page, more in (("1", True), ("2", False)):
        user = {"id": page, "email": f"u{page}@acme.example", "full_name": f"U {page}"}
        responses.get(
            USERS,
            match=[query_param_matcher({"type": "ActiveUsers", "page": page, "per_page": "200"})],
            json={"users": [user], "info": {"more_records": more}},
        )
    assert [user.email for user in read_users(client)] == ["u1@acme.example", "u2@acme.example"]


@responses.activate
def test_the_current_user_is_who_consented(client: ZohoClient) -> None:
    responses.get(
        USERS,
        match=[query_param_matcher({"type": "CurrentUser"})],
        json={"users": [{"id": "7", "email": "ann@acme.example", "full_name": "Ann Lane"}]},
    )
    assert read_current_user(client).name == "Ann Lane"


@responses.activate
def test_fields_are_kept_with_limits_uniqueness_and_stored_values(client: ZohoClient) -> None:
    field = {
        "api_name": "Call_Result",
        "field_label": "Ergebnis",
        "data_type": "picklist",
        "length": 120,
        "unique": {},
        "read_only": False,
        "system_mandatory": False,
        "pick_list_values": [
            {"actual_value": "No response/Busy", "display_value": "Keine Antwort"}
        ],
    }
    reference = {"api_name": "PBX_Ref", "unique": {"casesensitive": "1"}, "read_only": False}
    responses.get(f"{API}/crm/v8/settings/fields", json={"fields": [field, reference]})
    fields = read_fields(client, module="Calls")
    assert fields["Call_Result"]["values"] == ["No response/Busy"]
    assert (fields["Call_Result"]["label"], fields["Call_Result"]["length"]) == ("Ergebnis", 120)
    assert [fields[name]["unique"] for name in ("Call_Result", "PBX_Ref")] == [False, True]
