"""The whole portal as processes, on both databases."""

import socket
import subprocess
import sys
from collections.abc import Callable

import pytest
import requests

from tests.support.portal import Portal
from tests.support.processes import wait_until


@pytest.mark.parametrize("database", ["postgres", "sqlite"])
def test_a_portal_runs_on_both_databases_and_its_web_server_dies_as_a_whole_and_comes_back(
    make_portal: Callable[..., Portal], database: str
) -> None:
    portal = make_portal(database=database)
    portal.start()
    page = requests.get(f"{portal.url}/admin/login/", timeout=10)
    assert page.status_code == 200
    assert "Patchbay" in page.text
    portal.running["web"].process.kill()
    wait_until(lambda: not is_served(portal.url), what="the end of the web server's workers")
    portal.start("web")
    assert requests.get(f"{portal.url}/healthz", timeout=10).text == "ok\n"


def test_a_request_waits_in_the_held_socket_until_the_server_says_that_it_serves(make_portal):
    """As with systemd: it holds the socket, and is told when the next server may be restarted."""
    portal: Portal = make_portal()
    name = f"patchbay-{portal.port}"
    with (
        socket.create_server(("127.0.0.1", portal.port)) as held,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices,
        socket.create_connection(("127.0.0.1", portal.port)) as client,
    ):
        notices.bind(f"\0{name}")
        notices.settimeout(60)
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        client.settimeout(60)
        run = 'exec 3<&"$HELD"; LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" -m config.web_server'
        server = subprocess.Popen(
            ["bash", "-c", run, sys.executable],
            env={**portal.environment, "HELD": str(held.fileno()), "NOTIFY_SOCKET": f"@{name}"},
            pass_fds=[held.fileno()],
        )
        try:
            assert notices.recv(20) == b"READY=1"
            assert client.recv(1000).startswith(b"HTTP/1.1 200")
        finally:
            server.terminate()
        assert server.wait(timeout=30) == 0


def is_served(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=2).ok
    except requests.RequestException:  # also an answer that its server did not live to end
        return False
