"""Which host names the portal answers to."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation


class HostNameMiddleware:
    """People who ask under a name that is not ours learn the right address.

    Machines are served under any name: a PBX that was set up with an IP address would otherwise
    lose its reports. Their requests count as asked under PUBLIC_URL, so that no view can be led
    to build an address on a foreign name.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(settings.MACHINE_PATHS):
            request.META["HTTP_HOST"] = settings.SECURE_SSL_HOST
        try:
            request.get_host()
        except DisallowedHost:
            return explain_address(request)
        return self.get_response(request)


def explain_address(request: HttpRequest) -> HttpResponse:
    """Return the page that names the right address, in the reader's language."""
    with translation.override(translation.get_language_from_request(request)):
        context = {"public_url": settings.PUBLIC_URL}
        return render(None, "wrong_address.html", context, status=400)
