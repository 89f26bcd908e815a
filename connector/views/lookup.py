"""Who is calling? Asked by the PBX while the phone rings."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse

from connector import directory, placeholders
from connector.models import Connection
from connector.phones import read_number
from connector.sightings import note_lookup
from connector.threecx.answers import write_answer
from connector.views.pbx import open_to_pbx

LONGEST = 255


@open_to_pbx(is_limited=True)
def look_up(request: HttpRequest, connection: Connection) -> HttpResponse:
    """POST /pbx/<slug>/lookup {"number", "direction"} -> {"matches": [...]}, best first.

    Nothing found, a number that cannot match and trouble with Zoho all answer 200 with an empty
    list: what an error does to a ringing call is not known for every version of 3CX.
    """
    searched = read_text(request, "number")
    number = read_number(searched, connection.number_rules)
    found = directory.answer_number(connection, number) if searched else []
    found = found or placeholders.stand_in(connection, number)
    note_lookup(connection)
    return answer_matches(found, searched=searched)


@open_to_pbx(is_limited=True)
def look_up_email(request: HttpRequest, connection: Connection) -> HttpResponse:
    """POST /pbx/<slug>/lookup-by-email {"email"} -> {"matches": [...]}; for chat visitors."""
    found = directory.answer_email(connection, read_text(request, "email"))
    return answer_matches(found)


def answer_matches(found: list[str], *, searched: str = "") -> HttpResponse:
    return HttpResponse(write_answer(found, searched=searched), content_type="application/json")


def read_text(request: HttpRequest, key: str) -> str:
    """A text of the request's JSON object, "" when there is none."""
    try:
        body: Any = json.loads(request.body)
    except (ValueError, RecursionError):
        return ""
    text = body.get(key) if isinstance(body, dict) else ""
    return text[:LONGEST] if isinstance(text, str) else ""
