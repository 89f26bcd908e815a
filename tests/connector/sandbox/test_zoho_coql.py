import pytest

from .crm import CALL, Crm


def list_values(crm: Crm, query: str, column: str = "Last_Name") -> list[str]:
    answer = crm.query(query)
    if answer.status_code == 204:
        return []
    assert answer.status_code == 200, answer.text
    return [row[column] for row in answer.json()["data"]]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("Phone = '+441632960011'", ["Lane"]),
        ("(Phone = '+441632960011' or Mobile like '%555-0134%')", ["Lane", "Reed"]),
        ("((Last_Name in ('Lane', 'Reed') and First_Name != 'Sam') and Fax is null)", ["Lane"]),
        ("Last_Name like 'соколо%'", ["Соколова"]),
        ("Last_Name = 'Reed' and Fax is not null", ["Reed"]),
        ("id between '5000000000000017' and '5000000000000018'", ["Lane", "Marsh"]),
        ("Account_Name.Account_Name = 'Harbour Foods' and Last_Name in ('Ash','Marsh')", None),
        ("Created_Time < '2026-01-01T00:00:00+00:00'", []),
        ("Phone = '441632960011'", []),
        ("Last_Name not like '%e%' and Last_Name in ('Lane', 'Ash')", ["Ash"]),
    ],
)
def test_conditions_select(crm: Crm, condition: str, names: list[str] | None) -> None:
    found = list_values(crm, f"select Last_Name from Contacts where {condition}")
    wanted = ["Ash", "Marsh"] if names is None else names
    assert sorted(found) == wanted


def test_rows_come_ordered_in_pages(crm: Crm) -> None:
    query = "select Last_Name from Contacts where id > 0 order by Last_Name desc, id limit {}"
    everybody = list_values(crm, query.format(2000))
    assert everybody == sorted(everybody, key=str.casefold, reverse=True)
    assert list_values(crm, query.format("10 offset 20")) == everybody[20:30]
    assert crm.query(query.format(10)).json()["info"] == {"count": 10, "more_records": True}


def test_a_keyset_walks_through_all(crm: Crm) -> None:
    last = "0"
    seen: list[str] = []
    while True:
        query = f"select id from Leads where id > {last} order by id limit 40"
        page = list_values(crm, query, "id")
        if not page:
            break
        seen, last = seen + page, page[-1]
    assert len(seen) == len(set(seen)) == crm.look("counters")["records"]["Leads"]


def test_calls_are_found_by_their_facts(crm: Crm) -> None:
    who = {"id": crm.find("Contacts", "Lane")}
    made = crm.insert_call(Who_Id=who)["id"]
    me = crm.get("users?type=CurrentUser").json()["users"][0]["id"]
    start = CALL["Call_Start_Time"].replace("09:15:30+00:00", "11:15:30+02:00")
    query = (
        "select id, Subject, Who_Id, Who_Id.Last_Name, Created_By.id from Calls "
        f"where ((Call_Start_Time in ('{start}') and Created_By = {me}) "
        "and Created_Time >= '2026-01-01T00:00:00+00:00')"
    )
    (row,) = crm.query(query).json()["data"]
    assert row["id"] == made
    assert row["Who_Id"] == {"name": "Ada Lane", **who}
    assert (row["Who_Id.Last_Name"], row["Created_By.id"]) == ("Lane", me)


def test_nothing_found_is_204(crm: Crm) -> None:
    assert crm.query("select id from Tasks where Subject = 'none'").status_code == 204


@pytest.mark.parametrize(
    "query",
    [
        "select id from Contacts",
        "select * from Contacts where id > 0",
        "select id from Contacts where Last_Name = Lane",
        "select id from Contacts where Shoe_Size = 44",
        "select id from Nowhere where id > 0",
        "select id from Contacts where id > 0 and Fax is null and Email is null",
        "select id from Contacts where (id > 0",
        "select id from Contacts where id > 0 limit 2001",
        "select id from Contacts where Description like '%ref%'",
        "select id from Contacts where id > 0; drop table Contacts",
    ],
)
def test_what_zoho_does_not_understand_is_an_invalid_query(crm: Crm, query: str) -> None:
    answer = crm.query(query)
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_QUERY")


def test_a_quote_in_a_value_is_escaped(crm: Crm) -> None:
    crm.insert_one("Contacts", Last_Name="O'Hara")
    for text in ("O\\'Hara", "O''Hara"):
        found = list_values(crm, f"select Last_Name from Contacts where Last_Name = '{text}'")
        assert found == ["O'Hara"]
