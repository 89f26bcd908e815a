from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.zoho import ZohoSandbox

from .crm import CALL, Crm, grant


def name_place(verdict: dict[str, Any]) -> tuple[str, str, str]:
    return verdict["code"], verdict["details"]["api_name"], verdict["details"]["json_path"]


def add_reference_field(crm: Crm, **more: Any) -> None:
    wanted = {"field_label": "PBX Ref", "data_type": "text", "length": 64, **more}
    made = crm.ask("POST", "settings/fields?module=Calls", json={"fields": [wanted]})
    assert made.status_code == 201, made.text


def test_all_made_is_201_with_verdicts_in_order(crm: Crm) -> None:
    answer = crm.insert("Calls", {**CALL, "Subject": "a"}, {**CALL, "Subject": "b"})
    assert answer.status_code == 201
    ids = [verdict["details"]["id"] for verdict in answer.json()["data"]]
    assert [crm.read("Calls", call_id)["Subject"] for call_id in ids] == ["a", "b"]


def test_one_bad_record_is_207_and_stops_no_neighbour(crm: Crm) -> None:
    answer = crm.insert("Calls", CALL, {**CALL, "Call_Type": "Sideways"}, CALL)
    assert answer.status_code == 207
    codes = [verdict["code"] for verdict in answer.json()["data"]]
    assert codes == ["SUCCESS", "INVALID_DATA", "SUCCESS"]


def test_all_bad_is_400_with_a_verdict_each(crm: Crm) -> None:
    answer = crm.insert("Calls", {"Subject": "x"}, {"Subject": "y"})
    assert answer.status_code == 400
    assert [v["code"] for v in answer.json()["data"]] == ["MANDATORY_NOT_FOUND"] * 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "MANDATORY_NOT_FOUND"),
        ({"data": {}}, "INVALID_DATA"),
        ({"data": [CALL] * 101}, "LIMIT_EXCEEDED"),
        ({"data": [CALL], "trigger": ["sirens"]}, "INVALID_DATA"),
    ],
)
def test_a_fault_of_the_request_is_one_object_at_the_root(
    crm: Crm, body: dict[str, Any], code: str
) -> None:
    answer = crm.ask("POST", "Calls", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert crm.get("Calls?fields=Subject").status_code == 204


def test_a_body_that_is_no_json_is_refused(crm: Crm) -> None:
    answer = crm.ask("POST", "Calls", data=b"{broken")
    assert (answer.status_code, answer.json()["code"]) == (400, "UNABLE_TO_PARSE_DATA_TYPE")


def test_workflows_run_unless_trigger_leaves_them_out(crm: Crm) -> None:
    crm.insert("Calls", CALL)
    crm.insert("Calls", CALL, CALL, trigger=["workflow"])
    crm.insert("Calls", CALL, trigger=[])
    crm.insert("Calls", CALL, trigger=["approval"])
    assert crm.look("counters")["workflows"] == {"Calls": 3}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"Subject": None}, ("MANDATORY_NOT_FOUND", "Subject")),
        ({"Call_Type": None}, ("MANDATORY_NOT_FOUND", "Call_Type")),
        ({"Call_Start_Time": None}, ("MANDATORY_NOT_FOUND", "Call_Start_Time")),
        ({"Call_Duration": None}, ("MANDATORY_NOT_FOUND", "Call_Duration")),
        ({"Call_Duration": "00:00"}, ("DEPENDENT_MISMATCH", "Call_Duration")),
        ({"Call_Duration": "161"}, ("INVALID_DATA", "Call_Duration")),
        ({"Call_Type": "Missed"}, ("DEPENDENT_MISMATCH", "Call_Duration")),
        ({"Call_Start_Time": "2026-06-20T09:15:30.123+00:00"}, ("INVALID_DATA", "Call_Start_Time")),
        ({"Call_Start_Time": "2026-06-20 09:15:30"}, ("INVALID_DATA", "Call_Start_Time")),
        ({"Call_Result": "Sort of"}, ("INVALID_DATA", "Call_Result")),
        ({"Outgoing_Call_Status": "Scheduled"}, ("MANDATORY_NOT_FOUND", "Who_Id")),
        ({"Owner": {"id": "1"}}, ("INVALID_DATA", "Owner")),
        ({"Who_Id": {"id": "1"}}, ("INVALID_DATA", "Who_Id")),
        ({"What_Id": {"id": "1"}}, ("DEPENDENT_FIELD_MISSING", "$se_module")),
        ({"What_Id": {"id": "1"}, "$se_module": "Leads"}, ("INVALID_DATA", "What_Id")),
    ],
)
def test_a_call_is_refused_at_the_field_that_is_wrong(
    crm: Crm, changes: dict[str, Any], place: tuple[str, str]
) -> None:
    verdict = crm.insert_call(**changes)
    assert (verdict["code"], verdict["details"]["api_name"]) == place


