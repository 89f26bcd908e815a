"""Zoho's API credits of each organisation, and what stands still to save them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from connector.credits import REST_STOPS, Usage, Work, read_usage
from connector.models import ZohoOrganisation
from connector.state import Level


@dataclass(frozen=True, kw_only=True)
class Spending:
    """One organisation; `words` say what stands still, empty while nothing does."""

    organisation: ZohoOrganisation
    usage: Usage
    words: str

    @property
    def level(self) -> Level:
        if not self.words:
            return Level.SUCCESS
        return Level.WARNING if self.usage.percent < REST_STOPS else Level.DANGER


def list_spending(organisations: Iterable[ZohoOrganisation]) -> list[Spending]:
    """Two queries at most."""
    rows = list(organisations)
    usages = read_usage(rows) if rows else {}
    return [
        Spending(organisation=row, usage=usages[row.pk], words=describe(usages[row.pk]))
        for row in rows
        if row.pk in usages
    ]


def describe(usage: Usage) -> str:
    """What waits until some of the last 24 hours' credits are free again."""
    if not usage.allows(Work.DELIVERY):
        return _("Deliveries wait: what is left is kept for lookups. Nothing is lost.")
    if not usage.allows(Work.OTHER):
        return _("Only calls, chats and new contacts are still written; everything else waits.")
    if not usage.allows(Work.BACKFILL):
        return _("The directory, missing people and comparisons wait; calls and lookups go on.")
    return ""
