"""A stored record as Zoho answers it: lookups with names, derived values, only what was asked."""

from typing import Any

from .organisation import Organisation
from .schema import Field
from .shelf import Record
from .validation import read_seconds


def show_record(
    organisation: Organisation, *, module: str, record: Record, fields: list[str] | None = None
) -> Record:
    """All fields without `fields`; `id` always, unknown names never."""
    known = organisation.shelves[module].fields
    names = known if fields is None else [name for name in fields if name in known]
    shown: Record = {name: show_value(organisation, known[name], record) for name in names}
    shown["id"] = record["id"]
    if module in ("Calls", "Tasks") and (fields is None or "What_Id" in fields):
        shown["$se_module"] = record.get("$se_module")
    if module == "Leads" and fields is None:
        shown["$converted_detail"] = show_conversion(record)
    return shown


def show_value(organisation: Organisation, field: Field, record: Record) -> Any:
    value = record.get(field.api_name)
    if field.api_name == "Call_Duration_in_seconds":
        return read_seconds(record.get("Call_Duration") or "")
    if field.data_type == "boolean":
        return bool(value)
    if value is None:
        return [] if field.data_type == "jsonarray" else None
    if field.data_type == "ownerlookup":
        return organisation.users[value["id"]].refer()
    module = find_target(field, record)
    if module is None:
        return value
    name = organisation.name_of(module=module, record_id=value["id"])
    return {**value, "name": name, "id": value["id"]}


def find_target(field: Field, record: Record) -> str | None:
    """The module to which a lookup of this record leads; None where the field is no lookup."""
    if field.data_type == "multi_module_lookup":
        return record.get("$se_module")
    if field.data_type == "parent":
        return record[field.api_name]["module"]["api_name"]
    return field.lookup or None


def show_conversion(record: Record) -> dict[str, Any]:
    parts = {"contact": "Converted_Contact", "account": "Converted_Account"}
    found = {key: record[name]["id"] for key, name in parts.items() if record.get(name)}
    return {**found, "convert_date": record.get("Converted_Date_Time")} if found else {}
