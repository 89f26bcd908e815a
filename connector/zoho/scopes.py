"""What the portal asks Zoho for, once for everything it does, and why.

Each scope added later would mean a new consent of every customer.
"""

import re
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SCOPES: dict[str, str | Promise] = {
    "ZohoCRM.modules.calls.ALL": _("Write calls, look up and correct what was written."),
    "ZohoCRM.modules.tasks.ALL": _("Write chats and follow-ups as tasks."),
    "ZohoCRM.modules.contacts.ALL": _("Find callers among contacts, create new ones."),
    "ZohoCRM.modules.leads.ALL": _("Find callers among leads, create new ones."),
    "ZohoCRM.modules.accounts.ALL": _("Find callers among accounts, link calls to them."),
    "ZohoCRM.modules.deals.ALL": _("Link calls to the newest open deal."),
    "ZohoCRM.modules.notes.ALL": _("Put long texts into notes beside the call."),
    "ZohoCRM.modules.attachments.ALL": _("Attach long transcripts to the call."),
    "ZohoSearch.securesearch.READ": _("Search by number, name and e-mail."),
    "ZohoCRM.coql.READ": _("Ask whether a record was written after a lost answer."),
    "ZohoCRM.users.READ": _("Know the users who own the records."),
    "ZohoCRM.org.READ": _("Know which organisation is connected."),
    "ZohoCRM.settings.fields.ALL": _("Read limits and pick lists, create the reference field."),
    "ZohoCRM.settings.layouts.READ": _("Know which fields are mandatory."),
    "ZohoCRM.settings.modules.READ": _("Know which modules the organisation has."),
}


def split_scopes(text: str) -> list[str]:
    """Zoho is asked with commas and answers with blanks."""
    return [part for part in re.split(r"[,\s]+", text) if part]


def missing_scopes(given: Iterable[str]) -> list[str]:
    """The scopes of SCOPES that no given one covers; `ZohoCRM.modules.ALL` covers all modules."""
    held = [scope.lower().split(".") for scope in given]
    return [scope for scope in SCOPES if not any(covers(one, scope) for one in held)]


def covers(held: list[str], scope: str) -> bool:
    *group, operation = scope.lower().split(".")
    *held_group, held_operation = held
    return held_operation in ("all", operation) and group[: len(held_group)] == held_group
