"""The set-up checklist as a person uses it, and the PBX that it waits for."""

import re
from dataclasses import dataclass
from typing import Any

import requests
from playwright.sync_api import Locator, Page, expect

from connector.auth import forget_connections
from connector.knocks import write_knocks
from connector.threecx.template import VERSION
from tests.browser.walk import Walker
from tests.support.builders import build_call_body

STATES = {"done": "success", "mend": "danger", "to do": "warning", "not seen": "info"}


@dataclass
class Pbx:
    """As the PBX of a customer knocks at the portal."""

    url: str
    key: str = "a-wrong-key-of-the-pbx-a91f"
    version: int = VERSION

    def ask(self, door: str, body: Any = None) -> int:
        forget_connections()
        headers = {"X-Api-Key": self.key, "X-Template-Version": str(self.version)}
        method = "GET" if body is None else "POST"
        url = f"{self.url}/pbx/acme/{door}"
        answer = requests.request(method, url, data=body, headers=headers, timeout=10)
        write_knocks()
        return answer.status_code

    def report(self, **values: Any) -> None:
        assert self.ask("calls", build_call_body(**values)) == 202


@dataclass
class List:
    """The checklist on the connection's page, as a person reads and uses it."""

    walker: Walker

    @property
    def page(self) -> Page:
        return self.walker.page

    def find(self, title: str) -> Locator:
        """Folds the whole list out; it is folded in or out once its button says so."""
        fold = self.page.get_by_role("button", name="All steps")
        expect(fold).to_have_attribute("aria-expanded", re.compile("true|false"))
        if fold.get_attribute("aria-expanded") == "false":
            fold.click()
        return self.page.locator("#pb-steps > li").filter(has=self.page.get_by_text(title))

    def see(self, title: str, state: str, words: str = "") -> None:
        line = self.find(title)
        expect(line.locator(f".pb-state.pb-{STATES[state]}")).to_be_visible()
        expect(line).to_contain_text(words)

    def press(self, title: str, button: str, *, state: str, words: str = "") -> None:
        self.see(title, state, words)
        line = self.find(title)
        line.get_by_role("button", name=button).or_(line.get_by_role("link", name=button)).click()

    def save(self) -> None:
        self.walker.press("Save and continue editing")
        self.walker.see("was changed successfully")

    def make_key(self) -> str:
        self.press("Key of the PBX", "New key", state="to do", words="no key yet")
        key = self.page.locator(".pb-copy code").inner_text()
        self.walker.follow("I have copied it")
        return key


def authorize(steps: List, link: Locator, *, account: str) -> None:
    with steps.page.expect_popup() as opened:
        link.click()
    consent = opened.value
    consent.locator(f"[value='{account}']").check()
    consent.get_by_role("button", name="Accept").click()
    consent.wait_for_url(re.compile(re.escape(steps.walker.url)))
    consent.close()
    steps.page.reload()
