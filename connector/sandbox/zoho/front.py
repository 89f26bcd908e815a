"""Where every request comes in: the accounts server, the CRM, its pages, and the sandbox's own."""

import logging
from collections.abc import Callable
from dataclasses import replace

from .control import Control
from .crm import ROOT, answer_crm
from .exchange import Answer, Refusal, Request, answer_json, redirect
from .faults import Faults
from .log import Log, name_resource
from .oauth import ask_consent, give_tokens, revoke_token, take_consent, tell_servers
from .pages import show_card, show_received
from .screens import show_screen
from .store import Store
from .visit import admit

logger = logging.getLogger("patchbay.sandbox.zoho")
OAUTH: dict[tuple[str, str], Callable[[Store, Request], Answer]] = {
    ("GET", "/oauth/v2/auth"): ask_consent,
    ("POST", "/oauth/v2/auth"): take_consent,
    ("POST", "/oauth/v2/token"): give_tokens,
    ("POST", "/oauth/v2/token/revoke"): revoke_token,
    ("GET", "/oauth/serverinfo"): tell_servers,
}


class Front:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.faults = Faults()
        self.log = Log(store.clock)
        self.control = Control(store, faults=self.faults, log=self.log)

    def answer(self, request: Request) -> Answer:
        """Raises Cut where a fault wants the connection closed without an answer."""
        if request.path.startswith(("/oauth/", ROOT)):
            return self.answer_zoho(request)
        return self.handle(request, self.route_own)

    def answer_zoho(self, request: Request) -> Answer:
        """Zoho's part: logged, slowed down, and broken on order."""
        with self.store.lock:
            fault = self.faults.take(request, module=name_resource(request.path))
            entry = self.log.note(request, fault=fault.kind if fault else None)
        self.faults.wait(self.faults.latency_ms / 1000)

        def commit() -> Answer:
            return self.handle(request, self.route_zoho)

        answer = self.faults.apply(fault, commit) if fault else commit()
        entry["status"] = answer.status
        return self.tell_credits(answer)

    def tell_credits(self, answer: Answer) -> Answer:
        left = self.faults.credits_left
        if left is None:
            return answer
        return replace(answer, headers={**answer.headers, "X-API-CREDITS-REMAINING": str(left)})

    def handle(self, request: Request, route: Callable[[Request], Answer]) -> Answer:
        """One request at a time; what it changed is in the file before it is answered."""
        with self.store.lock:
            try:
                answer = route(request)
                self.store.commit()
            except Refusal as refusal:
                return answer_json(refusal.as_object(), status=refusal.status)
            except Exception:
                logger.exception("The sandbox failed at %s %s", request.method, request.path)
                failure = Refusal("INTERNAL_ERROR", "Internal Server Error", status=500)
                return answer_json(failure.as_object(), status=500)
            return answer

    def route_zoho(self, request: Request) -> Answer:
        if request.path.startswith(ROOT):
            return answer_crm(admit(self.store, request, faults=self.faults))
        answer = OAUTH.get((request.method, request.path))
        if answer is None:
            raise refuse_address()
        return answer(self.store, request)

    def route_own(self, request: Request) -> Answer:
        if request.path in ("/", "/sandbox"):
            return redirect("/sandbox/")
        if request.path == "/sandbox/":
            return show_received(self.store, request)
        if request.path.startswith("/sandbox/"):
            return self.control.answer(request)
        page = show_screen(self.store, request) or show_card(self.store, request)
        if page is None:
            raise refuse_address()
        return page


def refuse_address() -> Refusal:
    return Refusal("INVALID_URL_PATTERN", "Please check if the URL is correct", status=404)
