"""What an erasure under way has to remember, as texts to be sealed."""

import json
from collections import Counter
from typing import Any

from django.apps import apps
from django.utils.dateparse import parse_datetime

from connector.models import Connection
from connector.wording import pack, unpack
from journaling.privacy.certificate import Certificate
from journaling.privacy.scrubbing import Mention
from journaling.privacy.subject import Subject

LISTS = (
    "zoho_erased", "zoho_left", "zoho_people", "zoho_scrubbed", "zoho_mentions", "doubtful",
    "spool_files",
)  # fmt: skip


def write_plan(subjects: list[Subject]) -> str:
    """The people of the mirror are gone when it is read again, so what they added is kept."""
    return json.dumps(
        [
            {
                "connection": one.connection.pk,
                "keys": sorted(one.keys),
                "addresses": sorted(one.addresses),
                "people": one.people,
            }
            for one in subjects
        ]
    )


def read_plan(text: str) -> list[Subject]:
    """Without connections that were deleted meanwhile, for nothing of theirs is left."""
    rows: list[dict[str, Any]] = json.loads(text)
    known = Connection.objects.select_related("grant__organisation")
    found = known.in_bulk([row["connection"] for row in rows])
    return [
        Subject(
            connection=found[row["connection"]],
            keys=frozenset(row["keys"]),
            addresses=frozenset(row["addresses"]),
            people=tuple(row["people"]),
        )
        for row in rows
        if row["connection"] in found
    ]


def write_certificate(certificate: Certificate) -> str:
    return json.dumps(
        {
            "at": certificate.at.isoformat(),
            "erased": certificate.erased,
            "scrubbed": {one.place: one.rows for one in certificate.scrubbed},
            "mentions": {one.place: one.rows for one in certificate.mentions},
            **{name: pack(getattr(certificate, name)) for name in LISTS},
        }
    )


def read_certificate(text: str, *, asked: str, subjects: list[Subject]) -> Certificate:
    facts = json.loads(text)
    at = parse_datetime(facts["at"])
    assert at is not None
    return Certificate(
        asked=asked,
        subjects=subjects,
        at=at,
        erased=Counter(facts["erased"]),
        scrubbed=read_mentions(facts["scrubbed"]),
        mentions=read_mentions(facts["mentions"]),
        **{name: unpack(facts[name]) for name in LISTS if name in facts},
    )


def read_mentions(counts: dict[str, int]) -> list[Mention]:
    return [Mention(model=apps.get_model(place), rows=rows) for place, rows in counts.items()]
