"""`/readyz` and `/metrics`: for machines of this host, and for whoever has METRICS_TOKEN."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from connector.callers import has_token, is_local
from journaling.operating.metrics import render_metrics
from journaling.operating.readiness import check_all

View = Callable[[HttpRequest], HttpResponse]


def open_to_operator(view: View) -> View:
    @wraps(view)
    def enter(request: HttpRequest) -> HttpResponse:
        if is_local(request) or has_token(request):
            return view(request)
        words = "Ask from this machine, or send METRICS_TOKEN as bearer token.\n"
        return HttpResponse(words, content_type="text/plain", status=HTTPStatus.FORBIDDEN)

    return enter


@require_safe
@open_to_operator
def answer_readiness(request: HttpRequest) -> HttpResponse:
    """200 or 503; {"ready", "checks": {name: {"ok", "reason"?, "remedy"?}}}."""
    checks = check_all()
    ready = all(check.is_good for check in checks)
    told = {
        check.name: {"ok": True}
        if check.is_good
        else {"ok": False, "reason": check.reason, "remedy": str(check.remedy)}
        for check in checks
    }
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    answer = {"ready": ready, "checks": told}
    return JsonResponse(answer, status=status, json_dumps_params={"indent": 2})


@require_safe
@open_to_operator
def answer_metrics(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_metrics(), content_type=CONTENT_TYPE_LATEST)
