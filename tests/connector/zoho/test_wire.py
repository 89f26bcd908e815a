"""What a real socket can do: nobody there, cut, trickle, many on one connection."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial

import pytest

from connector.zoho.client import ZohoClient
from connector.zoho.errors import Temporary, UnknownOutcome
from connector.zoho.meanwhile import Meanwhile
from tests.connector.zoho.conftest import CountingTokens, RawServer, Script

Start = Callable[[Script], RawServer]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def open_client(url: str, *, timeout: float = 20, meanwhile: Meanwhile | None = None) -> ZohoClient:
    return ZohoClient(api_url=url, tokens=CountingTokens(), timeout=timeout, meanwhile=meanwhile)


def build_answer(status: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def trickle(connection: socket.socket, *, start: bytes, drop: bytes, stop: threading.Event) -> None:
    connection.sendall(start)
    while not stop.wait(0.05):
        connection.sendall(drop)


def test_a_refused_connection_means_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Temporary, match="cannot be reached"):
        open_client(f"http://127.0.0.1:{port}").post("/crm/v8/Calls", {"data": [{}]})


def test_an_unknown_name_means_nothing_was_sent() -> None:
    with pytest.raises(Temporary, match="cannot be reached"):
        open_client("http://nowhere.invalid").post("/crm/v8/Calls", {"data": [{}]})


def test_a_connection_cut_after_sending_leaves_a_write_open(serve_raw: Start) -> None:
    server = serve_raw(lambda connection: None)
    with pytest.raises(UnknownOutcome):
        open_client(server.url).post("/crm/v8/Calls", {"data": [{}]})
    assert len(server.requests) == 1


def test_an_answer_shorter_than_announced_leaves_a_write_open(serve_raw: Start) -> None:
    body = b'{"data":[]}'
    server = serve_raw(lambda c: c.sendall(HEAD + b"Content-Length: 99\r\n\r\n" + body))
    with pytest.raises(UnknownOutcome):
        open_client(server.url).post("/crm/v8/Calls", {"data": [{}]})


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (HEAD + b"X-Slow: ", b"x"),
        (HEAD + b"\r\n", b" "),
    ],
    ids=["body", "header", "body without a length"],
)
def test_a_trickling_answer_ends_with_the_time_limit(
    serve_raw: Start, start: bytes, drop: bytes
) -> None:
    stop = threading.Event()
    server = serve_raw(lambda c: trickle(c, start=start, drop=drop, stop=stop))
    with pytest.raises(UnknownOutcome):
        open_client(server.url, timeout=1.5).post("/crm/v8/Calls", {"data": [{}]})
    stop.set()


def test_one_connection_carries_many_requests(serve_raw: Start) -> None:
    def answer_twice(connection: socket.socket) -> None:
        for _ in range(2):
            connection.sendall(HEAD + b"Content-Length: 11\r\n\r\n" + b'{"data":[]}')
            connection.recv(65536)

    server = serve_raw(answer_twice)
    client = open_client(server.url)
    assert client.get("/crm/v8/Calls") == {"data": []}
    assert client.get("/crm/v8/Calls") == {"data": []}
    assert len(server.requests) == 1


def test_cookies_of_one_customer_are_not_sent_for_another(serve_raw: Start) -> None:
    head = HEAD + b"Set-Cookie: org=1; Path=/\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
    server = serve_raw(lambda connection: connection.sendall(head))
    client = open_client(server.url)
    client.get("/crm/v8/Calls")
    client.get("/crm/v8/Calls")
    assert b"cookie" not in server.requests[1].lower()


def test_a_repetition_has_its_time_though_other_work_was_done_before_the_refusal_was_read(
    serve_raw: Start,
) -> None:
    def refuse_first(connection: socket.socket) -> None:
        if len(server.requests) == 1:
            connection.sendall(build_answer("401 Unauthorized", b'{"code":"INVALID_TOKEN"}'))
            return
        time.sleep(1.5)
        connection.sendall(build_answer("201 Created", b'{"data":[]}'))

    server = serve_raw(refuse_first)
    with closing(Meanwhile()) as meanwhile, meanwhile.doing(partial(time.sleep, 3)):
        client = open_client(server.url, timeout=4, meanwhile=meanwhile)
        assert client.post("/crm/v8/Calls", {"data": [{}]}) == {"data": []}
    assert len(server.requests) == 2
