"""Answers, while a text is being typed, what Zoho will show and what is wrong with it."""

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from connector.admin.buttons import find_changeable
from journaling.texts import CALL_VARIABLES, CHAT_VARIABLES, check_text, preview_text

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
    find_changeable(request, pk=pk, model_admin=model_admin)
    text = request.POST.get("text", "")
    kind = SAMPLES.get(request.POST.get("field", ""), "")
    if not kind:
        raise Http404
    variables = CHAT_VARIABLES if kind == "chat" else CALL_VARIABLES
    problems = [str(problem) for problem in check_text(text, variables=variables)]
    preview = preview_text(
        text,
        kind=kind,
        language=request.POST.get("language", "en"),
        time_zone=request.POST.get("time_zone", "UTC"),
    )
    return JsonResponse({"preview": preview, "problems": problems})
