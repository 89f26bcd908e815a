"""How many of Zoho's API credits an organisation has used, and who may still spend some.

Zoho gives an organisation so many credits for 24 hours and refuses everything when they are gone.
So the work that can wait stops first: at 80 % what fills the directory and compares, at 95 % all
but delivering and creating; the last hundredths are kept for lookups while a phone rings.

Counting touches memory only, so that it may stand on the ringing path; `flush` adds it up in the
database (see config.background). Zoho itself says what is left once half is used, other
applications' part included: while fresh, its word counts.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F, Sum
from django.utils import timezone

from connector.models import CreditHour, ZohoOrganisation
from connector.sync.budget import count_credits
from connector.zoho.client import Exchange

Work = CreditHour.Work

WINDOW = timedelta(hours=24)
FRESH = timedelta(minutes=10)
BACKFILL_STOPS, REST_STOPS = 80, 95
RESERVE = 2
"""Per cent of the credits that are kept for lookups."""

_spent: defaultdict[tuple[int, datetime, str], int] = defaultdict(int)
_told: dict[int, tuple[int, datetime]] = {}
_counting = threading.Lock()
_flushing = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Credits of the last 24 hours. `allowed` is None for an edition that we do not know;
    `left` is Zoho's own word, None while it is old or was never said."""

    used: int
    used_for_lookups: int
    allowed: int | None
    left: int | None

    @property
    def percent(self) -> int:
        if not self.allowed:
            return 0
        used = self.used if self.left is None else max(self.allowed - self.left, 0)
        return used * 100 // self.allowed

    def allows(self, work: str) -> bool:
        if not self.allowed or work == Work.CREATION:
            return True
        if work == Work.DELIVERY:
            return self.left is None or self.left * 100 > self.allowed * RESERVE
        if work == Work.LOOKUP:
            has_reserve = self.used_for_lookups * 100 < self.allowed * RESERVE
            return has_reserve or self.percent < REST_STOPS
        return self.percent < (BACKFILL_STOPS if work == Work.BACKFILL else REST_STOPS)


def note(organisation_id: int, exchange: Exchange, *, work: str) -> None:
    """Count one request."""
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    with _counting:
        _spent[organisation_id, hour, work] += exchange.credits
        if exchange.credits_left is not None:
            _told[organisation_id] = (exchange.credits_left, now)


def may_spend(organisation: ZohoOrganisation, work: str) -> bool:
    """Whether this kind of work may ask Zoho for anything now."""
    if work == Work.DELIVERY:
        return may_deliver(organisation)
    if work != Work.LOOKUP:
        flush()
    return read_usage([organisation])[organisation.pk].allows(work)


def may_deliver(organisation: ZohoOrganisation) -> bool:
    """By Zoho's word alone, so nothing has to be added up before each batch of calls."""
    with _counting:
        told = _told.get(organisation.pk)
    if told:
        organisation.credits_left, organisation.credits_told_at = told
    return describe(organisation, {}, now=timezone.now()).allows(Work.DELIVERY)


def read_usage(organisations: Iterable[ZohoOrganisation]) -> dict[int, Usage]:
    """By the organisation's key. Two queries."""
    now = timezone.now()
    keys = [one.pk for one in organisations]
    rows = ZohoOrganisation.objects.filter(pk__in=keys)
    hours = CreditHour.objects.filter(organisation__in=keys, hour__gt=now - WINDOW).order_by()
    spent: dict[int, dict[str, int]] = defaultdict(dict)
    for key, work, credits in hours.values_list("organisation", "work").annotate(Sum("credits")):
        spent[key][work] = credits
    return {row.pk: describe(row, spent[row.pk], now=now) for row in rows}


def describe(organisation: ZohoOrganisation, spent: dict[str, int], *, now: datetime) -> Usage:
    told_at = organisation.credits_told_at
    is_fresh = told_at is not None and told_at > now - FRESH
    return Usage(
        used=sum(spent.values()),
        used_for_lookups=spent.get(Work.LOOKUP, 0),
        allowed=count_credits(organisation.edition, users=organisation.licensed_users),
        left=organisation.credits_left if is_fresh else None,
    )


def flush() -> None:
    """Add this process's counts to the database; while it is away they are kept for later."""
    with _flushing:
        with _counting:
            spent, told = dict(_spent), dict(_told)
            _spent.clear()
            _told.clear()
        if not spent:
            return
        try:
            with transaction.atomic():
                write(spent, told)
        except DatabaseError:
            with _counting:
                for key, credits in spent.items():
                    _spent[key] += credits
                _told.update({**told, **_told})


def write(
    spent: dict[tuple[int, datetime, str], int], told: dict[int, tuple[int, datetime]]
) -> None:
    """Rows in one order in every process, so that none waits for another in a circle."""
    living = set(
        ZohoOrganisation.objects.filter(pk__in={key[0] for key in spent}).values_list(
            "pk", flat=True
        )
    )
    for (organisation_id, hour, work), credits in sorted(spent.items()):
        if organisation_id in living:
            add(organisation_id, hour, work, credits)
    for organisation_id, (left, at) in sorted(told.items()):
        ZohoOrganisation.objects.filter(pk=organisation_id).update(
            credits_left=left, credits_told_at=at
        )


def add(organisation_id: int, hour: datetime, work: str, credits: int) -> None:
    key = {"organisation_id": organisation_id, "hour": hour, "work": work}
    if CreditHour.objects.filter(**key).update(credits=F("credits") + credits):
        return
    CreditHour.objects.filter(organisation=organisation_id, hour__lte=hour - WINDOW).delete()
    try:
        with transaction.atomic():
            CreditHour.objects.create(**key, credits=credits)
    except IntegrityError:  # another process was first
        CreditHour.objects.filter(**key).update(credits=F("credits") + credits)
