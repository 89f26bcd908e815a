"""Between the password and the code a person is nobody: every address leads to the code."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from connector.access.second_step import find_step, is_demanded
from connector.models import SecondStep

PASSED = "second_step"
"""In the session: which second step was passed."""
ALWAYS_OPEN = ("admin:logout", "set_language", "admin:jsi18n")


class SecondStepMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        missing = find_missing(request)
        if not missing or request.path in [reverse(name) for name in (missing, *ALWAYS_OPEN)]:
            return self.get_response(request)
        address = reverse(missing)
        if request.method == "GET":
            address += "?" + urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(address)


def find_missing(request: HttpRequest) -> str:
    """The name of the page that the person has to pass first, "" for none."""
    if request.path.startswith(settings.MACHINE_PATHS) or not request.user.is_authenticated:
        return ""
    step = find_step(request.user)
    if step is None:
        return "own-code" if is_demanded(request.user) else ""
    return "" if request.session.get(PASSED) == name_step(step) else "login-code"


def name_step(step: SecondStep) -> str:
    return f"{step.pk} {step.confirmed_at}"


def pass_step(request: HttpRequest) -> None:
    """This session has shown the code."""
    step = find_step(request.user)
    if step:
        request.session.cycle_key()
        request.session[PASSED] = name_step(step)
