"""Whom one spoke with last: of several people with one number they come first."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection as database

from connector.models import ZohoOrganisation

SPOKEN = "WITH spoken (module, zoho_id, at) AS (VALUES {rows}) "
EARLIER = "({table}.spoken_at IS NULL OR {table}.spoken_at < spoken.at)"
PEOPLE = (
    f"{SPOKEN} UPDATE connector_mirroredperson SET spoken_at = spoken.at FROM spoken "  # noqa: S608
    "WHERE connector_mirroredperson.organisation_id = %s "
    "AND connector_mirroredperson.module = spoken.module "
    "AND connector_mirroredperson.zoho_id = spoken.zoho_id "
    f"AND {EARLIER.replace('{table}', 'connector_mirroredperson')}"
)
# A converted lead's keys show the contact that it became.
KEYS = (
    f"{SPOKEN} UPDATE connector_mirroredkey SET spoken_at = spoken.at FROM ("  # noqa: S608
    "SELECT p.id, spoken.at FROM spoken JOIN connector_mirroredperson p "
    "ON p.organisation_id = %s AND p.module = spoken.module AND p.zoho_id = spoken.zoho_id "
    "UNION ALL SELECT p.id, spoken.at FROM spoken JOIN connector_mirroredperson p "
    "ON p.organisation_id = %s AND p.converted_to = spoken.zoho_id AND p.converted_to <> '' "
    "AND spoken.module = 'Contacts') spoken "
    "WHERE connector_mirroredkey.person_id = spoken.id "
    f"AND {EARLIER.replace('{table}', 'connector_mirroredkey')}"
)
Spoken = Mapping[tuple[str, str], datetime]
"""The moment of the last call by module and Zoho's id of the person."""


def note_spoken(organisation: ZohoOrganisation, spoken: Spoken) -> None:
    """Remember these calls, unless later ones are known."""
    if not spoken:
        return
    rows = ", ".join(["(%s, %s, %s)"] * len(spoken))
    values = [
        value
        for (module, zoho_id), at in sorted(spoken.items())
        for value in (module, zoho_id, database.ops.adapt_datetimefield_value(at))
    ]
    with database.cursor() as cursor:
        cursor.execute(PEOPLE.replace("{rows}", rows), [*values, organisation.pk])
        cursor.execute(KEYS.replace("{rows}", rows), [*values, organisation.pk, organisation.pk])
