"""axe finds nothing serious on any page, in both languages and themes; none is too wide.

axe-core 4.14.1 stands in vendor/ with its licence (MPL 2.0); only tests load it.
`pytest tests/browser/test_accessibility.py --looks FOLDER` takes a picture of every look.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import open_as_admin
from tests.browser.sights import build_world, list_sights
from tests.connector.zoho.world import ACME, BETA
from tests.support.zoho import run_zoho

pytestmark = pytest.mark.django_db(transaction=True)

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
RUN = """async (rules) => {
    const only = rules.length ? {runOnly: {type: "rule", values: rules}} : {};
    const {violations} = await axe.run(document, {resultTypes: ["violations"], ...only});
    return violations
        .filter(({impact}) => impact === "serious" || impact === "critical")
        .flatMap(({id, nodes}) => nodes.map(({target}) => `${id} ${target}`));
}"""


LIGHT_OR_DARK = """dark => {
    const isOfTheTheme = document.body.matches(".antialiased");
    if (isOfTheTheme) document.documentElement.classList.toggle("dark", dark);
}"""
LOOKS = {"en": (WIDE, NARROW, "light", "dark"), "ru": (NARROW, WIDE, "dark", "light")}
"""The first of each is examined by all rules, and the second where it may come out otherwise."""


def examine(page: Page, *rules: str) -> list[str]:
    return list(page.evaluate(RUN, list(rules)))


def change_theme(page: Page, theme: str) -> None:
    """The theme asks the browser once, when a page is opened."""
    page.emulate_media(color_scheme=theme)
    page.evaluate(LIGHT_OR_DARK, theme == "dark")


def list_faults(page: Page, *, language: str, picture: Path | None) -> Iterator[str]:
    first, second, theme, other = LOOKS[language]
    page.wait_for_load_state("networkidle")
    take(page, picture, f"{first['width']}-{theme}")
    yield from examine(page)
    change_theme(page, other)
    take(page, picture, f"{first['width']}-{other}")
    yield from (f"{other}: {fault}" for fault in examine(page, "color-contrast"))
    page.set_viewport_size(second)
    take(page, picture, f"{second['width']}-{other}")
    change_theme(page, theme)
    take(page, picture, f"{second['width']}-{theme}")
    page.set_viewport_size(NARROW)
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > NARROW["width"]:
        yield f"{width} wide"
    page.set_viewport_size(first)


def take(page: Page, picture: Path | None, look: str) -> None:
    if picture:
        page.wait_for_timeout(200)
        page.screenshot(path=picture.with_name(f"{picture.name}-{look}.png"), full_page=True)


@pytest.fixture
def zoho(settings):
    with run_zoho(people=5, organisations=[ACME, BETA]) as zoho:
        settings.ZOHO_TRUSTED_URLS = [zoho.url]
        yield zoho


@pytest.fixture(params=["en", "ru"])
def contexts(
    request, browser: Browser, live_server, settings
) -> Iterator[tuple[BrowserContext, BrowserContext]]:
    """Of somebody who may do everything, and of somebody who is not logged in."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.PUBLIC_URL = live_server.url
    size, _, theme, _ = LOOKS[request.param]
    values = {
        "base_url": live_server.url, "locale": request.param, "viewport": size,
        "color_scheme": theme,
    }  # fmt: skip
    inside, outside = browser.new_context(**values), browser.new_context(**values)
    for context in (inside, outside):
        context.add_init_script(path=AXE)
    open_as_admin(inside, live_server.url)
    yield inside, outside
    inside.close()
    outside.close()


def test_axe_finds_nothing_serious_and_nothing_is_too_wide(request, contexts, zoho):
    world = build_world(zoho)
    pages = [context.new_page() for context in contexts]
    folder = request.config.getoption("--looks", default=None)
    language = request.node.callspec.id
    pages[0].goto("/admin/")
    is_dark = pages[0].evaluate("document.documentElement.classList.contains('dark')")
    assert is_dark == (LOOKS[language][2] == "dark")
    found = []
    for sight in list_sights(world):
        page = pages[sight.is_outside]
        sight.act(page, world)
        picture = folder and folder / f"{sight.name}-{language}"
        faults = list_faults(page, language=language, picture=picture)
        found += [f"{sight.name}: {fault}" for fault in faults]
    assert found == []
