"""What the bench says is what is delivered."""

import json
from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from connector.models import Agent, Connection
from connector.people import live
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import Attempt, Entry, Event, JournalSettings
from journaling.settle import settle_connection
from journaling.telling.story import tell
from journaling.trying.expectations import explain
from journaling.trying.sample_call import write_report
from journaling.trying.whatif import Bench, Trial, compare_last_calls
from tests.journaling.admin_pages import read_form
from tests.support.builders import build_call_body
from tests.support.mirror import insert

pytestmark = pytest.mark.django_db

NUMBERS = ("+441632960010", "01632 960011", "+442079460100", "anonymous", "+390612345678", "102")
TYPES = ("Inbound", "Missed", "Outbound", "Notanswered")


@pytest.fixture
def acme(zoho) -> Connection:
    """With all that changes what is written: rules, follow-ups, a layout, the link to the page."""
    return zoho.connect(
        journal={
            "settle_seconds": 0, "legs": "one_per_leg", "follow_up_enabled": True,
            "layout_calls": "Service", "layout_tasks": "Standard", "call_page_link": True,
        },
        reference_field="",
        fallback_owner="boss@acme.example",
        exclusions=[
            {"kind": "extension", "value": "103", "journal": "never"},
            {"kind": "queue", "value": "801", "journal": "without_texts"},
        ],
    )  # fmt: skip


def write_calls(count: int) -> list[bytes]:
    random = Random(5)
    return [
        build_call_body(
            number=random.choice(NUMBERS),
            type=random.choice(TYPES),
            agent=random.choice(("101", "102", "103", "999")),
            queue=random.choice(("", "800", "801")),
            agent_email=random.choice(("ann@acme.example", "", "nobody@acme.example")),
            start=f"2026-11-20T{8 + number // 60:02}:{number % 60:02}:00Z",
            end=f"2026-11-20T{8 + number // 60:02}:{number % 60:02}:40Z",
            seconds="40",
        )
        for number in range(count)
    ]


def strip_reference(record: dict, reference: str) -> dict:
    return json.loads(json.dumps(record).replace(reference, "REF"))


def test_what_is_tried_is_what_is_delivered_for_fifty_calls(zoho, acme):
    bodies = write_calls(50)
    bench = Bench(acme)
    tried = [bench.try_report(body, kind="call") for body in bodies]
    assert not Event.objects.exists()
    assert not Attempt.objects.exists()
    for body in bodies:
        store_report(connection=acme, kind="call", body=body)
    settle_connection(acme.pk)
    for module in ("Calls", "Tasks"):
        deliver_lane(connection_id=acme.pk, module=module)
    stored = [event.entry for event in Event.objects.order_by("received_at", "pk")]
    tasks = 0
    for trial, entry in zip(tried, stored, strict=True):
        sent = strip_reference(entry.record or {}, entry.reference)
        assert strip_reference(trial.record, trial.entry.reference) == sent
        assert (entry.state == Entry.State.DELIVERED) == bool(trial.request)
        for task in entry.followers.filter(kind=Entry.Kind.FOLLOW_UP, state="delivered"):
            tasks += 1
            said = strip_reference(trial.task.record, trial.task.entry.reference)
            assert said == strip_reference(task.record, task.reference)
    assert {bool(trial.request) for trial in tried} == {True, False}
    assert {trial.entry.reason for trial in tried} >= {"excluded", "internal"}
    [name] = {call["Layout"]["name"] for call in zoho.list_records("Calls")}
    assert name == "Service"
    assert all("/c/REF" in trial_text for trial_text in list_texts(tried))
    assert tasks == len(zoho.list_records("Tasks")) > 0


def list_texts(tried: list[Trial]) -> list[str]:
    return [
        str(strip_reference(trial.record, trial.entry.reference)["Description"])
        for trial in tried
        if trial.request
    ]


def test_other_settings_show_their_differences(zoho, acme):
    contact = zoho.find_person("Contacts", "Lane")
    store_report(connection=acme, kind="call", body=build_call_body(number=contact["Phone"]))
    settle_connection(acme.pk)
    deliver_lane(connection_id=acme.pk, module="Calls")
    same = compare_last_calls(Bench(acme), Bench(acme))
    assert (same.tried, same.left, same.different) == (1, 0, [])
    changed = Connection.objects.get(pk=acme.pk)
    changed.journal.call_subject = "Other words"
    [difference] = compare_last_calls(Bench(acme), Bench(changed)).different
    assert difference.fields == ["Subject"]
    assert difference.after.record["Subject"] == "Other words"
    changed.exclusions = [{"kind": "number", "value": contact["Phone"], "journal": "never"}]
    [difference] = compare_last_calls(Bench(acme), Bench(changed)).different
    assert difference.after.request is None
    assert "keeps it out" in tell(difference.after.entry)[-1].text
    assert Entry.objects.get(kind=Entry.Kind.CALL).state == Entry.State.DELIVERED


