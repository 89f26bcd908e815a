"""When a follow-up is due: so many working hours after the missed call."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connector.models import Connection
from journaling.models.follow_up import DAYS

LONGEST_SEARCH = 730


@dataclass(frozen=True, kw_only=True)
class WorkingTime:
    """`days` are names of DAYS; `since` and `until` are times of the connection's zone."""

    days: Collection[str]
    since: time
    until: time
    holidays: Collection[date]

    def works_on(self, day: date) -> bool:
        return DAYS[day.weekday()] in self.days and day not in self.holidays


def find_due_day(moment: datetime, *, connection: Connection) -> date:
    settings = connection.journal
    working = WorkingTime(
        days=settings.work_days,
        since=time.fromisoformat(settings.work_from),
        until=time.fromisoformat(settings.work_until),
        holidays={date.fromisoformat(text) for text in settings.holidays},
    )
    local = moment.astimezone(ZoneInfo(connection.time_zone)).replace(tzinfo=None)
    return add_working_hours(local, settings.follow_up_hours, working=working).date()


def add_working_hours(moment: datetime, hours: int, *, working: WorkingTime) -> datetime:
    """The moment at which so many working hours are over, in the same (naive) local time.

    Without any working day within two years it is the plain sum.
    """
    left = timedelta(hours=hours)
    for offset in range(LONGEST_SEARCH):
        day = moment.date() + timedelta(days=offset)
        if not working.works_on(day):
            continue
        opens = datetime.combine(day, working.since)
        begins = max(opens, moment)
        closes = datetime.combine(day, working.until)
        if begins < closes and left <= closes - begins:
            return begins + left
        left -= max(closes - begins, timedelta(0))
    return moment + timedelta(hours=hours)
