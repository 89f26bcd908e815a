"""What the logs of a whole run tell, and what they never hold."""

import re

import pytest

from tests.flow.customer import SECRET_VARIABLE, Customer

pytestmark = pytest.mark.django_db
READ_NUMBERS = """
from journaling.models import Event
print(*sorted(set(Event.objects.exclude(number="").values_list("number", flat=True))), sep="\\n")
"""
READ_SECRETS = """
from connector.models import ZohoGrant
grant = ZohoGrant.objects.get()
print(grant.access_token.reveal(), grant.refresh_token.reveal(), sep="\\n")
"""
PROGRAMS = ("web", "worker", "beat")


def ask(acme: Customer, code: str) -> list[str]:
    printed = acme.portal.manage("shell", "--no-imports", "-c", code).stdout
    return printed.split("\n")[:-1]


def test_the_logs_of_a_whole_run_follow_a_report_by_one_id_and_hold_no_secret(acme: Customer):
    key = acme.install_pbx()
    acme.play("play", "--calls", "12", "--chats", "1", "--seed", "1")
    acme.wait_until_delivered()
    log = {name: acme.portal.read_log(name) for name in PROGRAMS}
    stored = re.findall(r"stored call (\S+) from", log["web"])
    assert stored
    assert [report for report in stored if report not in log["worker"]] == []

    everything = "".join(log.values())
    numbers = [number for number in ask(acme, READ_NUMBERS) if len(number) > 6]
    assert numbers
    secrets = [
        key, *ask(acme, READ_SECRETS), acme.portal.environment[SECRET_VARIABLE],
        acme.portal.environment["SECRET_KEY"], acme.portal.environment["FIELD_ENCRYPTION_KEYS"],
    ]  # fmt: skip
    assert all(len(secret) > 6 for secret in secrets)
    assert [word for word in numbers + secrets if word in everything] == []
