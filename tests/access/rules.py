"""The permissions table: who may open each address of the admin, and press each of its buttons.

An address or action that is missing here fails the tests: decide who may, and write it down.
"""

from dataclasses import dataclass

from django.urls import URLResolver, get_resolver

ANYONE, VIEWER, OPERATOR, ADMINISTRATOR, EVERYWHERE, NOBODY = range(6)
"""The least role that is let in; EVERYWHERE is an administrator of every connection."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`row` names the row of tests.access.world that stands in the address."""

    method: str
    least: int
    row: str = ""


def post(least: int, row: str = "connection") -> list[Rule]:
    return [Rule(method="post", least=least, row=row)]


def get(least: int, row: str = "") -> list[Rule]:
    return [Rule(method="get", least=least, row=row)]


def pages(name: str, *, row: str, look: int, edit: int, add: int, remove: int) -> dict:
    """The five addresses that Django's admin makes for a model."""
    history = max(ADMINISTRATOR, look)
    return {
        f"admin:{name}_changelist": get(look),
        f"admin:{name}_add": get(add),
        f"admin:{name}_history": get(history, row),
        f"admin:{name}_delete": get(remove, row) + post(remove, row),
        f"admin:{name}_change": get(look, row) + post(edit, row),
    }


def read_only(name: str, *, row: str, look: int) -> dict:
    return pages(name, row=row, look=look, edit=NOBODY, add=NOBODY, remove=NOBODY)


def managed(name: str, *, row: str, least: int) -> dict:
    return pages(name, row=row, look=least, edit=least, add=least, remove=least)


def buttons(prefix: str, least: int, *names: str, row: str = "connection") -> dict:
    return {f"{prefix}{name}": post(least, row) for name in names}


RULES: dict[str, list[Rule]] = {
    "admin:index": get(ANYONE),
    "admin:search": get(ANYONE),
    "admin:autocomplete": get(NOBODY),
    "admin:jsi18n": get(ANYONE),
    "admin:password_change": get(ANYONE),
    "admin:password_change_done": get(ANYONE),
    "login-code": get(ANYONE),
    "own-code": get(ANYONE),
    "queues": get(VIEWER),
    "queues-speak": post(EVERYWHERE, ""),
    "privacy": get(EVERYWHERE),
    "privacy-erasure": get(EVERYWHERE, "erasure"),
    **buttons("queues-", OPERATOR, "pause", "resume", "retry", "free"),
    **pages(
        "connector_connection",
        row="connection",
        look=VIEWER,
        edit=ADMINISTRATOR,
        add=EVERYWHERE,
        remove=EVERYWHERE,
    ),
    **buttons("admin:connector_connection_", OPERATOR, "pause", "resume", "test", "test_call"),
    **buttons(
        "admin:connector_connection_",
        ADMINISTRATOR,
        "new_key",
        "begin_now",
        "fill_field",
        "directory_compare",
        "directory_refill",
        "directory_share",
        "read_extensions",
        "reference_field",
        "preview",
    ),
    "admin:connector_connection_template": get(ADMINISTRATOR, "connection"),
    "admin:connector_connection_move": get(ADMINISTRATOR, "connection"),
    "admin:connector_connection_remove_demo": get(ADMINISTRATOR, "connection"),
    "admin:connector_connection_try": get(ADMINISTRATOR, "connection"),
    "admin:connector_connection_proof": get(VIEWER, "connection"),
    "admin:connector_connection_proof_sheet": get(VIEWER, "connection"),
    **buttons("admin:connector_connection_", OPERATOR, "compare", "send_missing"),
    "admin:connector_connection_make_demo": post(EVERYWHERE, ""),
    "zoho-authorize": get(ADMINISTRATOR, "connection"),
    **managed("connector_agenttoken", row="token", least=ADMINISTRATOR),
    **read_only("connector_zohouser", row="zoho_user", look=VIEWER),
    **managed("auth_user", row="user", least=EVERYWHERE),
    "admin:auth_user_access": get(EVERYWHERE, "user") + post(EVERYWHERE, "user"),
    "admin:auth_user_password_change": get(EVERYWHERE, "user"),
    **managed("journaling_alarmreceiver", row="receiver", least=ADMINISTRATOR),
    **buttons("admin:journaling_alarmreceiver_", ADMINISTRATOR, "send_test", row="receiver"),
    **read_only("journaling_alarm", row="alarm", look=VIEWER),
    **read_only("journaling_entry", row="parked", look=VIEWER),
    **buttons(
        "admin:journaling_entry_",
        OPERATOR,
        "try_again",
        "leave_out",
        "done",
        "candidate",
        row="parked",
    ),
    "admin:journaling_entry_put_on": post(OPERATOR, "delivered"),
    "admin:journaling_entry_write_anew": get(OPERATOR, "delivered") + post(OPERATOR, "delivered"),
    "call-page": get(VIEWER, "link"),
    **read_only("auditlog_logentry", row="log", look=ADMINISTRATOR),
    **read_only("journaling_event", row="event", look=VIEWER),
    **read_only("journaling_attempt", row="attempt", look=VIEWER),
}

OPEN = {
    # Nobody needs to be logged in for these.
    "admin:login", "admin:logout", "set_language", "home", "invited", "healthz", "zoho-callback",
    # A key, a token, a sealed link or the machine itself opens these.
    "pbx-lookup", "pbx-lookup-by-email", "pbx-search", "pbx-hello", "pbx-calls", "pbx-chats",
    "pbx-contacts", "caller", "agent-me", "agent-call", "agent-extension", "dial", "readyz",
    "metrics",
    # Redirects of Django that lead to the addresses above.
    "admin:view_on_site", "admin:app_list", "admin:None",
}  # fmt: skip

ACTIONS: dict[tuple[str, str], int] = {
    ("agenttoken", "delete_selected"): ADMINISTRATOR,
    ("agenttoken", "revoke"): ADMINISTRATOR,
    ("user", "delete_selected"): EVERYWHERE,
    ("connection", "delete_selected"): EVERYWHERE,
    ("alarmreceiver", "delete_selected"): ADMINISTRATOR,
    ("entry", "try_again"): OPERATOR,
    ("entry", "leave_out"): OPERATOR,
    ("entry", "export"): VIEWER,
}


def list_names(resolver: URLResolver | None = None, namespace: str = "") -> set[str]:
    """The names of all addresses there are."""
    found: set[str] = set()
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            found |= list_names(pattern, namespace + inner)
        else:
            found.add(f"{namespace}{pattern.name}")
    return found
