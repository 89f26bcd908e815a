"""Which addresses the portal may be led to."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from connector.outside import ForbiddenAddress, find_allowed_address, post_json


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3/", "https://169.254.169.254/",
        "https://[::ffff:10.0.0.1]/", "https://[fd00::1]/", "https://0.0.0.0/", "https://2130706433/",
        "https://224.0.0.1/", "https://localhost/", "https://user@8.8.8.8/", "ftp://8.8.8.8/",
        "http://8.8.8.8/", "https:///", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_inner_and_odd_addresses_are_forbidden(url):
    with pytest.raises(ForbiddenAddress):
        find_allowed_address(url)


def test_a_public_address_is_allowed():
    assert find_allowed_address("https://8.8.8.8/hook") == "8.8.8.8"


def test_the_operator_may_name_an_inner_host(settings):
    settings.ALLOWED_PRIVATE_HOSTS = ["10.1.2.3"]
    assert find_allowed_address("http://10.1.2.3/hook") == "10.1.2.3"
    with pytest.raises(ForbiddenAddress):
        find_allowed_address("http://10.1.2.4/hook")


class Hook(BaseHTTPRequestHandler):
    """Keeps the Host header and the body of what was posted; /away answers with a redirect."""

    seen: list[tuple[str | None, bytes]] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.headers["Host"], body))
        self.send_response(302 if self.path == "/away" else 200)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_words):
        """Tests print nothing."""


@pytest.fixture
def hook(settings):
    settings.ALLOWED_PRIVATE_HOSTS = ["localhost"]
    server = HTTPServer(("localhost", 0), Hook)
    Hook.seen.clear()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_resolved_address_is_asked_under_the_name_that_was_typed(hook):
    post_json(f"{hook}/hook", {"text": "hello"})
    assert Hook.seen == [(hook.removeprefix("http://"), b'{"text": "hello"}')]


def test_a_redirect_is_not_followed(hook):
    with pytest.raises(requests.HTTPError):
        post_json(f"{hook}/away", {})
    assert len(Hook.seen) == 1
