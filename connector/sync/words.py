"""The pace of the mirror and what it costs, in words that stand beside the setting."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.models import ZohoOrganisation
from connector.sync.budget import Plan, plan_sync

SHARES = range(1, 91)


def describe_plan(plan: Plan) -> str:
    """“Changes are asked for every 5 minutes: about 2,600 of 50,000 credits a day.”"""
    minutes = max(round(plan.interval.total_seconds() / 60), 1)
    pace = ngettext(
        "Changes are asked for every minute", "Changes are asked for every %(number)s minutes",
        minutes,
    ) % {"number": minutes}  # fmt: skip
    cost = intcomma(plan.credits_a_day)
    if plan.all_credits is None:
        return _("%(pace)s: about %(cost)s credits a day.") % {"pace": pace, "cost": cost}
    return _("%(pace)s: about %(cost)s of %(all)s credits a day.") % {
        "pace": pace,
        "cost": cost,
        "all": intcomma(plan.all_credits),
    }


def describe_shares(organisation: ZohoOrganisation) -> dict[int, str]:
    """The sentence for each share that may be chosen."""
    return {share: describe_plan(plan_sync(organisation, share=share)) for share in SHARES}


def describe_seconds(seconds: int) -> str:
    """“40 seconds”, “3 minutes”, “2 hours”."""
    if seconds < 100:
        return ngettext("%(number)s second", "%(number)s seconds", seconds) % {"number": seconds}
    minutes = round(seconds / 60)
    if minutes < 100:
        return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}
    hours = round(minutes / 60)
    return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}
