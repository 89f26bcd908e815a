"""Records become people and keys: here, or for a large module in a process of its own."""

import multiprocessing
import os
import signal
import subprocess
import sys
from typing import Any

from connector.people.reading import Reading
from connector.phones import NumberRules
from connector.sync.beside import DRAFTED_HERE, draft_beside
from connector.sync.drafting import Terms, draft_people
from connector.sync.statements import PERSON_COLUMNS
from tests.support.processes import wait_until

TERMS = Terms(
    module="Contacts",
    organisation_id=1,
    zgid="20061000001",
    environment="production",
    phones=("Phone",),
    emails=("Email",),
    readings=(
        Reading(NumberRules(country="GB"), "https://crm.zoho.eu"),
        Reading(NumberRules(country="DE"), "https://crm.zoho.eu"),
    ),
)
LONELY = """
import multiprocessing, sys, time
from connector.sync.beside import DRAFTED_HERE, draft_beside
from tests.connector.sync.test_drafting import TERMS, make_records
if __name__ == "__main__":
    with draft_beside(TERMS) as begin:
        drafts = [begin(make_records(n)) for n in range(DRAFTED_HERE + 1)]
        drafts[-1]()
        print(multiprocessing.active_children()[0].pid, flush=True)
        time.sleep(600)
"""


def make_records(number: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"50000{number}",
            "First_Name": "Zoë",
            "Last_Name": "Lane",
            "Phone": f"01632 96001{number}",
            "Modified_Time": "2026-11-01T10:00:00+00:00",
        }
    ]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_small_module_starts_no_process_and_a_large_one_becomes_the_same_in_its_own() -> None:
    with draft_beside(TERMS) as begin:
        drafts = []
        for number in range(DRAFTED_HERE):
            drafts.append(begin(make_records(number)))
        assert multiprocessing.active_children() == []
        drafts.append(begin(make_records(DRAFTED_HERE)))
        assert len(multiprocessing.active_children()) == 1
        made = [draft() for draft in drafts]
    assert multiprocessing.active_children() == []
    assert made == [draft_people(make_records(n), TERMS) for n in range(DRAFTED_HERE + 1)]


def test_each_way_to_read_a_number_gives_a_key_and_digits_to_search() -> None:
    [draft] = draft_people(make_records(1), TERMS)
    assert [key.key for key in draft.keys] == ["+441632960011", "+491632960011"]
    text = dict(zip(PERSON_COLUMNS, draft.row, strict=False))["search_text"]
    assert text.split() == ["zoe", "lane", "01632960011", "441632960011", "491632960011"]


def test_the_drafting_process_ends_when_its_fill_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LONELY], stdout=subprocess.PIPE, text=True
    ) as fill:
        assert fill.stdout
        drafting = int(fill.stdout.readline())
        assert is_running(drafting)
        fill.send_signal(signal.SIGKILL)
    wait_until(lambda: not is_running(drafting), seconds=30, what="the end of the process")
