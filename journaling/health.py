"""What needs attention, each with its sentence and the page that mends it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.labels import find_organisation, name_field
from connector.models import Connection, ZohoGrant, ZohoOrganisation
from connector.refusals import find_slowed, find_unmended
from connector.state import Level, describe_hold, find_grant
from journaling.models.event import RefusedReports
from journaling.spooling.refused import list_refused
from journaling.telling.figures import (
    list_parked_fields,
    list_parked_reasons,
    measure_age,
    with_figures,
)
from journaling.telling.findings import Finding, find
from journaling.telling.foresight import judge_canaries, judge_grants
from journaling.telling.reasons import describe_with_fields
from journaling.telling.spending import list_spending

TOO_OLD_SECONDS = 15 * 60
CREDITS = "credits"
LEVELS = [Level.DANGER, Level.WARNING, Level.INFO, Level.SUCCESS]


def list_findings(connections: Iterable[Connection] | None = None) -> list[Finding]:
    """Worst first. A few queries, however many connections there are."""
    rows = list(list_connections() if connections is None else connections)
    findings = [finding for row in rows for finding in judge(row)]
    by_id = {row.pk: row for row in rows}
    findings += judge_parked(by_id) + judge_knocks(rows) + judge_refused(by_id)
    findings += judge_credits(rows)
    findings += [*judge_grants(rows), *judge_canaries(rows)]
    return sorted(findings, key=lambda finding: LEVELS.index(finding.level))


def list_connections() -> QuerySet[Connection]:
    return with_figures(
        Connection.objects.select_related("grant__organisation", "proposed_grant__organisation")
    )


def judge(connection: Connection) -> list[Finding]:
    if not connection.active:
        return []
    checks = (judge_access, judge_move, judge_age, judge_pbx)
    return [finding for check in checks for finding in check(connection)]


def judge_access(connection: Connection) -> list[Finding]:
    grant = find_grant(connection)
    if grant is None:
        words = _("Not authorised in Zoho yet.")
        return [
            find(
                connection,
                words,
                code="no_grant",
                level=Level.WARNING,
                tab="zoho",
                action=_("Authorize"),
            )
        ]
    if grant.state == ZohoGrant.State.REFUSED:
        words = _("Zoho refuses the access. %s") % describe_waiting(connection)
        return [
            find(connection, words, code="grant_refused", tab="zoho", action=_("Authorize again"))
        ]
    if connection.held_at:
        words = _("Paused: %(reason)s %(waiting)s") % {
            "reason": close_sentence(describe_hold(connection)),
            "waiting": describe_waiting(connection),
        }
        return [find(connection, words, code="held", action=_("Open the connection"))]
    if connection.paused_at:
        words = _("Paused by an administrator. %s") % describe_waiting(connection)
        return [
            find(
                connection,
                words,
                code="paused",
                level=Level.WARNING,
                action=_("Open the connection"),
            )
        ]
    return []


def judge_move(connection: Connection) -> list[Finding]:
    proposed = getattr(connection, "proposed_grant", None)
    if proposed is None:
        return []
    words = _("Somebody authorised another organisation: %(organisation)s.")
    words %= {"organisation": proposed.organisation.name}
    return [find(connection, words, code="move", tab="zoho", action=_("Decide"))]


def judge_age(connection: Any) -> list[Finding]:
    age = measure_age(connection.oldest_at)
    if age < TOO_OLD_SECONDS or judge_access(connection):
        return []
    words = _("The oldest waits for %(age)s. %(waiting)s") % {
        "age": timesince(connection.oldest_at),
        "waiting": describe_waiting(connection),
    }
    query = f"connection__id__exact={connection.pk}&state__exact=waiting"
    return [
        find(
            connection,
            words,
            code="oldest",
            level=Level.WARNING,
            query=query,
            action=_("Show them"),
        )
    ]


def judge_pbx(connection: Connection) -> list[Finding]:
    if connection.last_lookup_at or getattr(connection, "last_report_at", None):
        return []
    words = _("Nothing heard from the PBX yet.")
    return [
        find(
            connection,
            words,
            code="unheard",
            level=Level.INFO,
            tab="pbx",
            action=_("Template and key"),
        )
    ]


def judge_knocks(connections: list[Connection]) -> list[Finding]:
    active = [connection for connection in connections if connection.active]
    told = [("knocks", find_unmended(active)), ("slowed", find_slowed(active))]
    return [
        find(
            connection,
            sentence,
            code=code,
            level=Level.WARNING,
            tab="pbx",
            action=_("Template and key"),
        )
        for code, sentences in told
        for connection, sentence in sentences
    ]


def judge_refused(connections: dict[int, Connection]) -> list[Finding]:
    """Reports that neither database nor disk took are lost: the PBX sends each one once."""
    rows = list_refused(connections.values())
    return [describe_refused(connections[row.connection_id], row) for row in rows]


def describe_refused(connection: Connection, row: RefusedReports) -> Finding:
    words = ngettext(
        "%(number)s report from the PBX was refused (the last one %(age)s ago): neither the "
        "database nor the disk took it. The PBX does not send it again; look the call up there.",
        "%(number)s reports from the PBX were refused (the last one %(age)s ago): neither the "
        "database nor the disk took them. The PBX does not send them again; look the calls up "
        "there.",
        row.number,
    ) % {"number": row.number, "age": timesince(row.last_at)}
    return find(
        connection, words, code="refused_reports", tab="pbx", action=_("Open the connection")
    )


def judge_credits(connections: list[Connection]) -> list[Finding]:
    """One for each organisation whose API credits run out, at the first of its connections."""
    firsts: dict[ZohoOrganisation, Connection] = {}
    for row in connections:
        if row.active and (grant := find_grant(row)):
            firsts.setdefault(grant.organisation, row)
    return [
        Finding(
            code=CREDITS,
            level=spending.level,
            connection=firsts[spending.organisation],
            sentence=_("%(percent)s %% of Zoho's API credits are used. %(words)s")
            % {"percent": spending.usage.percent, "words": spending.words},
            url=reverse("queues") + "#credits",
            action=_("Show the credits"),
        )
        for spending in list_spending(firsts)
        if spending.words
    ]


def judge_parked(connections: dict[int, Connection]) -> list[Finding]:
    fields = list_parked_fields()
    return [
        describe_parked(
            connections[pk], reason=reason, number=number, fields=fields.get((pk, reason), [])
        )
        for pk, reason, number in list_parked_reasons()
        if pk in connections
    ]


def describe_parked(
    connection: Connection, *, reason: str, number: int, fields: Sequence[tuple[str, str]]
) -> Finding:
    organisation = find_organisation(connection) if fields else None
    names = [name_field(organisation, module=module, field=field) for module, field in fields]
    if reason == "unreadable_report":
        words = ngettext(
            "%(number)s report from the PBX cannot be read.",
            "%(number)s reports from the PBX cannot be read.",
            number,
        ) % {"number": number}
    else:
        words = ngettext(
            "%(number)s call or chat needs a decision: %(reason)s",
            "%(number)s calls and chats need a decision: %(reason)s",
            number,
        ) % {"number": number, "reason": close_sentence(describe_with_fields(reason, names))}
    query = f"connection__id__exact={connection.pk}&state__exact=parked&reason={reason}"
    code, action = f"parked {reason}", _("Show them")
    return find(connection, words, code=code, query=query, action=action, number=number)


def describe_waiting(connection: Connection) -> str:
    number = getattr(connection, "waiting", 0) + getattr(connection, "sending", 0)
    if not number:
        return ""
    return ngettext(
        "%(number)s waits; nothing is lost.", "%(number)s wait; nothing is lost.", number
    ) % {"number": number}


def close_sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."
