"""What the portal's doors are compared with: views as short as Django views can be."""

import json
import uuid
from datetime import datetime

from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from connector.models import MirroredKey
from journaling.models import Event

CALL_TYPES = ("Inbound", "Missed", "Outbound", "Notanswered")


@csrf_exempt
def answer_constant(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"matches": []})


@csrf_exempt
def answer_exact(request: HttpRequest) -> JsonResponse:
    """As short as a Django view can be that finds a number: nothing is normalised or checked."""
    body = json.loads(request.body)
    rows = MirroredKey.objects.filter(
        organisation_id=body["organisation"], reading=body["reading"], key=body["number"]
    ).values_list("answer", flat=True)
    return JsonResponse({"matches": [json.loads(answer) for answer in rows]})


@csrf_exempt
def insert_report(request: HttpRequest) -> JsonResponse:
    """Checks what a call has to have and inserts one row: no key, no repeats."""
    body = json.loads(request.body)
    if body.get("type") not in CALL_TYPES or not body.get("number"):
        return JsonResponse({"error": "type and number are needed"}, status=400)
    try:
        started_at = datetime.fromisoformat(body["start"])
        ended_at = datetime.fromisoformat(body["end"])
        int(body["seconds"])
    except (KeyError, ValueError) as error:
        return JsonResponse({"error": str(error)}, status=400)
    event = Event.objects.create(
        connection_id=1,
        kind=Event.Kind.CALL,
        identity=uuid.uuid4().hex,
        body=request.body,
        template_version="2",
        received_at=timezone.now(),
        call_type=body["type"],
        number=body["number"],
        number_key=body["number"],
        extension=body["agent"],
        queue=body["queue"],
        started_at=started_at,
        ended_at=ended_at,
    )
    return JsonResponse({"id": str(event.pk)}, status=202)


urlpatterns = [
    path("bench/constant", answer_constant),
    path("bench/exact", answer_exact),
    path("bench/insert", insert_report),
    path("", include("config.urls")),
]
