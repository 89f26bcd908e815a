"""What Zoho accepts in a field, by the type of the field; unknown keys are ignored silently.

Every refusal names the field and its place: `api_name`, `json_path`, and what was expected.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from .clock import read_moment, write_moment
from .exchange import Refusal
from .schema import MODULES, Field
from .shelf import Record
from .visit import Visit

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
PHONE = re.compile(r"\+?[\dA-Za-z .,;()\-]*\d[\dA-Za-z .,;()\-]*")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
DURATION = re.compile(r"(\d{1,4}):([0-5]\d)")


def refuse_value(
    field: str, path: str, *, message: str = "invalid data", **details: object
) -> Refusal:
    place = {"api_name": field, "json_path": path}
    return Refusal("INVALID_DATA", message, details={**place, **details})


def check_values(visit: Visit, *, module: str, given: Record, position: int) -> Record:
    """The values to store, in the form in which they are stored. Raises Refusal."""
    kept = {}
    for name, field in visit.shelf(module).fields.items():
        if name in given and not field.read_only:
            path = f"$.data[{position}].{name}"
            value = given[name]
            kept[name] = None if value is None else check_value(visit, field, value, path)
    if isinstance(given.get("$se_module"), str):
        kept["$se_module"] = given["$se_module"]
    if "Layout" in given:
        kept["Layout"] = check_layout(visit, module, given["Layout"], f"$.data[{position}].Layout")
    return kept


def check_layout(visit: Visit, module: str, value: Any, path: str) -> Record:
    layouts = visit.organisation.list_layouts(module)
    wanted = str(value.get("id")) if isinstance(value, dict) else ""
    if wanted not in layouts:
        raise refuse_value("Layout", path, expected_data_type="jsonobject")
    return {"id": wanted, "name": layouts[wanted]}


def check_value(visit: Visit, field: Field, value: Any, path: str) -> Any:
    check = CHECKS.get(field.data_type, check_text)
    return check(visit, field, value, path)


def check_text(visit: Visit, field: Field, value: Any, path: str) -> str:
    if not isinstance(value, str) or LONE_SURROGATE.search(value):
        raise refuse_value(field.api_name, path, expected_data_type="text")
    if len(value) > field.length:
        raise refuse_value(field.api_name, path, maximum_length=field.length)
    return value


def check_phone(visit: Visit, field: Field, value: Any, path: str) -> str:
    text = check_text(visit, field, value, path)
    if text and not PHONE.fullmatch(text):
        raise refuse_value(field.api_name, path, expected_data_type="phone")
    return text


def check_email(visit: Visit, field: Field, value: Any, path: str) -> str:
    text = check_text(visit, field, value, path)
    if text and not EMAIL.fullmatch(text):
        raise refuse_value(field.api_name, path, expected_data_type="email")
    return text


def check_pick(visit: Visit, field: Field, value: Any, path: str) -> str:
    text = check_text(visit, field, value, path)
    if text not in field.values and not field.open_values:
        raise refuse_value(field.api_name, path, supported_values=list(field.values))
    return text


def check_moment(visit: Visit, field: Field, value: Any, path: str) -> str:
    """Kept in the organisation's zone, so the offset read may differ from the one written."""
    moment = read_moment(value) if MOMENT.fullmatch(str(value)) else None
    if moment is None:
        raise refuse_value(field.api_name, path, expected_data_type="datetime")
    return write_moment(moment, zone=visit.organisation.specification.time_zone)


def check_date(visit: Visit, field: Field, value: Any, path: str) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise refuse_value(field.api_name, path, expected_data_type="date") from None


def check_number(visit: Visit, field: Field, value: Any, path: str) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refuse_value(field.api_name, path, expected_data_type=field.data_type)
    return value


def check_boolean(visit: Visit, field: Field, value: Any, path: str) -> bool:
    if not isinstance(value, bool):
        raise refuse_value(field.api_name, path, expected_data_type="boolean")
    return value


def read_id(field: Field, value: Any, path: str) -> str:
    if not isinstance(value, dict) or "id" not in value:
        raise refuse_value(field.api_name, path, expected_data_type="jsonobject")
    return str(value["id"])


def check_owner(visit: Visit, field: Field, value: Any, path: str) -> Record:
    user = visit.organisation.users.get(read_id(field, value, path))
    if user is None or user.status != "active":
        raise refuse_value(field.api_name, f"{path}.id", message="the owner id is invalid")
    return {"id": user.id}


def check_lookup(visit: Visit, field: Field, value: Any, path: str) -> Record:
    found = visit.shelf(field.lookup).get(read_id(field, value, path))
    if found is None:
        raise refuse_value(field.api_name, f"{path}.id", message="the id given seems to be invalid")
    return {"id": found["id"]}


def check_any_id(visit: Visit, field: Field, value: Any, path: str) -> Record:
    """Of What_Id; in which module it must exist is known from $se_module only."""
    return {"id": read_id(field, value, path)}


def check_parent(visit: Visit, field: Field, value: Any, path: str) -> Record:
    """Of a note: `{"module": {"api_name": ".."}, "id": ".."}` since v7."""
    parent_id = read_id(field, value, path)
    module = value.get("module")
    name = module.get("api_name") if isinstance(module, dict) else None
    if name not in MODULES:
        raise refuse_value("api_name", f"{path}.module.api_name", supported_values=[*MODULES])
    if visit.shelf(name).get(parent_id) is None:
        raise refuse_value(field.api_name, f"{path}.id", message="the id given seems to be invalid")
    return {"module": {"api_name": name}, "id": parent_id}


def read_seconds(text: str) -> int | None:
    """Seconds of `mm:ss`, in which minutes may exceed 59; None for anything else.

    Zoho's pages say HH:mm, integrations in production send mm:ss: the sandbox takes the latter.
    """
    found = DURATION.fullmatch(text)
    return int(found[1]) * 60 + int(found[2]) if found else None


CHECKS: dict[str, Callable[[Visit, Field, Any, str], Any]] = {
    "phone": check_phone,
    "email": check_email,
    "picklist": check_pick,
    "datetime": check_moment,
    "date": check_date,
    "integer": check_number,
    "bigint": check_number,
    "currency": check_number,
    "double": check_number,
    "boolean": check_boolean,
    "ownerlookup": check_owner,
    "lookup": check_lookup,
    "multi_module_lookup": check_any_id,
    "parent": check_parent,
}
