"""Values of a trace that are codes themselves."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VALUES: dict[str, Promise] = {
    "Inbound": _("answered incoming call"),
    "Missed": _("missed call"),
    "Outbound": _("answered outgoing call"),
    "Notanswered": _("outgoing call without an answer"),
    "call": _("call"),
    "chat": _("chat"),
    "note": _("a note"),
    "attachment": _("an attachment"),
    "withheld": _("withheld"),
    "internal": _("internal"),
    "unreadable": _("not readable as a number"),
    "agent": _("the extension's user"),
    "record_owner": _("the owner of the caller's record"),
    "queue": _("the owner of the queue"),
    "fallback": _("the fallback owner"),
    "by_hand": _("chosen by hand"),
    "connected_user": _("the user who authorised the portal"),
    "excluded_number": _("this number"),
    "excluded_pattern": _("these numbers"),
    "excluded_extension": _("this extension"),
    "excluded_queue": _("this queue"),
    "extension_map": _("the table of extensions"),
    "same_email": _("the same e-mail in 3CX and Zoho"),
    "fresh": _("for fresh records only"),
    "always": _("always"),
    "never": _("never"),
    "taken": _("it holds the number and was taken"),
    "without_number": _("it does not hold this number"),
    "missing": _("it is not in this organisation"),
    "True": pgettext_lazy("answer", "yes"),
    "False": pgettext_lazy("answer", "no"),
}
