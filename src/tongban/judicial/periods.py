"""How long a court's control lasts: days of the calendar, the last day included (民诉法解释 485; facts 7.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

YEARS_MAX: Final = 3  # 民诉法解释 485: each seizure of immovables, and each renewal
_MONTHS: Final = re.compile(r"(\d{1,4})个月")
_DAYS: Final = re.compile(r"(\d{4}-\d{2}-\d{2})?至(\d{4}-\d{2}-\d{2})")
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """As the paper gives it: by days, by a length in months, or not at all."""

    since: date | None = None
    until: date | None = None
    months: int | None = None

    @property
    def is_given(self) -> bool:
        return self.until is not None or self.months is not None

    @property
    def text_zh(self) -> str:
        """The words that stand in the book; `read` understands them again."""
        if self.months is not None:
            return f"{self.months}个月"
        return f"{self.since.isoformat() if self.since else ''}至{self.until.isoformat()}" if self.until else ""

    @classmethod
    def read(cls, text: str) -> Period:
        """The period in the words of `text_zh`; anything else gives none."""
        if found := _MONTHS.fullmatch(text):
            return cls(months=int(found[1]))
        if found := _DAYS.fullmatch(text):
            try:
                return cls(date.fromisoformat(found[1]) if found[1] else None, date.fromisoformat(found[2]))
            except ValueError:  # a day that no calendar has, from old books
                return cls()
        return cls()

    def last_day_from(self, first: date) -> date | None:
        """The last day when the control begins on `first`: a length counts from there, days stay as they are."""
        return last_day(first, self.months) if self.months is not None else self.until

    def is_overlong(self, first: date, years_max: int = YEARS_MAX) -> bool:
        last = self.last_day_from(first)
        return last is not None and last > last_day(first, 12 * years_max)

    def is_unclear(self, today: date) -> bool:
        """The last day lies before the first, or is over already."""
        if self.until is None:
            return False
        return self.until < today or (self.since is not None and self.until < self.since)


def last_day(first: date, months: int) -> date:
    """The last day of so many months that begin on `first`: 2026-11-22 and 36 give 2029-11-21.

    Beyond the calendar it is the calendar's own last day.
    """
    years, month = divmod(first.month - 1 + months, 12)
    if first.year + years >= date.max.year:
        return date.max
    try:
        return date(first.year + years, month + 1, first.day) - _DAY
    except ValueError:  # there is no such day in that month: its own last day is the last
        years, month = divmod(first.month + months, 12)
        return date(first.year + years, month + 1, 1) - _DAY


def day_after(day: date) -> date:
    """The next day; the calendar's last day has none and stays."""
    return day if day == date.max else day + _DAY
