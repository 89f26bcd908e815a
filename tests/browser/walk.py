"""How a person gets from the first log-in to a call in Zoho, in either language.

Labels are looked up in the catalogue: a test that presses what is not there fails in that language.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext, override
from playwright.sync_api import Locator, Page, expect

USER, PASSWORD = "admin", "a long password of a test"


@dataclass
class Walker:
    """A person at a portal that has the sandbox's Zoho behind it."""

    page: Page
    url: str
    zoho_url: str
    language: str = "en"

    def label(self, text: str) -> str:
        with override(self.language):
            return gettext(text)

    def press(self, text: str) -> None:
        self.page.get_by_role("button", name=self.label(text), exact=True).first.click()

    def follow(self, text: str) -> None:
        self.page.get_by_role("link", name=self.label(text)).first.click()

    def see(self, text: str) -> Locator:
        found = self.page.get_by_text(self.label(text)).locator("visible=true").first
        expect(found).to_be_visible()
        return found

    def open_tab(self, key: str) -> None:
        self.page.locator(f".pb-tabs a[href='#{key}']").click()
        expect(self.page.locator(f"#{key}-group")).to_be_visible()

    def log_in(self) -> None:
        self.page.goto("/admin/")
        self.page.locator("#id_username").fill(USER)
        self.page.locator("#id_password").fill(PASSWORD)
        self.page.locator("#id_password").press("Enter")
        self.see("There is no connection yet")

    def add_customer(self, name: str, *, door: str = "A new customer") -> None:
        self.follow(door)
        self.page.locator("#id_name").fill(name)
        self.page.locator("#id_data_centre").select_option("eu")
        self.page.locator("#id_country").fill("GB")
        self.page.locator("#id_time_zone").select_option("Europe/London")
        self.press("Save")
        expect(self.page.locator("#id_client_id")).to_be_visible()

    def register_client(self, *, secret: str = "sandbox-secret") -> None:
        self.page.locator("#id_data_centre").select_option("own")
        for field in ("accounts_url", "crm_url", "api_url"):
            self.page.locator(f"#id_{field}").fill(self.zoho_url)
        self.page.locator("#id_client_id").fill("1000.SANDBOX")
        self.page.locator("#id_client_secret").fill(secret)
        self.press("Save and continue editing")

    def authorize(self, *, decision: str = "Accept", button: str = "Authorize") -> None:
        """Over Zoho's page, and back to what the portal says about it."""
        with self.page.expect_popup() as opened:
            self.follow(button)
        consent = opened.value
        consent.get_by_role("button", name=decision).click()
        consent.wait_for_url(re.compile(re.escape(self.url)))
        self.consent = consent

    def name_fallback_owner(self, email: str) -> None:
        self.type_into("extensions", fallback_owner=email)

    def write_at_once(self) -> None:
        self.type_into("calls", settle_seconds="1")

    def type_into(self, tab: str, **texts: str) -> None:
        """Into the fields of one tab, and save."""
        self.open_tab(tab)
        for name, text in texts.items():
            self.page.locator(f"#id_{name}").fill(text)
        with self.page.expect_navigation():
            self.press("Save and continue editing")

    def delete_customer(self, name: str) -> None:
        """What is left is an empty portal."""
        self.page.goto("/admin/connector/connection/")
        self.page.get_by_role("link", name=name).click()
        self.page.locator("a[href$='/delete/']").first.click()
        self.page.locator("form [type='submit']").last.click()
        self.page.goto("/admin/")
        self.see("There is no connection yet")

    def fetch_template(self, place: Path) -> tuple[Path, str]:
        """The downloaded template and a new key."""
        self.open_tab("pbx")
        self.press("New key")
        key = self.page.locator(".pb-copy code").inner_text()
        self.follow("I have copied it")
        self.open_tab("pbx")
        with self.page.expect_download() as started:
            self.page.locator("a[href$='/template/']").click()
        file = place / started.value.suggested_filename
        started.value.save_as(file)
        return file, key

    def open_call(self, number: str) -> None:
        """Over the search of the list."""
        self.page.goto("/admin/journaling/entry/")
        self.page.locator("#searchbar").fill(number)
        self.page.locator("#searchbar").press("Enter")
        call = self.page.locator("#result_list tbody a").first
        self.reload_until(call)
        call.click()

    def wait_for_delivery(self) -> None:
        self.reload_until(self.page.get_by_role("link", name=self.label("Open in Zoho")))

    def reload_until(self, wanted: Locator) -> None:
        """As a person does who waits for something."""
        for _try in range(60):
            self.page.wait_for_load_state()
            if wanted.count():
                return
            self.page.wait_for_timeout(1000)
            self.page.reload()
        expect(wanted).to_be_visible()

    def return_to_page(self) -> None:
        """Close Zoho's tab; the connection's page shows what has changed."""
        self.consent.close()
        self.page.reload()
