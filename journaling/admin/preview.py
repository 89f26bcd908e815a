"""Answers, while a text is being typed, what Zoho will show and what is wrong with it."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from connector.admin.buttons import find_changeable
from journaling.texts import CALL_VARIABLES, CHAT_VARIABLES, check_text, preview_text


@require_POST
def answer_preview(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> JsonResponse:
    """{"preview": text, "problems": [sentences]} of the posted text, kind, language, time_zone."""
    find_changeable(request, pk=pk, model_admin=model_admin)
    kind, text = request.POST.get("kind", ""), request.POST.get("text", "")
    variables = CHAT_VARIABLES if kind == "chat_subject" else CALL_VARIABLES
    try:
        check_text(text, variables=variables)
    except ValidationError as error:
        return JsonResponse({"preview": "", "problems": error.messages})
    preview = preview_text(
        text,
        kind=kind,
        language=request.POST.get("language", "en"),
        time_zone=request.POST.get("time_zone", "UTC"),
    )
    return JsonResponse({"preview": preview, "problems": []})
