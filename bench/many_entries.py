"""`python -m bench.many_entries`: many entries against few, on PostgreSQL.

Accepting, settling's and delivery's questions, the first page and each filter of the admin's
lists. Entries and reports are made by SQL. The two databases take turns, and in each turn all that
is measured comes once after the other, so that nothing meets a busy second of the machine every
time. The best time counts: what else runs only ever adds to it. Beside it stand the pages of 8 kB
that the database looked at, which no other load changes.
"""

import argparse

import psycopg
from psycopg import sql

from bench.portal import Portal, open_portal, say

FILL = """
INSERT INTO journaling_event (id, connection_id, kind, source, pbx_call_id, identity, body,
    template_version, received_at, unreadable_reason, call_type, number, number_key, extension,
    queue, started_at, ended_at, entry_id, excluded_by)
SELECT uuidv7(e.created_at - now()), e.connection_id, e.kind, 'report', '', md5(e.id::text),
    convert_to(repeat('x', 400), 'UTF8'), '2', e.created_at, '', e.call_type, e.number,
    e.number_key, e.extension, e.queue, e.started_at, e.ended_at, e.id, ''
FROM journaling_entry e WHERE e.id > %(first)s
"""
ENTRIES = """
INSERT INTO journaling_entry (connection_id, kind, module, reference, state, tries, checks, reason,
    words, field, call_type, number, number_key, person, extension, queue, started_at, ended_at,
    record, trigger, trace, card_module, card_zoho_id, owner_zoho_id, zoho_id, zoho_modified_at,
    created_at, delivered_at, next_attempt_at)
SELECT (SELECT min(id) FROM connector_connection) + n %% 5,
    CASE WHEN n %% 10 = 0 THEN 'chat' ELSE 'call' END, 'Calls', 'p' || n,
    CASE WHEN n %% (%(rows)s / 200) = 7 THEN 'parked'
        WHEN n %% 50 = 3 THEN 'left_out' ELSE 'delivered' END, 1, 0,
    CASE WHEN n %% (%(rows)s / 200) = 7 THEN 'rejected'
        WHEN n %% 50 = 3 THEN 'left_out' ELSE '' END,
    '', '', 'Inbound', '+44' || (1000000000 + n %% 300000), '+44' || (1000000000 + n %% 300000),
    'Somebody ' || n %% 9000, (100 + n / 5 %% 200)::text,
    CASE WHEN n %% 3 = 0 THEN '800' ELSE '' END,
    at, at + interval '2 minutes', jsonb_build_object('Subject', 'Call', 'Description',
    repeat('words ', 20)), '', '[]', 'Contacts', (5000000000000000 + n)::text, '1', n::text, '',
    at, at + interval '20 seconds', NULL
FROM (SELECT n, now() - (%(rows)s - n) * interval '9 seconds' - interval '2 hours' AS at
    FROM generate_series(%(first)s + 1, %(last)s) n) numbers
"""
WAITING = """
UPDATE journaling_entry SET state = 'waiting', next_attempt_at = now()
WHERE id IN (SELECT id FROM journaling_entry WHERE state = 'delivered'
    ORDER BY created_at DESC LIMIT 2000)
"""
INDEXES = """
SELECT indexname, indexdef FROM pg_indexes JOIN pg_class ON relname = indexname
WHERE tablename IN ('journaling_entry', 'journaling_event') AND NOT EXISTS (
    SELECT FROM pg_constraint WHERE conindid = pg_class.oid)
"""
STEP = 500_000
MEASURE = """
import json, os, time
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django.db import connection as database
from connector.models import Connection
from journaling import entries, lanes
from journaling.ingest import store_report
from journaling.models import Entry
from journaling.settle import settle_connection
connection = Connection.objects.order_by("pk").first()
user, _ = User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)
client = Client()
client.force_login(user)
def accept(n):
    body = {{"type": "Inbound", "number": "+441632" + os.urandom(3).hex(), "agent": "101",
        "startutc": "2026-11-22T09:%02d:%02dZ" % (n // 60 % 60, n % 60), "durationseconds": "60"}}
    assert not store_report(connection=connection, kind="call", body=json.dumps(body).encode()
        ).is_repeat
def claim(n):
    token, taken = entries.claim(connection_id=connection.pk + n % 5, module="Calls", limit=100)
    assert taken
    entries.put_back(token)
def page(path):
    def ask(n):
        answer = client.get(path, headers={{"host": "localhost"}})
        assert answer.status_code == 200, (path, answer.status_code)
    return ask
entry, event = "/admin/journaling/entry/", "/admin/journaling/event/"
day = timezone.now().date().isoformat()
ways = {{
    "accept": accept,
    "settle": lambda n: settle_connection(connection.pk),
    "due lanes": lambda n: lanes.list_due_lanes(now=timezone.now()),
    "claim": claim,
    "sweep": lambda n: entries.sweep(now=timezone.now()),
    "list": page(entry),
    "list: page 5": page(entry + "?p=5"),
    "list: connection": page(entry + "?connection__id__exact=%d" % connection.pk),
    "list: delivered": page(entry + "?state__exact=delivered"),
    "list: parked": page(entry + "?state__exact=parked"),
    "list: unknown": page(entry + "?state__exact=unknown"),
    "list: chats": page(entry + "?kind__exact=chat"),
    "list: attachments": page(entry + "?kind__exact=attachment"),
    "list: reason": page(entry + "?reason=rejected"),
    "list: reason of none": page(entry + "?reason=no_card"),
    "list: extension": page(entry + "?extension=101"),
    "list: extension of none": page(entry + "?extension=999"),
    "list: day": page(entry + "?day=" + day),
    "list: search number": page(entry + "?q=%2B441000000101"),
    "list: search part": page(entry + "?q=00000101"),
    "list: search name of none": page(entry + "?q=nobody"),
    "list: search name": page(entry + "?q=somebody 77"),
    "list: connection, parked": page(
        entry + "?state__exact=parked&connection__id__exact=%d" % connection.pk),
    "list: connection, extension": page(
        entry + "?extension=101&connection__id__exact=%d" % connection.pk),
    "reports": page(event),
    "reports: connection": page(event + "?connection__id__exact=%d" % connection.pk),
    "reports: chats": page(event + "?kind__exact=chat"),
    "reports: from the call log": page(event + "?source__exact=call_log"),
    "reports: search number": page(event + "?q=%2B441000000101"),
    "reports: search name": page(event + "?q=nobody"),
    "dashboard": page("/admin/"),
}}
wanted = {wanted}
def read_pages():
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT blks_hit + blks_read FROM pg_stat_database"
            " WHERE datname = current_database()")
        return cursor.fetchone()[0]
least = {{}}
for n in range({repeats} + 1):
    for name, way in ways.items():
        if wanted and name not in wanted:
            continue
        pages, started = read_pages(), time.perf_counter()
        way(n)
        took = (time.perf_counter() - started) * 1000
        one = took, read_pages() - pages
        least[name] = [min(*pair) for pair in zip(least.get(name, one), one)] if n else one
print(json.dumps(least))
"""


