"""Search from the PBX's client, while somebody types."""

from django.http import HttpRequest, HttpResponse

from connector.models import Connection
from connector.people.searching import find_by_id, search_people
from connector.views.lookup import answer_matches, read_text
from connector.views.pbx import open_to_pbx


@open_to_pbx(is_limited=True)
def search(request: HttpRequest, connection: Connection) -> HttpResponse:
    """POST /pbx/<slug>/search {"text"} -> {"matches": [...]}, up to 20, best first.

    A call flow may give {"id"} of a record instead of a text. 3CX does not say who searches:
    every extension sees what the mirror holds.
    """
    if zoho_id := read_text(request, "id"):
        return answer_matches(find_by_id(connection, zoho_id))
    return answer_matches(search_people(connection, read_text(request, "text")))
