"""What the connection's page shows beside its fields."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from connector.access.roles import CHANGE_CONNECTION, REPAIR_CONNECTION
from connector.access.scope import covers
from connector.admin.directory_box import describe_box
from connector.clicktocall.agents import find_settings
from connector.granting.tokens import REDIRECT_PATH
from connector.models import Connection, ZohoGrant
from connector.moments import show_moment
from connector.refusals import list_refusals
from connector.state import State, describe_state, find_grant
from connector.threecx.template import VERSION
from connector.zoho.datacentres import DATA_CENTRES
from connector.zoho.scopes import missing_scopes
from journaling.admin.tab_parts import build_tabs
from journaling.models import TrialCall
from journaling.setup.checklist import build_checklist
from journaling.texts.rendering import CALL_VARIABLES, CHAT_VARIABLES
from journaling.trying.demo import SLUG as DEMO_SLUG
from journaling.trying.trial_call import describe_trial


@dataclass(frozen=True, kw_only=True)
class Access:
    """Zoho's side as the page shows it."""

    state: State
    grant: ZohoGrant | None
    proposed: Any
    can_authorize: bool
    missing_scopes: list[Any]
    console_url: str


def describe_page(connection: Connection, *, context: dict[str, Any], user: Any) -> dict[str, Any]:
    """Template variables of an existing connection's page.

    Whoever may not change it gets no tabs: settings are shown to nobody else.
    """
    grant = find_grant(connection)
    may_change = covers(user, CHANGE_CONNECTION, connection)
    fieldsets, inlines = list(context["adminform"]), context["inline_admin_formsets"]
    tabs = build_tabs(fieldsets=fieldsets, inlines=inlines) if may_change else []
    return {
        "connection": connection,
        "may_change": may_change,
        "may_repair": covers(user, REPAIR_CONNECTION, connection),
        "tabs": tabs,
        "trial": describe_last_trial(connection),
        "checklist": build_checklist(connection),
        "first_wrong_tab": next((tab["key"] for tab in tabs if tab["errors"]), ""),
        "access": Access(
            state=describe_state(connection),
            grant=grant,
            proposed=getattr(connection, "proposed_grant", None),
            can_authorize=bool(connection.client_id and connection.client_secret),
            missing_scopes=missing_scopes(grant.scopes) if grant else [],
            console_url=find_console_url(connection),
        ),
        "directory": describe_box(connection, grant, user=user),
        "is_demo": connection.slug == DEMO_SLUG,
        "redirect_url": settings.PUBLIC_URL + REDIRECT_PATH,
        "homepage_url": settings.PUBLIC_URL,
        "pbx_base_url": f"{settings.PUBLIC_URL}/pbx/{connection.slug}",
        "hello_command": write_hello(connection),
        "current_version": VERSION,
        "extension_url": f"{settings.PUBLIC_URL}/agent/extension.zip",
        "custom_link": f"{settings.PUBLIC_URL}/dial?number=${{Contacts.Phone}}"
        "&module=Contacts&id=${Contacts.Contact Id}",
        "has_pbx_api": find_settings(connection).has_api,
        "extension_reading": getattr(connection, "extension_reading", None),
        "keys": list(connection.pbx_keys.all()),
        "refusals": list_refusals(connection),
        "call_variables": CALL_VARIABLES,
        "chat_variables": CHAT_VARIABLES,
        "centres": {
            key: {
                "accounts_url": centre.accounts_url,
                "crm_url": centre.crm_url,
                "api_url": centre.api_url,
            }
            for key, centre in DATA_CENTRES.items()
        },
    }


def describe_last_trial(connection: Connection) -> dict[str, str] | None:
    trial = TrialCall.objects.filter(connection=connection).order_by("-began_at").first()
    if trial is None:
        return None
    moment = show_moment(trial.began_at, zone=connection.time_zone)
    return {"moment": moment, "sentence": describe_trial(trial).sentence}


def write_hello(connection: Connection) -> str:
    return f"curl -H 'X-Api-Key: YOUR-KEY' {settings.PUBLIC_URL}/pbx/{connection.slug}/hello"


def find_console_url(connection: Connection) -> str:
    """Where the client is registered: Zoho's API console of the same data centre, or "" ."""
    host = urlsplit(connection.accounts_url).hostname or ""
    known = {centre.accounts_host for centre in DATA_CENTRES.values()}
    return f"https://{host.replace('accounts.', 'api-console.', 1)}/" if host in known else ""
