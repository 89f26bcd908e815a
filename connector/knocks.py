"""Counting who was refused: in memory while the request waits, in the database a moment later.

Strangers decide how many knocks there are, so everything is bounded, and the refusal itself costs
one entry in a dict.
"""

import hashlib
import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.db import connection as database
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from connector.callers import keep_printable, show_address
from connector.models import Connection, PbxKey, RefusedKnock

log = logging.getLogger(__name__)

Reason = RefusedKnock.Reason
KEPT = timedelta(days=7)
MOST_WAITING = 300
MOST_ROWS = 2000
SHORTEST_KEY = 12
"""Of a shorter key four characters would say too much."""


@dataclass(frozen=True, kw_only=True)
class Knock:
    """What tells one kind of knock from another until its reason is looked up."""

    address: str
    slug: str
    digest: str
    reason: str = ""


@dataclass(kw_only=True)
class Tally:
    count: int
    route: str
    last_four: str
    first_at: datetime
    last_at: datetime


_waiting: dict[Knock, Tally] = {}
_counting = threading.Lock()


def note_knock(request: HttpRequest, *, slug: str, key: str, reason: str = "") -> None:
    """Count a refused request; a reason not given is looked up later. Touches no database and
    never raises."""
    knock = Knock(
        address=show_address(request),
        slug=keep_printable(slug)[:50],
        digest=hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest() if key else "",
        reason=reason,
    )
    now = timezone.now()
    with _counting:
        if knock not in _waiting and len(_waiting) >= MOST_WAITING:
            return
        is_first = not _waiting
        tally = _waiting.setdefault(
            knock, Tally(count=0, route="", last_four="", first_at=now, last_at=now)
        )
        tally.count += 1
        tally.last_at = now
        tally.route = keep_printable(request.path.rpartition("/")[2])[:30]
        tally.last_four = keep_printable(key[-4:]) if len(key) >= SHORTEST_KEY else ""
    if is_first:
        start_timer()


def start_timer() -> None:
    timer = threading.Timer(settings.KNOCKS_WRITTEN_AFTER, write_in_thread)
    timer.daemon = True
    timer.start()


def write_in_thread() -> None:
    try:
        write_knocks()
    finally:
        database.close()


def write_knocks() -> None:
    """Move what was counted into the database; what it does not take is forgotten."""
    with _counting:
        counted = dict(_waiting)
        _waiting.clear()
    try:
        with transaction.atomic():
            reasons = judge(list(counted))
            for knock, tally in counted.items():
                write_knock(knock, tally, reason=reasons[knock])
            delete_old()
    except DatabaseTrouble as error:
        log.warning("%s refused requests were not noted: %s", len(counted), error)


def judge(knocks: list[Knock]) -> dict[Knock, str]:
    """Why each was refused."""
    slugs = {knock.slug for knock in knocks}
    known = set(Connection.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    digests = {knock.digest for knock in knocks}
    ours = set(PbxKey.objects.filter(digest__in=digests).values_list("connection__slug", "digest"))
    return {knock: find_reason(knock, known=known, ours=ours) for knock in knocks}


def find_reason(knock: Knock, *, known: set[str], ours: set[tuple[str, str]]) -> str:
    if knock.reason:
        return knock.reason
    if knock.slug not in known:
        return Reason.UNKNOWN_SLUG
    if not knock.digest:
        return Reason.NO_KEY
    return Reason.OLD_KEY if (knock.slug, knock.digest) in ours else Reason.WRONG_KEY


def write_knock(knock: Knock, tally: Tally, *, reason: str) -> None:
    row, made = RefusedKnock.objects.get_or_create(
        address=knock.address,
        slug=knock.slug,
        reason=reason,
        defaults={
            "count": tally.count,
            "first_at": tally.first_at,
            "last_at": tally.last_at,
            "route": tally.route,
            "last_four": tally.last_four,
        },
    )
    if not made:
        RefusedKnock.objects.filter(pk=row.pk).update(
            count=F("count") + tally.count,
            last_at=tally.last_at,
            route=tally.route,
            last_four=tally.last_four,
        )


def delete_old() -> None:
    """Strangers' after 7 days, and the oldest beyond the most that are kept. How long those of a
    connection are kept is its own setting."""
    own = Connection.objects.values("slug")
    strangers = RefusedKnock.objects.exclude(slug__in=own)
    strangers.filter(last_at__lt=timezone.now() - KEPT).delete()
    kept = RefusedKnock.objects.order_by("-last_at")
    if beyond := kept.values_list("last_at", flat=True)[MOST_ROWS : MOST_ROWS + 1]:
        RefusedKnock.objects.filter(last_at__lte=beyond[0]).delete()
