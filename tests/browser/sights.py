"""Every page of the portal, and how a person gets to see it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace

from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import Page, Route

from connector.access import second_step
from connector.access.inviting import build_link
from connector.clicktocall.agents import make_token
from connector.models import Connection, ProposedGrant, ZohoGrant, ZohoOrganisation
from connector.phones import read_number
from connector.placeholders import seal_link
from connector.zoho.scopes import SCOPES
from journaling.admin.connection_tabs import TABS
from journaling.models import Entry, Event
from tests.access.world import add_comparisons, build_surroundings
from tests.connector.zoho.world import ACME
from tests.support.builders import build_call_body, build_entry
from tests.support.zoho import ControlledZoho

NUMBER = "+441632960011"
STRANGER = "+441632961234"
PASSWORD = "a long password of a test"

Act = Callable[[Page, SimpleNamespace], object]


@dataclass(frozen=True, kw_only=True)
class Sight:
    """`act` leads to the page; somebody who is not logged in sees it where `is_outside`.

    `part` is all that differs from a page that was seen already.
    """

    name: str
    act: Act
    part: str = "html"
    is_outside: bool = False


def go(path: str) -> Act:
    return lambda page, _world: page.goto(path)


def build_world(zoho: ControlledZoho) -> SimpleNamespace:
    """One connection that is used, one that is new and whose Zoho was authorised anew."""
    acme = zoho.connect(placeholder=True)
    organisation = acme.grant.organisation
    ZohoOrganisation.objects.update(zgid=ACME.zgid)
    ZohoGrant.objects.update(scopes=list(SCOPES))
    parked = build_entry(
        acme, state=Entry.State.PARKED, reason="INVALID_DATA", words="invalid data",
        number=NUMBER, number_key=NUMBER, record={"Subject": "Call"},
        trace=[{"at": "2026-11-22T10:44:31+00:00", "code": "reported", "type": "Missed"}],
    )  # fmt: skip
    delivered = build_entry(
        acme, state=Entry.State.DELIVERED, call_type="Missed", number=NUMBER, person="Ada Lane",
        delivered_at=timezone.now(), zoho_id="5000000000000777",
    )  # fmt: skip
    event = Event.objects.create(
        connection=acme, entry=delivered, kind="call", identity="1", body=build_call_body(),
        received_at=timezone.now(), number=NUMBER, extension="101",
    )  # fmt: skip
    add_comparisons(acme, parked=parked, number=NUMBER)
    rows = build_surroundings(acme, organisation)
    return SimpleNamespace(
        acme=acme, beta=move_elsewhere(zoho), person=build_person(), parked=parked,
        delivered=delivered, event=event,
        invited=User.objects.create_user("invited", is_staff=True), **vars(rows),
    )  # fmt: skip


def build_person() -> User:
    """Somebody who is asked for a code after the password."""
    person = User.objects.create_superuser("cody", "cody@portal.example", PASSWORD)
    step = second_step.begin(person)
    step.confirmed_at = timezone.now()
    step.save()
    return person


def move_elsewhere(zoho: ControlledZoho) -> Connection:
    """A customer of 3CX's own integration, for whom somebody authorised another organisation."""
    beta = zoho.connect("beta", name="Beta GmbH", takes_over=True)
    other = ZohoOrganisation.objects.create(zgid="20061000009", name="Gamma SA")
    names = {field.name for field in ProposedGrant._meta.fields} - {"id", "organisation"}
    facts = {name: getattr(beta.grant, name) for name in names}
    ProposedGrant.objects.create(**facts, organisation=other)
    return beta


