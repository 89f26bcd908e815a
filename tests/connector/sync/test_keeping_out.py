"""Records that a connection keeps out are in no lookup and no search, however they would come."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from connector import directory
from connector.models import Connection, Mirror, MirroredPerson
from connector.models.keep_out import parse_line
from connector.people import live, mirror
from connector.people.keeping_out import is_kept_out
from connector.phones import read_number
from connector.sync import due
from tests.support.mirror import insert, list_mirrored, list_stored, sync, update
from tests.support.zoho import ControlledZoho

NUMBER = "+441632961777"
LINE = "Contacts: Lead_Source = Trade Show"


@pytest.fixture
def secret(connection: Connection) -> str:
    """A contact that is to be kept out."""
    Connection.objects.update(keep_out=[LINE])
    live.forget_answers()
    mirror.forget_standing()
    return insert(
        connection, "Contacts", Last_Name="Secret", Phone=NUMBER, Lead_Source="Trade Show"
    )


def find(connection: Connection) -> list[str]:
    found = directory.answer_number(connection, read_number(NUMBER, connection.number_rules))
    return [json.loads(answer)["last"] for answer in found]


def test_a_fill_leaves_them_out_and_keeps_the_others(
    zoho: ControlledZoho, connection: Connection, secret: str
) -> None:
    sync()
    hidden = {
        row["id"] for row in zoho.list_records("Contacts") if row.get("Lead_Source") == "Trade Show"
    }
    assert secret in hidden
    assert list_mirrored("Contacts") == list_stored(zoho, "Contacts") - hidden
    assert find(connection) == []


def test_a_record_that_comes_to_match_disappears_and_comes_back(
    connection: Connection, secret: str
) -> None:
    sync()
    update(connection, "Contacts", secret, Lead_Source="Advertisement")
    sync("Contacts")
    assert find(connection) == ["Secret"]
    update(connection, "Contacts", secret, Lead_Source="Trade Show")
    sync("Contacts")
    assert find(connection) == []


@pytest.mark.parametrize(
    "line", [LINE, "Contacts: Lead_Source != Advertisement", "Contacts: Fax ="]
)
def test_a_new_condition_holds_at_once_and_has_everything_read_anew(
    zoho: ControlledZoho, connection: Connection, secret: str, line: str
) -> None:
    Connection.objects.update(keep_out=[])
    sync()
    assert find(connection) == ["Secret"]
    Connection.objects.update(keep_out=[line])
    assert "Contacts" in {one.module for one in due.list_due(now=timezone.now())}
    zoho.fail("status", method="GET", module="Contacts", times=9)
    sync("Contacts")
    assert find(connection) == []
    assert Mirror.objects.get(module="Contacts").trouble


def test_a_comparison_does_not_bring_them_back(connection: Connection, secret: str) -> None:
    sync()
    Mirror.objects.update(compared_at=timezone.now() - timedelta(days=9))
    sync("Contacts")
    assert not MirroredPerson.objects.filter(zoho_id=secret).exists()


def test_zoho_asked_live_keeps_them_out_too(connection: Connection, secret: str) -> None:
    assert not Mirror.objects.exists()
    assert find(Connection.objects.get()) == []
    Connection.objects.update(keep_out=[])
    live.forget_answers()
    assert find(Connection.objects.get()) == ["Secret"]


def test_what_another_connection_of_the_organisation_keeps_out_is_out_for_all(
    zoho: ControlledZoho, connection: Connection, secret: str
) -> None:
    Connection.objects.update(keep_out=[])
    zoho.connect("beta", keep_out=[LINE])
    sync("Contacts")
    assert not MirroredPerson.objects.filter(zoho_id=secret).exists()


@pytest.mark.parametrize(
    ("line", "value", "is_out"),
    [
        ("Contacts: Status = Private", "private", True),
        ("Contacts: Status = Private", None, False),
        ("Contacts: Status != Public", None, True),
        ("Contacts: Status != Public", "Public", False),
        ("Contacts: Status =", None, True),
        ("Contacts: Status =", "x", False),
        ("Contacts: Hidden = true", True, True),
        ("Contacts: Tags = b", ["a", "b"], True),
        ("Contacts: Tags = b", "a;b", True),
        ("Contacts: Owner = 42", {"id": "42", "name": "Boss"}, True),
    ],
)
def test_a_condition_reads_every_kind_of_value(line: str, value: object, is_out: bool) -> None:
    condition = parse_line(line)
    assert is_kept_out({condition.field: value}, [condition]) is is_out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Contacts Status = Private", "Write it like"),
        ("Deals: Stage = Open", "Write it like"),
        ("Contacts: Statsu = Private", "no field Statsu"),
        ("Contacts: Owner = Mara Quill", "record's id"),
    ],
)
def test_a_condition_that_would_keep_nobody_out_is_refused(
    connection: Connection, line: str, words: str
) -> None:
    connection.keep_out = [line]
    with pytest.raises(ValidationError, match=words):
        connection.full_clean()
