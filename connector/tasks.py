"""What Celery runs for the mirror of Zoho's people. The rows hold all work; a task says "look"."""

from celery import shared_task
from django.utils import timezone

from connector import extensions
from connector.models import Connection
from connector.sync import due, running, users

TICK_SECONDS = 15
EXTENSIONS_SECONDS = 600


@shared_task(name="connector.sync_directories")
def sync_directories() -> None:
    """Start one task for each mirror with due work, and for each list of users that is old."""
    due.make_mirrors()
    now = timezone.now()
    for mirror in due.list_due(now=now):
        sync_mirror.apply_async((mirror.pk,), expires=TICK_SECONDS)
    for organisation_id in users.list_with_old_users(now=now):
        refresh_users.apply_async((organisation_id,), expires=TICK_SECONDS)


@shared_task(name="connector.sync_mirror")
def sync_mirror(mirror_id: int) -> None:
    running.sync_mirror(mirror_id)


@shared_task(name="connector.refresh_users")
def refresh_users(organisation_id: int) -> None:
    users.refresh_users(organisation_id)


@shared_task(name="connector.read_all_extensions")
def read_all_extensions() -> None:
    """Start one task for each connection whose PBX has an API and was not asked for a while."""
    for connection in extensions.list_due(now=timezone.now()):
        read_extensions.apply_async((connection.pk,), expires=EXTENSIONS_SECONDS)


@shared_task(name="connector.read_extensions")
def read_extensions(connection_id: int) -> None:
    extensions.read_extensions(Connection.objects.get(pk=connection_id))
