"""Organisation, users and metadata."""

import re
from typing import Any

from .exchange import Answer, Refusal, answer_json, answer_nothing
from .modules import answer_verdicts, judge
from .organisation import User
from .schema import LIMITS, MODULES, Field
from .visit import Visit

MOST_FIELDS_A_CALL = 5
CUSTOM_TYPES = ("text", "textarea", "picklist", "email", "phone", "integer", "boolean", "date")
USER_TYPES = {
    "AllUsers": lambda user: user.status != "deleted",
    "ActiveUsers": lambda user: user.status == "active",
    "DeactiveUsers": lambda user: user.status == "disabled",
    "ConfirmedUsers": lambda user: user.confirm,
    "NotConfirmedUsers": lambda user: not user.confirm,
    "DeletedUsers": lambda user: user.status == "deleted",
    "ActiveConfirmedUsers": lambda user: user.status == "active" and user.confirm,
    "AdminUsers": lambda user: user.admin,
    "ActiveConfirmedAdmins": lambda user: user.status == "active" and user.confirm and user.admin,
}


def show_organisation(visit: Visit) -> Answer:
    """GET /org"""
    visit.require("ZohoCRM.org")
    return answer_json({"org": [visit.organisation.describe()]})


def list_users(visit: Visit) -> Answer:
    """GET /users?type=ActiveUsers&page=1&per_page=200"""
    visit.require("ZohoCRM.users")
    kind = visit.request.query.get("type", "AllUsers")
    if kind == "CurrentUser":
        return answer_users([visit.user], page=1, per_page=200)
    if kind not in USER_TYPES:
        details = {"param_name": "type", "supported_values": [*USER_TYPES, "CurrentUser"]}
        raise Refusal("INVALID_DATA", "invalid user type", details=details)
    fitting = [user for user in visit.organisation.users.values() if USER_TYPES[kind](user)]
    page = visit.read_number("page", default=1, most=10_000)
    return answer_users(
        fitting, page=page, per_page=visit.read_number("per_page", default=200, most=200)
    )


def show_user(visit: Visit, user_id: str) -> Answer:
    """GET /users/{id}"""
    visit.require("ZohoCRM.users")
    user = visit.organisation.users.get(user_id)
    return answer_users([user], page=1, per_page=200) if user else answer_nothing()


def answer_users(users: list[User], *, page: int, per_page: int) -> Answer:
    start = (page - 1) * per_page
    shown = users[start : start + per_page]
    if not shown:
        return answer_nothing()
    more = len(users) > start + per_page
    info = {"per_page": per_page, "count": len(shown), "page": page, "more_records": more}
    return answer_json({"users": [user.describe() for user in shown], "info": info})


def list_modules(visit: Visit) -> Answer:
    """GET /settings/modules"""
    visit.require("ZohoCRM.settings.modules")
    modules = [
        {
            "id": f"{number:05d}",
            "api_name": name,
            "module_name": name,
            "singular_label": name.removesuffix("s"),
            "plural_label": name,
            "api_supported": True,
            "creatable": True,
            "viewable": True,
            "generated_type": "default",
        }
        for number, name in enumerate(MODULES, start=2175)
    ]
    return answer_json({"modules": modules})


def list_fields(visit: Visit) -> Answer:
    """GET /settings/fields?module="""
    visit.require("ZohoCRM.settings.fields")
    module = read_module(visit)
    described = [
        field.describe(field_id=make_field_id(visit, module, number))
        for number, field in enumerate(visit.shelf(module).fields.values())
    ]
    return answer_json({"fields": described})


def list_layouts(visit: Visit) -> Answer:
    """GET /settings/layouts?module=: here it stands which fields a layout requires."""
    visit.require("ZohoCRM.settings.layouts")
    module = read_module(visit)
    layouts = [
        describe_layout(visit, module=module, layout_id=layout_id, name=name)
        for layout_id, name in visit.organisation.list_layouts(module).items()
    ]
    return answer_json({"layouts": layouts})


