"""Views ask here for the connection of their address."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from connector.access.roles import CHANGE_CONNECTION, VIEW_CONNECTION
from connector.access.scope import covers, narrow
from connector.models import Connection


def find_changeable(request: HttpRequest, *, pk: int, right: str = CHANGE_CONNECTION) -> Connection:
    """The connection, for someone who has the right for it; else PermissionDenied.

    Raises Http404 for whoever may not even see it.
    """
    seen = narrow(Connection.objects.filter(pk=pk), request.user, right=VIEW_CONNECTION)
    connection = seen.first()
    if connection is None:
        raise Http404
    if not covers(request.user, right, connection):
        raise PermissionDenied
    return connection
