"""Answers, while a text is being typed, what Zoho will show and what is wrong with it."""

from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from connector.access.asking import find_changeable
from journaling.texts.defaults import TEXTS
from journaling.texts.rendering import CALL_VARIABLES, CHAT_VARIABLES, check_text, preview_text

# The sample that a field's text is shown for.
SAMPLES = {
    "call_subject": "answered_inbound",
    "answered_inbound": "answered_inbound",
    "missed": "missed",
    "answered_outbound": "answered_outbound",
    "unanswered_outbound": "unanswered_outbound",
    "chat_subject": "chat",
}


@require_POST
def answer_preview(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> JsonResponse:
    """{"preview": text, "problems": [sentences]} of the posted text, field, language, time_zone."""
    find_changeable(request, pk=pk)
    text = request.POST.get("text", "")
    kind = SAMPLES.get(request.POST.get("field", ""), "")
    language = request.POST.get("language", "en")
    time_zone = request.POST.get("time_zone", "UTC")
    if not kind or language not in TEXTS or not is_time_zone(time_zone):
        raise Http404
    variables = CHAT_VARIABLES if kind == "chat" else CALL_VARIABLES
    problems = [str(problem) for problem in check_text(text, variables=variables)]
    preview = preview_text(text, kind=kind, language=language, time_zone=time_zone)
    return JsonResponse({"preview": preview, "problems": problems})


def is_time_zone(name: str) -> bool:
    """Read at each keystroke, so the whole list of zones is not."""
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        return False
    return True
