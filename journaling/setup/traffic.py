"""What the last reports of a PBX say about its settings."""

from dataclasses import dataclass, field
from datetime import timedelta

from connector.models import Connection
from connector.phones import NumberKind, NumberRules, find_trunk_prefix, read_number
from connector.threecx.bodies import UnreadableReport
from connector.threecx.reports import CallReport, CallType, Report
from journaling.ingest import read_event
from journaling.models import Event
from journaling.telling.figures import list_reports

SEEN = 20
SHORT = 8
LOOKUP_SLACK = timedelta(minutes=10)
"""A lookup is noted twice a minute; clocks of the PBX and the portal differ."""


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """The last readable reports, newest first; `last` is the newest event of any kind."""

    reports: list[Report] = field(default_factory=list)
    last: Event | None = None

    def list_numbers(self, connection: Connection) -> list[str]:
        """Numbers of calls with the outside, as the PBX wrote them."""
        rules = connection.number_rules
        return [report.number.strip() for report in self.reports if is_outside(report, rules=rules)]

    def count_cut(self, connection: Connection) -> int:
        rules = connection.number_rules
        return sum(is_cut(number, rules=rules) for number in self.list_numbers(connection))

    def count_national(self, connection: Connection) -> int:
        numbers = self.list_numbers(connection)
        return sum(not number.startswith(("+", "00")) for number in numbers)

    def list_without_email(self) -> list[str]:
        """Extensions that reported without an e-mail."""
        found = {report.agent for report in self.reports if report.agent and not report.agent_email}
        return sorted(found)

    def asks_in_vain(self, connection: Connection) -> bool:
        """Whether incoming calls arrive for which the PBX never asked who calls.

        About withheld and internal numbers it asks nothing.
        """
        rules = connection.number_rules
        incoming = (CallType.INBOUND, CallType.MISSED)
        starts = [
            report.started_at
            for report in self.reports
            if isinstance(report, CallReport)
            and report.type in incoming
            and is_outside(report, rules=rules)
        ]
        if not starts:
            return False
        asked_at = connection.last_lookup_at
        return asked_at is None or asked_at + LOOKUP_SLACK < max(starts)


def is_outside(report: Report, *, rules: NumberRules) -> bool:
    """Whether the report has a number of somebody outside."""
    kind = read_number(report.number, rules).kind
    return bool(report.number.strip()) and kind in (NumberKind.REAL, NumberKind.UNREADABLE)


def is_cut(number: str, *, rules: NumberRules) -> bool:
    """Whether a number is short and not whole by the rules: 8 digits are whole in Norway.

    In Germany national numbers begin with 0; without it, only a given area code makes them whole.
    """
    if len(number.lstrip("+")) > SHORT:
        return False
    if read_number(number, rules).kind is not NumberKind.REAL:
        return True
    needs_trunk = find_trunk_prefix(rules.country) == "0" and not rules.area_code
    return needs_trunk and not number.startswith(("+", "0", *rules.outside_prefixes))


def read_traffic(connection: Connection) -> Traffic:
    reported = list_reports().filter(connection=connection)
    events = list(reported.order_by("-pk")[:SEEN])
    reports: list[Report] = []
    for event in events:
        try:
            reports.append(read_event(event))
        except UnreadableReport:
            continue
    return Traffic(reports=reports, last=events[0] if events else None)