def test_a_text_that_is_too_long_names_its_limit(crm: Crm) -> None:
    verdict = crm.insert_call(Subject="x" * 256)
    assert name_place(verdict) == ("INVALID_DATA", "Subject", "$.data[0].Subject")
    assert verdict["details"]["maximum_length"] == 255
    assert crm.insert_call(Description="x" * 32001)["details"]["maximum_length"] == 32000
    assert "id" in crm.insert_call(Subject="x" * 255, Description="x" * 32000)


def test_a_missed_call_has_no_duration(crm: Crm) -> None:
    call_id = crm.insert_call(Call_Type="Missed", Call_Duration=None)["id"]
    assert crm.read("Calls", call_id)["Call_Duration_in_seconds"] is None


def test_a_duration_is_minutes_and_seconds(crm: Crm) -> None:
    call_id = crm.insert_call(Call_Duration="75:30")["id"]
    assert crm.read("Calls", call_id)["Call_Duration_in_seconds"] == 4530


def test_a_call_stands_on_contact_and_account(crm: Crm) -> None:
    contact, account = crm.find("Contacts", "Lane"), crm.read("Accounts", find_account(crm))
    link = {"What_Id": {"id": account["id"]}, "$se_module": "Accounts"}
    call = crm.read("Calls", crm.insert_call(Who_Id={"id": contact}, **link)["id"])
    assert call["Who_Id"] == {"id": contact, "name": "Ada Lane"}
    assert call["What_Id"] == {"id": account["id"], "name": "Lane & Sons"}
    assert call["$se_module"] == "Accounts"


def find_account(crm: Crm) -> str:
    found = crm.query("select id from Accounts where Account_Name = 'Lane & Sons'")
    return found.json()["data"][0]["id"]


@pytest.mark.parametrize(
    "changes",
    [
        {"Call_Type": "Outbound"},
        {"Call_Start_Time": "2026-06-20T10:00:00+00:00"},
        {"Owner": {"id": "5000000000000003"}},
    ],
)
def test_a_completed_call_keeps_type_start_and_owner(crm: Crm, changes: dict[str, Any]) -> None:
    call_id = crm.insert_call()["id"]
    answer = crm.update("Calls", call_id, **changes)
    verdict = answer.json()["data"][0]
    assert (answer.status_code, verdict["code"]) == (400, "INVALID_DATA")
    assert verdict["details"]["api_name"] in changes
    assert crm.update("Calls", call_id, Description="later").status_code == 200


def test_unknown_keys_are_ignored_and_the_caller_owns_without_owner(crm: Crm) -> None:
    call = crm.read("Calls", crm.insert_call(Moon_Phase="full")["id"])
    assert "Moon_Phase" not in call
    assert call["Owner"]["email"] == "integration@acme.example"
    assert call["Created_By"]["email"] == call["Modified_By"]["email"] == call["Owner"]["email"]


def test_a_user_who_left_cannot_own(crm: Crm) -> None:
    users = crm.get("users?type=DeactiveUsers").json()["users"]
    verdict = crm.insert_call(Owner={"id": users[0]["id"]})
    assert name_place(verdict) == ("INVALID_DATA", "Owner", "$.data[0].Owner.id")


def test_a_unique_custom_field_refuses_the_second_record_and_names_the_first(crm: Crm) -> None:
    add_reference_field(crm, unique={"casesensitive": False})
    first = crm.insert_call(PBX_Ref="p7-91c2e0")["id"]
    answer = crm.insert("Calls", {**CALL, "PBX_Ref": "P7-91C2E0"})
    verdict = answer.json()["data"][0]
    assert (answer.status_code, verdict["code"]) == (400, "DUPLICATE_DATA")
    assert verdict["details"]["api_name"] == "PBX_Ref"
    assert verdict["details"]["id"] == verdict["details"]["duplicate_record"]["id"] == first


def test_the_same_reference_twice_in_one_request_makes_one_record(crm: Crm) -> None:
    add_reference_field(crm, unique={"casesensitive": False})
    answer = crm.insert("Calls", *[{**CALL, "PBX_Ref": "same"}] * 2)
    assert [v["code"] for v in answer.json()["data"]] == ["SUCCESS", "DUPLICATE_DATA"]


