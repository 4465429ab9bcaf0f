"""The days of a public notice (公告): at least fifteen working days, not counted in the limit of the case (细则 17).

A statement of loss runs for as many days as the place has kept (细则 22), by the text of 2024 for none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tongban.domain.calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class NoticeDays:
    """First and last day of a notice, both included; the first is the day of publication and does not count (民法典 201).

    The law wants it on the registry's site and at the property: until it `is_posted` there, it is not over.  What runs
    for no days is over once it is published.
    """

    published_on: date
    ends_on: date
    is_posted: bool

    @classmethod
    def of(cls, published_on: date, workdays: int, calendar: WorkCalendar) -> NoticeDays:
        """The notice that runs for so many working days after the day it is published, not yet posted."""
        ends_on = calendar.add_workdays(published_on, workdays) if workdays else published_on
        return cls(published_on, ends_on, is_posted=False)

    @property
    def lasts(self) -> bool:
        """Whether it runs for any days."""
        return self.ends_on > self.published_on

    def is_open(self, day: date) -> bool:
        """Whether the notice hangs out and objections are taken on that day."""
        return self.published_on <= day and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        """Whether the whole last day has passed in both places."""
        return self.is_posted and (day > self.ends_on or not self.lasts)

    def workdays_within(self, begun: date, end: date, calendar: WorkCalendar) -> int:
        """The working days after `begun` up to and with `end` that the notice takes out of the legal limit."""
        first, last = max(self.published_on, begun), min(self.ends_on, end)
        return calendar.workdays_between(first, last)
