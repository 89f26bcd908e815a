"""Conditions that keep records of Zoho out of the mirror, one line each.

Contacts: Contact_Status = Private      those with the value stay out
Leads: May_Call != true                 those without it stay out
Accounts: Account_Type =                those where it is empty stay out
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from connector.models.module_order import MODULES

LINE = re.compile(r"(\w+)\s*:\s*([A-Za-z]\w*)\s*(!=|=)\s*(.*)", re.ASCII | re.DOTALL)
LOOKUPS = ("lookup", "ownerlookup", "userlookup", "multi_module_lookup")
"""Zoho's pages give the names of such values, COQL only their ids."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """Keeps out the records whose field has (`is_equal`) or has not the value."""

    module: str
    field: str
    is_equal: bool
    value: str

    def __str__(self) -> str:
        return f"{self.module}: {self.field} {'=' if self.is_equal else '!='} {self.value}"


def parse_line(line: str) -> Condition:
    """Raises ValidationError."""
    found = LINE.fullmatch(line.strip())
    if not found or found[1] not in MODULES:
        raise ValidationError(
            _("“%(line)s” cannot be read. Write it like: Contacts: Contact_Status = Private"),
            params={"line": line},
        )
    return Condition(
        module=found[1], field=found[2], is_equal=found[3] == "=", value=found[4].strip()
    )


def check_lines(lines: object, *, known: Mapping[str, Mapping[str, Any]]) -> None:
    """`known` is ZohoOrganisation.fields, empty before authorising.

    A field that does not exist would keep nobody out, so it is refused.
    """
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise ValidationError(_("Must be a list of texts."))
    for condition in map(parse_line, lines):
        fields = known.get(condition.module)
        facts = fields.get(condition.field) if fields else {}
        if facts is None:
            raise ValidationError(
                _("%(module)s has no field %(field)s in this organisation."),
                params={"module": condition.module, "field": condition.field},
            )
        is_lookup = facts.get("type") in LOOKUPS
        if is_lookup and condition.value and not condition.value.isdecimal():
            raise ValidationError(
                _("%(field)s points to another record: give that record's id in Zoho."),
                params={"field": condition.field},
            )