def test_a_deleted_record_frees_its_reference_unless_the_bin_keeps_it(crm: Crm) -> None:
    add_reference_field(crm, unique={"casesensitive": False})
    crm.ask("DELETE", f"Calls/{crm.insert_call(PBX_Ref='r')['id']}")
    again = crm.insert_call(PBX_Ref="r")["id"]
    crm.control(deleted_keeps_unique=True)
    crm.ask("DELETE", f"Calls/{again}")
    assert crm.insert_call(PBX_Ref="r")["code"] == "DUPLICATE_DATA"


def test_an_external_field_finds_its_record(crm: Crm) -> None:
    add_reference_field(crm, external={"type": "org"})
    call_id = crm.insert_call(PBX_Ref="p7-91c2e0")["id"]
    header = {"X-EXTERNAL": "Calls.PBX_Ref"}
    found = crm.get("Calls/p7-91c2e0", headers=header)
    assert found.json()["data"][0]["id"] == call_id
    assert crm.get("Calls/none", headers=header).status_code == 204


def test_a_custom_field_stands_in_the_metadata_and_cannot_be_made_twice(crm: Crm) -> None:
    add_reference_field(crm, unique={"casesensitive": False})
    fields = crm.get("settings/fields?module=Calls").json()["fields"]
    (custom,) = [field for field in fields if field["custom_field"]]
    assert (custom["api_name"], custom["length"]) == ("PBX_Ref", 64)
    assert custom["unique"] == {"casesensitive": False}
    again = {"fields": [{"field_label": "PBX Ref", "data_type": "text"}]}
    answer = crm.ask("POST", "settings/fields?module=Calls", json=again)
    assert (answer.status_code, answer.json()["fields"][0]["code"]) == (400, "DUPLICATE_DATA")


def test_a_finished_chat_is_a_completed_task_with_a_closing_time(crm: Crm) -> None:
    who = {"id": crm.find("Contacts", "Lane")}
    values = {"Subject": "Chat", "Status": "Completed", "Due_Date": "2026-06-20", "Who_Id": who}
    task = crm.read("Tasks", crm.insert_one("Tasks", **values)["id"])
    assert task["Closed_Time"]
    refused = crm.insert_one("Tasks", Subject="Chat", Status="Done")
    assert "Completed" in refused["details"]["supported_values"]


def test_a_note_names_module_and_id_of_its_parent(crm: Crm) -> None:
    lead = crm.find("Leads", "Hale")
    parent = {"module": {"api_name": "Leads"}, "id": lead}
    note = crm.insert_one("Notes", Parent_Id=parent, Note_Content="hello")
    listed = crm.get(f"Leads/{lead}/Notes").json()["data"]
    assert [n["id"] for n in listed] == [note["id"]]
    assert crm.insert_one("Notes", Parent_Id=lead, Note_Content="x")["code"] == "INVALID_DATA"
    assert crm.insert_one("Notes", Parent_Id=parent)["code"] == "MANDATORY_NOT_FOUND"


def test_an_attachment_comes_back_byte_by_byte(crm: Crm) -> None:
    call_id, content = crm.insert_call()["id"], b"line\r\n--not a boundary\x00\xff"
    files = {"file": ("chat.txt", content, "text/plain")}
    made = crm.ask("POST", f"Calls/{call_id}/Attachments", files=files).json()["data"][0]
    assert made["code"] == "SUCCESS"
    (listed,) = crm.get(f"Calls/{call_id}/Attachments").json()["data"]
    assert (listed["File_Name"], listed["Size"]) == ("chat.txt", len(content))
    url = f"Calls/{call_id}/Attachments/{made['details']['id']}"
    assert crm.get(url).content == content


def test_a_person_needs_the_mandatory_fields_and_a_real_phone(crm: Crm) -> None:
    assert crm.insert_one("Contacts", First_Name="Ada")["details"]["api_name"] == "Last_Name"
    assert crm.insert_one("Leads", Last_Name="Lane")["details"]["api_name"] == "Company"
    refused = crm.insert_one("Contacts", Last_Name="Lane", Phone="call me!")
    assert refused["details"]["expected_data_type"] == "phone"
    assert "id" in crm.insert_one("Contacts", Last_Name="Lane", Phone="+441632960011")


def test_a_layout_may_demand_more_fields(crm: Crm) -> None:
    crm.control(required_fields={"Contacts": ["Email"]})
    assert crm.insert_one("Contacts", Last_Name="Lane")["details"]["api_name"] == "Email"
    layout = crm.get("settings/layouts?module=Contacts").json()["layouts"][0]
    fields = [field for section in layout["sections"] for field in section["fields"]]
    assert {f["api_name"] for f in fields if f["required"]} == {"Last_Name", "Email"}


