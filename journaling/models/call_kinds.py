"""The four kinds of calls, as 3CX's texts name them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from connector.threecx.reports import CallType


class CallKind(models.TextChoices):
    ANSWERED_INBOUND = "answered_inbound", _("Answered inbound calls")
    MISSED = "missed", _("Missed calls")
    ANSWERED_OUTBOUND = "answered_outbound", _("Answered outbound calls")
    UNANSWERED_OUTBOUND = "unanswered_outbound", _("Unanswered outbound calls")


KINDS = {
    CallType.INBOUND: CallKind.ANSWERED_INBOUND,
    CallType.MISSED: CallKind.MISSED,
    CallType.OUTBOUND: CallKind.ANSWERED_OUTBOUND,
    CallType.NOTANSWERED: CallKind.UNANSWERED_OUTBOUND,
}


def list_default_kinds() -> list[str]:
    return [CallKind.ANSWERED_INBOUND.value]


def check_kinds(value: object) -> None:
    """Refuse anything but known kinds, each once, in any order."""
    known = set(CallKind.values)
    if not isinstance(value, list) or len(set(map(str, value))) < len(value):
        raise ValidationError(_("Must be a list of kinds of calls, each once."))
    for kind in value:
        if kind not in known:
            raise ValidationError(
                _("“%(kind)s” is no kind of call. Choose of: %(kinds)s."),
                params={"kind": kind, "kinds": ", ".join(CallKind.values)},
            )
