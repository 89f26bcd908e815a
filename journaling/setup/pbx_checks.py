"""The PBX's side of the checklist: a verdict wherever the traffic shows one.

Menu paths are those of V18 and V20 (3CX's admin manuals).
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.models import Connection
from connector.threecx.download import collect_facts
from connector.threecx.template import VERSION, describe_content
from journaling.setup.steps import DONE, TODO, UNSEEN, WRONG, Step
from journaling.setup.traffic import Traffic


def list_steps(connection: Connection, traffic: Traffic) -> list[Step]:
    """Whoever leaves 3CX's own integration removes its copies first, and restarts 3CX."""
    is_v18 = connection.pbx_version == Connection.PbxVersion.V18
    crm = "Settings › CRM" if is_v18 else "Integrations › CRM"
    contacts = "Advanced › Contacts › Options" if is_v18 else "System › Phonebook › Options"
    template, copies = check_template(connection, crm=crm), check_copies(connection, crm=crm)
    further = [
        check_edition(connection, traffic),
        check_lookup(connection, traffic, crm=crm),
        check_report(connection, traffic),
        check_exact(connection, traffic, contacts=contacts),
        check_trunk(connection, traffic),
        check_emails(connection, traffic, is_v18=is_v18),
    ]
    if connection.takes_over:
        return [copies, template, check_restart(connection), *further]
    return [template, *further, copies]


def check_template(connection: Connection, *, crm: str) -> Step:
    title = _("3CX runs the portal's template instead of its own Zoho integration")
    seen = connection.template_version
    if seen is None:
        words = _("Not seen yet. In 3CX: %s. A PBX has one CRM integration at a time.") % crm
        return Step(title=title, state=TODO, reason=words, url="#pbx", action=_("Show how"))
    if seen < VERSION:
        words = _("The PBX runs version %(old)s; %(new)s is the newest. Replace it under %(crm)s.")
        words %= {"old": seen, "new": VERSION, "crm": crm}
        return Step(title=title, state=TODO, reason=words, url="#pbx", action=_("Download it"))
    content = describe_content(collect_facts(connection))
    if seen == VERSION and connection.template_content not in ("", content):
        words = _(
            "What may leave the PBX was changed since its template was made. Replace it under %s; "
            "until then the portal drops on arrival what it must not keep."
        )
        return Step(
            title=title, state=TODO, reason=words % crm, url="#pbx", action=_("Download it")
        )
    return Step(title=title, state=DONE, reason=_("version %s") % seen)


def check_restart(connection: Connection) -> Step:
    title = _("3CX restarted, so that the new template is used")
    if connection.template_version is not None:
        return Step(title=title, state=DONE)
    words = _("In 3CX restart the service “3CX System” once the template is chosen and saved.")
    return lead_to_pbx(connection, title=title, state=UNSEEN, reason=words)


def lead_to_pbx(connection: Connection, *, title: str, state: str, reason: str) -> Step:
    """A step done in 3CX; while the PBX's address is unknown, with the tab that asks for it."""
    url, action = connection.pbx_url, _("Open 3CX")
    if not url:
        url, action = "#pbx", _("Enter the PBX's address")
    return Step(title=title, state=state, reason=reason, url=url, action=action)


def check_edition(connection: Connection, traffic: Traffic) -> Step:
    title = _("3CX edition PRO or higher")
    if traffic.last:
        return Step(title=title, state=DONE, reason=_("It reports, so it may."))
    words = _("SMB, Free and Basic have no CRM integration; 3CX's dashboard names the edition.")
    return lead_to_pbx(connection, title=title, state=UNSEEN, reason=words)


def check_lookup(connection: Connection, traffic: Traffic, *, crm: str) -> Step:
    title = _("3CX asks who calls: for every external call, always")
    if traffic.asks_in_vain(connection):
        words = _(
            "Calls arrive that 3CX did not ask about. Under %s choose “Always query CRM”, switch "
            "on external calls, and compare the key."
        )
        return lead_to_pbx(connection, title=title, state=WRONG, reason=words % crm)
    if connection.last_lookup_at:
        return Step(title=title, state=DONE)
    words = _("No lookup yet. Under %s choose “Always query CRM” and call in from outside.") % crm
    return lead_to_pbx(connection, title=title, state=UNSEEN, reason=words)


def check_report(connection: Connection, traffic: Traffic) -> Step:
    title = _("First call reported")
    if traffic.last:
        return Step(title=title, state=DONE)
    words = _("Call in from outside, answer and hang up; 3CX reports after the end of a call.")
    return lead_to_pbx(connection, title=title, state=UNSEEN, reason=words)


def check_exact(connection: Connection, traffic: Traffic, *, contacts: str) -> Step:
    title = _("Phonebook option “Match exactly”")
    numbers = traffic.list_numbers(connection)
    cut = traffic.count_cut(connection)
    path = _("In 3CX: %s.") % contacts
    if not numbers:
        return lead_to_pbx(connection, title=title, state=UNSEEN, reason=path)
    if cut * 2 > len(numbers):
        words = ngettext(
            "The last number arrived cut.", "%(cut)s of the last %(all)s numbers arrived cut.",
            len(numbers),
        ) % {"cut": cut, "all": len(numbers)}  # fmt: skip
        return lead_to_pbx(connection, title=title, state=WRONG, reason=f"{words} {path}")
    words = ngettext(
        "The last number arrived uncut.", "The last %(all)s numbers arrived uncut.", len(numbers)
    ) % {"all": len(numbers)}
    return Step(title=title, state=DONE, reason=words)


def check_trunk(connection: Connection, traffic: Traffic) -> Step:
    title = _("The trunk delivers numbers with their country (E.164)")
    numbers = traffic.list_numbers(connection)
    if not numbers:
        return lead_to_pbx(
            connection, title=title, state=UNSEEN, reason=_("Set it at the trunk in 3CX.")
        )
    national = traffic.count_national(connection)
    if national:
        words = _("National numbers arrive; they are read by the rules of %s, which is fine.")
        return Step(title=title, state=DONE, reason=words % connection.country)
    return Step(title=title, state=DONE)


def check_emails(connection: Connection, traffic: Traffic, *, is_v18: bool) -> Step:
    """An extension that is listed on the page is mapped there and needs no e-mail in 3CX."""
    title = _("Extensions have e-mails in 3CX")
    path = "Extensions › General" if is_v18 else "Users › General"
    if not any(report.agent for report in traffic.reports):
        return lead_to_pbx(connection, title=title, state=UNSEEN, reason=_("In 3CX: %s.") % path)
    listed = set(connection.agents.values_list("extension", flat=True))
    if without := [one for one in traffic.list_without_email() if one not in listed]:
        words = _("Reported without an e-mail: %(extensions)s. Fill it in 3CX: %(path)s.")
        words %= {"extensions": ", ".join(without[:10]), "path": path}
        return Step(
            title=title, state=WRONG, reason=words, url="#extensions", action=_("Or map them here")
        )
    return Step(title=title, state=DONE)


def check_copies(connection: Connection, *, crm: str) -> Step:
    title = _("3CX does not copy CRM contacts into its phonebook")
    words = _(
        "The traffic does not show it. Under %s switch the copying off and press “Delete CRM "
        "contacts” once: copies are not updated, and 3CX does not ask about numbers it has."
    )
    words %= crm
    if connection.placeholder:
        words += " " + _(
            "The placeholder for unknown numbers is on: it must never be used together with "
            "copies, which would keep every unknown number as a contact for good."
        )
    return lead_to_pbx(connection, title=title, state=UNSEEN, reason=words)
