"""Writing records: insert, update, delete, each record with a verdict of its own."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .clock import read_moment
from .exchange import Answer, Refusal, answer_json
from .organisation import HIDDEN
from .rules import check_insert, check_update
from .shelf import Record
from .validation import check_values
from .visit import Visit

MOST_RECORDS = 100
TRIGGERS = ("workflow", "approval", "blueprint", "pathfinder", "orchestration")
GONE = "the id given seems to be invalid"
Verdict = dict[str, Any]


def insert_records(visit: Visit, module: str) -> Answer:
    """POST /{module}: 201 all made, 207 some, 400 none; verdicts in the order of the input."""
    body = visit.request.read_json()
    records, automated = read_data(body), read_trigger(body)
    verdicts = judge(
        records,
        lambda record, position: insert_record(
            visit, module=module, given=record, position=position, automated=automated
        ),
    )
    return answer_verdicts(verdicts, status=201)


def update_records(visit: Visit, module: str) -> Answer:
    """PUT /{module}: the id stands in each record."""
    body = visit.request.read_json()
    records, automated = read_data(body), read_trigger(body)

    def update(record: Record, position: int) -> Verdict:
        existing = visit.shelf(module).get(record.get("id"))
        if existing is None:
            place = {"api_name": "id", "json_path": f"$.data[{position}].id"}
            raise Refusal("INVALID_DATA", GONE, details=place)
        return update_record(
            visit,
            module=module,
            existing=existing,
            given=record,
            position=position,
            automated=automated,
        )

    return answer_verdicts(judge(records, update), status=200)


def update_single(visit: Visit, module: str, record_id: str) -> Answer:
    """PUT /{module}/{id}: an id that is not there is a fault of the request, not of a record."""
    existing = visit.shelf(module).get(record_id)
    if existing is None:
        raise refuse_gone()
    body = visit.request.read_json()
    records, automated = read_data(body), read_trigger(body)
    verdicts = judge(
        records[:1],
        lambda record, position: update_record(
            visit,
            module=module,
            existing=existing,
            given=record,
            position=position,
            automated=automated,
        ),
    )
    return answer_verdicts(verdicts, status=200)


def delete_records(visit: Visit, module: str, record_ids: list[str]) -> Answer:
    """DELETE /{module}?ids=a,b and DELETE /{module}/{id}."""
    if len(record_ids) > MOST_RECORDS:
        raise refuse_amount()
    verdicts = judge(
        [{"id": record_id} for record_id in record_ids],
        lambda record, position: delete_record(visit, module=module, record_id=record["id"]),
    )
    return answer_verdicts(verdicts, status=200)


def judge(records: list[Record], act: Callable[[Record, int], Verdict]) -> list[Verdict]:
    """One bad record never stops its neighbours."""
    verdicts = []
    for position, record in enumerate(records):
        try:
            verdicts.append(act(record, position))
        except Refusal as refusal:
            verdicts.append({**refusal.as_object(), "http": refusal.status})
    return verdicts


def answer_verdicts(verdicts: list[Verdict], *, status: int) -> Answer:
    failed = [verdict.pop("http") for verdict in verdicts if "http" in verdict]
    if failed:
        status = failed[0] if len(failed) == len(verdicts) else 207
    return answer_json({"data": verdicts}, status=status)


def insert_record(
    visit: Visit, *, module: str, given: Record, position: int, automated: bool
) -> Verdict:
    visit.faults.check_record(given, request=visit.request, module=module)
    values = check_values(visit, module=module, given=given, position=position)
    check_insert(visit, module=module, values=values, position=position)
    me, now = {"id": visit.user.id}, visit.now()
    record = {
        "id": visit.organisation.take_id(),
        "Owner": me,
        **values,
        "Created_By": me,
        "Created_Time": now,
    }
    keep_record(visit, module=module, record=record, automated=automated)
    return describe_change(visit, module=module, record_id=record["id"], message="record added")


def update_record(
    visit: Visit,
    *,
    module: str,
    existing: Record,
    given: Record,
    position: int,
    automated: bool,
) -> Verdict:
    check_unmodified(visit, existing)
    visit.faults.check_record(given, request=visit.request, module=module)
    values = check_values(visit, module=module, given=given, position=position)
    check_update(visit, module=module, values=values, existing=existing, position=position)
    if values.get("What_Id", "") is None:
        values["$se_module"] = None
    keep_record(visit, module=module, record={**existing, **values}, automated=automated)
    return describe_change(visit, module=module, record_id=existing["id"], message="record updated")


def check_unmodified(visit: Visit, existing: Record) -> None:
    """If-Unmodified-Since: 412 where somebody was faster."""
    limit = read_moment(visit.request.headers.get("If-Unmodified-Since"))
    modified = read_moment(existing["Modified_Time"])
    if limit and modified and modified > limit:
        raise Refusal("ALREADY_MODIFIED", "the record is already modified", status=412)


def keep_record(visit: Visit, *, module: str, record: Record, automated: bool) -> None:
    record["Modified_By"] = {"id": visit.user.id}
    record["Modified_Time"] = visit.now()
    record[f"{HIDDEN}workflows"] = record.get(f"{HIDDEN}workflows", 0) + automated
    if module in ("Contacts", "Leads"):
        record["Full_Name"] = f"{record.get('First_Name') or ''} {record['Last_Name']}".strip()
    if module == "Tasks" and record.get("Status") == "Completed":
        record.setdefault("Closed_Time", visit.now())
    if automated:
        visit.organisation.workflows[module] += 1
    learn_choices(visit, module=module, record=record)
    visit.shelf(module).put(record)
    touch_parents(visit, record)


def learn_choices(visit: Visit, *, module: str, record: Record) -> None:
    """An open pick list takes an unknown value and lists it from then on."""
    fields = visit.shelf(module).fields
    for name, field in list(fields.items()):
        value = record.get(name)
        if field.open_values and value and value not in field.values:
            fields[name] = replace(field, values=(*field.values, value))


def touch_parents(visit: Visit, record: Record) -> None:
    """A call, task or note makes its person the last active one."""
    links = {"Contacts": record.get("Who_Id"), record.get("$se_module"): record.get("What_Id")}
    for module, link in links.items():
        shelf = visit.organisation.shelves.get(module or "")
        parent = shelf.get(link["id"]) if shelf and link else None
        if shelf and parent:
            shelf.put({**parent, "Last_Activity_Time": visit.now()})


def describe_change(visit: Visit, *, module: str, record_id: str, message: str) -> Verdict:
    record = visit.shelf(module).records[record_id]
    users = visit.organisation.users
    details = {
        "Modified_Time": record["Modified_Time"],
        "Modified_By": users[record["Modified_By"]["id"]].refer(),
        "Created_Time": record["Created_Time"],
        "Created_By": users[record["Created_By"]["id"]].refer(),
        "id": record_id,
    }
    return {"code": "SUCCESS", "details": details, "message": message, "status": "success"}


def delete_record(visit: Visit, *, module: str, record_id: str) -> Verdict:
    shelf = visit.shelf(module)
    if shelf.get(record_id) is None:
        raise Refusal("INVALID_DATA", GONE, details={"id": record_id})
    grave = {
        "id": record_id,
        "display_name": visit.organisation.name_of(module=module, record_id=record_id),
        "type": "recycle",
        "deleted_by": visit.user.refer(),
        "created_by": visit.user.refer(),
        "deleted_time": visit.now(),
    }
    shelf.remove(record_id, grave=grave, keep_unique=visit.organisation.deleted_keeps_unique)
    details = {"id": record_id}
    return {"code": "SUCCESS", "details": details, "message": "record deleted", "status": "success"}


def read_data(body: dict[str, Any]) -> list[Record]:
    """The records of a request. Raises Refusal for the request as a whole."""
    place = {"api_name": "data", "json_path": "$.data"}
    if "data" not in body:
        raise Refusal("MANDATORY_NOT_FOUND", "required field not found", details=place)
    records = body["data"]
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        expected = {**place, "expected_data_type": "jsonarray"}
        raise Refusal("INVALID_DATA", "invalid data", details=expected)
    if not records:
        raise Refusal("INVALID_DATA", "invalid data", details={**place, "minimum_length": 1})
    if len(records) > MOST_RECORDS:
        raise refuse_amount()
    return records


def read_trigger(body: dict[str, Any]) -> bool:
    """Do the organisation's workflows run? Absent = all automations, [] = none, or a list."""
    trigger = body.get("trigger")
    if trigger is None:
        return True
    if not isinstance(trigger, list) or any(name not in TRIGGERS for name in trigger):
        details = {"api_name": "trigger", "json_path": "$.trigger", "supported_values": TRIGGERS}
        raise Refusal("INVALID_DATA", "invalid data", details=details)
    return "workflow" in trigger


def refuse_amount() -> Refusal:
    details = {"limit": MOST_RECORDS, "api_name": "data", "json_path": "$.data"}
    return Refusal("LIMIT_EXCEEDED", "only 100 records are allowed at a time", details=details)


def refuse_gone() -> Refusal:
    return Refusal("INVALID_DATA", GONE, details={"resource_path_index": 1})
