"""Who is calling? Asked by the PBX while the phone rings."""

import json
import logging
from typing import Any

from connector.grants import open_client
from django.http import HttpRequest, HttpResponse, JsonResponse

from connector import directory
from connector.directory import Match as Found
from connector.directory import Person
from connector.models import Connection, UnreadableSecret, ZohoOrganisation
from connector.phones import mask_number, read_number
from connector.sightings import note_lookup
from connector.threecx.answers import Match, build_answer
from connector.views.pbx import open_to_pbx
from connector.zoho.errors import ZohoError
from connector.zoho.links import record_url

log = logging.getLogger(__name__)

MOST_MATCHES = 20

PHONE_KEYS = {
    "Phone": "business",
    "Asst_Phone": "business2",
    "Home_Phone": "home",
    "Mobile": "mobile",
    "Other_Phone": "other",
    "Fax": "fax",
}
"""Key of the answer for each of Zoho's phone fields; custom ones fill what is left."""

SPARE_KEYS = ("mobile2", "business2", "other")


@open_to_pbx()
def look_up(request: HttpRequest, connection: Connection) -> HttpResponse:
    """POST /pbx/<slug>/lookup {"number", "direction"} -> {"matches": [...]}, best first.

    Nothing found, a number that cannot match and trouble with Zoho all answer 200 with an empty
    list: what an error does to a ringing call is not known for every version of 3CX.
    """
    searched = read_searched(request)
    found = find_matches(connection, searched) if searched else []
    note_lookup(connection)
    return JsonResponse(build_answer(found, searched=searched))


def read_searched(request: HttpRequest) -> str:
    try:
        body: Any = json.loads(request.body)
    except (ValueError, RecursionError):
        return ""
    number = body.get("number") if isinstance(body, dict) else ""
    return number[:100] if isinstance(number, str) else ""


def find_matches(connection: Connection, searched: str) -> list[Match]:
    number = read_number(searched, connection.number_rules)
    if not number.can_match:
        return []
    try:
        client = open_client(connection)
        organisation = connection.grant.organisation
        found = directory.find_people(
            client, connection=connection, organisation=organisation, number=number
        )
    except (ZohoError, UnreadableSecret) as error:
        log.warning("lookup of %s failed: %s", mask_number(searched), error)
        return []
    return [describe(m, connection=connection, organisation=organisation) for m in found][
        :MOST_MATCHES
    ]


def describe(found: Found, *, connection: Connection, organisation: ZohoOrganisation) -> Match:
    person = found.person
    return Match(
        id=person.zoho_id,
        module=person.module,
        url=record_url(
            crm_url=connection.crm_url,
            zgid=organisation.zgid,
            environment=organisation.environment,
            module=person.module,
            zoho_id=person.zoho_id,
        ),
        first=person.first_name,
        last=person.last_name,
        company=person.company,
        title=person.title,
        department=person.department,
        email=person.email,
        **place_phones(person),
    )


def place_phones(person: Person) -> dict[str, str]:
    """Each phone under its own 3CX output; custom phone fields under what stays free."""
    placed = {PHONE_KEYS[name]: text for name, text in person.phones.items() if name in PHONE_KEYS}
    custom = [text for name, text in person.phones.items() if name not in PHONE_KEYS]
    free = [key for key in SPARE_KEYS if key not in placed]
    return placed | dict(zip(free, custom, strict=False))