def fill(portal: Portal, rows: int) -> None:
    """As a dump is restored: without indexes and triggers, which are made anew at the end."""
    portal.set_up("one", "two", "three", "four", "five", authorized=False)
    with psycopg.connect(portal.environment["DATABASE_URL"], autocommit=True) as database:
        database.execute("SET session_replication_role = replica")
        database.execute("SET maintenance_work_mem = '1GB'")
        indexes = database.execute(INDEXES).fetchall()
        for name, _definition in indexes:
            database.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        for first in range(0, rows, STEP):
            part = {"first": first, "rows": rows, "last": min(first + STEP, rows)}
            newest = database.execute("SELECT coalesce(max(id), 0) FROM journaling_entry")
            before = (newest.fetchone() or (0,))[0]
            database.execute(ENTRIES, part)
            database.execute(FILL, {"first": before})
        for _name, definition in indexes:
            database.execute(definition)
        database.execute("ANALYZE")
        database.execute(WAITING)
        database.execute("VACUUM ANALYZE")
        database.execute("CHECKPOINT")  # else what was filled is still being written meanwhile


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=50_000)
    parser.add_argument("--many", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", default="", help="names, by comma")
    options = parser.parse_args()
    wanted = options.only.split(",") if options.only else []
    script = MEASURE.format(repeats=options.repeats, wanted=wanted)
    with open_portal("postgres") as few, open_portal("postgres") as many:
        fill(few, options.few)
        fill(many, options.many)
        tell(compare(few, many, script=script, rounds=options.rounds), options)


def compare(few: Portal, many: Portal, *, script: str, rounds: int) -> dict[str, list[float]]:
    """Of each: milliseconds with few and many, the database's pages with few and many."""
    turns = [(few.ask(script), many.ask(script)) for _round in range(rounds)]
    return {
        name: [min(turn[side][name][what] for turn in turns) for what in (0, 1) for side in (0, 1)]
        for name in turns[0][0]
    }


def tell(found: dict[str, list[float]], options: argparse.Namespace) -> None:
    say(f"{'':26}{options.few:>10}{options.many:>11}   ratio of ms     pages of 8 kB")
    for name, (small, large, small_pages, large_pages) in found.items():
        say(
            f"{name:26}{small:10.1f} {large:10.1f}   {large / small:11.2f}"
            f" {small_pages:8} {large_pages:8}"
        )


if __name__ == "__main__":
    main()
