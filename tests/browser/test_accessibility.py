"""axe finds nothing serious on any page, narrow or wide, light or dark; none is too wide.

axe-core 4.14.1 stands in vendor/ with its licence (MPL 2.0); only tests load it.
`pytest tests/browser/test_accessibility.py --looks FOLDER` takes a picture of every look.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import open_as_admin
from tests.browser.sights import list_sights
from tests.connector.zoho.world import ACME, BETA
from tests.support.zoho import run_zoho

pytestmark = pytest.mark.django_db(transaction=True)

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
RUN = """async (part) => {
    const {violations} = await axe.run(part, {resultTypes: ["violations"]});
    return violations
        .filter(({impact}) => impact === "serious" || impact === "critical")
        .flatMap(({id, nodes}) => nodes.map(({target}) => `${id} ${target}`));
}"""
LIGHT_OR_DARK = """dark => {
    const isOfTheTheme = document.body.matches(".antialiased");
    if (isOfTheTheme) document.documentElement.classList.toggle("dark", dark);
}"""
FITS = "() => document.documentElement.scrollWidth <= innerWidth"


def change_theme(page: Page, theme: str) -> None:
    """The theme asks the browser once, when a page is opened."""
    page.emulate_media(color_scheme=theme)
    page.evaluate(LIGHT_OR_DARK, theme == "dark")


def list_faults(page: Page, *, part: str, picture: Path | None) -> Iterator[str]:
    page.wait_for_load_state("networkidle" if picture else "load")
    yield from (f"390, dark: {fault}" for fault in page.evaluate(RUN, part))
    if not page.evaluate(FITS):
        yield "wider than 390"
    take(page, picture, "390-dark")
    page.set_viewport_size(WIDE)
    take(page, picture, "1280-dark")
    change_theme(page, "light")
    yield from (f"1280, light: {fault}" for fault in page.evaluate(RUN, part))
    take(page, picture, "1280-light")
    page.set_viewport_size(NARROW)
    take(page, picture, "390-light")
    change_theme(page, "dark")


def take(page: Page, picture: Path | None, look: str) -> None:
    if picture:
        page.wait_for_timeout(200)
        page.screenshot(path=picture.with_name(f"{picture.name}-{look}.png"), full_page=True)


@pytest.fixture
def zoho(settings):
    with run_zoho(people=5, organisations=[ACME, BETA]) as zoho:
        settings.ZOHO_TRUSTED_URLS = [zoho.url]
        yield zoho


@pytest.fixture
def contexts(
    language: str, browser: Browser, live_server, settings
) -> Iterator[tuple[BrowserContext, BrowserContext]]:
    """Of somebody who may do everything, and of somebody who is not logged in."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.PUBLIC_URL = live_server.url
    values = {
        "base_url": live_server.url, "locale": language, "viewport": NARROW,
        "color_scheme": "dark",
    }  # fmt: skip
    inside, outside = browser.new_context(**values), browser.new_context(**values)
    for context in (inside, outside):
        context.add_init_script(path=AXE)
    open_as_admin(inside, live_server.url)
    yield inside, outside
    inside.close()
    outside.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Russian words are the longer ones; pictures are taken in both languages."""
    if "language" in metafunc.fixturenames:
        pictures = metafunc.config.getoption("--looks", default=None)
        metafunc.parametrize("language", ["ru", "en"] if pictures else ["ru"])


def test_axe_finds_nothing_serious_and_nothing_is_too_wide(request, language, contexts, zoho):
    pages = [context.new_page() for context in contexts]
    folder = request.config.getoption("--looks", default=None)
    pages[0].goto("/admin/")
    assert pages[0].evaluate("document.documentElement.classList.contains('dark')")
    found = []
    for sight, world in list_sights(zoho):
        page = pages[sight.is_outside]
        sight.act(page, world)
        picture = folder and folder / f"{sight.name}-{language}"
        faults = list_faults(page, part=sight.part, picture=picture)
        found += [f"{sight.name}, {fault}" for fault in faults]
    assert found == []
