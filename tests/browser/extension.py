"""The browser extension as an agent uses it: installed, signed in, on the sandbox's Zoho."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Worker

from connector.clicktocall.packing import unpack
from tests.support.zoho import ControlledZoho

ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]


@dataclass
class Desk:
    """An agent's browser with the extension, at a portal and a Zoho."""

    context: BrowserContext
    worker: Worker
    zoho: ControlledZoho
    portal: str

    def sign_in(self, token: str) -> None:
        """Over the options page, which tells the extension."""
        page = self.open_own("options.html")
        page.locator("#portal").fill(self.portal)
        page.locator("#token").fill(token)
        page.locator("#form button").click()
        page.get_by_text("extension 101").wait_for()
        page.close()

    def choose_way(self, way: str) -> None:
        page = self.open_own("options.html")
        page.locator(f"#way option[value='{way}']").wait_for(state="attached")
        page.locator("#way").select_option(way)
        page.locator("#message").evaluate("message => { message.textContent = '' }")
        page.locator("#form button").click()
        page.get_by_text("extension 101").wait_for()
        page.close()

    def open_own(self, name: str) -> Page:
        page = self.context.new_page()
        page.goto(self.worker.url.replace("background.js", name))
        return page

    def open_screen(self, path: str) -> Page:
        page = self.context.new_page()
        [organisation] = self.zoho.sandbox.store
        page.goto(f"{self.zoho.url}/crm/org{organisation.zgid}/{path}")
        return page

    def open_record(self, person: dict[str, Any], *, module: str = "Contacts") -> Page:
        return self.open_screen(f"tab/{module}/{person['id']}/screen")


@contextmanager
def open_desk(
    browser: Browser, *, zoho: ControlledZoho, portal: str, folder: Path
) -> Iterator[Desk]:
    """The settings PUBLIC_URL and ZOHO_TRUSTED_URLS go into the extension's manifest."""
    unpacked = folder / "extension"
    unpack(unpacked)
    context = browser.browser_type.launch_persistent_context(
        folder / "profile",
        executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
        headless=True,
        args=[
            *ARGUMENTS,
            f"--disable-extensions-except={unpacked}",
            f"--load-extension={unpacked}",
        ],
    )
    try:
        workers = context.service_workers
        worker = workers[0] if workers else context.wait_for_event("serviceworker")
        # They open in any empty tab: a page of a test would be led astray.
        while not any(page.url.endswith("options.html") for page in context.pages):
            context.pages[0].wait_for_timeout(50)
        yield Desk(context=context, worker=worker, zoho=zoho, portal=portal)
    finally:
        context.close()


def list_marked(page: Page, place: str) -> list[str]:
    """The numbers that are marked inside elements of a selector."""
    hosts = page.locator(f"{place} patchbay-call")
    return hosts.evaluate_all("hosts => hosts.map(host => host.dataset.number)")
