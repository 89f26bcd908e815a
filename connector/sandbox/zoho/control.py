"""The sandbox's own addresses, with which tests and people steer it and see what happened.

GET  /sandbox/control    what is set        POST sets the keys of `CONTROLS` that its JSON names
GET  /sandbox/log        the latest requests, oldest first, `?limit=`
GET  /sandbox/counters   requests by method and address, workflows run, tokens issued, records
GET  /sandbox/records    ?module=Calls      everything as it is stored
POST /sandbox/grant      tokens without the consent page: {"account", "client_id", "scope"}
`organisation` (a zgid) chooses among several organisations; without it the first one acts.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Any

from .children import CONTENT
from .exchange import Answer, Refusal, Request, answer_json
from .faults import Fault, Faults
from .log import Log
from .oauth import answer_tokens, read_consent
from .organisation import Organisation, User
from .schema import MODULES
from .store import Store

RESETS = ("faults", "log", "data", "tokens")
EVERY_SCOPE = (
    "ZohoCRM.modules.ALL,ZohoSearch.securesearch.READ,ZohoCRM.coql.READ,ZohoCRM.users.READ,"
)
EVERY_SCOPE += "ZohoCRM.org.READ,ZohoCRM.settings.ALL"


class Control:
    def __init__(self, store: Store, *, faults: Faults, log: Log) -> None:
        self.store = store
        self.faults = faults
        self.log = log

    def answer(self, request: Request) -> Answer:
        routes: dict[tuple[str, str], Callable[[Request], Answer]] = {
            ("GET", "control"): lambda request: answer_json(self.describe()),
            ("POST", "control"): self.set,
            ("GET", "log"): self.show_log,
            ("GET", "counters"): self.show_counters,
            ("GET", "records"): self.show_records,
            ("POST", "grant"): self.grant,
        }
        name = request.path.removeprefix("/sandbox/").strip("/")
        route = routes.get((request.method, name))
        if route is None:
            raise Refusal("INVALID_URL_PATTERN", "The sandbox has no such address", status=404)
        return route(request)

    def describe(self) -> dict[str, Any]:
        return {**self.faults.describe(), "clock_ahead_seconds": self.store.clock.ahead_seconds}

    def set(self, request: Request) -> Answer:
        """Unknown keys are refused by name before anything is set."""
        wanted = request.read_json()
        organisation = self.find_organisation(wanted.pop("organisation", None))
        unknown = sorted(set(wanted) - set(CONTROLS))
        if unknown:
            details = {"unknown_keys": unknown, "known_keys": sorted(CONTROLS)}
            raise Refusal("INVALID_DATA", "control does not know this", details=details)
        for name in sorted(wanted, key=list(CONTROLS).index):
            try:
                CONTROLS[name](self, organisation, wanted[name])
            except (TypeError, ValueError, KeyError) as trouble:
                reason = {"api_name": name, "reason": str(trouble)}
                raise Refusal("INVALID_DATA", "this value is wrong", details=reason) from trouble
        return answer_json(self.describe())

    def find_organisation(self, zgid: str | None) -> Organisation:
        if zgid is None:
            return next(iter(self.store))
        if zgid not in self.store.organisations:
            raise Refusal("INVALID_DATA", "no such organisation", details={"zgid": zgid})
        return self.store.organisations[zgid]

    def show_log(self, request: Request) -> Answer:
        limit = request.query.get("limit", "")
        skipped = len(self.log.requests) - int(limit) if limit.isdecimal() else 0
        return answer_json({"requests": list(islice(self.log.requests, max(0, skipped), None))})

    def show_counters(self, request: Request) -> Answer:
        organisation = self.find_organisation(request.query.get("organisation"))
        records = {module: len(organisation.shelves[module]) for module in MODULES}
        counters = {
            "requests": dict(self.log.counts),
            "workflows": dict(organisation.workflows),
            "tokens_issued": self.store.tokens.issued,
            "records": records,
        }
        return answer_json(counters)

    def show_records(self, request: Request) -> Answer:
        organisation = self.find_organisation(request.query.get("organisation"))
        module = request.query.get("module", "")
        if module not in MODULES:
            raise Refusal("INVALID_MODULE", "no such module", details={"modules": MODULES})
        records = [
            {key: value for key, value in record.items() if key != CONTENT}
            for record in organisation.shelves[module]
        ]
        return answer_json({"records": records})

    def grant(self, request: Request) -> Answer:
        """What a consent would give, offline, as the accounts server answers it."""
        wanted = request.read_json()
        home = self.find_organisation(wanted.get("organisation"))
        form = {
            "client_id": wanted.get("client_id", home.specification.client_id),
            "account": wanted.get("account", ""),
            "scope": wanted.get("scope", EVERY_SCOPE),
        }
        consent = read_consent(self.store, form)
        if consent is None:
            raise Refusal("INVALID_DATA", "no such account, or not active", details=form)
        refresh = self.store.tokens.issue_refresh(consent)
        return answer_tokens(
            self.store, consent, refresh_token=refresh, fresh=True, base_url=request.base_url
        )

    def reset(self, organisation: Organisation, wanted: Any) -> None:
        """True forgets faults, log and data; a list names what to forget, tokens included."""
        parts = RESETS[:3] if wanted is True else tuple(wanted or ())
        if "faults" in parts:
            self.faults.waiting.clear()
            self.faults.latency_ms = self.faults.index_delay_seconds = 0.0
            self.faults.credits_left = None
            self.store.clock.ahead_seconds = 0.0
        if "log" in parts:
            self.log.clear()
        if "data" in parts:
            self.store.reset_data()
        if "tokens" in parts:
            self.store.tokens.revoke_all()

    def set_latency(self, organisation: Organisation, wanted: Any) -> None:
        self.faults.latency_ms = float(wanted)

    def set_index_delay(self, organisation: Organisation, wanted: Any) -> None:
        self.faults.index_delay_seconds = float(wanted)

    def set_clock(self, organisation: Organisation, wanted: Any) -> None:
        self.store.clock.ahead_seconds = float(wanted)

    def set_credits(self, organisation: Organisation, wanted: Any) -> None:
        self.faults.credits_left = None if wanted is None else int(wanted)

    def add_faults(self, organisation: Organisation, wanted: Any) -> None:
        self.faults.waiting += [Fault.read(given) for given in wanted]

    def revoke_grants(self, organisation: Organisation, wanted: Any) -> None:
        if wanted:
            self.store.tokens.revoke_all(organisation.zgid)

    def expire_tokens(self, organisation: Organisation, wanted: Any) -> None:
        if wanted:
            self.store.tokens.expire_accesses()

    def set_redirect_uris(self, organisation: Organisation, wanted: Any) -> None:
        self.store.redirect_uris.update(wanted)

    def set_home(self, organisation: Organisation, wanted: Any) -> None:
        self.store.home_url = str(wanted)

    def set_users(self, organisation: Organisation, wanted: Any) -> None:
        """Users by e-mail: changed where they exist, added where they do not."""
        for given in wanted:
            known = organisation.find_user(given["email"])
            fresh = User(id="", email=given["email"], full_name=given["email"])
            user = replace(known or replace(fresh, id=organisation.take_id()), **given)
            organisation.users[user.id] = user

    def set_required(self, organisation: Organisation, wanted: Any) -> None:
        organisation.required.update(wanted)

    def set_recycle_bin(self, organisation: Organisation, wanted: Any) -> None:
        organisation.deleted_keeps_unique = bool(wanted)


CONTROLS: dict[str, Callable[[Control, Organisation, Any], None]] = {
    "reset": Control.reset,  # true, or some of RESETS; comes first
    "latency_ms": Control.set_latency,
    "index_delay_seconds": Control.set_index_delay,
    "clock_ahead_seconds": Control.set_clock,
    "credits_left": Control.set_credits,  # null: not told
    "faults": Control.add_faults,  # a list of objects with the keys of faults.Fault; added
    "revoke_grants": Control.revoke_grants,
    "expire_access_tokens": Control.expire_tokens,
    "redirect_uris": Control.set_redirect_uris,  # {client id: [address]}, [] = every address
    "home_url": Control.set_home,  # the data centre in which the people's accounts live
    "users": Control.set_users,  # [{"email", "full_name", "status", "confirm", "admin"}]
    "required_fields": Control.set_required,  # {module: [field]}, as a layout may demand
    "deleted_keeps_unique": Control.set_recycle_bin,
}
