"""What Zoho demands of a whole record: mandatory fields, calls, parents, unique values."""

from datetime import timedelta
from typing import Any

from .clock import read_moment
from .exchange import Refusal
from .schema import MODULES
from .shelf import Record
from .validation import read_seconds, refuse_value
from .visit import Visit

PARENT_MODULES = [m for m in MODULES if m not in ("Calls", "Tasks", "Notes", "Attachments")]
SETTLED = "the value of this field cannot be changed"
SLACK = timedelta(seconds=60)  # clocks differ; a call that starts just now is no scheduled call


def check_insert(visit: Visit, *, module: str, values: Record, position: int) -> None:
    """Raises Refusal with the code and details that Zoho documents."""
    path = f"$.data[{position}]"
    layout = values["Layout"]["name"] if "Layout" in values else "Standard"
    for name in visit.organisation.list_required(module, layout=layout):
        if values.get(name) in (None, ""):
            raise refuse_missing(name, path)
    if module == "Calls":
        check_call(visit, values, path)
    if module in ("Calls", "Tasks"):
        check_what(visit, values, path)
    check_unique(visit, module=module, values=values, path=path, own_id=None)


def check_update(
    visit: Visit, *, module: str, values: Record, existing: Record, position: int
) -> None:
    path = f"$.data[{position}]"
    if existing.get("Converted__s"):
        raise Refusal("ID_ALREADY_CONVERTED", "id already converted", details={"json_path": path})
    for name in visit.organisation.list_required(module):
        if name in values and values[name] in (None, ""):
            raise refuse_missing(name, path)
    for name in list_fixed(visit, module=module, existing=existing):
        if name in values and values[name] != existing.get(name):
            raise refuse_value(name, f"{path}.{name}", message=SETTLED)
    merged = {**existing, **values}
    if module == "Calls" and "Call_Duration" in values:
        check_duration(merged, path, missed=merged["Call_Type"] == "Missed")
    if module in ("Calls", "Tasks") and {"What_Id", "$se_module"} & set(values):
        cleared = {"$se_module": None} if values.get("What_Id", "") is None else {}
        check_what(visit, {**merged, **cleared}, path)
    check_unique(visit, module=module, values=merged, path=path, own_id=existing["id"])


def refuse_missing(field: str, path: str) -> Refusal:
    details = {"api_name": field, "json_path": f"{path}.{field}"}
    return Refusal("MANDATORY_NOT_FOUND", "required field not found", details=details)


def refuse_mismatch(message: str, path: str, *, field: str, depends_on: str) -> Refusal:
    dependee = {"api_name": depends_on, "json_path": f"{path}.{depends_on}"}
    details = {"api_name": field, "json_path": f"{path}.{field}", "dependee": dependee}
    return Refusal("DEPENDENT_MISMATCH", message, details=details)


def list_fixed(visit: Visit, *, module: str, existing: Record) -> list[str]:
    """Fields that cannot change any more; a completed call also keeps owner and start."""
    fixed = [f.api_name for f in visit.shelf(module).fields.values() if f.fixed]
    completed = module == "Calls" and not is_scheduled(visit, existing)
    return fixed + (["Owner", "Call_Start_Time"] if completed else [])


def check_call(visit: Visit, values: Record, path: str) -> None:
    scheduled = is_scheduled(visit, values)
    if scheduled:
        check_schedule(visit, values, path)
    elif values["Call_Type"] != "Missed" and values.get("Call_Duration") in (None, ""):
        raise refuse_missing("Call_Duration", path)
    check_duration(values, path, missed=values["Call_Type"] == "Missed")


def is_scheduled(visit: Visit, call: Record) -> bool:
    """By its status; an outbound call without one is scheduled when its start is still ahead."""
    status = call.get("Outgoing_Call_Status")
    if status or call["Call_Type"] != "Outbound":
        return status in ("Scheduled", "Overdue")
    return is_ahead(visit, call)


def is_ahead(visit: Visit, call: Record) -> bool:
    start = read_moment(call["Call_Start_Time"])
    return start is not None and start > visit.clock.read_moment() + SLACK


def check_schedule(visit: Visit, values: Record, path: str) -> None:
    if values.get("Who_Id") is None:
        raise refuse_missing("Who_Id", path)
    if not is_ahead(visit, values):
        message = "the start time of a scheduled call must be in the future"
        raise refuse_value("Call_Start_Time", f"{path}.Call_Start_Time", message=message)


def check_duration(values: Record, path: str, *, missed: bool) -> None:
    """None for a missed call, else `mm:ss` above zero."""
    text = values.get("Call_Duration")
    if text in (None, ""):
        return
    if missed:
        message = "Call Duration is not allowed for a missed call."
        raise refuse_mismatch(message, path, field="Call_Duration", depends_on="Call_Type")
    seconds = read_seconds(text)
    if seconds is None:
        raise refuse_value("Call_Duration", f"{path}.Call_Duration", expected_data_type="text")
    if seconds == 0:
        message = "Call Duration can not be zero."
        raise refuse_mismatch(message, path, field="Call_Duration", depends_on="Call_Type")


def check_what(visit: Visit, values: Record, path: str) -> None:
    """What_Id and $se_module come together, and name a record that is there."""
    what, module = values.get("What_Id"), values.get("$se_module")
    if what is None and module is None:
        return
    if what is None or module is None:
        missing, given = ("What_Id", "$se_module") if what is None else ("$se_module", "What_Id")
        dependee = {"api_name": given, "json_path": f"{path}.{given}"}
        details = {"api_name": missing, "json_path": f"{path}.{missing}", "dependee": dependee}
        raise Refusal("DEPENDENT_FIELD_MISSING", "dependent field is missing", details=details)
    if module not in PARENT_MODULES:
        raise refuse_value("$se_module", f"{path}.$se_module", supported_values=PARENT_MODULES)
    parent = visit.shelf(module).get(what["id"])
    if parent is None:
        message = "the id given seems to be invalid"
        raise refuse_value("What_Id", f"{path}.What_Id.id", message=message)
    if parent.get("Converted__s"):
        details = {"api_name": "What_Id", "json_path": f"{path}.What_Id.id"}
        raise Refusal("ID_ALREADY_CONVERTED", "id already converted", details=details)


def check_unique(
    visit: Visit, *, module: str, values: Record, path: str, own_id: str | None
) -> None:
    shelf = visit.shelf(module)
    for name, field in shelf.fields.items():
        value = values.get(name)
        if not field.unique or value in (None, ""):
            continue
        holder = shelf.find_holder(field=name, value=value)
        if holder and holder != own_id:
            details = describe_holder(field=name, path=path, module=module, holder=holder)
            raise Refusal("DUPLICATE_DATA", "duplicate data", details=details)


def describe_holder(*, field: str, path: str, module: str, holder: str) -> dict[str, Any]:
    """Both places in which Zoho's pages show the id of the record that was there first."""
    return {
        "api_name": field,
        "json_path": f"{path}.{field}",
        "id": holder,
        "duplicate_record": {"id": holder, "module": {"api_name": module}},
    }
