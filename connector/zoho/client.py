"""The one door to Zoho's API: tokens, time limit, and one repetition with a new token.

Usable without a database. Errors are the classes of `errors`, whatever happened on the way.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from connector.wording import Wording as _
from connector.wording import Words
from connector.zoho.deadline import measure_ms
from connector.zoho.errors import Temporary, TokenRefused, ZohoError
from connector.zoho.meanwhile import Meanwhile
from connector.zoho.prices import price
from connector.zoho.verdicts import judge_answer
from connector.zoho.wire import Answer, Question, send_question

log = logging.getLogger(__name__)

SECONDS = 30.0
MOST_SECONDS = 55.0
"""A call has to end before the claim on its entries does."""
LEAST_SECONDS = 1.0


class TokenSource(Protocol):
    """Where access tokens come from."""

    def read(self) -> str:
        """A token to use now; raises Temporary, Misconfigured or GrantRefused."""

    def report_refused(self, token: str) -> None:
        """Zoho did not accept it, so that `read` gives another; raises Temporary if too soon."""


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request as it went. `path` has no parameters; `status` is None without an answer.

    `outcome` is "answered", "temporary", "rejected", "misconfigured" or "unknown". `credits` is
    what it cost, `credits_left` what Zoho said is left of the last 24 hours' credits, if it did.
    """

    method: str
    path: str
    status: int | None
    took_ms: int
    outcome: str
    words: Words
    credits: int = 0
    credits_left: int | None = None


class ZohoClient:
    """Speaks to one organisation. A call ends within `timeout` seconds, a repetition included.

    `meanwhile` may have other work for whoever waits for an answer; then a repetition ends within
    MOST_SECONDS, or is not begun.
    """

    def __init__(
        self,
        *,
        api_url: str,
        tokens: TokenSource,
        on_exchange: Callable[[Exchange], None] | None = None,
        timeout: float = SECONDS,
        meanwhile: Meanwhile | None = None,
    ) -> None:
        if not 0 < timeout < MOST_SECONDS:
            raise ValueError(f"timeout must be below {MOST_SECONDS} seconds")
        self.api_url = api_url.rstrip("/")
        self.tokens = tokens
        self.on_exchange = on_exchange
        self.timeout = timeout
        self.meanwhile = meanwhile

    def get(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any] | None:
        """The JSON object, or None for 204 (nothing there) and 304 (unchanged)."""
        return self._ask(
            Question(method="GET", path=path, params=params, headers=headers, writes=False)
        )

    def post(
        self,
        path: str,
        json: Mapping[str, Any],
        params: Mapping[str, str] | None = None,
        *,
        writes: bool = True,
    ) -> dict[str, Any]:
        """Refusals of single records (`data[]`) are answers, whatever the status.

        `writes=False` is for queries that Zoho takes by POST: they may be repeated.
        """
        return self._send("POST", path, json=json, params=params, writes=writes)

    def put(
        self, path: str, json: Mapping[str, Any], params: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        return self._send("PUT", path, json=json, params=params, writes=True)

    def delete(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Deleting twice does no harm, so a lost answer is Temporary."""
        question = Question(method="DELETE", path=path, params=params, writes=False)
        return self._ask(question) or {}

    def upload(self, path: str, filename: str, content: bytes) -> dict[str, Any]:
        payload = {"files": {"file": (filename, content)}}
        question = Question(method="POST", path=path, payload=payload, writes=True)
        return self._ask(question) or {}

    def _send(
        self,
        method: str,
        path: str,
        *,
        json: Mapping[str, Any],
        params: Mapping[str, str] | None,
        writes: bool,
    ) -> dict[str, Any]:
        question = Question(
            method=method, path=path, params=params, payload={"json": json}, writes=writes
        )
        return self._ask(question) or {}

    def _ask(self, question: Question) -> dict[str, Any] | None:
        began = time.monotonic()
        token = self.tokens.read()
        exchange = partial(self._exchange, question, token=token, give_up_at=began + self.timeout)
        try:
            return self.meanwhile.wait(exchange) if self.meanwhile else exchange()
        except TokenRefused:
            self.tokens.report_refused(token)
            token = self.tokens.read()
            # Work done meanwhile takes no time from the repetition, as far as there is any.
            seconds = MOST_SECONDS if self.meanwhile else self.timeout
            return self._exchange(question, token=token, give_up_at=began + seconds)

    def _exchange(
        self, question: Question, *, token: str, give_up_at: float
    ) -> dict[str, Any] | None:
        seconds = min(give_up_at - time.monotonic(), self.timeout)
        if seconds < LEAST_SECONDS:
            raise Temporary(_("Renewing the access to Zoho took too long."), code="no_time")
        started = time.monotonic()
        answer: Answer | None = None
        try:
            answer = send_question(question, api_url=self.api_url, token=token, seconds=seconds)
            body = judge_answer(answer, question=question)
        except ZohoError as error:
            self._report(question, started, answer=answer, error=error)
            raise
        self._report(question, started, answer=answer)
        return body

    def _report(
        self,
        question: Question,
        started: float,
        *,
        answer: Answer | None,
        error: ZohoError | None = None,
    ) -> None:
        never_sent = error is not None and error.code == "unreachable"
        exchange = Exchange(
            method=question.method,
            path=question.path,
            status=answer.status if answer else None,
            took_ms=measure_ms(started),
            outcome=error.outcome if error else "answered",
            words=error.words if error else "",
            credits=0 if never_sent else price(question, answer),
            credits_left=answer.credits_left if answer else None,
        )
        log.debug("%s %s: %s %s", exchange.method, exchange.path, exchange.status, exchange.outcome)
        if self.on_exchange:
            self.on_exchange(exchange)
