"""Working days: which days they are, and how a period of working days is counted (民法典 201)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from tongban.domain.errors import CalendarGap

LONGEST_PERIOD = 400  # working days; nothing in the law is longer


class WorkCalendar:
    """A run of days, each known to be a working day or not.

    The day something begins is not counted: day 1 is the next working day.  Weekends worked to make up for a holiday
    count.  Asking beyond the known days raises CalendarGap; the product never guesses a holiday.
    """

    __slots__ = ("_days",)

    def __init__(self, days: Mapping[date, bool]) -> None:
        self._days = MappingProxyType(dict(days))

    @property
    def first(self) -> date | None:
        """The earliest known day."""
        return min(self._days, default=None)

    @property
    def last(self) -> date | None:
        """The latest known day."""
        return max(self._days, default=None)

    def is_workday(self, day: date) -> bool:
        """Whether offices work on that day."""
        try:
            return self._days[day]
        except KeyError:
            raise CalendarGap("calendar_gap", f"工作日历里没有{day.isoformat()}，请管理员导入当年的放假通知") from None

    def add_workdays(self, start: date, count: int) -> date:
        """The last day of a period of `count` working days that begins on `start`; 0 gives `start` itself."""
        assert 0 <= count <= LONGEST_PERIOD, f"a period of {count} working days"
        day = start
        left = count
        while left:
            day += timedelta(days=1)
            left -= self.is_workday(day)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and with `end`; 0 when `end` is not after `start`."""
        days = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
        return sum(self.is_workday(day) for day in days)

    def next_workday(self, day: date) -> date:
        """The day itself when it is a working day, otherwise the next one (民法典 203)."""
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day
