"""What became of it on its way to Zoho."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, tuple[Promise, ...]] = {
    "sent": (
        _("Sent to Zoho in one request (%(records)s)."),
        _("Sent to Zoho."),
    ),
    "delivered": (
        _("Written to Zoho as record %(zoho_id)s, in one request (%(records)s)."),
        _("Written to Zoho as record %(zoho_id)s."),
        _("Written to Zoho."),
    ),
    "found_delivered": (
        _("Zoho has it already, as record %(zoho_id)s."),
        _("Zoho has it already."),
    ),
    "checked": (
        _("Zoho was asked for the record. Found: %(found)s; asked once more: %(again)s."),
        _("Zoho was asked whether it has the record."),
    ),
    "owner_refused": (
        _("Zoho did not accept the owner: %(words)s Another one is chosen."),
        _("Zoho did not accept the owner. Another one is chosen."),
    ),
    "field_dropped": (
        _("Zoho did not accept %(field)s: %(words)s It is sent again without it."),
        _("Zoho did not accept an optional field. It is sent again without it."),
    ),
    "later": (
        _("It did not work: %(words)s The next try is at %(until)s."),
        _("It did not work: %(words)s It is tried again later."),
        _("%(reason)s It is tried again later."),
        _("It is tried again later."),
    ),
    "waits": (
        _("Waits until %(until)s: %(reason)s"),
        _("Waits: %(reason)s"),
        _("Waits."),
    ),
    "would_create": (_("The caller would be created in Zoho first, and the call linked to them."),),
    "parked": (
        _("Needs a decision: %(reason)s Zoho's words: %(quote)s (%(field)s)"),
        _("Needs a decision: %(reason)s Zoho's words: %(quote)s"),
        _("Needs a decision: %(reason)s %(words)s"),
        _("Needs a decision: %(reason)s Candidates: %(candidates)s."),
        _("Needs a decision: %(reason)s"),
        _("Needs a decision."),
    ),
    "left_out": (
        _("%(by)s left it out."),
        _("Not written to Zoho: the rule for %(rule)s keeps it out (%(note)s)."),
        _("Not written to Zoho: the rule for %(rule)s keeps it out."),
        _("Not written to Zoho: %(reason)s"),
        _("Not written to Zoho."),
    ),
}