def test_calls_that_the_time_did_not_suffice_for_are_counted(zoho, acme):
    store_report(connection=acme, kind="call", body=build_call_body())
    settle_connection(acme.pk)
    found = compare_last_calls(Bench(acme), Bench(acme), seconds=-1)
    assert (found.tried, found.left) == (0, 1)


def test_a_task_that_would_come_or_go_is_a_difference(admin_client, acme):
    store_report(connection=acme, kind="call", body=build_call_body(type="Missed", seconds="0"))
    settle_connection(acme.pk)
    deliver_lane(connection_id=acme.pk, module="Calls")
    typed = read_form(admin_client, acme) | {"follow_up_enabled": None, "last": "1"}
    words = ask(admin_client, acme, **{k: v for k, v in typed.items() if v is not None})
    assert "no task to call back would follow any more" in words.content.decode()


def ask(client, connection, **typed):
    return client.post(f"/admin/connector/connection/{connection.pk}/try/", typed)


def test_the_page_shows_who_why_and_the_request(admin_client, zoho, acme):
    contact = zoho.find_person("Contacts", "Lane")
    answer = ask(
        admin_client, acme, **{
            "try": "1", "try-number": contact["Phone"], "try-kind": "Inbound",
            "try-extension": "101",
        },
    )  # fmt: skip
    words = answer.content.decode()
    assert "This would be written" in words
    assert "POST /crm/v8/Calls" in words
    assert answer.context["trial"].record["Who_Id"]["id"] == contact["id"]
    assert zoho.list_records("Calls") == []


def test_settings_as_typed_are_tried_and_not_saved(admin_client, acme):
    typed = read_form(admin_client, acme) | {
        "call_subject": "Typed only", "try": "1", "try-number": "+442079460100",
        "try-kind": "Missed",
    }  # fmt: skip
    answer = ask(admin_client, acme, **typed)
    assert answer.context["trial"].record["Subject"] == "Typed only"
    assert "with the saved settings" in answer.content.decode()
    acme.journal.refresh_from_db()
    assert acme.journal.call_subject != "Typed only"


def test_extensions_and_queues_as_typed_are_tried(admin_client, zoho, acme):
    Agent.objects.create(connection=acme, extension="101", email="ann@acme.example")
    typed = read_form(admin_client, acme) | {
        "agents-0-zoho_user": "boss@acme.example",
        "queues-TOTAL_FORMS": "1", "queues-0-extension": "800", "queues-0-owner": "",
        "queues-0-name": "Sales", "queues-0-ring_seconds": "30",
        "try": "1", "try-number": "+442079460100", "try-kind": "Inbound", "try-extension": "101",
    }  # fmt: skip
    answer = ask(admin_client, acme, **typed)
    owner = answer.context["trial"].record["Owner"]["id"]
    assert owner == zoho.find_user("boss@acme.example")
    assert "with the saved settings" in answer.content.decode()
    removed = typed | {"agents-0-DELETE": "on", "agents-0-zoho_user": ""}
    assert ask(admin_client, acme, **removed).context["trial"].entry.trace
    assert Agent.objects.get().zoho_user == ""
    assert not acme.queues.exists()


def test_wrong_rows_of_a_table_are_told_instead_of_tried(admin_client, acme):
    typed = read_form(admin_client, acme) | {
        "agents-TOTAL_FORMS": "1", "agents-0-extension": "101", "agents-0-email": "no address",
    }  # fmt: skip
    answer = ask(admin_client, acme, **typed)
    assert [line.partition(":")[0] for line in answer.context["wrong"]] == ["E-mail in 3CX"]


def test_records_that_nobody_finds_as_typed_are_not_found(admin_client, zoho, acme):
    contact = zoho.find_person("Contacts", "Lane")
    wish = {"try": "1", "try-number": contact["Phone"], "try-kind": "Inbound"}
    typed = read_form(admin_client, acme) | wish
    assert ask(admin_client, acme, **typed).context["trial"].record["Who_Id"]
    hidden = typed | {"keep_out": "Contacts: Last_Name = Lane"}
    answer = ask(admin_client, acme, **hidden)
    assert "Who_Id" not in answer.context["trial"].record
    assert "Zoho itself is asked" in answer.content.decode()
    Connection.objects.update(keep_out=["Contacts: Last_Name = Lane"])
    live.forget_answers()
    shown = ask(admin_client, acme, **typed | {"keep_out": ""})
    assert shown.context["trial"].record["Who_Id"]["id"] == contact["id"]