def list_admin(world: SimpleNamespace) -> Iterator[Sight]:
    acme = [world.acme.pk]
    for name, args in {
        "index": [],
        "connector_connection_changelist": [],
        "connector_connection_add": [],
        "connector_connection_try": acme,
        "connector_connection_proof": acme,
        "connector_connection_history": acme,
        "connector_connection_delete": acme,
        "connector_connection_move": [world.beta.pk],
        "connector_agenttoken_changelist": [],
        "connector_agenttoken_add": [],
        "connector_agenttoken_change": [world.token.pk],
        "connector_zohouser_changelist": [],
        "journaling_entry_changelist": [],
        "journaling_entry_change": [world.parked.pk],
        "journaling_entry_write_anew": [world.delivered.pk],
        "journaling_event_changelist": [],
        "journaling_event_change": [world.event.pk],
        "journaling_attempt_changelist": [],
        "journaling_alarm_changelist": [],
        "journaling_alarm_change": [world.alarm.pk],
        "journaling_alarmreceiver_changelist": [],
        "journaling_alarmreceiver_add": [],
        "journaling_alarmreceiver_change": [world.receiver.pk],
        "auditlog_logentry_changelist": [],
        "auth_user_changelist": [],
        "auth_user_add": [],
        "auth_user_change": [world.person.pk],
        "auth_user_access": [world.person.pk],
        "password_change": [],
    }.items():
        yield Sight(name=name, act=go(reverse(f"admin:{name}", args=args)))
    for name, args in {
        "queues": [],
        "privacy": [],
        "own-code": [],
    }.items():
        yield Sight(name=name, act=go(reverse(name, args=args)))
    change = find_change(world)
    leaving = reverse("admin:connector_connection_change", args=[world.beta.pk])
    yield Sight(name="takes-over", act=go(leaving))
    for tab in TABS:
        part = "html" if tab is TABS[0] else f"#{tab.key}-group"
        yield Sight(name=f"tab-{tab.key}", act=go(f"{change}#{tab.key}"), part=part)


def find_change(world: SimpleNamespace) -> str:
    return reverse("admin:connector_connection_change", args=[world.acme.pk])


def choose_in_bulk(page: Page, _world: SimpleNamespace) -> None:
    page.goto(reverse("admin:journaling_entry_changelist"))
    page.locator("#result_list .action-select").first.check()
    action = page.locator("select[name=action]").last
    action.select_option("leave_out")
    action.evaluate("one => one.form.requestSubmit()")
    page.locator(".pb-box-warning").wait_for()


def make_key(page: Page, world: SimpleNamespace) -> None:
    page.goto(f"{find_change(world)}#pbx")
    page.locator("#pbx-group button[form='pb-new-key']").click()
    page.locator(".pb-copy code").wait_for()


def save_wrong(page: Page, world: SimpleNamespace) -> None:
    page.goto(f"{find_change(world)}#calls")
    page.locator("#id_missed").fill("Call from [Numbr]")
    page.locator("button[name='_continue']").click()
    page.locator("#calls-group .errorlist").wait_for()


def try_call(page: Page, world: SimpleNamespace) -> None:
    page.goto(reverse("admin:connector_connection_try", args=[world.acme.pk]))
    page.locator("#id_try-number").fill(NUMBER)
    page.locator("button[name='try']").click()
    page.locator(".pb-story").wait_for()


def ask_for_person(page: Page, _world: SimpleNamespace) -> None:
    page.goto(reverse("privacy"))
    page.locator("#id_asked").fill(NUMBER)
    page.locator("button[value='show']").click()
    page.locator("#erase").wait_for()


def watch_erasure(page: Page, world: SimpleNamespace) -> None:
    """Without the order to look again, which would take the page away."""
    path = reverse("privacy-erasure", args=[world.erasure.pk])
    page.route(f"**{path}", drop_refresh)
    page.goto(path)


def drop_refresh(route: Route) -> None:
    answer = route.fetch()
    headers = {name: text for name, text in answer.headers.items() if name != "refresh"}
    route.fulfill(response=answer, headers=headers)


def begin_code(page: Page, _world: SimpleNamespace) -> None:
    page.goto(reverse("own-code"))
    page.locator("button[value='begin']").click()
    page.locator("input[name='code']").wait_for()


def unfold_steps(page: Page, world: SimpleNamespace) -> None:
    page.goto(find_change(world))
    page.locator(".pb-unfold").click()


def search_in_vain(page: Page, _world: SimpleNamespace) -> None:
    page.goto(reverse("admin:journaling_entry_changelist") + "?q=nobody")


