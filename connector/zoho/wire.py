"""One HTTP exchange with Zoho's API: sent, timed, and either an answer or an error class."""

import json
import logging
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.exceptions import MaxRetryError, NewConnectionError

from connector.wording import Wording
from connector.wording import Wording as _
from connector.zoho.deadline import DeadlineAdapter, limit_time
from connector.zoho.errors import Temporary, UnknownOutcome, ZohoError

CONNECT_SECONDS = 5
CHUNK = 64 * 1024
SESSIONS = threading.local()
UNSTORABLE = re.compile(rb"\\u(?:0000|d[89a-f])", re.I)
"""NUL, and halves of a pair, whole or not, as JSON may write them."""

# Below this level it writes whole addresses, and a search by number stands in the address.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A request to be sent. `writes` says whether repeating it may do something twice."""

    method: str
    path: str
    writes: bool
    params: Mapping[str, str] | None = None
    headers: Mapping[str, str] | None = None
    payload: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back, read to its end. `body` is None where it is no JSON object.

    `credits_left` of the last 24 hours is said by Zoho once half of them is used.
    """

    status: int
    is_empty: bool
    body: dict[str, Any] | None
    retry_after: float | None = None
    credits_left: int | None = None


class ZohoToken(AuthBase):
    """Zoho's own word in place of Bearer; also keeps a .netrc file from interfering."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Zoho-oauthtoken {self.token}"
        return request


def open_session() -> requests.Session:
    """This thread's session. It keeps connections, but no cookies: it serves many customers."""
    session: requests.Session | None = getattr(SESSIONS, "session", None)
    if session is None:
        session = SESSIONS.session = requests.Session()
        prepare_session(session)
    return session


def prepare_session(session: requests.Session, *, adapter: HTTPAdapter | None = None) -> None:
    adapter = adapter or DeadlineAdapter()
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))


def send_question(question: Question, *, api_url: str, token: str, seconds: float) -> Answer:
    """Raises Temporary when nothing was done for sure, UnknownOutcome when a write may be."""
    with limit_time(seconds):
        try:
            response = open_session().request(
                question.method,
                api_url + question.path,
                params=question.params,
                headers=question.headers,
                auth=ZohoToken(token),
                timeout=(min(CONNECT_SECONDS, seconds), seconds),
                allow_redirects=False,
                stream=True,
                **question.payload,
            )
            with response:
                content = b"".join(response.iter_content(CHUNK))
        except requests.RequestException as error:
            raise explain_failure(error, question=question, api_url=api_url) from None
    return read_answer(response, content)


def read_answer(response: requests.Response, content: bytes) -> Answer:
    try:
        body = read_json(content)
    except (ValueError, RecursionError):
        body = None
    wait = response.headers.get("Retry-After", "")
    left = response.headers.get("X-API-CREDITS-REMAINING", "")
    return Answer(
        status=response.status_code,
        is_empty=not content.strip(),
        body=body if isinstance(body, dict) else None,
        retry_after=float(wait) if wait.isascii() and wait.isdigit() else None,
        credits_left=int(left) if left.isascii() and left.isdigit() else None,
    )


def read_json(content: bytes) -> Any:
    body = json.loads(content)
    return keep_storable(body) if UNSTORABLE.search(content) else body


def keep_storable(value: Any) -> Any:
    """The same without signs that no database takes: one record must not stop a whole mirror."""
    if isinstance(value, dict):
        return {name: keep_storable(one) for name, one in value.items()}
    if isinstance(value, list):
        return [keep_storable(one) for one in value]
    if isinstance(value, str):
        return value.replace("\0", "").encode(errors="ignore").decode()
    return value


def explain_failure(
    error: requests.RequestException, *, question: Question, api_url: str
) -> ZohoError:
    """Never with the error's own text: it holds the address, and so numbers searched for."""
    if was_never_sent(error):
        return Temporary(
            _(
                "Zoho (%(url)s) cannot be reached: %(reason)s.",
                url=api_url,
                reason=name_reason(error),
            ),
            code="unreachable",
        )
    return explain_cut(question)


def explain_cut(question: Question) -> ZohoError:
    if question.writes:
        return UnknownOutcome(
            _("Zoho's answer did not arrive; the record may have been written."), code="no_answer"
        )
    return Temporary(_("Zoho's answer did not arrive."), code="no_answer")


def was_never_sent(error: requests.RequestException) -> bool:
    """True only where no connection for the request came about."""
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(error, requests.exceptions.SSLError):
        return "CERTIFICATE_VERIFY_FAILED" in str(reason)
    return isinstance(reason, NewConnectionError)


def name_reason(error: requests.RequestException) -> Wording:
    if isinstance(error, requests.exceptions.SSLError):
        return _("its certificate is not trusted by this machine")
    if isinstance(error, requests.exceptions.ProxyError):
        return _("the proxy of HTTPS_PROXY does not let the request through")
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return _("no connection in time")
    return _("no connection; is the network, the name service or a firewall in the way?")
