"""The page of one erasure: how far it is, and in the end its certificate."""

import json

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from journaling.admin.queues import for_staff_with
from journaling.models import Erasure
from journaling.privacy.erasing import measure, read_finished

ERASE = "journaling.erase_person"
"""For administrators of all connections: a person may be known to several of them."""
LOOKS_AGAIN_AFTER = 2


@for_staff_with(ERASE)
@require_safe
def show_erasure(request: HttpRequest, erasure_id: int) -> HttpResponse:
    """GET /admin/privacy/<id>/, for a day after its end."""
    erasure = get_object_or_404(Erasure, pk=erasure_id)
    certificate = read_finished(erasure) if erasure.finished_at else None
    context = {
        "title": _("A person's request"),
        "erasure": erasure,
        "percent": measure(erasure),
        "certificate": certificate.as_text() if certificate else "",
        "certificate_json": (
            json.dumps(certificate.as_json(), ensure_ascii=False, indent=2) if certificate else ""
        ),
    }
    page = TemplateResponse(
        request, "admin/erasure.html", admin.site.each_context(request) | context
    )
    page["Cache-Control"] = "no-store"
    if not erasure.finished_at:
        page["Refresh"] = str(LOOKS_AGAIN_AFTER)
    return page
