from typing import Any
from urllib.parse import quote

import pytest

from connector.sandbox.zoho import ZohoSandbox

from .crm import Crm, grant


def list_names(answer: dict[str, Any]) -> list[str]:
    return sorted(record["Full_Name"] for record in answer["data"])


@pytest.mark.parametrize("phone", ["+441632960011", "441632960011", "1632960011", "1632 960-011"])
def test_a_phone_is_found_by_digits_that_it_contains(crm: Crm, phone: str) -> None:
    found = crm.get("Contacts/search", params={"phone": phone}).json()
    assert list_names(found) == ["Ada Lane"]


def test_a_national_number_is_not_found_by_its_international_form(crm: Crm) -> None:
    assert crm.get("Leads/search", params={"phone": "+441632960022"}).status_code == 204
    found = crm.get("Leads/search", params={"phone": "1632960022"}).json()
    assert list_names(found) == ["Tom Hale"]


def test_every_phone_field_is_searched(crm: Crm) -> None:
    found = crm.get("Contacts/search", params={"phone": "2125550135"}).json()
    assert list_names(found) == ["Sam Reed"]


@pytest.mark.parametrize("phone", ["12", "030/23125117", "ext. 12", "1" * 51])
def test_a_phone_that_zoho_does_not_understand_is_invalid(crm: Crm, phone: str) -> None:
    answer = crm.get("Contacts/search", params={"phone": phone})
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_DATA")


def test_nothing_found_is_204_without_a_body(crm: Crm) -> None:
    answer = crm.get("Accounts/search", params={"phone": "999999999"})
    assert (answer.status_code, answer.content) == (204, b"")


def test_converted_leads_are_found_only_when_asked_for(crm: Crm) -> None:
    query = {"phone": "1632960033"}
    assert crm.get("Leads/search", params=query).status_code == 204
    for choice in ("true", "both"):
        found = crm.get("Leads/search", params={**query, "converted": choice}).json()
        assert list_names(found) == ["Nora Field"]
    assert list_names(crm.get("Contacts/search", params=query).json()) == ["Nora Field"]


def test_mail_and_word_find_parts(crm: Crm) -> None:
    made = crm.insert_one("Contacts", Last_Name="Quillon", Email="Mara.Quillon@post.example")
    for query in ({"email": "quillon@post"}, {"word": "quill"}):
        (found,) = crm.get("Contacts/search", params=query).json()["data"]
        assert found["id"] == made["id"]
    refused = crm.get("Contacts/search", params={"word": "a<b>"})
    assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_DATA")


def test_only_the_first_way_of_asking_acts(crm: Crm) -> None:
    query = {"phone": "999999999", "criteria": "(Last_Name:equals:Lane)"}
    assert "Ada Lane" in list_names(crm.get("Contacts/search", params=query).json())
    answer = crm.get("Contacts/search", params={"per_page": "5"})
    assert answer.json()["code"] == "EXPECTED_PARAM_MISSING"


@pytest.mark.parametrize(
    ("criteria", "names"),
    [
        ("((Last_Name:equals:Lane)and(First_Name:starts_with:Ad))", ["Ada Lane"]),
        ("((Phone:equals:+441632960011)or(Mobile:equals:8 \\(495\\) 012-34-56))", None),
        ("(Mobile:in:8 \\(495\\) 012-34-56,\\(212\\) 555-0134)", ["Sam Reed", "Ирина Соколова"]),
        ("(Last_Name:equals:соколов)", ["Ирина Соколова"]),
    ],
)
def test_criteria_are_understood(crm: Crm, criteria: str, names: list[str] | None) -> None:
    found = crm.get(f"Contacts/search?criteria={quote(criteria)}").json()
    assert list_names(found) == (names or ["Ada Lane", "Ирина Соколова"])


