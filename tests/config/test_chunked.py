from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig

from config.chunked import ChunkedBodies


def read_whole(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """An application that counts on CONTENT_LENGTH, as WSGI applications do."""
    return [environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))]


def ask(body: bytes, *, limit: int = 100, **environ: str) -> tuple[bytes, dict[str, Any]]:
    asked: dict[str, Any] = {"wsgi.input": BytesIO(body), **environ}
    answer = ChunkedBodies(read_whole, limit=limit)(asked, None)
    return b"".join(answer), asked


def test_a_chunked_body_gets_a_length():
    assert ask(b"hello", HTTP_TRANSFER_ENCODING="Chunked")[0] == b"hello"


def test_a_body_with_a_length_is_left_alone():
    assert ask(b"hello", CONTENT_LENGTH="2")[0] == b"he"


def test_a_chunked_body_above_the_limit_is_too_big():
    with pytest.raises(RequestDataTooBig):
        ask(b"x" * 101, limit=100, HTTP_TRANSFER_ENCODING="chunked")
    assert ask(b"x" * 100, limit=100, HTTP_TRANSFER_ENCODING="chunked")[0] == b"x" * 100


def test_of_a_chunked_body_nothing_is_read_before_it_is_asked_for():
    source = BytesIO(b"hello")
    environ: dict[str, Any] = {"wsgi.input": source, "HTTP_TRANSFER_ENCODING": "chunked"}
    ChunkedBodies(lambda environ, start_response: [], limit=100)(environ, None)
    assert source.tell() == 0
