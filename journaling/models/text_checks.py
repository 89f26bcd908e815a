"""Texts with variables and further fields, checked when they are saved: in a form, from a file."""

import re
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from journaling.texts.rendering import CALL_VARIABLES, CHAT_VARIABLES, check_text

API_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)
TEXTS: dict[str, Collection[str]] = {
    "call_subject": CALL_VARIABLES,
    "answered_inbound": CALL_VARIABLES,
    "missed": CALL_VARIABLES,
    "answered_outbound": CALL_VARIABLES,
    "unanswered_outbound": CALL_VARIABLES,
    "chat_subject": CHAT_VARIABLES,
}
FIELDS: dict[str, Collection[str]] = {
    "fields_calls": CALL_VARIABLES,
    "fields_tasks": CHAT_VARIABLES,
    "fields_lead": CALL_VARIABLES,
    "fields_contact": CALL_VARIABLES,
}


def check_texts(settings: models.Model) -> None:
    """Raises ValidationError with sentences by column, for what cannot be saved."""
    faults = {
        column: list_unknown(getattr(settings, column), variables=variables)
        for column, variables in TEXTS.items()
    }
    for column, variables in FIELDS.items():
        faults[column] = list_field_faults(getattr(settings, column), variables=variables)
    wrong = {column: sentences for column, sentences in faults.items() if sentences}
    if wrong:
        raise ValidationError(wrong)


def list_unknown(text: str, *, variables: Collection[str]) -> list[str]:
    return [str(unknown) for unknown in check_text(text, variables=variables)]


def list_field_faults(fields: Any, *, variables: Collection[str]) -> list[str]:
    if not isinstance(fields, dict):
        return [_("Must be a group of API names and texts.")]
    faults = []
    for name, text in fields.items():
        if not API_NAME.fullmatch(name):
            faults.append(_("“%s” is no API name of a field, like Call_Result.") % name)
        elif not isinstance(text, str):
            faults.append(_("%s must be a text.") % name)
        else:
            faults += [f"{name}: {words}" for words in list_unknown(text, variables=variables)]
    return faults
