"""Middleware that PBXs and probes pass by: they have no session, no log-in and no messages."""

from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest


class PeopleOnly:
    """In front of a middleware: requests of machines go on to the next one."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        if request.path.startswith(settings.MACHINE_PATHS):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[misc]


class PeoplesSessionMiddleware(PeopleOnly, SessionMiddleware):
    """Knows people again."""


class PeoplesLogInMiddleware(PeopleOnly, AuthenticationMiddleware):
    """Knows who is logged in."""


class PeoplesMessageMiddleware(PeopleOnly, MessageMiddleware):
    """Says a thing once."""
