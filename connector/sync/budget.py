"""What the mirror may cost: Zoho's API credits of a day, and the pace that follows from them.

Source: Zoho's API limits, v8 (credits by edition and user licence; a list page is 1 credit, COQL
up to 3, deleted ids 2).
"""

from dataclasses import dataclass
from datetime import UTC, timedelta

from django.db.models import Case, F, Max, PositiveIntegerField, Value, When
from django.utils import timezone

from connector.models import Connection, ZohoOrganisation
from connector.people.fields import MODULES

DAY = 86_400
EDITIONS = {  # credits a day, more for each user, at most
    "free": (5_000, 0, 5_000),
    "standard": (50_000, 250, 100_000),
    "professional": (50_000, 500, 3_000_000),
    "enterprise": (50_000, 1_000, 5_000_000),
    "zohoone": (50_000, 1_000, 5_000_000),
    "ultimate": (50_000, 2_000, 0),
    "crmplus": (50_000, 2_000, 0),
}
QUICKEST = timedelta(seconds=240)
"""A change is found within 5 minutes: this, a tick and the reading itself."""
USUAL = timedelta(minutes=5)
SLOWEST = timedelta(hours=1)
DELETIONS_EVERY = timedelta(hours=1)
CHANGES_COST, DELETIONS_COST, QUERY_COST = 1, 2, 3


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How often changes are asked for. `all_credits` is None for an edition that we do not know."""

    interval: timedelta
    credits_a_day: int
    all_credits: int | None


def plan_sync(organisation: ZohoOrganisation, *, share: int | None = None) -> Plan:
    """The pace that the share (per cent, default: the organisation's) of the credits allows."""
    all_credits = count_credits(organisation.edition, users=organisation.licensed_users)
    interval = USUAL
    if all_credits is not None:
        share = share or find_share(organisation)
        allowed = all_credits * share // 100 - cost_of_deletions()
        rounds = max(allowed // (CHANGES_COST * len(MODULES)), 1)
        interval = min(max(timedelta(seconds=DAY // rounds), QUICKEST), SLOWEST)
    rounds = round(DAY / interval.total_seconds())
    cost = rounds * CHANGES_COST * len(MODULES) + cost_of_deletions()
    return Plan(interval=interval, credits_a_day=cost, all_credits=all_credits)


def find_share(organisation: ZohoOrganisation) -> int:
    """Per cent. Connections of one organisation share its mirror: the largest share holds."""
    sharing = Connection.objects.filter(grant__organisation=organisation)
    most: int | None = sharing.aggregate(most=Max("credit_share"))["most"]
    return most or Connection._meta.get_field("credit_share").get_default()


def count_credits(edition: str, *, users: int) -> int | None:
    name = "".join(filter(str.isalpha, edition.casefold()))
    if name not in EDITIONS:
        return None
    base, each, most = EDITIONS[name]
    credits = base + each * users
    return min(credits, most) if most else credits


def cost_of_deletions() -> int:
    return int(DAY / DELETIONS_EVERY.total_seconds()) * DELETIONS_COST * len(MODULES)


def is_spent(organisation: ZohoOrganisation) -> bool:
    """Whether today's share is used up; then changes are asked for at the slowest pace."""
    plan = plan_sync(organisation)
    if plan.all_credits is None or organisation.credits_on != timezone.now().astimezone(UTC).date():
        return False
    return organisation.credits_spent >= plan.all_credits * find_share(organisation) // 100


def note_costs(organisation_id: int, cost: int) -> None:
    """Count the credits that keeping a mirror cost."""
    if not cost:
        return
    today = timezone.now().astimezone(UTC).date()
    ZohoOrganisation.objects.filter(pk=organisation_id).update(
        credits_spent=Case(
            When(credits_on=today, then=F("credits_spent") + cost),
            default=Value(cost),
            output_field=PositiveIntegerField(),
        ),
        credits_on=today,
    )
