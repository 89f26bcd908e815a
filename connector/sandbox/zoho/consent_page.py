"""The page on which a person lets a client act as one of the CRM's users."""

from collections.abc import Mapping

from .organisation import Organisation
from .paper import Html, fill, join, make_page
from .scopes import split_scopes
from .store import Store

CARRIED = ("client_id", "redirect_uri", "scope", "state", "response_type", "access_type", "prompt")


def show_consent(store: Store, query: Mapping[str, str]) -> str:
    """Accounts of every organisation, those of the client's own first."""
    home = store.find_client(query["client_id"])
    organisations = sorted(store, key=lambda organisation: organisation is not home)
    carried = [fill("hidden", name=n, value=query[n]) for n in CARRIED if n in query]
    first = True
    groups = []
    for organisation in organisations:
        groups.append(show_accounts(organisation, preselect=first))
        first = False
    content = fill(
        "consent",
        client_id=query["client_id"],
        organisation=home.specification.name if home else "",
        scopes=join([fill("scope", name=name) for name in split_scopes(query.get("scope", ""))]),
        accounts=join(groups),
        hidden=join(carried),
    )
    return make_page("Allow access", content, wide=False)


def show_accounts(organisation: Organisation, *, preselect: bool) -> Html:
    active = [user for user in organisation.users.values() if user.status == "active"]
    accounts = [
        fill(
            "account",
            email=user.email,
            name=user.full_name,
            role="Administrator" if user.admin else "",
            checked="checked" if preselect and user is active[0] else "",
        )
        for user in active
    ]
    spec = organisation.specification
    return fill("accounts", organisation=spec.name, zgid=spec.zgid, accounts=join(accounts))


def show_refusal(reason: str) -> str:
    content = fill("message", heading="An error occurred", text=reason)
    return make_page("An error occurred", content, wide=False)
