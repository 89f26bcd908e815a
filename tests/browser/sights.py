"""Every page of the portal, and how a person gets to see it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace

from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page, Route

from connector.access.inviting import build_link
from connector.clicktocall.agents import make_token
from connector.models import DialWay
from connector.phones import read_number
from connector.placeholders import seal_link
from journaling.admin.connection_tabs import TABS
from tests.browser.world import NUMBER, PASSWORD, build_world
from tests.support.zoho import ControlledZoho

STRANGER = "+441632961234"

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


def find_admin_pages(world: SimpleNamespace) -> dict[str, list[int]]:
    """Names of the admin's addresses, with what each is about."""
    acme = [world.acme.pk]
    return {
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
        "connector_agenttoken_delete": [world.token.pk],
        "connector_zohouser_changelist": [],
        "connector_zohouser_change": [world.zoho_user.pk],
        "journaling_entry_changelist": [],
        "journaling_entry_change": [world.parked.pk],
        "journaling_entry_write_anew": [world.delivered.pk],
        "journaling_event_changelist": [],
        "journaling_event_change": [world.event.pk],
        "journaling_attempt_changelist": [],
        "journaling_attempt_change": [world.attempt.pk],
        "journaling_alarm_changelist": [],
        "journaling_alarm_change": [world.alarm.pk],
        "journaling_alarmreceiver_changelist": [],
        "journaling_alarmreceiver_add": [],
        "journaling_alarmreceiver_change": [world.receiver.pk],
        "auditlog_logentry_changelist": [],
        "auditlog_logentry_change": [world.log.pk],
        "auth_user_changelist": [],
        "auth_user_add": [],
        "auth_user_change": [world.person.pk],
        "auth_user_access": [world.person.pk],
        "auth_user_password_change": [world.person.pk],
        "password_change": [],
        "password_change_done": [],
    }


def list_admin(world: SimpleNamespace) -> Iterator[Sight]:
    for name, args in find_admin_pages(world).items():
        yield Sight(name=name, act=go(reverse(f"admin:{name}", args=args)))
    for name in ("queues", "privacy", "own-code"):
        yield Sight(name=name, act=go(reverse(name)))
    leaving = reverse("admin:connector_connection_change", args=[world.beta.pk])
    yield Sight(name="takes-over", act=go(leaving))
    delivered = reverse("admin:journaling_entry_change", args=[world.delivered.pk])
    yield Sight(name="delivered", act=go(delivered))
    yield Sight(name="app-list", act=go(reverse("admin:app_list", args=["journaling"])))
    for tab in TABS:
        part = "html" if tab is TABS[0] else f"#{tab.key}-group"
        yield Sight(name=f"tab-{tab.key}", act=go(f"{find_change(world)}#{tab.key}"), part=part)


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


def try_last(page: Page, world: SimpleNamespace) -> None:
    page.goto(reverse("admin:connector_connection_try", args=[world.acme.pk]))
    page.locator("button[name='last']").click()
    page.locator(".pb-box + .pb-box").first.wait_for()


def choose_anew(page: Page, world: SimpleNamespace) -> None:
    page.goto(reverse("admin:journaling_entry_write_anew", args=[world.delivered.pk]))
    page.locator("#id_owner").select_option(index=1)
    page.locator("#id_kind").select_option("Inbound")
    page.locator(".pb-box button.pb-primary").click()
    page.locator("button[name='confirmed']").wait_for()


def show_link(page: Page, world: SimpleNamespace) -> None:
    page.goto(reverse("admin:auth_user_access", args=[world.person.pk]))
    page.locator("button[value='link']").click()
    page.locator("#link").wait_for()


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
    "tried-last": try_last,
    "anew-chosen": choose_anew,
    "access-link": show_link,
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


def dial_by_app(page: Page, world: SimpleNamespace) -> None:
    page.context.clear_cookies()
    _token, text = make_token(world.acme, extension="103", name="Cy", way=DialWay.TEL)
    page.goto(f"/dial?number={NUMBER}")
    page.locator("#token").fill(text)
    page.locator("#token").press("Enter")
    page.locator("button[autofocus]").click()
    page.locator("main.good").wait_for()


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
    "dial-in-app": dial_by_app,
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