def consent(decision: str, account: str = "") -> Act:
    def act(page: Page, world: SimpleNamespace) -> None:
        page.goto(reverse("zoho-authorize", args=[world.acme.pk]))
        if account:
            page.locator(f"[value='{account}']").check()
        page.get_by_role("button", name=decision).click()
        page.locator("main h1").wait_for()

    return act


ACTED: dict[str, Act] = {
    "checklist": unfold_steps,
    "nothing-found": search_in_vain,
    "bulk": choose_in_bulk,
    "new-key": make_key,
    "wrong-value": save_wrong,
    "tried": try_call,
    "person-found": ask_for_person,
    "erasure-under-way": watch_erasure,
    "own-code-begun": begin_code,
    "consent-granted": consent("Accept"),
    "consent-failed": consent("Reject"),
    "consent-moved": consent("Accept", "ann@beta.example"),
}
"""What stands behind a button."""


def log_in(page: Page, *, password: str) -> None:
    page.context.clear_cookies()
    page.goto(reverse("admin:login"))
    page.locator("#id_username").fill("cody")
    page.locator("#id_password").fill(password)
    page.locator("#id_password").press("Enter")
    page.wait_for_load_state()


def lock_out(page: Page, _world: SimpleNamespace) -> None:
    for _try in range(10):
        Client().post(reverse("admin:login"), {"username": "cody", "password": "wrong"})
    log_in(page, password="wrong")


def sign_in_to_dial(page: Page, world: SimpleNamespace) -> None:
    _token, text = make_token(world.acme, extension="102", name="Ben")
    page.goto(f"/dial?number={NUMBER}")
    page.locator("#token").fill(text)
    page.locator("#token").press("Enter")
    page.locator("button[autofocus]").wait_for()


def dial(page: Page, _world: SimpleNamespace) -> None:
    page.goto(f"/dial?number={NUMBER}")
    page.locator("form .button").click()
    page.wait_for_load_state()


def open_placeholder(page: Page, world: SimpleNamespace) -> None:
    link = seal_link(world.acme, read_number(STRANGER, world.acme.number_rules))
    page.goto(reverse("caller", args=[link]))


def open_invitation(page: Page, world: SimpleNamespace) -> None:
    page.goto(build_link(world.invited))


def open_call_page(page: Page, world: SimpleNamespace) -> None:
    page.goto(f"/c/{world.delivered.reference}")


def show_template(name: str) -> Act:
    """Pages that no address leads to while all is well."""

    def act(page: Page, _world: SimpleNamespace) -> None:
        page.goto("/healthz")
        with override(page.evaluate("navigator.language")):
            page.set_content(render_to_string(f"{name}.html", {"public_url": "https://p.example"}))

    return act


OUTSIDE: dict[str, Act] = {
    "dial-sign-in": go(f"/dial?number={NUMBER}"),
    "dial-ask": sign_in_to_dial,
    "dial-done": dial,
    "dial-no-number": go("/dial?number=nothing"),
    "caller-unknown": open_placeholder,
    "caller-link": go("/callers/mistyped"),
    "invited": open_invitation,
    "invited-late": go("/admin/invited/Mg/set-password/"),
    "call-page-log-in": open_call_page,
    "400": show_template("400"),
    "403": show_template("403"),
    "404": go("/nothing"),
    "500": show_template("500"),
    "wrong-address": show_template("wrong_address"),
    "log-in": go("/admin/login/"),
    "log-in-wrong": lambda page, _world: log_in(page, password="wrong"),
    "log-in-code": lambda page, _world: log_in(page, password=PASSWORD),
    "locked": lock_out,
}
"""What somebody sees who is not logged in; the last ones lock the door behind themselves."""


def list_sights(zoho: ControlledZoho) -> Iterator[tuple[Sight, SimpleNamespace]]:
    """Each with what its act needs; the first while the portal is empty."""
    yield Sight(name="first-run", act=go("/admin/")), SimpleNamespace()
    world = build_world(zoho)
    inside = [Sight(name=name, act=act) for name, act in ACTED.items()]
    outside = [Sight(name=name, act=act, is_outside=True) for name, act in OUTSIDE.items()]
    for sight in [*list_admin(world), *inside, *outside]:
        yield sight, world
