"""One HTTP exchange as plain values: what was asked, what is answered, what is refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    """A request as it was read from the socket; `path` is without the query, still quoted."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Message  # found whatever their case
    body: bytes
    base_url: str

    @classmethod
    def read(
        cls, *, method: str, target: str, headers: Message, body: bytes, base_url: str
    ) -> "Request":
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        return cls(method, parts.path, query, headers, body, base_url)

    def read_json(self) -> dict[str, Any]:
        """The body as a JSON object; anything else is refused as Zoho refuses it."""
        try:
            parsed = json.loads(self.body)
        except (ValueError, RecursionError):
            parsed = None
        if not isinstance(parsed, dict):
            raise Refusal(
                "UNABLE_TO_PARSE_DATA_TYPE",
                "either the request body or parameters is in wrong format",
            )
        return parsed

    def read_form(self) -> dict[str, str]:
        """Fields of a form body over those of the query: Zoho's accounts server takes both."""
        text = self.body.decode("utf-8", "replace")
        return {**self.query, **dict(parse_qsl(text, keep_blank_values=True))}


@dataclass(frozen=True)
class Answer:
    """What goes back over the socket."""

    status: int
    body: bytes = b""
    content_type: str = "application/json;charset=UTF-8"
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """Zoho's error object, for the request as a whole or for one record of it."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int = 400,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.details = dict(details or {})

    def as_object(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "details": self.details,
            "message": self.message,
            "status": "error",
        }


def answer_json(payload: object, *, status: int = 200) -> Answer:
    return Answer(status, json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace"))


def answer_html(page: str, *, status: int = 200) -> Answer:
    return Answer(status, page.encode(), "text/html;charset=UTF-8")


def answer_nothing(status: int = 204) -> Answer:
    """204 and 304 carry no body, so there is no JSON to parse."""
    return Answer(status)


def redirect(url: str) -> Answer:
    return Answer(302, headers={"Location": url})
