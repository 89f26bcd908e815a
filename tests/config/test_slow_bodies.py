"""Whoever sends slowly, or nothing more, holds no thread that the PBX needs."""

import os
import socket
from collections.abc import Callable
from contextlib import ExitStack
from io import BytesIO
from threading import BoundedSemaphore

import pytest
import requests

from config.programs import WEB_THREADS
from config.slow_bodies import PlacedBody
from tests.support.portal import HOST, Portal

FORM = (
    b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken=" + b"a" * 32 + b"\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na=1"
)
CHUNK = (
    b"POST /pbx/acme/calls HTTP/1.1\r\nHost: localhost\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
)
EVERY_THREAD = WEB_THREADS * (os.cpu_count() or 1)


def test_bodies_that_never_arrive_leave_the_pbx_its_doors(make_portal: Callable[..., Portal]):
    portal = make_portal(database="sqlite")
    portal.start("web")
    with ExitStack() as stack:
        for beginning in [FORM, CHUNK] * EVERY_THREAD:
            sender = stack.enter_context(socket.create_connection((HOST, portal.port)))
            sender.sendall(beginning)
        answer = requests.post(f"{portal.url}/pbx/acme/calls", data=b"{}", timeout=10)
    assert answer.status_code == 401


def test_a_body_is_read_while_there_is_a_place():
    places = BoundedSemaphore(1)
    first = PlacedBody(BytesIO(b"a=1\nb=2"), places=places)
    assert first.readline() == b"a=1\n"
    assert first.read(2) == b"b="
    with places, pytest.raises(OSError, match="slowly"):
        first.read()
