"""The accounts server: consent, tokens, revocation. Errors stand in HTTP 200, as at Zoho."""

from collections.abc import Mapping
from hmac import compare_digest
from urllib.parse import urlencode, urlsplit, urlunsplit

from .consent_page import show_consent, show_refusal
from .exchange import Answer, Request, answer_html, answer_json, redirect
from .organisation import Organisation
from .scopes import find_unknown, split_scopes
from .store import Store
from .tokens import ACCESS_SECONDS, Consent, Throttled

LOCATION = "us"
THROTTLE_TEXT = "You have made too many requests continuously. Please try again after some time."


def ask_consent(store: Store, request: Request) -> Answer:
    """GET /oauth/v2/auth: the page on which a person picks an account and accepts.

    Whose account lives in another data centre is moved there, as by Zoho.
    """
    if store.home_url:
        return redirect(extend_url(f"{store.home_url}/oauth/v2/auth", dict(request.query)))
    trouble = check_authorization(store, request.query)
    if trouble:
        return answer_html(show_refusal(trouble), status=400)
    return answer_html(show_consent(store, request.query))


def take_consent(store: Store, request: Request) -> Answer:
    """POST /oauth/v2/auth: back to the portal with a code, or with error=access_denied."""
    form = request.read_form()
    trouble = check_authorization(store, form)
    if trouble:
        return answer_html(show_refusal(trouble), status=400)
    state = {"state": form["state"]} if "state" in form else {}
    if form.get("decision") != "accept":
        return redirect(extend_url(form["redirect_uri"], {"error": "access_denied", **state}))
    consent = read_consent(store, form)
    if consent is None:
        return answer_html(
            show_refusal("This account does not exist or is not active."), status=400
        )
    code = store.tokens.issue_code(
        consent,
        redirect_uri=form["redirect_uri"],
        offline=form.get("access_type") == "offline",
        prompted=form.get("prompt") == "consent",
    )
    answer = {"code": code, "location": LOCATION, "accounts-server": request.base_url}
    return redirect(extend_url(form["redirect_uri"], {**answer, **state}))


def give_tokens(store: Store, request: Request) -> Answer:
    """POST /oauth/v2/token with grant_type authorization_code or refresh_token."""
    form = request.read_form()
    client = store.find_client(form.get("client_id", ""))
    if client is None:
        return answer_json({"error": "invalid_client"})
    secret = client.specification.client_secret
    if not compare_digest(form.get("client_secret", "").encode(), secret.encode()):
        return answer_json({"error": "invalid_client_secret"})
    grants = {"authorization_code": redeem_code, "refresh_token": refresh_access}
    grant = grants.get(form.get("grant_type", ""))
    if grant is None:
        return answer_json({"error": "unsupported_grant_type"})
    try:
        return grant(store, form, request.base_url)
    except Throttled:
        body = {"error": "Access Denied", "error_description": THROTTLE_TEXT, "status": "failure"}
        return answer_json(body, status=400)


def redeem_code(store: Store, form: dict[str, str], base_url: str) -> Answer:
    code = store.tokens.redeem(form.get("code", ""))
    if code is None or code.consent.client_id != form["client_id"]:
        return answer_json({"error": "invalid_code"})
    if code.redirect_uri != form.get("redirect_uri"):
        return answer_json({"error": "invalid_redirect_uri"})
    first_time = not store.tokens.list_refreshes(code.consent)
    refresh = ""
    if code.offline and (code.prompted or first_time):
        refresh = store.tokens.issue_refresh(code.consent)
    return answer_tokens(store, code.consent, refresh_token=refresh, fresh=True, base_url=base_url)


def refresh_access(store: Store, form: dict[str, str], base_url: str) -> Answer:
    token = form.get("refresh_token", "")
    held = store.tokens.refreshes.get(token)
    if held is None or held.consent.client_id != form["client_id"]:
        return answer_json({"error": "invalid_code"})
    return answer_tokens(store, held.consent, refresh_token=token, fresh=False, base_url=base_url)


def answer_tokens(
    store: Store, consent: Consent, *, refresh_token: str, fresh: bool, base_url: str
) -> Answer:
    """The refresh token stands in the answer only when it is new."""
    access = store.tokens.issue_access(consent, refresh_token=refresh_token)
    body = {
        "access_token": access,
        "scope": " ".join(consent.scopes),
        "api_domain": base_url,
        "token_type": "Bearer",
        "expires_in": ACCESS_SECONDS,
    }
    return answer_json(
        {**body, "refresh_token": refresh_token} if fresh and refresh_token else body
    )


def revoke_token(store: Store, request: Request) -> Answer:
    """POST /oauth/v2/token/revoke?token="""
    if store.tokens.revoke(request.read_form().get("token", "")):
        return answer_json({"status": "success"})
    return answer_json({"error": "invalid_token", "status": "failure"}, status=400)


def tell_servers(store: Store, request: Request) -> Answer:
    """GET /oauth/serverinfo: the one location there is."""
    return answer_json({"result": "success", "locations": {LOCATION: request.base_url}})


def check_authorization(store: Store, form: Mapping[str, str]) -> str | None:
    """What is wrong with a request for consent, in words for the page; None when nothing is."""
    client = store.find_client(form.get("client_id", ""))
    if client is None:
        return "Invalid client: no application has this Client ID."
    allowed = store.redirect_uris.get(form["client_id"])
    uri = form.get("redirect_uri", "")
    if urlsplit(uri).scheme not in ("http", "https") or (allowed and uri not in allowed):
        return "Invalid redirect address: it is not the one registered for this application."
    if form.get("response_type") != "code":
        return "Invalid response type: it must be code."
    scopes = split_scopes(form.get("scope", ""))
    unknown = find_unknown(scopes)
    if unknown or not scopes:
        return f"Invalid scope: {unknown or 'none was asked for'}."
    return None


def read_consent(store: Store, form: dict[str, str]) -> Consent | None:
    """`account` is an e-mail; without it, the administrator of the client's organisation."""
    account = form.get("account", "")
    home = store.find_client(form["client_id"])
    for organisation in sorted(store, key=lambda o: o is not home):
        user = organisation.find_user(account or find_administrator(organisation))
        if user and user.status == "active":
            scopes = split_scopes(form["scope"])
            return Consent(form["client_id"], organisation.zgid, user.id, scopes)
    return None


def find_administrator(organisation: Organisation) -> str:
    return next((u.email for u in organisation.users.values() if u.admin), "")


def extend_url(url: str, parameters: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = "&".join(filter(None, [parts.query, urlencode(parameters)]))
    return urlunsplit(parts._replace(query=query))
