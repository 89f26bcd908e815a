"""Where the PBX posts its reports and creates people. An authentic report is never refused."""

import logging
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.db import Error as DatabaseTrouble
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import override

from connector.knocks import Reason, note_knock
from connector.models import Connection
from connector.phones import read_number
from connector.views.lookup import answer_matches, read_text
from connector.views.pbx import open_to_pbx, read_version, refuse_key
from journaling.creating.creation import NotCreated, create_person
from journaling.creating.newcomers import Wish
from journaling.ingest import ConnectionGone, store_report
from journaling.models import Event
from journaling.spooling.oversize import note_oversize
from journaling.spooling.refused import note_refused

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = "5"


@open_to_pbx(allow_stale=True)
def receive_call(request: HttpRequest, connection: Connection) -> HttpResponse:
    """POST /pbx/<slug>/calls"""
    return receive(request, connection, kind=Event.Kind.CALL)


@open_to_pbx(allow_stale=True)
def receive_chat(request: HttpRequest, connection: Connection) -> HttpResponse:
    """POST /pbx/<slug>/chats"""
    return receive(request, connection, kind=Event.Kind.CHAT)


@open_to_pbx(is_limited=True)
def create_contact(request: HttpRequest, connection: Connection) -> HttpResponse:
    """POST /pbx/<slug>/contacts {"number", "first", "last", "company", "email"}.

    {"matches": [the stored record]} as of a lookup; else {"error"}, and nothing was made.
    """
    number = read_text(request, "number")
    wish = Wish(
        number=read_number(number, connection.number_rules),
        **{key: read_text(request, key).strip() for key in ("first", "last", "company", "email")},
    )
    try:
        return answer_matches(create_person(connection, wish), searched=number)
    except NotCreated as refusal:
        with override(connection.language):
            return JsonResponse({"error": str(refusal.words)}, status=refusal.status)


def receive(request: HttpRequest, connection: Connection, *, kind: str) -> HttpResponse:
    """202 with the portal's own event id; 200 and the same id for a repeat."""
    try:
        body = request.body
    except RequestDataTooBig:
        return refuse_large(request, connection, kind=kind)
    except UnreadablePostError:
        note_refused(connection)
        return answer_error(_("The report was cut off on its way."), status=HTTPStatus.BAD_REQUEST)
    try:
        receipt = store_report(
            connection=connection, kind=kind, body=body, template_version=read_version(request)
        )
    except ConnectionGone:
        return refuse_key()
    except Exception:
        log.exception("%s: a report could not be stored", connection.slug)
        return refuse_now(connection)
    status = HTTPStatus.OK if receipt.is_repeat else HTTPStatus.ACCEPTED
    return JsonResponse({"id": str(receipt.event_id), "repeat": receipt.is_repeat}, status=status)


def refuse_large(request: HttpRequest, connection: Connection, *, kind: str) -> HttpResponse:
    try:
        note_oversize(connection=connection, kind=kind)
    except DatabaseTrouble:
        note_refused(connection)
    note_knock(request, slug=connection.slug, key="", reason=Reason.TOO_LARGE)
    words = _("The report is larger than 10 MiB and was not stored.")
    return answer_error(words, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def refuse_now(connection: Connection) -> HttpResponse:
    """Neither the database nor the disk takes the report."""
    note_refused(connection)
    words = _("The report cannot be stored at the moment. Send it again.")
    response = answer_error(words, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def answer_error(words: str, *, status: HTTPStatus) -> HttpResponse:
    return JsonResponse({"error": words}, status=status)
