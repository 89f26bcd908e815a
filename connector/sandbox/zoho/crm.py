"""The CRM's addresses under /crm/v8 and the scope each of them needs."""

from urllib.parse import unquote

from .children import attach_file, list_children, send_attachment
from .convert import convert_lead
from .coql_run import run_query
from .exchange import Answer, Refusal
from .listing import count_records, list_deleted, list_records, show_single
from .modules import delete_records, insert_records, update_records, update_single
from .schema import MODULES
from .scopes import OPERATIONS
from .search import search_records
from .settings import (
    add_fields,
    list_fields,
    list_layouts,
    list_modules,
    list_users,
    show_organisation,
    show_user,
)
from .visit import Visit

ROOT = "/crm/v8/"
PLAIN = {
    ("GET", "org"): show_organisation,
    ("GET", "users"): list_users,
    ("GET", "settings/modules"): list_modules,
    ("GET", "settings/fields"): list_fields,
    ("POST", "settings/fields"): add_fields,
    ("GET", "settings/layouts"): list_layouts,
    ("POST", "coql"): run_query,
}
WITHOUT_INSERT = ("Attachments",)


def answer_crm(visit: Visit) -> Answer:
    """Raises Refusal for what Zoho refuses as a whole."""
    parts = split_path(visit.request.path)
    method, address = visit.request.method, "/".join(parts)
    plain = PLAIN.get((method, address))
    if plain:
        return plain(visit)
    if any(known == address for _, known in PLAIN):
        raise refuse_method()
    if parts[:1] == ["users"] and len(parts) == 2 and method == "GET":
        return show_user(visit, parts[1])
    if parts[:1] == ["settings"]:
        raise Refusal("INVALID_URL_PATTERN", "Please check if the URL is correct", status=404)
    return answer_module(visit, parts)


def answer_module(visit: Visit, parts: list[str]) -> Answer:
    module, method = parts[0] if parts else "", visit.request.method
    if module not in MODULES:
        details = {"resource_path_index": 0}
        raise Refusal(
            "INVALID_MODULE", "the module name given seems to be invalid", details=details
        )
    visit.require_module(module, OPERATIONS.get(method, "READ"))
    if len(parts) == 1:
        return answer_collection(visit, module)
    if len(parts) == 2 and method == "GET" and parts[1] in ("search", "deleted"):
        return (search_records if parts[1] == "search" else list_deleted)(visit, module)
    if parts[1:] == ["actions", "count"] and method == "GET":
        return count_records(visit, module)
    record_id = find_record_id(visit, module, parts[1])
    if len(parts) == 2:
        return answer_record(visit, module, record_id)
    return answer_child(visit, module, record_id, parts[2:])


def answer_collection(visit: Visit, module: str) -> Answer:
    method = visit.request.method
    if method == "GET":
        return list_records(visit, module)
    if method == "POST" and module not in WITHOUT_INSERT:
        return insert_records(visit, module)
    if method == "PUT" and module not in WITHOUT_INSERT:
        return update_records(visit, module)
    if method != "DELETE":
        raise refuse_method()
    ids = [part for part in visit.request.query.get("ids", "").split(",") if part]
    if not ids:
        details = {"param_name": "ids"}
        message = "one of the expected parameters is missing"
        raise Refusal("REQUIRED_PARAM_MISSING", message, details=details)
    return delete_records(visit, module, ids)


def answer_record(visit: Visit, module: str, record_id: str) -> Answer:
    method = visit.request.method
    if method == "GET":
        return show_single(visit, module, record_id)
    if method == "PUT" and module not in WITHOUT_INSERT:
        return update_single(visit, module, record_id)
    if method == "DELETE":
        return delete_records(visit, module, [record_id])
    raise refuse_method()


def answer_child(visit: Visit, module: str, record_id: str, parts: list[str]) -> Answer:
    method = visit.request.method
    if (module, method, parts) == ("Leads", "POST", ["actions", "convert"]):
        return convert_lead(visit, record_id)
    if parts[0] not in ("Notes", "Attachments"):
        raise Refusal("INVALID_URL_PATTERN", "Please check if the URL is correct", status=404)
    visit.require_module(parts[0], OPERATIONS.get(method, "READ"))
    if len(parts) == 1 and method == "GET":
        return list_children(visit, child=parts[0], parent=(module, record_id))
    if parts == ["Attachments"] and method == "POST":
        return attach_file(visit, parent=(module, record_id))
    if len(parts) == 2 and parts[0] == "Attachments" and method == "GET":
        return send_attachment(visit, parts[1])
    raise refuse_method()


def find_record_id(visit: Visit, module: str, part: str) -> str:
    """The id, or with `X-EXTERNAL: Calls.PBX_Ref` the record with this value of that field."""
    external = visit.request.headers.get("X-EXTERNAL", "")
    named, _, field = external.partition(".")
    if named != module:
        return part
    known = visit.shelf(module).fields.get(field)
    if known is None or not known.external:
        details = {"header": "X-EXTERNAL", "value": external}
        raise Refusal("INVALID_DATA", "the field is no external field", details=details)
    return visit.shelf(module).find_holder(field=field, value=part) or ""


def split_path(path: str) -> list[str]:
    return [unquote(part) for part in path.removeprefix(ROOT).split("/") if part]


def refuse_method() -> Refusal:
    return Refusal("INVALID_REQUEST_METHOD", "The http request method type is not a valid one")
