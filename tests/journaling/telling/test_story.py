"""The story of a call in plain words."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.models import ZohoOrganisation
from journaling.models import Entry
from journaling.sentences import SENTENCES
from journaling.telling.reasons import describe_reason
from journaling.telling.story import Labels, say, tell

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_lines_keep_the_order_and_the_moments_of_the_trace():
    entry = Entry(
        trace=[
            {
                "at": "2026-11-22T10:44:31+00:00",
                "code": "reported",
                "type": "Missed",
                "queue": "800",
            },
            {"at": "2026-11-22T10:44:53+00:00", "code": "delivered", "zoho_id": "5", "among": 12},
        ]
    )
    lines = tell(entry)
    assert [line.text for line in lines] == [
        "The PBX reported: missed call, queue 800.",
        "Written to Zoho as record 5, in one request (12 records).",
    ]
    assert lines[0].at < lines[1].at


def test_people_are_named_with_their_module_and_how_they_matched():
    people = [
        {"module": "Contacts", "zoho_id": "1", "name": "Ann Lee", "exact": True},
        {"module": "Accounts", "zoho_id": "2", "name": "Lee Ltd", "exact": False},
    ]
    assert say({"code": "people_found", "count": 2, "people": people}) == (
        "Found in Zoho: Ann Lee (Contacts), Lee Ltd (Accounts, by the last digits)."
    )


def test_modules_and_fields_have_the_organisations_names():
    fields = {"Calls": {"Call_Purpose": {"label": "Why they rang"}}}
    organisation = ZohoOrganisation(
        fields=fields, module_labels={"Contacts": {"one": "Client", "many": "Clients"}}
    )
    labels = Labels(organisation=organisation, module="Calls")
    taken = {"code": "card_taken", "module": "Contacts", "name": "Ann Lee"}
    assert say(taken, labels=labels) == "Ann Lee (Clients/Contacts) was taken."
    unknown = {"code": "field_read_only", "field": "Call_Purpose"}
    assert say(unknown, labels=labels).startswith("“Why they rang” (Call_Purpose) cannot")


def test_a_wait_is_told_with_its_day_in_the_connections_zone():
    waits = {"code": "later", "words": "Busy.", "until": "2021-11-22T23:30:00+00:00"}
    assert say(waits, labels=Labels(zone="Europe/Berlin")) == (
        "It did not work: “Busy.” The next try is at 23 Nov 2021 00:30:00."
    )


def test_nobody_found_is_said():
    assert say({"code": "people_found", "count": 0, "people": []}) == (
        "Nobody in Zoho has this number."
    )


def test_an_unknown_code_is_shown_as_it_is():
    assert say({"at": "x", "code": "moon_phase", "phase": "full"}) == "Moon phase: phase full."


@pytest.mark.parametrize("code", SENTENCES)
def test_every_code_is_told_even_without_facts(code):
    assert "%(" not in say({"code": code})
    assert say({"code": code})


NAMES = [
    "at", "code", "words", "people", "person", "module", "field", "reason", "until", "key",
    "number", "name", "exact", "say", "facts",
]  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["2026-13-45T99:00"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=8,
)


@PATIENT
@given(st.sampled_from([*SENTENCES, "moon_phase"]), st.dictionaries(st.sampled_from(NAMES), VALUES))
def test_whatever_a_trace_holds_it_is_told(code, facts):
    [line] = tell(Entry(trace=[{"number": "", **facts, "code": code}]))
    assert line.text


def test_zohos_own_codes_become_words():
    assert describe_reason("MAPPING_MISMATCH") == "Mapping mismatch"
    assert describe_reason("internal").startswith("An internal call")


def test_a_percent_sign_in_a_fact_stays():
    assert say({"code": "parked", "reason": "rejected", "words": "100% wrong"}).endswith(
        "“100% wrong”"
    )


def test_a_number_that_came_in_full_needs_no_sentence():
    full = {"code": "number_read", "number": "+441632960011", "key": "+441632960011"}
    short = {"code": "number_read", "number": "01632 960011", "key": "+441632960011"}
    told = tell(Entry(trace=[full, short]))
    assert [line.text for line in told] == ["01632 960011 was read as +441632960011."]
