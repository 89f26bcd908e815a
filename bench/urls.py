"""What lookups are compared with: a view that answers a constant, and one indexed SELECT."""

import json

from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from connector.models import MirroredKey


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


urlpatterns = [
    path("bench/constant", answer_constant),
    path("bench/exact", answer_exact),
    path("", include("config.urls")),
]
