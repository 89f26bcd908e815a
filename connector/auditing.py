"""The history: what people changed, repaired and opened; who, when, and from where."""

from auditlog.middleware import AuditlogMiddleware
from auditlog.models import LogEntry
from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from connector.audited import find_place
from connector.callers import find_valid_address
from connector.wording import Words, pack


class HistoryMiddleware(AuditlogMiddleware):
    """Knows the proxies that the settings trust, and leaves the PBX's requests alone."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_machine = request.path.startswith(settings.MACHINE_PATHS)
        answer: HttpResponse = (self.get_response if is_machine else super().__call__)(request)
        return answer

    @staticmethod
    def _get_remote_addr(request: HttpRequest) -> str | None:
        return find_valid_address(request)

    @staticmethod
    def _get_remote_port(request: HttpRequest) -> None:
        return None


def note(row: Model, words: Words, *, actor: Model | None = None) -> None:
    """A repair, or anything else that was pressed: it belongs to the row's connection.

    The words are kept for readers of any language (connector.wording). `actor` is told where
    whoever did it is not logged in.
    """
    write(row, LogEntry.Action.UPDATE, words=words, actor=actor)


def note_opened(row: Model) -> None:
    """Somebody read the texts of this call or report."""
    write(row, LogEntry.Action.ACCESS)


def write(row: Model, action: int, *, words: Words = "", actor: Model | None = None) -> None:
    facts = {"additional_data": {"connection": find_place(row), "words": pack(words)}}
    who = {"actor": actor} if actor else {}
    LogEntry.objects.log_create(row, force_log=True, action=action, **facts, **who)
