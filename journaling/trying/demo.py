"""The demo: a connection to the sandbox that `make run` sets up, and that one button removes."""

from pathlib import Path

from django.conf import settings
from django.db import transaction

from connector.models import Agent, Connection, Queue, ZohoGrant
from connector.zoho.datacentres import OWN
from journaling.ending.removal import remove_connection
from journaling.models import JournalSettings

SLUG = "demo"
CLIENT_ID = "1000.SANDBOX"
CLIENT_SECRET = "sandbox-secret"  # noqa: S105  documented, opens nothing but the sandbox
SETTLE_SECONDS = 5
AGENTS = (("101", "ann"), ("102", "ben"), ("103", "carla"))


def keep_demo(zoho_url: str) -> Connection:
    """Make the connection if it is missing, else only follow the sandbox to another port.

    What was set on its page stays. The sandbox keeps its tokens, so the grant follows as well.
    """
    with transaction.atomic():
        connection = Connection.objects.filter(slug=SLUG).first() or create_demo(zoho_url)
        if connection.api_url != zoho_url:
            addresses = {"accounts_url": zoho_url, "api_url": zoho_url}
            Connection.objects.filter(slug=SLUG).update(crm_url=zoho_url, **addresses)
            ZohoGrant.objects.filter(connection=connection).update(**addresses)
            connection.refresh_from_db()
    return connection


def create_demo(zoho_url: str) -> Connection:
    """Raises ValidationError when the address is not trusted."""
    connection = Connection(
        slug=SLUG,
        name="Demo",
        pbx_url="https://pbx.example",
        time_zone="Europe/London",
        country="GB",
        data_centre=OWN,
        accounts_url=zoho_url,
        crm_url=zoho_url,
        api_url=zoho_url,
        client_id=CLIENT_ID,
        fallback_owner="boss@acme.example",
    )
    connection.client_secret = CLIENT_SECRET
    connection.full_clean()
    connection.save()
    JournalSettings.objects.create(connection=connection, settle_seconds=SETTLE_SECONDS)
    for extension, name in AGENTS:
        Agent.objects.create(
            connection=connection, extension=extension, email=f"{name}@acme.example"
        )
    Queue.objects.create(
        connection=connection, extension="800", name="Sales", owner="head@acme.example"
    )
    return connection


def is_authorised(connection: Connection) -> bool:
    granted = ZohoGrant.State.GRANTED
    return ZohoGrant.objects.filter(connection=connection, state=granted).exists()


def remove_demo() -> None:
    """Delete the connection with all that hangs on it, and remember that it was not wanted.

    The next start leaves it away; `manage.py demo --again` brings it back.
    """
    find_mark().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    find_mark().touch()
    if connection := Connection.objects.filter(slug=SLUG).first():
        remove_connection(connection)


def was_removed() -> bool:
    return find_mark().exists()


def forget_removal() -> None:
    find_mark().unlink(missing_ok=True)


def find_mark() -> Path:
    """Beside the sandbox's own files: whoever clears DATA_DIR begins anew in every respect."""
    return Path(settings.DATA_DIR) / "sandbox" / "demo-removed"