def describe_layout(visit: Visit, *, module: str, layout_id: str, name: str) -> dict[str, Any]:
    required = visit.organisation.list_required(module, layout=name)
    fields = [
        {
            **field.describe(field_id=make_field_id(visit, module, number)),
            "required": field.api_name in required,
            "sequence_number": number + 1,
        }
        for number, field in enumerate(visit.shelf(module).fields.values())
    ]
    section = {"name": f"{module} Information", "display_label": module, "fields": fields}
    return {
        "id": layout_id,
        "name": name,
        "status": "active",
        "visible": True,
        "sections": [section],
    }


def add_fields(visit: Visit) -> Answer:
    """POST /settings/fields?module=: makes custom fields, at most five a call."""
    visit.require("ZohoCRM.settings.fields", "CREATE")
    module = read_module(visit)
    wanted = visit.request.read_json().get("fields")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(w, dict) for w in wanted):
        place = {"api_name": "fields", "json_path": "$.fields"}
        raise Refusal("MANDATORY_NOT_FOUND", "required field not found", details=place)
    if len(wanted) > MOST_FIELDS_A_CALL:
        limit = {"limit": MOST_FIELDS_A_CALL, "api_name": "fields"}
        raise Refusal("LIMIT_EXCEEDED", "too many fields", details=limit)
    verdicts = judge(
        wanted, lambda given, position: add_field(visit, module=module, given=given, at=position)
    )
    answered = answer_verdicts(verdicts, status=201)
    return answer_json({"fields": verdicts}, status=answered.status)


def add_field(visit: Visit, *, module: str, given: dict[str, Any], at: int) -> dict[str, Any]:
    label, data_type = given.get("field_label"), given.get("data_type")
    shelf = visit.shelf(module)
    if not isinstance(label, str) or not label.strip():
        raise refuse_field("MANDATORY_NOT_FOUND", "field_label", at=at)
    if data_type not in CUSTOM_TYPES:
        raise refuse_field("INVALID_DATA", "data_type", at=at, supported_values=CUSTOM_TYPES)
    length = given.get("length", LIMITS.get(data_type, 255))
    if not isinstance(length, int) or not 1 <= length <= LIMITS.get(data_type, 255):
        raise refuse_field(
            "INVALID_DATA", "length", at=at, maximum_length=LIMITS.get(data_type, 255)
        )
    name = re.sub(r"\W+", "_", label.strip())
    if name in shelf.fields or any(f.label == label for f in shelf.fields.values()):
        raise refuse_field("DUPLICATE_DATA", "field_label", at=at)
    custom = Field(
        api_name=name,
        data_type=data_type,
        length=length,
        unique=bool(given.get("unique") or given.get("external")),
        external=bool(given.get("external")),
        values=tuple(v["actual_value"] for v in given.get("pick_list_values", [])),
        custom=True,
        label=label,
    )
    visit.organisation.add_field(module, custom)
    details = {"id": make_field_id(visit, module, len(shelf.fields) - 1)}
    return {"code": "SUCCESS", "details": details, "message": "field created", "status": "success"}


def refuse_field(code: str, name: str, *, at: int, **details: object) -> Refusal:
    place = {"api_name": name, "json_path": f"$.fields[{at}].{name}"}
    return Refusal(code, "the field cannot be made", details={**place, **details})


def read_module(visit: Visit) -> str:
    module = visit.request.query.get("module")
    if module is None:
        details = {"param_name": "module"}
        raise Refusal("REQUIRED_PARAM_MISSING", "module is missing", details=details)
    if module not in MODULES:
        raise Refusal("INVALID_MODULE", "the module name given seems to be invalid")
    return module


def make_field_id(visit: Visit, module: str, number: int) -> str:
    """Ids that no record has: they stand below those of the organisation's records."""
    return str(visit.organisation.first_id - 1_000_000 + MODULES.index(module) * 1000 + number)
