"""Does the way from the PBX's network to the portal work? Asked with curl."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from connector.callers import show_address
from connector.models import Connection
from connector.threecx.download import collect_facts
from connector.threecx.template import VERSION, describe_content
from connector.views.pbx import open_to_pbx


@open_to_pbx(method="GET")
def say_hello(request: HttpRequest, connection: Connection) -> HttpResponse:
    """GET /pbx/<slug>/hello: whose key this is, from where it came, what runs, what o'clock."""
    return JsonResponse(
        {
            "connection": {"slug": connection.slug, "name": connection.name},
            "address": show_address(request),
            "template": {
                "offered": VERSION,
                "seen": connection.template_version,
                "content_offered": describe_content(collect_facts(connection)),
                "content_seen": connection.template_content,
            },
            "time": timezone.now().isoformat(timespec="seconds"),
        }
    )
