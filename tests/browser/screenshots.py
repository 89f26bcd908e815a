"""`python -m tests.browser.screenshots FOLDER`: the pictures of the guides.

For each language a fresh portal is set up with the sandbox as the guide says, and looked at on the
way. Pictures go to FOLDER/en and FOLDER/ru.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from config.translations import compile_translations
from tests.browser.walk import PASSWORD, USER, Walker
from tests.support.portal import Portal, lay_out_portal

LOCALE = Path(__file__).parent.parent.parent / "locale"
APPS = ["django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes"]
"""Whose labels are pressed."""
LANGUAGES = ("en", "ru")
SIZE = {"width": 1280, "height": 860}
ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]
TABS = ("calls", "chats", "matching", "contacts")
ADA = "+441632960011"


@dataclass
class Photographer:
    walker: Walker
    folder: Path

    def take(self, name: str) -> None:
        self.walker.page.wait_for_load_state("networkidle")
        self.walker.page.screenshot(path=self.folder / f"{name}.png")

    def take_set_up(self) -> str:
        """From the first log-in to the key of the PBX, which is returned."""
        walker = self.walker
        walker.log_in()
        self.take("first-run")
        walker.add_customer("Acme Ltd")
        walker.register_client()
        self.take("tab-zoho")
        walker.authorize()
        walker.consent.screenshot(path=self.folder / "connected.png")
        walker.return_to_page()
        for tab in TABS:
            walker.open_tab(tab)
            self.take(f"tab-{tab}")
        walker.name_fallback_owner("boss@acme.example")
        walker.open_tab("extensions")
        self.take("tab-extensions")
        walker.open_tab("pbx")
        self.take("tab-pbx")
        template, key = walker.fetch_template(self.folder)
        template.unlink()
        return key

    def take_calls(self) -> None:
        walker = self.walker
        walker.page.goto("/admin/connector/connection/1/change/")
        walker.press("All steps")
        self.take("checklist")
        walker.open_call(ADA)
        walker.wait_for_delivery()
        self.take("call")
        walker.page.goto("/admin/connector/connection/1/try/")
        walker.page.locator("#id_try-number").fill(ADA)
        walker.press("Try")
        self.take("try")
        for name, address in {
            "calls": "/admin/journaling/entry/",
            "queues": "/admin/queues/",
            "dashboard": "/admin/",
        }.items():
            walker.page.goto(address)
            self.take(name)


def main(folder: Path) -> None:
    settings.configure(INSTALLED_APPS=APPS, LOCALE_PATHS=[LOCALE])
    django.setup()
    compile_translations(LOCALE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        for language in LANGUAGES:
            with run_portal() as portal:
                photograph(browser, portal, language=language, folder=folder / language)
        browser.close()


@contextmanager
def run_portal() -> Iterator[Portal]:
    with (
        tempfile.TemporaryDirectory(prefix="patchbay-screenshots-") as directory,
        lay_out_portal(
            directory=Path(directory),
            database_url="",
            DJANGO_SUPERUSER_PASSWORD=PASSWORD,
            DJANGO_SUPERUSER_EMAIL="admin@portal.example",
        ) as portal,
    ):
        portal.manage("migrate", "--verbosity", "0")
        portal.manage("createsuperuser", "--no-input", "--username", USER)
        portal.start("broker", "zoho", "web", "worker", "beat")
        yield portal


def photograph(browser: Browser, portal: Portal, *, language: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(base_url=portal.url, locale=language, viewport=SIZE)
    walker = Walker(context.new_page(), portal.url, portal.zoho_url, language)
    photographer = Photographer(walker, folder)
    key = photographer.take_set_up()
    portal.manage("sandbox", "install", "--connection", "acme-ltd", "--key", key)
    portal.manage("sandbox", "play", "--connection", "acme-ltd")
    photographer.take_calls()
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
