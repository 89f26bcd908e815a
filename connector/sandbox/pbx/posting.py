"""Builds the request of a scenario and sends it; what comes back is JSON or nothing."""

import json
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import requests

from connector.sandbox.pbx.errors import EngineError
from connector.sandbox.pbx.expressions import Scope, check_condition, evaluate, unescape

TIMEOUT_SECONDS = 10
CONTENT_TYPES = {"Json": "application/json", "UrlEncoded": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the portal said. `status` 0 means that nothing came back; `text` says why."""

    status: int
    text: str

    @property
    def json(self) -> object:
        """The body of a 2xx answer; None for every other and for what is no JSON."""
        if not 200 <= self.status < 300:
            return None
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None


def send_request(request: Element, scope: Scope, session: requests.Session) -> Answer | None:
    """Send what `<Request>` says; None when SkipIf holds. 3CX repeats nothing, so neither do we."""
    if check_condition(request.get("SkipIf", ""), scope, skip=True):
        return None
    encoding = request.get("RequestEncoding", "")
    body = build_body(request, scope).encode()
    content_type = request.get("RequestContentType") or CONTENT_TYPES.get(encoding, "")
    headers = {"Content-Type": content_type} if body and content_type else {}
    headers |= _build_headers(request, scope)
    try:
        response = session.request(
            request.get("RequestType", "").upper(),
            evaluate(request.get("Url", ""), scope),
            data=body or None,
            headers=headers,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        return Answer(status=0, text=str(error))
    return Answer(status=response.status_code, text=response.content.decode("utf-8", "replace"))


def build_body(request: Element, scope: Scope) -> str:
    """The body as text: `Message` when there is one, else PostValues as JSON or as a form."""
    if message := request.get("Message", ""):
        return unescape(evaluate(message, scope, passes=request.get("MessagePasses") or "0"))
    posted = request.find("PostValues")
    if posted is None or not _is_included(posted, scope):
        return ""
    values = _build_object(posted, scope)
    if request.get("RequestEncoding") == "UrlEncoded":
        return urlencode(values)
    return json.dumps(values, ensure_ascii=False)


def _build_headers(request: Element, scope: Scope) -> dict[str, str]:
    return {
        one.get("Key", ""): evaluate(one.text or "", scope, passes=one.get("Passes") or "0")
        for one in request.findall("Headers/Value")
    }


def _is_included(element: Element, scope: Scope) -> bool:
    only_if, skip_if = element.get("If", ""), element.get("SkipIf", "")
    if only_if and not check_condition(only_if, scope):
        return False
    return not check_condition(skip_if, scope, skip=True)


def _build_object(element: Element, scope: Scope) -> dict[str, object]:
    return {
        child.get("Key", ""): _build_value(child, scope)
        for child in element
        if isinstance(child.tag, str) and _is_included(child, scope)
    }


def _build_value(element: Element, scope: Scope) -> object:
    match element.tag:
        case "Object":
            return _build_object(element, scope)
        case "Array":
            return [_build_value(child, scope) for child in element if _is_included(child, scope)]
        case "Value":
            text = evaluate(element.text or "", scope, passes=element.get("Passes") or "0")
            return _convert(text, element.get("Type") or "String")
    raise EngineError(f"<{element.tag}> has no place in PostValues.")


def _convert(text: str, kind: str) -> object:
    """The JSON literal that a Value's Type asks for."""
    try:
        match kind:
            case "Integer":
                return int(text)
            case "Double":
                return float(text)
            case "Boolean":
                return {"true": True, "false": False}[text.casefold()]
    except (ValueError, KeyError):
        raise EngineError("InvalidCastException") from None
    return text
