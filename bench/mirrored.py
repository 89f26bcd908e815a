"""A mirror made by SQL: hundred thousands of people within moments, for benches that only ask.

As a fill would leave it: a sixth are Accounts, half Contacts, the rest Leads; every second person
has two numbers; names in Latin with accents and in Cyrillic. Runs inside a portal.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection as database
from django.utils import timezone

from connector.models import Connection, Mirror
from connector.people.fields import MODULES
from connector.people.folding import fold_name
from connector.people.reading import read_as
from connector.sandbox.zoho import names

WORDS = {  # and after how many people the next one comes
    "first": ([*names.FIRST_NAMES, "Zoë", "José", *names.CYRILLIC_FIRST_NAMES], 1),
    "last": ([*names.LAST_NAMES, "Müller", "Ångström", *names.CYRILLIC_LAST_NAMES], 7),
    "company": ([f"{last} {trade}" for last in names.LAST_NAMES for trade in names.TRADES], 31),
}
NUMBER, SECOND_NUMBER = "441000000000 + n * 7", "497000000000 + n * 11"
PEOPLE = f"""
INSERT INTO connector_mirroredperson (id, organisation_id, module, zoho_id, first_name, last_name,
    company, title, department, email, emails, phones, account_zoho_id, owner_zoho_id,
    converted_to, search_text, name_key, first_key, modified_at, active_at, seen_at)
WITH RECURSIVE numbers(n) AS (
    VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < %(people)s)
SELECT n, %(organisation)s,
    CASE WHEN n %% 6 = 0 THEN 'Accounts' WHEN n %% 6 < 4 THEN 'Contacts' ELSE 'Leads' END,
    CAST(5000000000000000 + n AS text), [first], [last], [company], '', '', '',
    [object]('Email', ''), [object]('Phone', '+' || ({NUMBER})), '', '1', '',
    ' ' || [folded first] || ' ' || [folded last] || ' ' || [folded company] || ' ' || ({NUMBER}),
    [folded last] || ' ' || [folded first], [folded first] || ' ' || [folded last],
    %(at)s, %(at)s, %(at)s
FROM numbers
"""  # noqa: S608
KEYS = """
INSERT INTO connector_mirroredkey (organisation_id, person_id, reading, key, tail, is_company,
    module, active_at, answer)
SELECT organisation_id, id, %(reading)s, '+' || digits, reverse(digits), module = 'Accounts',
    module, active_at, CAST([object]('id', zoho_id, 'module', module, 'url',
        'http://127.0.0.1/crm/org20061000001/tab/' || module || '/' || zoho_id,
        'first', first_name, 'last', last_name, 'company', company, 'title', '', 'department', '',
        'email', '', 'business', '+' || digits, 'business2', '', 'home', '', 'mobile', '',
        'mobile2', '', 'other', '', 'fax', '') AS text)
FROM (SELECT p.*, CAST({number} AS text) AS digits
    FROM (SELECT *, id AS n FROM connector_mirroredperson) p WHERE n %% {step} = 0) p
"""
INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename IN ('connector_mirroredperson', 'connector_mirroredkey')
    AND indexname LIKE 'mirrored%%' AND indexname NOT LIKE '%%once'
"""


def fill_tables(people: int) -> None:
    connection = Connection.objects.select_related("grant").get()
    organisation, digest = connection.grant.organisation, read_as(connection).digest
    now = timezone.now()
    facts = {
        "people": people,
        "organisation": organisation.pk,
        "reading": digest,
        "at": database.ops.adapt_datetimefield_value(now),
    }
    with without_indexes():
        write(PEOPLE, facts)
        write(KEYS.replace("{number}", NUMBER).replace("{step}", "1"), facts)
        write(KEYS.replace("{number}", SECOND_NUMBER).replace("{step}", "2"), facts)
    with database.cursor() as cursor:
        cursor.execute("ANALYZE")
    for module in MODULES:
        Mirror.objects.create(
            organisation=organisation,
            module=module,
            filled_at=now,
            synced_at=now + timedelta(days=1),
            readings=[digest],
        )


@contextmanager
def without_indexes() -> Iterator[None]:
    """PostgreSQL makes them faster at the end; SQLite's triggers keep theirs."""
    with database.cursor() as cursor:
        indexes: list[tuple[str, str]] = []
        if database.vendor == "postgresql":
            cursor.execute("SET maintenance_work_mem = '512MB'")
            cursor.execute(INDEXES.replace("%%", "%"))
            indexes = cursor.fetchall()
        else:
            database.connection.create_function("reverse", 1, lambda text: text[::-1])
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _name, definition in indexes:
            cursor.execute(definition)


def write(statement: str, facts: dict[str, Any]) -> None:
    for name in WORDS:
        statement = statement.replace(f"[{name}]", pick(name))
        statement = statement.replace(f"[folded {name}]", pick(name, is_folded=True))
    make_object = "jsonb_build_object" if database.vendor == "postgresql" else "json_object"
    with database.cursor() as cursor:
        cursor.execute(statement.replace("[object]", make_object), facts)


def pick(name: str, *, is_folded: bool = False) -> str:
    """SQL that gives the n-th person one of these words."""
    words, step = WORDS[name]
    listed = [fold_name(word) for word in words] if is_folded else words
    array, place = json.dumps(listed, ensure_ascii=False), f"n / {step} %% {len(words)}"
    if database.vendor == "postgresql":
        return f"('{array}'::jsonb ->> ({place})::int)"
    return f"json_extract('{array}', '$[' || ({place}) || ']')"
