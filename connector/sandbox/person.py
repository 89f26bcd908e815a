"""A person who is asked for consent: opens the page, keeps the account that is chosen, accepts."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

SECONDS = 15


class ConsentRefused(Exception):
    """The consent came to nothing; the text says at which page."""


class Form(HTMLParser):
    """The page's form: where it is sent to, and its fields as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = found.get("action", "")
        elif tag == "input" and (found.get("type") == "hidden" or "checked" in found):
            self.fields[found.get("name", "")] = found.get("value", "")


def accept_consent(address: str) -> None:
    """Walk from `address` to the portal's callback; raises ConsentRefused.

    The browser's part over HTTP: the portal sees nothing but its own callback being opened.
    """
    with requests.Session() as browser:
        browser.trust_env = False  # everything here is on this machine
        page = open_page(browser, "GET", address)
        form = Form()
        form.feed(page.text)
        data = {**form.fields, "decision": "accept"}
        open_page(browser, "POST", urljoin(page.url, form.action), data=data)


def open_page(
    browser: requests.Session, method: str, address: str, *, data: dict[str, str] | None = None
) -> requests.Response:
    try:
        page = browser.request(method, address, data=data, timeout=SECONDS)
    except requests.RequestException as error:
        place = address.partition("?")[0]
        raise ConsentRefused(f"{place} does not answer ({type(error).__name__})") from error
    if not page.ok:
        # Without its query: a callback's holds the code.
        raise ConsentRefused(f"{page.url.partition('?')[0]} answers {page.status_code}")
    return page
