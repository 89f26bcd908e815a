"""A character that PostgreSQL cannot store comes in by an address or a form."""

import pytest
from django.urls import reverse

from tests.support.builders import build_connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "asked", ["?q=%00", "?q=a%00b", "?reason=%00", "?extension=%00", "?state__exact=%00"]
)
def test_a_nul_in_the_address_of_a_list_is_no_fault_of_the_portal(admin_client, asked):
    answer = admin_client.get(reverse("admin:journaling_entry_changelist") + asked)
    assert answer.status_code in (200, 302, 400)


def test_a_nul_in_a_form_is_told_to_who_sent_it(admin_client):
    connection = build_connection("acme")
    answer = admin_client.post(
        reverse("queues-retry", args=[connection.pk]), {"reason": "a\0b", "confirmed": "1"}
    )
    assert answer.status_code == 400
    assert "a character that no text may hold" in answer.content.decode()