def test_a_converted_lead_cannot_be_written_nor_called(crm: Crm) -> None:
    lead = crm.find("Leads", "Hale")
    made = crm.ask("POST", f"Leads/{lead}/actions/convert", json={"data": [{}]}).json()["data"][0]
    contact = crm.read("Contacts", made["details"]["Contacts"]["id"])
    assert (contact["Full_Name"], contact["Phone"]) == ("Tom Hale", "01632 960022")
    refused = crm.update("Leads", lead, Phone="1").json()["data"][0]
    linked = crm.insert_call(What_Id={"id": lead}, **{"$se_module": "Leads"})
    again = crm.ask("POST", f"Leads/{lead}/actions/convert", json={"data": [{}]}).json()["data"][0]
    assert refused["code"] == linked["code"] == again["code"] == "ID_ALREADY_CONVERTED"


def test_a_call_moves_from_a_lead_to_its_contact(crm: Crm) -> None:
    lead = crm.find("Leads", "Hale")
    call_id = crm.insert_call(What_Id={"id": lead}, **{"$se_module": "Leads"})["id"]
    made = crm.ask("POST", f"Leads/{lead}/actions/convert", json={"data": [{}]}).json()["data"][0]
    link = {"id": made["details"]["Contacts"]["id"]}
    assert crm.update("Calls", call_id, Who_Id=link, What_Id=None).status_code == 200
    call = crm.read("Calls", call_id)
    assert (call["Who_Id"]["id"], call["What_Id"], call["$se_module"]) == (link["id"], None, None)


def test_whoever_is_late_is_told_that_the_record_changed(crm: Crm) -> None:
    contact = crm.find("Contacts", "Lane")
    header = {"If-Unmodified-Since": "2025-01-01T00:00:00+00:00"}
    body = {"data": [{"Title": "Owner"}]}
    answer = crm.ask("PUT", f"Contacts/{contact}", json=body, headers=header)
    assert (answer.status_code, answer.json()["data"][0]["code"]) == (412, "ALREADY_MODIFIED")


def test_a_deleted_record_is_gone_for_reading_and_writing(crm: Crm) -> None:
    call_id = crm.insert_call(Subject="wrong")["id"]
    deleted = crm.ask("DELETE", f"Calls?ids={call_id},77")
    assert [v["code"] for v in deleted.json()["data"]] == ["SUCCESS", "INVALID_DATA"]
    assert deleted.status_code == 207
    assert crm.get(f"Calls/{call_id}").status_code == 204
    answer = crm.update("Calls", call_id, Subject="x")
    assert (answer.status_code, answer.json()["details"]) == (400, {"resource_path_index": 1})
    assert crm.get("Calls/deleted?type=all").json()["data"][0]["display_name"] == "wrong"


def test_text_that_is_no_text_is_refused_and_harms_nothing_else(tmp_path: Path) -> None:
    with ZohoSandbox(data_file=tmp_path / "zoho.sqlite3") as sandbox:
        crm = Crm(sandbox.url, grant(sandbox.url))
        assert crm.insert_call(Subject="\ud800")["code"] == "INVALID_DATA"
        assert crm.insert_call(Subject=["a"], Owner="me")["code"] == "INVALID_DATA"
        assert "id" in crm.insert_call(Subject="nul \x00 and \U0001f600")


def test_a_reset_is_kept_as_well(tmp_path: Path) -> None:
    file = tmp_path / "zoho.sqlite3"
    with ZohoSandbox(data_file=file) as first:
        crm = Crm(first.url, grant(first.url))
        gone = crm.insert_call()["id"]
        crm.control(reset=["data"])
    with ZohoSandbox(data_file=file) as second:
        crm = Crm(second.url, crm.tokens)
        assert crm.get(f"Calls/{gone}").status_code == 204
        assert crm.find("Contacts", "Lane")


def test_what_was_delivered_survives_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "zoho.sqlite3"
    with ZohoSandbox(data_file=file) as first:
        tokens = grant(first.url)
        crm = Crm(first.url, tokens)
        add_reference_field(crm, unique={"casesensitive": False})
        call_id = crm.insert_call(PBX_Ref="r", Subject="kept")["id"]
        gone = crm.insert_call(Subject="gone")["id"]
        crm.ask("DELETE", f"Calls/{gone}")
    with ZohoSandbox(data_file=file) as second:
        crm = Crm(second.url, tokens)
        assert crm.read("Calls", call_id)["PBX_Ref"] == "r"
        assert crm.get(f"Calls/{gone}").status_code == 204
        assert crm.insert_call(PBX_Ref="r")["code"] == "DUPLICATE_DATA"
        assert int(crm.insert_call()["id"]) > int(gone)
