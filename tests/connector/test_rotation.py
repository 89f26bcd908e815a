"""New encryption keys without downtime: nothing is lost, whoever writes meanwhile."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection as database

from config.programs import run_manage
from connector.models import Connection, UnreadableSecret
from connector.rotation import list_columns, rotate_secrets
from tests.support.builders import build_connection

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
NUMBER = 150

WRITE = """
from connector.models import Connection
for row in Connection.objects.order_by("pk"):
    row.client_secret = f"second {row.slug}"
    row.save(update_fields=["client_secret"])
"""


@pytest.mark.django_db
def test_every_column_with_secrets_is_found():
    found = {f"{model.__name__}.{name}" for model, name in list_columns()}
    assert found >= {
        "Connection.client_secret",
        "ZohoGrant.refresh_token",
        "ZohoGrant.access_token",
        "ProposedGrant.refresh_token",
        "DialSettings.xapi_client_secret",
        "XapiToken.access_token",
        "AlarmReceiver.webhook_url",
    }


@pytest.mark.django_db
def test_afterwards_the_new_key_alone_opens_everything(settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    build_connection(client_secret="s3cret")
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    assert (rotate_secrets().rotated, rotate_secrets().rotated) == (1, 0)
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert Connection.objects.get().client_secret.reveal() == "s3cret"


@pytest.mark.django_db
def test_a_secret_that_no_key_opens_is_told_and_stays_as_it_is(settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    build_connection(client_secret="s3cret")
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    with pytest.raises(CommandError, match="No key opens"):
        call_command("secrets", "rotate")
    with pytest.raises(UnreadableSecret):
        Connection.objects.get().client_secret.reveal()
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    assert Connection.objects.get().client_secret.reveal() == "s3cret"


def run(keys: str, *words: str) -> None:
    """`manage.py WORDS` on this test's database, in a process of its own."""
    url = urlsplit(os.environ["DATABASE_URL"])
    told = {
        "DATABASE_URL": url._replace(path=f"/{database.settings_dict['NAME']}").geturl(),
        "FIELD_ENCRYPTION_KEYS": keys,
    }
    subprocess.run(run_manage(*words), env=os.environ | told, check=True, capture_output=True)


@pytest.mark.django_db(transaction=True)
def test_two_rotations_and_a_writer_at_once_lose_nothing(settings):
    """The writer runs with the old order of keys still, as before its restart."""
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    Connection.objects.bulk_create(
        Connection(slug=f"c{number}", name="c", client_secret="first") for number in range(NUMBER)
    )
    rotate = (f"{NEW},{OLD}", "secrets", "rotate")
    with ThreadPoolExecutor() as pool:
        wishes = [rotate, rotate, (f"{OLD},{NEW}", "shell", "-c", WRITE)]
        list(pool.map(lambda wish: run(*wish), wishes))
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    rotate_secrets()
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    stored = {row.slug: row.client_secret.reveal() for row in Connection.objects.all()}
    assert stored == {f"c{number}": f"second c{number}" for number in range(NUMBER)}
