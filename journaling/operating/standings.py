"""How things stand at this moment, per connection and organisation, as metrics."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client.core import Metric

from connector.models import Connection, Mirror, ZohoGrant, ZohoOrganisation
from connector.silence import is_silent
from journaling.models import Entry, Event
from journaling.models.event import RefusedReports
from journaling.operating.families import gauge, gauges
from journaling.telling.figures import find_last_report, list_parked_reasons
from journaling.telling.spending import list_spending
from journaling.trying.canary import read_last

UNKNOWN_AGE = -1.0


def list_standings() -> list[Metric]:
    silent = gauge("silent", "1 while a restored or copied portal sends nothing", is_silent())
    return [
        silent,
        *list_backlogs(),
        *list_connections(),
        list_last_reports(),
        *list_credits(),
        *list_grants(),
        *list_mirrors(),
    ]


def measure_age(moment: datetime | None) -> float:
    """Seconds since the moment; -1 for none."""
    return (timezone.now() - moment).total_seconds() if moment else UNKNOWN_AGE


def list_backlogs() -> list[Metric]:
    """What still goes to Zoho: reports without an entry, and entries on their way."""
    backlog = dict.fromkeys(Connection.objects.order_by("slug").values_list("slug", flat=True), 0)
    oldest: dict[str, datetime] = {}
    entries = Entry.objects.filter(state__in=Entry.OPEN_STATES).order_by()
    fresh = Event.objects.filter(entry__isnull=True).order_by()
    for rows in (
        entries.values_list("connection__slug").annotate(Count("pk"), Min("created_at")),
        fresh.values_list("connection__slug").annotate(Count("pk"), Min("received_at")),
    ):
        for slug, number, moment in rows:
            backlog[slug] = backlog.get(slug, 0) + number
            oldest[slug] = min(moment, oldest.get(slug, moment))
    ages = {slug: max(measure_age(oldest.get(slug)), 0) for slug in backlog}
    return [
        gauge("backlog", "Calls and chats on their way to Zoho", sum(backlog.values())),
        gauge("backlog_oldest_seconds", "Age of the oldest of them", max(ages.values(), default=0)),
        gauges(
            "connection_backlog",
            "Calls and chats of a connection on their way to Zoho",
            [({"connection": slug}, number) for slug, number in backlog.items()],
            labels=["connection"],
        ),
        gauges(
            "connection_backlog_oldest_seconds",
            "Age of a connection's oldest",
            [({"connection": slug}, age) for slug, age in ages.items()],
            labels=["connection"],
        ),
    ]


def list_connections() -> list[Metric]:
    connections = list(Connection.objects.order_by("slug"))
    slugs = {connection.pk: connection.slug for connection in connections}
    parked = list_parked_reasons()
    return [
        gauge("parked", "Calls and chats that need a decision", sum(row[2] for row in parked)),
        gauges(
            "connection_parked",
            "Calls and chats of a connection that need a decision, by reason",
            [
                ({"connection": slugs[pk], "reason": reason}, number)
                for pk, reason, number in parked
                if pk in slugs
            ],
            labels=["connection", "reason"],
        ),
        gauges(
            "connection_held",
            "1 while a connection waits for a person",
            [({"connection": row.slug}, float(bool(row.held_code))) for row in connections],
            labels=["connection"],
        ),
        gauges(
            "connection_refused_reports",
            "Reports that neither database nor disk took; they are lost",
            list_refused(connections),
            labels=["connection"],
        ),
        gauges(
            "connection_canary",
            "1 when the last hourly test call arrived, 0 when it did not; -1: none yet",
            list_canaries(connections),
            labels=["connection"],
        ),
        gauges(
            "connection_paused",
            "1 while an operator has paused a connection",
            [({"connection": row.slug}, float(bool(row.paused_at))) for row in connections],
            labels=["connection"],
        ),
    ]


def list_refused(connections: Iterable[Connection]) -> list[tuple[dict[str, str], float]]:
    numbers = dict(RefusedReports.objects.values_list("connection_id", "number"))
    return [({"connection": row.slug}, float(numbers.get(row.pk, 0))) for row in connections]


def list_canaries(connections: list[Connection]) -> list[tuple[dict[str, str], float]]:
    last = {pk: float(bool(trial.is_good)) for pk, trial in read_last().items()}
    return [({"connection": row.slug}, last.get(row.pk, UNKNOWN_AGE)) for row in connections]


def list_last_reports() -> Metric:
    rows = Connection.objects.annotate(at=find_last_report()).order_by("slug")
    return gauges(
        "pbx_last_report_age_seconds",
        "Since the PBX's last report; -1: never",
        [({"connection": slug}, measure_age(at)) for slug, at in rows.values_list("slug", "at")],
        labels=["connection"],
    )


def list_credits() -> list[Metric]:
    today = timezone.now().date()
    organisations = list(ZohoOrganisation.objects.order_by("zgid"))
    spending = list_spending(organisations)
    return [
        gauges(
            "zoho_credits_spent_today",
            "API credits that the mirror has spent since midnight UTC",
            [
                ({"organisation": row.zgid}, row.credits_spent if row.credits_on == today else 0)
                for row in organisations
            ],
            labels=["organisation"],
        ),
        gauges(
            "zoho_credits_used",
            "API credits that the portal has spent in the last 24 hours",
            [({"organisation": row.organisation.zgid}, row.usage.used) for row in spending],
            labels=["organisation"],
        ),
        gauges(
            "zoho_credits_used_percent",
            "Share of the API credits that is used, by Zoho's own word where it is fresh",
            [({"organisation": row.organisation.zgid}, row.usage.percent) for row in spending],
            labels=["organisation"],
        ),
        gauges(
            "zoho_failures",
            "Failed requests to Zoho in a row",
            [({"organisation": row.zgid}, row.failures) for row in organisations],
            labels=["organisation"],
        ),
    ]


def list_grants() -> list[Metric]:
    grants = ZohoGrant.objects.select_related("connection").order_by("connection__slug")
    return [
        gauges(
            "zoho_token_age_seconds",
            "Age of the access token; -1: none yet",
            [
                ({"connection": row.connection.slug}, measure_age(row.access_token_issued_at))
                for row in grants
            ],
            labels=["connection"],
        ),
    ]


def list_mirrors() -> list[Metric]:
    mirrors = Mirror.objects.filter(is_absent=False).select_related("organisation")
    return [
        gauges(
            "mirror_age_seconds",
            "Since the mirror of Zoho's people was last in step; -1: never",
            [
                (
                    {"organisation": row.organisation.zgid, "module": row.module},
                    measure_age(row.synced_at),
                )
                for row in mirrors.order_by("organisation__zgid", "module")
            ],
            labels=["organisation", "module"],
        ),
    ]
