"""Where the PBX posts its reports. An authentic report is never refused."""

import logging
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from connector.knocks import note_knock
from connector.models import Connection
from connector.views.pbx import open_to_pbx, read_version
from journaling.ingest import store_report
from journaling.models import Event
from journaling.oversize import note_oversize

log = logging.getLogger(__name__)


@open_to_pbx(allow_stale=True)
def receive_call(request: HttpRequest, connection: Connection) -> HttpResponse:
    """POST /pbx/<slug>/calls"""
    return receive(request, connection, kind=Event.Kind.CALL)


@open_to_pbx(allow_stale=True)
def receive_chat(request: HttpRequest, connection: Connection) -> HttpResponse:
    """POST /pbx/<slug>/chats"""
    return receive(request, connection, kind=Event.Kind.CHAT)


def receive(request: HttpRequest, connection: Connection, *, kind: str) -> HttpResponse:
    """202 with the portal's own event id; 200 and the same id for a repeat."""
    try:
        body = request.body
    except RequestDataTooBig:
        note_oversize(connection=connection, kind=kind)
        note_knock(request, slug=connection.slug, key="", too_large=True)
        words = _("The report is larger than 10 MiB and was not stored.")
        return JsonResponse({"error": words}, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    receipt = store_report(
        connection=connection, kind=kind, body=body, template_version=read_version(request)
    )
    status = HTTPStatus.OK if receipt.is_repeat else HTTPStatus.ACCEPTED
    return JsonResponse({"id": str(receipt.event_id), "repeat": receipt.is_repeat}, status=status)
