"""A connection that waits for a person: nothing is sent, nothing is lost."""

from django.utils import timezone

from connector.models import Connection


def hold(connection_id: int, *, code: str, words: str) -> bool:
    """Stop deliveries until a person mends the cause; the first reason stays. True when new."""
    free = Connection.objects.filter(pk=connection_id, held_code="")
    return bool(free.update(held_code=code[:40], held_words=words, held_at=timezone.now()))


def resume(connection_id: int) -> None:
    """Deliver again: a person mended the cause, or ended the pause."""
    Connection.objects.filter(pk=connection_id).update(
        held_code="", held_words="", held_at=None, paused_at=None
    )


def pause(connection_id: int) -> None:
    """An operator stops deliveries on purpose."""
    Connection.objects.filter(pk=connection_id, paused_at__isnull=True).update(
        paused_at=timezone.now()
    )
