"""The set-up checklist: each step with its state, the reason, and what mends it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from connector.labels import find_organisation, name_module
from connector.models import Connection, RowSource, ZohoGrant
from connector.refusals import find_unmended
from connector.state import find_grant
from connector.zoho.scopes import missing_scopes
from journaling.models import JournalSettings
from journaling.owners import OwnerBook, fold, read_tables
from journaling.setup import pbx_checks, takeover
from journaling.setup.dial_checks import check_dialling
from journaling.setup.field_checks import list_unfilled
from journaling.setup.steps import DONE, TODO, UNSEEN, WRONG, Step
from journaling.setup.traffic import read_traffic

PEOPLE = ("Contacts", "Leads")
MOST_NAMED = 3
"""Permissions; the tab Zoho names all that lack."""


@dataclass(frozen=True, kw_only=True)
class Checklist:
    steps: list[Step]

    @property
    def done(self) -> int:
        return sum(step.state == DONE for step in self.steps)

    @property
    def next(self) -> Step | None:
        """What is wrong before what is missing, before what no traffic has shown yet."""
        for state in (WRONG, TODO):
            if step := next((step for step in self.steps if step.state == state), None):
                return step
        return None

    @property
    def urgent(self) -> list[Step]:
        """All that is wrong; while nothing is, the next step alone."""
        if wrong := [step for step in self.steps if step.state == WRONG]:
            return wrong
        return [self.next] if self.next else []


def build_checklist(connection: Connection) -> Checklist:
    """Asks neither Zoho nor the PBX: what is stored, and what the traffic shows."""
    checks = TAKEOVER_CHECKS if connection.takes_over else ZOHO_CHECKS
    last = takeover.check_test_call if connection.takes_over else check_dialling
    steps = [check(connection) for check in checks]
    steps += [*pbx_checks.list_steps(connection, read_traffic(connection)), last(connection)]
    return Checklist(steps=list(filter(None, steps)))


def check_client(connection: Connection) -> Step:
    title = _("Client registered in Zoho's API console")
    if connection.client_id and connection.client_secret:
        return Step(title=title, state=DONE, reason=connection.client_id)
    words = _("Client ID or Client Secret is missing. Register the portal and paste both.")
    return Step(title=title, state=TODO, reason=words, url="#zoho", action=_("Show how"))


def check_grant(connection: Connection) -> Step:
    title = _("Authorised by a user of the organisation")
    grant = find_grant(connection)
    url = reverse("zoho-authorize", args=[connection.pk])
    if grant is None:
        words = _("Nobody has authorised the portal yet.")
        if not (connection.client_id and connection.client_secret):
            return Step(title=title, state=TODO, reason=words, url="#zoho", action=_("Show how"))
        return Step(
            title=title,
            state=TODO,
            reason=words,
            url=url,
            action=_("Authorize"),
            leads_to_zoho=True,
        )
    if grant.state == ZohoGrant.State.REFUSED:
        words = _("Zoho refuses the access: %s") % grant.refused_words
        return Step(
            title=title, state=WRONG, reason=words, url=url, action=_("Authorize again"),
            leads_to_zoho=True,
        )  # fmt: skip
    return Step(title=title, state=DONE, reason=grant.user_email)


def check_organisation(connection: Connection) -> Step | None:
    title = _("The right account and organisation")
    grant = find_grant(connection)
    if grant is None:
        return None
    if proposed := getattr(connection, "proposed_grant", None):
        words = _("Somebody authorised another organisation: %(organisation)s.")
        words %= {"organisation": proposed.organisation.name}
        url = reverse("admin:connector_connection_move", args=[connection.pk])
        return Step(title=title, state=WRONG, reason=words, url=url, action=_("Decide"))
    return Step(title=title, state=DONE, reason=str(grant.organisation))


def check_scopes(connection: Connection) -> Step | None:
    title = _("All permissions given")
    grant = find_grant(connection)
    if grant is None:
        return None
    if missing := missing_scopes(grant.scopes):
        named = [str(scope) for scope in missing[:MOST_NAMED]]
        named += ["…"] if len(missing) > MOST_NAMED else []
        words = _("The consent lacks: %s") % ", ".join(named)
        url = reverse("zoho-authorize", args=[connection.pk])
        return Step(
            title=title, state=WRONG, reason=words, url=url, action=_("Authorize again"),
            leads_to_zoho=True,
        )  # fmt: skip
    return Step(title=title, state=DONE)


def check_fields(connection: Connection) -> Step | None:
    """Mandatory fields that nothing fills would stop every call."""
    title = _("Mandatory fields are filled")
    journal = find_journal(connection)
    if find_grant(connection) is None or journal is None:
        return None
    unfilled = list_unfilled(journal, connection=connection)
    if not unfilled:
        return Step(title=title, state=DONE)
    needs = _("Nothing fills: %s. Until then such calls need a decision.")
    if all(field["module"] in PEOPLE for field in unfilled):
        needs = _("Nothing fills: %s. Until then Zoho creates nobody.")
    words = needs % ", ".join(describe_unfilled(field, connection=connection) for field in unfilled)
    return Step(title=title, state=WRONG, reason=words, inputs=tuple(unfilled))


def describe_unfilled(field: dict[str, Any], *, connection: Connection) -> str:
    organisation = find_organisation(connection)
    return f"“{field['label']}” ({name_module(organisation, field['module'])}, {field['name']})"


def check_users(connection: Connection) -> Step | None:
    """“Has no Zoho user” counts as settled; what was read from the PBX is not a mistake."""
    title = _("Extensions have their users in Zoho")
    grant = find_grant(connection)
    journal = find_journal(connection)
    if grant is None or journal is None:
        return None
    book = OwnerBook(connection, grant.organisation, tables=read_tables(connection))
    if not book.agents:
        words = _("None is listed: an extension with a Zoho user's e-mail in 3CX needs no line.")
        return Step(
            title=title, state=UNSEEN, reason=words, url="#extensions", action=_("Show the table")
        )
    unmatched = [
        agent
        for agent in book.agents
        if not agent.has_no_zoho_user and fold(agent.zoho_user or agent.email) not in book.by_email
    ]
    open_ones = [agent.extension or agent.email for agent in unmatched]
    settled = len(book.agents) - len(open_ones)
    words = _("%(settled)s of %(all)s") % {"settled": settled, "all": len(book.agents)}
    if not open_ones:
        return Step(title=title, state=DONE, reason=words)
    words += ". " + _("No user of Zoho has the e-mail of: %s.") % ", ".join(open_ones[:10])
    was_typed = any(agent.source == RowSource.MANUAL for agent in unmatched)
    return Step(
        title=title,
        state=WRONG if was_typed else TODO,
        reason=words,
        url="#extensions",
        action=_("Show the table"),
    )


def check_reference(connection: Connection) -> Step | None:
    title = _("Reference field")
    grant = find_grant(connection)
    if grant is None:
        return None
    name = connection.reference_field
    modules = ("Calls", "Tasks")
    missing = [
        module
        for module in modules
        if not (grant.organisation.fields.get(module, {}).get(name) or {}).get("unique")
    ]
    if name and not missing:
        return Step(title=title, state=DONE, reason=name)
    words = _(
        "Optional: a unique text field %(name)s in %(modules)s lets Zoho itself refuse doubles. "
        "Without it the portal asks Zoho first whenever an answer got lost."
    ) % {
        "name": name or "PBX_Ref",
        "modules": ", ".join(
            name_module(grant.organisation, module) for module in missing or modules
        ),
    }
    url = reverse("admin:connector_connection_reference_field", args=[connection.pk])
    return Step(
        title=title, state=UNSEEN, reason=words, url=url, action=_("Create it in Zoho"), posts=True
    )


def offer_reference(connection: Connection) -> Step | None:
    """The move itself changes nothing in Zoho: once the PBX runs the template it is over."""
    return check_reference(connection) if connection.template_version is not None else None


def check_key(connection: Connection) -> Step:
    title = _("Key of the PBX")
    if not connection.pbx_keys.exists():
        words = _("There is no key yet; without one the PBX is refused.")
        url = reverse("admin:connector_connection_new_key", args=[connection.pk])
        return Step(title=title, state=TODO, reason=words, url=url, action=_("New key"), posts=True)
    for _connection, sentence in find_unmended([connection]):
        return Step(
            title=title, state=WRONG, reason=sentence, url="#pbx", action=_("Template and key")
        )
    return Step(title=title, state=DONE)


def find_journal(connection: Connection) -> JournalSettings | None:
    return getattr(connection, "journal", None)


Check = Callable[[Connection], Step | None]
ZOHO_CHECKS: tuple[Check, ...] = (
    check_client, check_grant, check_organisation, check_scopes, check_fields, check_users,
    check_reference, check_key,
)  # fmt: skip
TAKEOVER_CHECKS: tuple[Check, ...] = (
    takeover.check_shared_client, check_grant, check_organisation, check_scopes,
    takeover.check_texts, takeover.check_begin, check_fields, check_users, takeover.check_tried,
    offer_reference, check_key,
)  # fmt: skip
