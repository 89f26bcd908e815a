"""“Show me with the demo”: one of the doors of an empty dashboard."""

from io import StringIO

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import CommandError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from connector.admin.buttons import show_connection
from connector.models import Connection
from journaling.trying.demo import SLUG


@require_POST
def make_demo(request: HttpRequest, *, model_admin: ModelAdmin) -> HttpResponse:
    """What `manage.py demo --again` does: the connection, its consent, a few calls."""
    if not settings.SANDBOX_ZOHO_URL:
        raise Http404
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    try:
        call_command("demo", zoho_url=settings.SANDBOX_ZOHO_URL, again=True, stdout=StringIO())
    except (CommandError, OSError) as error:
        messages.error(request, _("The demo does not work: %s") % error)
        return HttpResponseRedirect(reverse("admin:index"))
    messages.success(request, _("The demo is there: calls arrive in a few seconds."))
    return show_connection(Connection.objects.get(slug=SLUG))
