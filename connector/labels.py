"""What an organisation calls its modules and fields; the API name is the hint beside it."""

from connector.models import Connection, ZohoOrganisation
from connector.state import find_grant


def find_organisation(connection: Connection | None) -> ZohoOrganisation | None:
    grant = find_grant(connection) if connection else None
    return grant.organisation if grant else None


def find_label(organisation: ZohoOrganisation | None, *, module: str, field: str) -> str:
    """The field's own label, or "" when it is not known."""
    known = organisation.fields.get(module, {}).get(field, {}) if organisation else {}
    return str(known.get("label") or "")


def name_field(organisation: ZohoOrganisation | None, *, module: str, field: str) -> str:
    """“Call Purpose” (Call_Purpose); the bare API name when the organisation says the same."""
    label = find_label(organisation, module=module, field=field)
    return f"“{label}” ({field})" if label not in ("", field) else field


def name_module(organisation: ZohoOrganisation | None, module: str) -> str:
    """Clients/Contacts; the bare API name when the organisation says the same."""
    label = find_module_label(organisation, module)
    return f"{label}/{module}" if label.casefold() != module.casefold() else module


def find_module_label(organisation: ZohoOrganisation | None, module: str) -> str:
    names = organisation.module_labels.get(module, {}) if organisation else {}
    return str(names.get("many") or module)
