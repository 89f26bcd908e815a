"""Every address and action of the admin x role x own or another's connection."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.access.rules import (
    ACTIONS,
    ADMINISTRATOR,
    ANYONE,
    EVERYWHERE,
    NOBODY,
    OPEN,
    OPERATOR,
    RULES,
    VIEWER,
    Rule,
    list_names,
)
from tests.access.world import MARK, build_rows, log_in

pytestmark = pytest.mark.django_db

TABLE = [(name, rule) for name, rules in RULES.items() for rule in rules]
OF_ROWS = [(name, rule) for name, rule in TABLE if rule.row not in ("", "user")]
ROLES = pytest.mark.parametrize("role", [VIEWER, OPERATOR, ADMINISTRATOR])


@pytest.fixture(autouse=True)
def _nothing_outside(settings):
    settings.SANDBOX_ZOHO_URL = "http://127.0.0.1:1"
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"


@pytest.fixture
def own() -> Any:
    return build_rows("demo")


@pytest.fixture
def other() -> Any:
    return build_rows(MARK, number="+493055512345")


def send(client: Client, name: str, rule: Rule, rows: Any = None) -> Any:
    """The answer; whatever the request changed is undone."""
    args = [getattr(rows, rule.row).pk] if rule.row else []
    with transaction.atomic():
        answer = getattr(client, rule.method)(reverse(name, args=args))
        transaction.set_rollback(True)
    assert answer.status_code < 500, (name, rule)
    return answer


def is_refused(answer: Any, rule: Rule) -> bool:
    """Django leads away from a row that does not exist for the person, with a sentence."""
    led_away = answer.status_code == 302 and answer.url == reverse("admin:index")
    return answer.status_code == 403 or (led_away and bool(rule.row))


def test_every_address_of_the_portal_has_a_rule():
    assert list_names() - OPEN == set(RULES)


def test_whoever_is_not_logged_in_is_sent_to_log_in(own):
    for name, rule in TABLE:
        answer = send(Client(), name, rule, own)
        assert answer.status_code == 302, name
        assert answer.url.startswith(reverse("admin:login")), name


@pytest.mark.parametrize("role", [VIEWER, OPERATOR, ADMINISTRATOR, EVERYWHERE])
def test_a_role_opens_what_the_table_says_of_its_own_connection(role, own):
    client = log_in(role, connection=own.connection)
    wrong = [
        (rule.method, name)
        for name, rule in TABLE
        if is_refused(send(client, name, rule, own), rule) != (role < rule.least)
    ]
    assert wrong == []


@ROLES
def test_nobody_opens_anything_of_anothers_connection(role, own, other):
    client = log_in(role, connection=own.connection)
    for name, rule in OF_ROWS:
        answer = send(client, name, rule, other)
        assert answer.status_code == 404 or is_refused(answer, rule), name
        assert MARK not in answer.content.decode(), name


def test_a_role_at_one_connection_gives_nothing_at_another(own, other):
    """Whoever administers their own and looks at another's does only what a viewer does there."""
    client = log_in(ADMINISTRATOR, connection=own.connection, looks_at=other.connection)
    for name, rule in OF_ROWS:
        answer = send(client, name, rule, other)
        refused = answer.status_code == 404 or is_refused(answer, rule)
        assert refused == (rule.least > VIEWER), name


def test_no_page_shows_anything_of_anothers_connection(own, other):
    client = log_in(ADMINISTRATOR, connection=own.connection, reads_texts=True)
    for name, rule in TABLE:
        if rule.method == "get" and rule.least <= ADMINISTRATOR:
            page = send(client, name, rule, own).content.decode()
            assert MARK not in page.casefold(), name
            assert "5551" not in page, name


@pytest.fixture
def list_actions(rf: RequestFactory) -> Callable[[], Iterator[tuple[str, str]]]:
    def find() -> Iterator[tuple[str, str]]:
        request = rf.get("/")
        request.user = User.objects.create_superuser("boss")
        for model, page in admin.site._registry.items():
            for name in page.get_actions(request):
                yield str(model._meta.model_name), name

    return find


def test_every_action_has_a_rule(list_actions):
    assert set(list_actions()) == set(ACTIONS)


ROW_OF = {
    "agenttoken": "token", "user": "user",
    "connection": "connection", "alarmreceiver": "receiver", "entry": "parked",
}  # fmt: skip


def act(client: Client, model: str, action: str, *rows: Any) -> Any:
    """Choose the rows, choose the action, say yes."""
    chosen = [getattr(row, ROW_OF[model]) for row in rows]
    fields = {"action": action, "_selected_action": [row.pk for row in chosen]}
    url = reverse(f"admin:{chosen[0]._meta.label_lower.replace('.', '_')}_changelist")
    answer = client.post(url, fields | {"post": "yes", "confirmed": "1"})
    return b"".join(answer) if answer.streaming else answer.content


def read(row: Any) -> Any:
    return type(row).objects.filter(pk=row.pk).values().first()


@ROLES
def test_an_action_reaches_what_its_role_may_touch_and_nothing_else(role, own, other):
    client = log_in(role, connection=own.connection)
    for (model, action), least in ACTIONS.items():
        mine, theirs = getattr(own, ROW_OF[model]), getattr(other, ROW_OF[model])
        before = read(mine), read(theirs)
        with transaction.atomic():
            said = act(client, model, action, own, other)
            after = read(mine), read(theirs)
            transaction.set_rollback(True)
        assert MARK.encode() not in said, (model, action)
        assert after[1] == before[1], (model, action)
        if least != VIEWER:
            assert (after[0] != before[0]) == (role >= least), (model, action)


def test_an_action_changes_nothing_where_the_person_only_looks(own, other):
    client = log_in(ADMINISTRATOR, connection=own.connection, looks_at=other.connection)
    for model, action in ACTIONS:
        before = read(getattr(other, ROW_OF[model]))
        act(client, model, action, own, other)
        assert read(getattr(other, ROW_OF[model])) == before, (model, action)


def test_pages_that_everyone_opens_need_no_role():
    user = User.objects.create_user("new", is_staff=True)
    client = Client()
    client.force_login(user)
    for name, (rule, *_more) in RULES.items():
        if not rule.row:
            assert (send(client, name, rule).status_code != 403) == (rule.least == ANYONE), name


def test_a_superuser_opens_everything_without_a_role(own):
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("boss"))
    for name, rule in TABLE:
        answer = send(client, name, rule, own)
        assert (answer.status_code == 403) == (rule.least == NOBODY), name
