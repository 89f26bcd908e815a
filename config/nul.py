"""A NUL in what somebody asks for: PostgreSQL stores none, which is no fault of the portal's."""

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class RefuseNulMiddleware:
    """Answers 400 where a text with a NUL reached the database by a page's address or form.

    psycopg says so by DataError, and by ValueError where it builds the statement itself. Reports
    of the PBX never come here: they are stored as bytes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, (DataError, ValueError)) and "NUL" in str(error):
            return render(request, "400.html", status=400)
        return None
