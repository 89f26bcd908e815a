"""The dashboard: what needs attention, then every connection."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from connector.access.roles import VIEW_CONNECTION
from connector.access.scope import find_connections, narrow
from connector.models import Connection
from connector.moments import show_moment
from connector.refusals import list_strangers
from connector.silence import find_silence
from connector.state import Level, describe_state, find_grant
from journaling.health import LEVELS, list_connections, list_findings
from journaling.spooling.refused import count_refused
from journaling.telling.charts import draw_charts
from journaling.telling.figures import measure_age
from journaling.telling.spending import list_spending
from journaling.trying.demo import SLUG as DEMO_SLUG


def fill_dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds `findings` (worst first) and `rows` (sorted by trouble) to the index page.

    Whoever may not see connections is told so, and nothing of them.
    """
    seen = find_connections(request.user, VIEW_CONNECTION)
    may_view = seen is None or bool(seen)
    connections = list(narrow(list_connections(), request.user, right=VIEW_CONNECTION))
    findings = list_findings(connections)
    worst: dict[int, Level] = {}
    for finding in findings:
        worst.setdefault(finding.connection.pk, finding.level)
    rows = list_rows(connections)
    rows.sort(key=lambda row: LEVELS.index(worst.get(row["pk"], Level.SUCCESS)))
    return context | {
        "title": _("Dashboard"),
        "may_view": may_view,
        "silence": find_silence() if may_view else None,
        "findings": findings,
        "rows": rows,
        "may_add": seen is None and request.user.has_perm("connector.add_connection"),
        "sandbox_url": settings.SANDBOX_ZOHO_URL,
        "demo_url": find_demo(connections),
        "charts": draw_charts(seen, zone=find_common_zone(connections)) if rows else [],
        "strangers": list_strangers() if seen is None else [],
    }


def find_common_zone(connections: list[Connection]) -> str:
    """The connections' zone; the portal's when they have several."""
    zones = {connection.time_zone for connection in connections}
    return zones.pop() if len(zones) == 1 else settings.TIME_ZONE


def list_rows(connections: list[Any]) -> list[dict[str, Any]]:
    grants = {row.pk: find_grant(row) for row in connections}
    spent = list_spending({grant.organisation for grant in grants.values() if grant})
    shares = {spending.organisation.pk: spending for spending in spent}
    refused = count_refused(connections)
    return [
        describe_row(row)
        | {
            "refused": refused.get(row.pk, 0),
            "spending": shares.get(grant.organisation.pk) if (grant := grants[row.pk]) else None,
        }
        for row in connections
    ]


def describe_row(connection: Any) -> dict[str, Any]:
    zone = connection.time_zone
    return {
        "pk": connection.pk,
        "name": connection.name,
        "url": reverse("admin:connector_connection_change", args=[connection.pk]),
        "state": describe_state(connection),
        "lookup": show_moment(connection.last_lookup_at, zone=zone),
        "report": show_moment(connection.last_report_at, zone=zone),
        "waiting": connection.waiting + connection.sending,
        "oldest": show_age(connection.oldest_at),
        "parked": connection.parked,
        "today": connection.delivered_today,
    }


def show_age(moment: datetime | None) -> str:
    """“19 minutes”; nothing below one."""
    return timesince(moment, depth=1) if moment and measure_age(moment) >= 60 else ""


def find_demo(connections: list[Connection]) -> str:
    for connection in connections:
        if connection.slug == DEMO_SLUG:
            return reverse("admin:connector_connection_change", args=[connection.pk])
    return ""
