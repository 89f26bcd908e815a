"""Which requests a scenario becomes."""

import json
from urllib.parse import parse_qs
from xml.etree.ElementTree import Element, fromstring

import pytest
import requests

from connector.sandbox.pbx.errors import EngineError
from connector.sandbox.pbx.expressions import Scope
from connector.sandbox.pbx.posting import Answer, build_body, send_request
from tests.connector.sandbox_pbx.conftest import Portal

SCOPE = Scope(
    variables={
        "Number": "+44 163",
        "CallType": "Missed",
        "Seconds": "65",
        "Name": 'An "n\\\n',
        "Enabled": "False",
    }
)


def make_request(inner: str, **attributes: str) -> Element:
    request = fromstring(f"<Request>{inner}</Request>")
    request.attrib.update({"RequestEncoding": "Json", "RequestType": "Post"} | attributes)
    return request


def build(values: str) -> object:
    return json.loads(build_body(make_request(f"<PostValues>{values}</PostValues>"), SCOPE))


def test_values_become_json_with_everything_escaped() -> None:
    values = '<Value Key="a">[Number]</Value><Value Key="b">[Name]</Value>'
    assert build(values) == {"a": "+44 163", "b": 'An "n\\\n'}


def test_a_type_chooses_the_literal() -> None:
    assert build(
        '<Value Key="i" Type="Integer">[Seconds]</Value>'
        '<Value Key="d" Type="Double">[Seconds].5</Value>'
        '<Value Key="b" Type="Boolean">[Enabled]</Value>'
        '<Value Key="s" Type="String">[Seconds]</Value>'
    ) == {"i": 65, "d": 65.5, "b": False, "s": "65"}


def test_a_literal_that_is_none_of_its_type_raises() -> None:
    with pytest.raises(EngineError, match="InvalidCast"):
        build('<Value Key="i" Type="Integer">[Number]</Value>')


def test_objects_and_arrays_nest() -> None:
    assert build(
        '<Object Key="o"><Array Key="l"><Value Key="">1</Value>'
        '<Object Key=""><Value Key="x">2</Value></Object></Array></Object><Object Key="e" />'
    ) == {"o": {"l": ["1", {"x": "2"}]}, "e": {}}


def test_repeated_keys_with_exclusive_conditions_choose_one() -> None:
    assert build(
        '<Value Key="t" If="[CallType]==Inbound">in</Value>'
        '<Value Key="t" If="[CallType]==Missed">lost</Value>'
        '<Object Key="o" SkipIf="[Enabled]!=True"><Value Key="x">1</Value></Object>'
        '<Array Key="a" If="[CallType]==Inbound"><Value Key="">1</Value></Array>'
    ) == {"t": "lost"}


def test_a_message_is_sent_as_it_is_written() -> None:
    request = make_request("", Message="{^^n^^: {{[Seconds]}}}", MessagePasses="1")
    assert build_body(request, SCOPE) == '{"n": [65]}'


def test_a_form_keeps_the_plus(portal: Portal) -> None:
    values = '<PostValues><Value Key="number">[Number]</Value></PostValues>'
    request = make_request(values, Url=f"{portal.url}/form", RequestEncoding="UrlEncoded")
    send_request(request, SCOPE, requests.Session())
    [(_, headers, body)] = portal.posted
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(body) == {"number": ["+44 163"]}


def test_a_plus_in_an_address_is_sent_raw(portal: Portal) -> None:
    request = make_request("", Url=f"{portal.url}/q?n=+44", RequestType="Get")
    send_request(request, SCOPE, requests.Session())
    assert portal.posted[0][0] == "/q?n=+44"


def test_what_is_to_be_skipped_is_not_sent(portal: Portal) -> None:
    request = make_request("", Url=portal.url, SkipIf="[Enabled]!=True")
    assert send_request(request, SCOPE, requests.Session()) is None
    assert portal.posted == []


def test_a_portal_that_is_away_gives_status_0_and_the_reason() -> None:
    request = make_request("", Url="http://127.0.0.1:1/")
    answer = send_request(request, SCOPE, requests.Session())
    assert answer is not None
    assert answer.status == 0
    assert "refused" in answer.text


@pytest.mark.parametrize(
    ("status", "text", "found"),
    [(200, '{"a": 1}', {"a": 1}), (500, '{"a": 1}', None), (200, "<html>", None)],
)
def test_only_json_of_a_good_answer_counts(status: int, text: str, found: object) -> None:
    assert Answer(status=status, text=text).json == found
