"""The browser extension as a download."""

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from connector.clicktocall.packing import build_zip
from connector.counting.pulses import EXTENSION, note_pulse


@require_GET
@never_cache
@staff_member_required
def download_extension(request: HttpRequest) -> HttpResponse:
    """GET /agent/extension.zip, for staff: it holds no secret, but names the portal's address."""
    note_pulse(EXTENSION)
    answer = HttpResponse(build_zip(), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="patchbay-extension.zip"'
    return answer
