"""A connection that waits for a person: nothing is sent, nothing is lost."""

from django.utils import timezone

from connector.models import Connection
from connector.wording import Words

CAUSED_BY_SETTINGS = ("wrong_client", "no_client", "unreadable_secret", "unknown_address")


def hold(connection_id: int, *, code: str, words: Words) -> bool:
    """Stop deliveries until a person mends the cause; the first reason stays. True when new."""
    free = Connection.objects.filter(pk=connection_id, held_code="")
    return bool(free.update(held_code=code[:40], held_words=words, held_at=timezone.now()))


def resume(connection_id: int) -> None:
    """Deliver again: a person mended the cause, or ended the pause."""
    Connection.objects.filter(pk=connection_id).update(
        held_code="", held_words="", held_at=None, paused_at=None
    )


def retry_with_new_settings(connection: Connection) -> None:
    """End a hold that settings may have caused: if they are still wrong, the next try says so."""
    if connection.held_code in CAUSED_BY_SETTINGS:
        held = Connection.objects.filter(pk=connection.pk, held_code__in=CAUSED_BY_SETTINGS)
        held.update(held_code="", held_words="", held_at=None)


def pause(connection_id: int) -> None:
    """An operator stops deliveries on purpose."""
    Connection.objects.filter(pk=connection_id, paused_at__isnull=True).update(
        paused_at=timezone.now()
    )
