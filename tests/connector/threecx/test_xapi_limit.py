"""A customer's PBX cannot hold the portal's threads."""

import socket
import threading
import time

import pytest

from connector.threecx import xapi
from connector.threecx.xapi import XapiError

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 40\r\n\r\n"


def trickle(listener: socket.socket) -> None:
    """Answers with a byte now and then: never so late that a read runs out of time."""
    connection, _address = listener.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(HEAD)
        for byte in b"{%s}" % (b" " * 38):
            time.sleep(0.1)
            try:
                connection.sendall(bytes([byte]))
            except OSError:
                return


def test_a_pbx_that_trickles_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xapi, "SECONDS", (0.3, 0.3))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=trickle, args=(listener,), daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(XapiError) as caught:
            xapi.read_version(url, token="t")
    assert caught.value.code == "unreachable"