def test_zoho_is_asked_once_about_each_caller_and_the_page_says_so(admin_client, zoho, acme):
    for minute in (1, 2):
        start = f"2026-11-20T09:0{minute}:00Z"
        store_report(connection=acme, kind="call", body=build_call_body(start=start))
    settle_connection(acme.pk)
    hidden = {"last": "1", "keep_out": "Contacts: Last_Name = Lane"}
    answer = ask(admin_client, acme, **read_form(admin_client, acme) | hidden)
    found = answer.context["found"]
    assert (found.tried, found.asked, len(found.different)) == (2, 1, 2)
    assert "Zoho was asked about 1 caller." in answer.content.decode()


def test_wrong_settings_are_told_instead_of_tried(admin_client, acme):
    typed = read_form(admin_client, acme) | {"missed": "[Numbr]"}
    assert "Did you mean [Number]?" in ask(admin_client, acme, **typed).content.decode()


@pytest.mark.parametrize(
    ("number", "words"),
    [("+441632960999", "The number was read as"), ("anonymous", "no number that can be searched")],
)
def test_an_expected_record_is_explained(admin_client, zoho, acme, number, words):
    contact = zoho.find_person("Contacts", "Lane")
    answer = ask(
        admin_client, acme, **{
            "try": "1", "try-number": number, "try-kind": "Inbound",
            "try-expected": f"https://crm.zoho.com/crm/org1/tab/Contacts/{contact['id']}",
        },
    )  # fmt: skip
    assert words in answer.context["expected"]


def expect(connection: Connection, contact: dict, **taken: str) -> str:
    """What is said of a contact for its own number; `taken` overwrites the entry tried."""
    bench = Bench(connection)
    report = write_report(kind="Inbound", number=contact["Phone"])
    entry = bench.try_report(report, kind="call").entry
    for name, value in taken.items():
        setattr(entry, name, value)
    return explain(
        bench.composer.client, connection=connection, number=contact["Phone"],
        module="Contacts", zoho_id=contact["id"], taken=entry,
    )  # fmt: skip


def test_a_hidden_record_is_explained_by_the_line_that_hides_it(zoho, acme):
    contact = zoho.find_person("Contacts", "Lane")
    line = f"Contacts: Last_Name = {contact['Last_Name']}"
    Connection.objects.update(keep_out=[line])
    live.forget_answers()
    assert line in expect(Connection.objects.get(), contact)


def test_of_two_people_with_one_number_the_true_reason_is_told(zoho, acme):
    contact = zoho.find_person("Contacts", "Lane")
    double = {"Last_Name": "Double", "Phone": contact["Phone"]}
    twin = insert(acme, "Contacts", **double)
    lead = insert(acme, "Leads", Company="Acme", **double)
    mine = expect(acme, contact, card_module="Contacts", card_zoho_id=twin)
    assert "in the same module" in mine
    mine = expect(acme, contact, card_module="Leads", card_zoho_id=lead)
    assert "order of modules" in mine
    assert "the call or chat named" in expect(
        acme, contact, card_module="Leads", card_zoho_id=lead, trace=[]
    )
    assert "not found yet" in expect(acme, contact, card_zoho_id="", card_module="")


def test_a_pasted_report_is_read_as_the_pbx_sent_it(admin_client, acme):
    body = write_report(kind="Missed", number="+442079460100").decode()
    answer = ask(admin_client, acme, **{"try": "1", "try-kind": "Inbound", "try-report": body})
    assert answer.context["trial"].record["Call_Type"] == "Missed"


def test_a_typed_call_is_one_that_will_be_journaled_and_a_pasted_one_is_judged(admin_client, acme):
    body = write_report(kind="Missed", number="+442079460100").decode()
    JournalSettings.objects.update(journal_from=timezone.now() + timedelta(days=1))
    asked = {"try": "1", "try-kind": "Missed", "try-number": "+442079460100"}
    assert ask(admin_client, acme, **asked).context["trial"].request
    pasted = ask(admin_client, acme, **asked, **{"try-report": body}).context["trial"]
    assert "before_journal_from" in [step.get("reason") for step in pasted.entry.trace]


def test_without_access_the_page_says_so(admin_client, acme):
    acme.grant.delete()
    answer = ask(admin_client, acme, **{"try": "1", "try-kind": "Inbound", "try-number": "1"})
    assert answer.status_code == 200
