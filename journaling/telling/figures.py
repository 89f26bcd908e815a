"""Figures of each connection, added to a queryset: constant in the number of connections."""

from collections import defaultdict
from datetime import datetime

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from connector.models import Connection
from connector.moments import find_zone
from journaling.models import Entry, Event

DUE_STATES = [Entry.State.SETTLING, Entry.State.WAITING, Entry.State.UNKNOWN]


def with_figures(connections: QuerySet[Connection]) -> QuerySet[Connection]:
    """Adds waiting, sending, parked, delivered_today (numbers), oldest_at and last_report_at.

    Today is that of each connection: it has begun there at midnight_at.
    """
    own = Entry.objects.filter(connection=OuterRef("pk")).order_by()
    return connections.annotate(
        waiting=count_rows(own.filter(state__in=DUE_STATES)),
        sending=count_rows(own.filter(state=Entry.State.SENDING)),
        parked=count_rows(own.filter(state=Entry.State.PARKED)),
        midnight_at=find_midnight(now=timezone.now()),
        delivered_today=count_rows(
            own.filter(state=Entry.State.DELIVERED, created_at__gte=OuterRef("midnight_at"))
        ),
        oldest_at=Subquery(
            own.filter(state__in=DUE_STATES)
            .exclude(after__state=Entry.State.PARKED)  # it waits for the decision about that
            .values("connection")
            .annotate(oldest=Min("created_at"))
            .values("oldest")
        ),
        last_report_at=find_last_report(),
    )


def find_midnight(*, now: datetime) -> Case:
    """The last one of the connection's time zone; one query for the zones in use."""
    names = Connection.objects.order_by().values_list("time_zone", flat=True).distinct()
    zones = {name: now.astimezone(find_zone(name)) for name in names}
    return Case(
        *(
            When(
                time_zone=name, then=Value(local.replace(hour=0, minute=0, second=0, microsecond=0))
            )
            for name, local in zones.items()
        ),
        default=Value(now.replace(hour=0, minute=0, second=0, microsecond=0)),
        output_field=DateTimeField(),
    )


def list_reports() -> QuerySet[Event]:
    """What the PBX itself reported: nothing from its call log, no test call of the portal."""
    reports = Event.objects.filter(source=Event.Source.REPORT)
    return reports.exclude(template_version=Event.TRIAL_VERSION)


def find_last_report() -> Subquery:
    """When the PBX of the connection in the outer query reported last; NULL: never."""
    reports = list_reports().filter(connection=OuterRef("pk"))
    return Subquery(reports.order_by("-received_at").values("received_at")[:1])


def count_rows(entries: QuerySet[Entry]) -> Coalesce:
    counted = entries.values("connection").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def list_parked_reasons() -> list[tuple[int, str, int]]:
    """(connection id, reason, how many) of everything that needs a decision."""
    return list(
        Entry.objects.filter(state=Entry.State.PARKED)
        .values_list("connection_id", "reason")
        .order_by("connection_id", "reason")
        .annotate(number=Count("pk"))
    )


def list_parked_fields() -> dict[tuple[int, str], list[tuple[str, str]]]:
    """Which fields Zoho complained about: (module, API name) by connection id and reason."""
    rows = Entry.objects.filter(state=Entry.State.PARKED).exclude(field="").order_by()
    fields: dict[tuple[int, str], list[tuple[str, str]]] = defaultdict(list)
    columns = ("connection_id", "reason", "module", "field")
    for pk, reason, module, field in rows.values_list(*columns).distinct():
        fields[pk, reason].append((module, field))
    return fields


def measure_age(moment: datetime | None) -> float:
    """Seconds since the moment; 0 for none."""
    return (timezone.now() - moment).total_seconds() if moment else 0.0
