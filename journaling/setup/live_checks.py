"""“Test connection”: what only asking now can tell. HTTP, so outside any transaction."""

from dataclasses import dataclass

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.granting.grants import fetch_organisation_facts, open_client
from connector.models import Connection, UnreadableSecret
from connector.zoho.client import ZohoClient
from connector.zoho.errors import Misconfigured, ZohoError
from connector.zoho.organisation import read_current_user, read_organisation
from journaling.setup.foreign_calls import list_foreign

OWN_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class Finding:
    is_good: bool
    sentence: str


def run_live_checks(connection: Connection) -> list[Finding]:
    """The portal's own address, then Zoho; users and fields are read anew on the way."""
    return [check_own_address(), *check_zoho(connection)]


def check_own_address() -> Finding:
    """By the name that the PBX uses; certificates are checked as the PBX would."""
    url = f"{settings.PUBLIC_URL}/healthz"
    try:
        answer = requests.get(url, timeout=OWN_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        words = _("The portal does not reach itself at %(url)s: %(error)s")
        return Finding(is_good=False, sentence=words % {"url": url, "error": error})
    if answer.status_code != 200:
        words = _("%(url)s answers %(status)s instead of 200. What else listens there?")
        return Finding(is_good=False, sentence=words % {"url": url, "status": answer.status_code})
    return Finding(is_good=True, sentence=_("The portal answers at %s.") % settings.PUBLIC_URL)


def check_zoho(connection: Connection) -> list[Finding]:
    """Stops at the first question that Zoho does not answer."""
    found: list[Finding] = []
    try:
        client = open_client(connection)
        for ask in (ask_organisation, ask_facts):
            found.append(Finding(is_good=True, sentence=ask(connection, client)))
        found += find_other_programs(connection, client)
    except (ZohoError, UnreadableSecret) as error:
        found.append(Finding(is_good=False, sentence=_("Zoho: %s") % error))
    return found


def find_other_programs(connection: Connection, client: ZohoClient) -> list[Finding]:
    """Nothing to say when there are none."""
    titles = list_foreign(connection, client)
    if not titles:
        return []
    words = ngettext(
        "Another program writes calls as well: %(number)s in the last day, “%(title)s”. Switch it "
        "off, or calls stand in Zoho twice. Is 3CX's own integration still on?",
        "Another program writes calls as well: %(number)s in the last day, the first “%(title)s”. "
        "Switch it off, or calls stand in Zoho twice. Is 3CX's own integration still on?",
        len(titles),
    ) % {"number": len(titles), "title": titles[0]}
    return [Finding(is_good=False, sentence=words)]


def ask_organisation(connection: Connection, client: ZohoClient) -> str:
    facts, user = read_organisation(client), read_current_user(client)
    stored = connection.grant.organisation
    if facts.zgid != stored.zgid:
        raise Misconfigured(
            _("the access now belongs to another organisation, %s. Authorize again.") % facts.name,
            code="other_organisation",
        )
    return _("Zoho answers: %(name)s, connected as %(email)s.") % {
        "name": facts.name,
        "email": user.email,
    }


def ask_facts(connection: Connection, client: ZohoClient) -> str:
    fetch_organisation_facts(connection, client)
    users = connection.grant.organisation.users.filter(active=True).count()
    return _("Users (%s), fields and layouts were read anew.") % users
