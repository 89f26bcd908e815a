"""Rules for what a scenario sends."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from connector.threecx import vocabulary as words

# The one text comparison whose form sources agree on.
NO_CONTACT = '[EntityId]==""'


def check_request(crm: Element, scenario: Element) -> Iterator[str]:
    """Faults of the scenario's <Request>; `crm` holds the parameters it may ask."""
    name = scenario.get("Id", "")
    requests = scenario.findall("Request")
    if len(requests) != 1:
        yield f'The scenario "{name}" has {len(requests)} requests.'
        return
    request = requests[0]
    yield from _check_words(request)
    yield from _check_skipping(crm, request, name)
    yield from _check_headers(crm, request, name)
    yield from _check_posted(request)


def _check_words(request: Element) -> Iterator[str]:
    if request.get("RequestType") != "Post":
        yield f'RequestType "{request.get("RequestType")}" is not Post.'
    if request.get("RequestEncoding") != "Json":
        yield f'RequestEncoding "{request.get("RequestEncoding")}" is not Json.'
    if request.get("ResponseType") not in words.RESPONSE_TYPES:
        yield f'ResponseType "{request.get("ResponseType")}" is not Json.'
    if not request.get("Url"):
        yield "A request has no Url."
    # Variables go into an address unescaped: a plus arrives as a blank.
    if "?" in request.get("Url", ""):
        yield "The Url carries a query; what is asked belongs into the body."


def _check_skipping(crm: Element, request: Element, name: str) -> Iterator[str]:
    switches = {one.get("Name") for one in crm.iter("Parameter") if one.get("Type") == "Boolean"}
    safe = {f"[{switch}]!=True" for switch in switches} | {"", NO_CONTACT}
    for element in request.iter():
        condition = element.get("SkipIf", "")
        if condition not in safe:
            yield (
                f'The scenario "{name}" compares in SkipIf="{condition}"; only a Boolean '
                "parameter may be asked there."
            )


def _check_headers(crm: Element, request: Element, name: str) -> Iterator[str]:
    secrets = {
        f"[{one.get('Name')}]" for one in crm.iter("Parameter") if one.get("Type") == "Password"
    }
    headers = {one.get("Key"): one.text or "" for one in request.findall("Headers/Value")}
    if headers.get("X-Api-Key") not in secrets:
        yield f'The scenario "{name}" does not send the key.'
    if headers.get("X-Template-Version") != crm.get("Version"):
        yield f'The scenario "{name}" does not say its version.'


def _check_posted(request: Element) -> Iterator[str]:
    for array in request.iter("Array"):
        if any(child.get("Key") for child in array):
            yield "A direct child of an <Array> has a Key."
    for value in request.iter("Value"):
        if value.get("Passes", "0") not in ("0", "1", "2", "3", "4"):
            yield f'Passes="{value.get("Passes")}" is not a number from 0 to 4.'