@pytest.mark.parametrize(
    "criteria",
    [
        "((Last_Name:equals:Lane)",
        "(Last_Name:resembles:Lane)",
        "(Shoe_Size:equals:44)",
        "((Last_Name:equals:a)xor(Last_Name:equals:b))",
        "(" + "and".join(["(Last_Name:equals:a)"] * 11) + ")",
    ],
)
def test_criteria_that_zoho_does_not_understand_are_invalid(crm: Crm, criteria: str) -> None:
    answer = crm.get(f"Contacts/search?criteria={quote(criteria)}")
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_QUERY")


def test_the_search_index_may_be_late_while_coql_is_not(crm: Crm) -> None:
    crm.control(index_delay_seconds=30)
    crm.insert_one("Contacts", Last_Name="Quillon", Phone="+441632960777")
    assert crm.get("Contacts/search", params={"word": "Quillon"}).status_code == 204
    assert crm.query("select id from Contacts where Last_Name = 'Quillon'").status_code == 200
    crm.control(clock_ahead_seconds=31)
    assert crm.get("Contacts/search", params={"word": "Quillon"}).status_code == 200


def test_a_list_needs_fields_and_pages_through_all(crm: Crm) -> None:
    refused = crm.get("Contacts")
    assert (refused.status_code, refused.json()["code"]) == (400, "REQUIRED_PARAM_MISSING")
    seen: list[str] = []
    token = ""
    while token is not None:
        query = {
            "fields": "Last_Name",
            "per_page": "60",
            **({"page_token": token} if token else {}),
        }
        page = crm.get("Contacts", params=query).json()
        seen += [record["id"] for record in page["data"]]
        token = page["info"]["next_page_token"]
    assert len(seen) == len(set(seen)) == crm.look("counters")["records"]["Contacts"]


def test_a_list_shows_what_was_made_and_deleted_since_the_last_one(crm: Crm) -> None:
    def list_newest() -> str:
        rows: list[dict[str, str]] = crm.get("Leads?fields=id&per_page=1").json()["data"]
        return rows[0]["id"]

    before = list_newest()
    made = crm.insert_one("Leads", Last_Name="Newman", Company="New Ltd")["id"]
    assert list_newest() == made
    crm.ask("DELETE", f"Leads/{made}")
    assert list_newest() == before


def test_past_2000_records_only_a_token_leads_on() -> None:
    with ZohoSandbox(people=5000) as sandbox:
        crm = Crm(sandbox.url, grant(sandbox.url))
        query = {"fields": "Phone", "page": "10"}
        tenth = crm.get("Contacts", params=query).json()["info"]
        refused = crm.get("Contacts", params={**query, "page": "11"})
        assert refused.json()["code"] == "DISCRETE_PAGINATION_LIMIT_EXCEEDED"
        following = {"fields": "Phone", "page_token": tenth["next_page_token"]}
        assert crm.get("Contacts", params=following).json()["info"]["count"] == 200
        other = crm.get("Contacts", params={**following, "fields": "Mobile"})
        assert other.json()["code"] == "TOKEN_BOUND_DATA_MISMATCH"


def test_what_did_not_change_is_304(crm: Crm) -> None:
    query = {"fields": "Last_Name", "sort_by": "Modified_Time"}
    since = {"If-Modified-Since": "2026-02-01T00:00:00+00:00"}
    assert crm.get("Contacts", params=query, headers=since).status_code == 304
    made = crm.insert_one("Contacts", Last_Name="Quillon")["id"]
    (found,) = crm.get("Contacts", params=query, headers=since).json()["data"]
    assert found == {"Last_Name": "Quillon", "id": made}


def test_the_seed_is_the_same_each_time(crm: Crm) -> None:
    with ZohoSandbox() as other:
        again = Crm(other.url, grant(other.url))
        for module in ("Contacts", "Leads", "Accounts"):
            mine, theirs = (c.look("records", module=module) for c in (crm, again))
            assert mine == theirs


def test_some_numbers_belong_to_several(crm: Crm) -> None:
    query = {"phone": "2079460100"}
    assert crm.get("Accounts/search", params=query).json()["info"]["count"] == 1
    found = crm.get("Contacts/search", params=query).json()
    assert list_names(found) == ["Kate Marsh", "Paul Ash"]
