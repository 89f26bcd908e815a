"""Why a call waits, needs a decision or stays out of Zoho: the code's sentence."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Promise] = {
    # excluded by rule
    "connection_inactive": _("The connection was switched off."),
    "journaling_off": _("Journaling of this kind was switched off."),
    "before_journal_from": _("It began before the moment from which calls are journaled."),
    "excluded": _("A rule of the connection keeps it out."),
    "internal": _("An internal call: only calls with the outside are written to Zoho."),
    "unknown_number": _("No record in Zoho has this number, and such calls are left out."),
    "done_by_hand": _("Somebody marked it as done by hand."),
    "left_out_by_person": _("Somebody decided to leave it out."),
    "replaced_by_answered": _("Its answered part came later and stands in Zoho instead."),
    "written_anew": _("It was written anew with another owner or kind."),
    "former_stays": _("It was to replace a record that stays as it is."),
    "reports_elsewhere": _("The reports that it was made of belong to another record by now."),
    "texts_deleted": _("The reports that it was made of were deleted when their time was over."),
    "caller_reached": _("Somebody has spoken with the caller meanwhile."),
    "no_account": _("The contact that it was made for was not created: it is not in Zoho."),
    "being_created": _("Its contact is being created at this moment."),
    "account_kept": _("It stays in Zoho: somebody changed it, or something stands on it."),
    "gone_in_zoho": _("Somebody deleted the record in Zoho."),
    # needs a decision
    "unreadable_report": _("The report from the PBX cannot be read."),
    "rejected": _("Zoho does not accept the record."),
    "organisation_moved": _("The connection moved to another Zoho organisation meanwhile."),
    "several_candidates": _("Zoho has several records that may be this one."),
    "unanswered": _(
        "Zoho does not say whether it has the record. Look there first: “Try again” sends it."
    ),
    "report_too_large": _("The report is larger than 10 MiB and could not be stored."),
    "parent_missing": _("What it belongs to is not in Zoho."),
    "no_parent": _("What it belongs to is not in Zoho."),
    "internal_error": _("The portal could not compose the record."),
    "MANDATORY_NOT_FOUND": _("A mandatory field of this organisation is empty."),
    "INVALID_DATA": _("Zoho does not accept a value."),
    "DUPLICATE_DATA": _("Zoho has a record with the same unique value."),
    "LIMIT_EXCEEDED": _("A value is longer than Zoho allows."),
    "NO_PERMISSION": _("The connected user may not write this in Zoho."),
    # waits
    "missing_in_zoho": _("It is missing in Zoho. Zoho is asked once more, then it is sent again."),
    "restored": _("Restored from a backup: Zoho is asked whether it has the record already."),
    "unknown_outcome": _("Zoho did not answer in time; it is asked whether it has the record."),
    "not_found": _("Zoho was asked and does not have it: it is sent again."),
    "temporary": _("Zoho could not take the record just now."),
    "field_refused": _("Zoho did not accept an optional field; it is sent without it."),
    "owner_refused": _("Zoho did not accept the owner."),
    # outcomes of requests and of records in them
    "answered": _("Answered"),
    "delivered": _("Written"),
    "duplicate": _("Zoho has a record with the same unique value."),
    "refused": _("Refused"),
    "failed": _("Failed; tried again"),
    "unknown": _("No answer in time"),
}


def describe_with_fields(code: str, names: Iterable[str]) -> str:
    """The sentence with the fields that it is about, if any."""
    words, fields = describe_reason(code), ", ".join(filter(None, names))
    return f"{words.rstrip('.')}: {fields}" if fields else words


def describe_reason(code: str) -> str:
    """The sentence; an unknown code (some are Zoho's own) is shown as words."""
    if code in REASONS:
        return str(REASONS[code])
    words = code.replace("_", " ").strip()
    return words[:1].upper() + words[1:].lower()
