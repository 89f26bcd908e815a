"""Requests that no PBX should send: bodies, headers and addresses of any kind."""

import json
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.support.builders import build_call_body

ROUTES = ("calls", "chats", "lookup", "lookup-by-email", "search", "contacts", "hello")
CALL = build_call_body()
KEYS = (
    "type", "direction", "number", "name", "agent", "agent_email", "queue", "entity_id",
    "entity_type", "start", "end", "start_ms", "end_ms", "seconds", "duration", "messages",
    "email", "recording_url", "transcription", "text", "id", "first", "last", "company",
)  # fmt: skip
CORPUS = (
    b"", b" ", b"\0", b"null", b"true", b"-0", b"NaN", b'"text"', b"[]", b"{}", b"{", b"[{}]",
    b"\xff\xfe", b"\xef\xbb\xbf{}", b"\xef\xbb\xbf" + CALL, CALL[:-1], CALL[: len(CALL) // 2],
    CALL + b"\0", CALL + CALL, b"[" + CALL + b"]", CALL.decode().encode("utf-16"),
    CALL.decode().encode("utf-32"), CALL.replace(b"+44", b"\xff\x00\xfe"),
    b"[" * 100_000, b'{"a":' * 50_000, b'{"seconds": ' + b"9" * 10_000 + b"}",
    b'{"type": "Inbound", "seconds": 1e999999}', b'{"type": "Missed", "start": -1e308}',
    b'{"type": "Inbound", "number": "\\ud800"}', b'{"type": "Missed", "number": "\\u0000"}',
    b'{"type": "Missed", "type": "Inbound", "number": "1", "number": "2"}',
    b'{"type": "Inbound", "start": "9999-12-31T23:59:59Z", "seconds": "99999999999"}',
    b'{"type": "Inbound", "start": "0001-01-01T00:00:00+14:00"}',
    b"type=Inbound&number=%2B441632960011&number=%00", b"%", b"<xml/>", b"--x\r\n\r\n--x--",
    b'{"type": "Inbound", "name": "\\ud83d\\udca9\\u202e", "number": "\\u0661\\u0662"}',
    b'{"messages": "' + b"x" * 100_000 + b'"}',
)  # fmt: skip
CONTENT_TYPES = (
    "application/json", "application/json; charset=utf-99", "application/json; charset=utf-16",
    "text/plain", "text/xml", "application/x-www-form-urlencoded", "application/octet-stream",
    "multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary=\xff",
    "", ";", "\xff", "a" * 5000,
)  # fmt: skip
HEADERS = (
    "X-Template-Version", "Accept-Language", "Cookie", "Content-Encoding", "Referer", "Origin",
    "X-Forwarded-For", "X-Forwarded-Proto", "X-Request-Id", "Authorization", "User-Agent",
    "If-None-Match", "Range", "Date", "Accept",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Request:
    """`has_key` says whether the connection's key is in it."""

    route: str
    body: bytes
    content_type: str = "application/json"
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    has_key: bool = True

    @property
    def method(self) -> str:
        return "GET" if self.route == "hello" else "POST"


any_text = st.text(st.characters(exclude_categories=()), max_size=60)
header_text = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=40)
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=5,
)
changed = st.dictionaries(st.sampled_from(KEYS) | any_text, any_json, max_size=4).map(
    lambda values: json.dumps(json.loads(CALL) | values)
)
encoded = st.tuples(changed, st.sampled_from(("utf-8", "utf-16", "latin-1", "utf-8-sig"))).map(
    lambda pair: pair[0].encode(pair[1])
)
torn = st.tuples(encoded, st.integers(0, 600), st.binary(max_size=5), st.integers(0, 600)).map(
    lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[3] :]
)
requests = st.builds(
    Request,
    route=st.sampled_from(ROUTES + ROUTES[:2]),
    body=st.sampled_from(CORPUS) | st.binary(max_size=200) | encoded | encoded | torn,
    content_type=st.sampled_from(CONTENT_TYPES),
    query=st.sampled_from(("", "", "?", "?a=%00&a=%ff", "?" + "a=b&" * 2000))
    | header_text.map("?{}".format),
    headers=st.dictionaries(st.sampled_from(HEADERS), header_text, max_size=3),
    has_key=st.sampled_from((True,) * 9 + (False,)),
)
