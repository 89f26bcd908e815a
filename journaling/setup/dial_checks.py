"""Click to call as a step of the checklist: has anybody a token, used it, dialled?"""

from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.counting.pulses import EXTENSION, find_pulse
from connector.models import AgentToken, Connection
from connector.moments import show_moment
from journaling.setup.steps import DONE, TODO, UNSEEN, Step


def check_dialling(connection: Connection) -> Step:
    """Optional: nothing is wrong without it."""
    title = _("Click to call")
    tokens = AgentToken.objects.filter(connection=connection)
    dialled_at = tokens.aggregate(at=Max("last_dialled_at"))["at"]
    if dialled_at:
        words = _("Last dialled %s.") % show_moment(dialled_at, zone=connection.time_zone)
        return Step(title=title, state=DONE, reason=words)
    valid = tokens.filter(revoked_at__isnull=True)
    signed_in = valid.filter(~Q(last_used_at=None)).count()
    if signed_in:
        words = ngettext(
            "One extension is signed in; nobody has dialled yet.",
            "%(count)s extensions are signed in; nobody has dialled yet.",
            signed_in,
        ) % {"count": signed_in}
        return Step(title=title, state=UNSEEN, reason=words)
    if valid.exists():
        words = _("There are tokens, but nobody has entered theirs yet.")
        if not find_pulse(EXTENSION):
            words += " " + _("The extension was not downloaded here yet.")
        return Step(title=title, state=TODO, reason=words, url="#dial", action=_("Show how"))
    words = _("Optional: people dial by a click on a number in Zoho. Nobody has a token yet.")
    url = reverse("admin:connector_agenttoken_add") + f"?connection={connection.pk}"
    return Step(title=title, state=UNSEEN, reason=words, url=url, action=_("Make a token"))
