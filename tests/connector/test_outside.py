"""Which addresses the portal may be led to."""

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests
from django.utils import translation

from connector.outside import (
    ForbiddenAddress,
    choose_pbx_adapter,
    find_allowed_address,
    post_json,
)
from connector.threecx.xapi import XapiError, read_version


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3/", "https://169.254.169.254/",
        "https://[::ffff:10.0.0.1]/", "https://[fd00::1]/", "https://[64:ff9b::10.0.0.1]/",
        "https://[64:ff9b:1::10.0.0.1]/", "https://[::10.0.0.1]/", "https://[::ffff:0:10.0.0.1]/",
        "https://[2002:a00:1::]/", "https://[fec0::1]/", "https://[fe80::1]/", "https://[ff02::1]/",
        "https://0.0.0.0/", "https://2130706433/", "https://127.1/", "https://0x7f.0.0.1/",
        "https://８.8.8.8@127.0.0.1/", "https://①②⑦.0.0.1/", "https://8.8.8.8:99999/",
        "https://8.8.8.8:-1/", "https://[8.8.8.8/", "https://100.64.0.1/",
        "https://224.0.0.1/", "https://localhost/", "https://user@8.8.8.8/", "ftp://8.8.8.8/",
        "http://8.8.8.8/", "https:///", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_inner_and_odd_addresses_are_forbidden(url):
    with pytest.raises(ForbiddenAddress):
        find_allowed_address(url)


def test_a_forbidden_address_is_explained_in_the_readers_language():
    with pytest.raises(ForbiddenAddress) as refused:
        find_allowed_address("https://10.0.0.7/hook")
    with translation.override("ru"):
        assert "частной сети" in str(refused.value)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111"])
def test_a_public_address_is_allowed(address):
    host = f"[{address}]" if ":" in address else address
    assert find_allowed_address(f"https://{host}/hook") == address


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


def test_a_pbx_inside_a_network_is_asked_only_when_the_operator_named_it(settings):
    with pytest.raises(ForbiddenAddress):
        choose_pbx_adapter("https://192.168.1.5:5001/xapi/v1/Users")
    settings.ALLOWED_PRIVATE_HOSTS = ["192.168.1.5"]
    assert choose_pbx_adapter("https://192.168.1.5:5001/xapi/v1/Users").address == "192.168.1.5"


def test_a_pbx_on_this_machine_is_the_sandboxs(settings):
    settings.SANDBOX = False
    with pytest.raises(XapiError, match="ALLOWED_PRIVATE_HOSTS"):
        read_version("http://127.0.0.1:9/", token="t")


def test_a_pbx_is_asked_at_the_address_that_was_looked_up_under_its_own_name(hook):
    """The answer is no PBX's, but the request arrived."""
    with pytest.raises(XapiError):
        read_version(hook, token="t")
    adapter = choose_pbx_adapter(hook)
    assert (adapter.host, adapter.address) in {("localhost", "127.0.0.1"), ("localhost", "::1")}


def test_a_receiver_that_trickles_for_ever_holds_nobody(hook, monkeypatch):
    """It sends a byte again and again, so that no time-out of a single read ever comes."""
    monkeypatch.setattr("connector.outside.SECONDS", 0.3)

    def trickle(self):
        try:
            while True:
                self.wfile.write(b"H")
                time.sleep(0.05)
        except OSError:
            return

    monkeypatch.setattr(Hook, "do_POST", trickle)
    with pytest.raises(requests.RequestException):
        post_json(f"{hook}/hook", {})
