"""POST /Leads/{id}/actions/convert: a lead becomes a contact, perhaps with account and deal."""

from typing import Any

from .exchange import Answer, Refusal
from .modules import answer_verdicts, insert_record, judge, keep_record, read_data, refuse_gone
from .shelf import Record
from .visit import Visit

KEPT = (
    "First_Name", "Last_Name", "Salutation", "Email", "Secondary_Email", "Phone", "Mobile", "Fax",
    "Description", "Lead_Source", "Owner",
)  # fmt: skip


def convert_lead(visit: Visit, lead_id: str) -> Answer:
    """Calls that stand on the lead stay there: whoever wrote them has to move them."""
    if visit.shelf("Leads").get(lead_id) is None:
        raise refuse_gone()
    options = read_data(visit.request.read_json())[:1]
    verdicts = judge(options, lambda given, position: convert(visit, lead_id, given))
    return answer_verdicts(verdicts, status=200)


def convert(visit: Visit, lead_id: str, given: Record) -> dict[str, Any]:
    lead = visit.shelf("Leads").records[lead_id]
    if lead.get("Converted__s"):
        place = {"id": lead_id}
        raise Refusal("ID_ALREADY_CONVERTED", "id already converted", details=place)
    account = find_account(visit, lead, given)
    contact = find_contact(visit, lead, given, account=account)
    deal = make_deal(visit, given, account=account, contact=contact)
    made: dict[str, str | None] = {"Contacts": contact, "Accounts": account, "Deals": deal}
    keys = {"Contacts": "Contact", "Accounts": "Account", "Deals": "Deal"}
    marks = {f"Converted_{keys[m]}": {"id": made_id} for m, made_id in made.items() if made_id}
    converted = {**lead, **marks, "Converted__s": True, "Converted_Date_Time": visit.now()}
    keep_record(visit, module="Leads", record=converted, automated=False)
    details = {m: describe(visit, m, made_id) for m, made_id in made.items()}
    message = "The record has been converted successfully"
    return {"code": "SUCCESS", "details": details, "message": message, "status": "success"}


def describe(visit: Visit, module: str, record_id: str | None) -> dict[str, Any] | None:
    if record_id is None:
        return None
    name = visit.organisation.name_of(module=module, record_id=record_id)
    return {"name": name, "id": record_id}


def find_account(visit: Visit, lead: Record, given: Record) -> str | None:
    """The account named, else the one with the company's name, else a new one."""
    named = read_link(visit, given, module="Accounts")
    if named or not lead.get("Company"):
        return named
    accounts = visit.shelf("Accounts")
    same = (a["id"] for a in accounts if a["Account_Name"] == lead["Company"])
    values = {"Account_Name": lead["Company"], "Phone": lead.get("Phone"), "Owner": lead["Owner"]}
    return next(same, None) or insert(visit, "Accounts", values)


def find_contact(visit: Visit, lead: Record, given: Record, *, account: str | None) -> str:
    named = read_link(visit, given, module="Contacts")
    values = {key: lead[key] for key in KEPT if lead.get(key) is not None}
    link = {"Account_Name": {"id": account}} if account else {}
    return named or insert(visit, "Contacts", {**values, **link})


def make_deal(visit: Visit, given: Record, *, account: str | None, contact: str) -> str | None:
    deal = given.get("Deals")
    if not isinstance(deal, dict):
        return None
    links = {"Contact_Name": {"id": contact}, "Account_Name": {"id": account} if account else None}
    return insert(visit, "Deals", {**deal, **links})


def read_link(visit: Visit, given: Record, *, module: str) -> str | None:
    """`{"Contacts": {"id": ".."}}`, or the bare id of older versions."""
    value = given.get(module)
    record_id = value.get("id") if isinstance(value, dict) else value
    if record_id is not None and visit.shelf(module).get(record_id) is None:
        message = "the id given seems to be invalid"
        raise Refusal("INVALID_DATA", message, details={"api_name": module})
    return record_id


def insert(visit: Visit, module: str, values: Record) -> str:
    verdict = insert_record(visit, module=module, given=values, position=0, automated=False)
    return verdict["details"]["id"]
