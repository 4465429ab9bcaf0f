"""Working days against the published arrangements of 2025 and 2026 (国务院办公厅)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tongban.domain.calendar import WorkCalendar
from tongban.domain.errors import CalendarGap

_OFF = {
    2025: (("1-1", "1-1"), ("1-28", "2-4"), ("4-4", "4-6"), ("5-1", "5-5"), ("5-31", "6-2"), ("10-1", "10-8")),
    2026: (
        ("1-1", "1-3"),
        ("2-15", "2-23"),
        ("4-4", "4-6"),
        ("5-1", "5-5"),
        ("6-19", "6-21"),
        ("9-25", "9-27"),
        ("10-1", "10-7"),
    ),
}
_WORKED = {2025: ("1-26", "2-8", "4-27", "9-28", "10-11"), 2026: ("1-4", "2-14", "2-28", "5-9", "9-20", "10-10")}


def _day(year: int, text: str) -> date:
    month, day = text.split("-")
    return date(year, int(month), int(day))


def _published() -> WorkCalendar:
    days: dict[date, bool] = {}
    for year in _OFF:
        day = date(year, 1, 1)
        while day.year == year:
            days[day] = day.weekday() < 5
            day += timedelta(days=1)
        for first, last in _OFF[year]:
            day = _day(year, first)
            while day <= _day(year, last):
                days[day] = False
                day += timedelta(days=1)
        for text in _WORKED[year]:
            days[_day(year, text)] = True
    return WorkCalendar(days)


CALENDAR = _published()


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_published_year_has_248_working_days(year: int) -> None:
    assert CALENDAR.workdays_between(date(year - 1, 12, 31), date(year, 12, 31)) == 248


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 9, 18), 5, date(2026, 9, 24)),  # Sunday 20 September is worked
        (date(2026, 2, 13), 3, date(2026, 2, 25)),  # Spring Festival between
        (date(2026, 9, 28), 3, date(2026, 10, 8)),  # National Day between
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday to Monday
        (date(2026, 11, 22), 0, date(2026, 11, 22)),
    ],
)
def test_the_day_of_acceptance_is_not_counted(start: date, count: int, end: date) -> None:
    assert CALENDAR.add_workdays(start, count) == end


def test_a_period_beyond_the_published_days_is_never_guessed() -> None:
    with pytest.raises(CalendarGap):
        CALENDAR.add_workdays(date(2026, 12, 20), 30)
    with pytest.raises(CalendarGap):
        CALENDAR.is_workday(date(2027, 1, 1))
    with pytest.raises(CalendarGap):
        CALENDAR.workdays_between(date(2026, 12, 20), date(2027, 1, 4))


def test_a_last_day_on_a_holiday_moves_on() -> None:
    assert CALENDAR.next_workday(date(2026, 10, 1)) == date(2026, 10, 8)
    assert CALENDAR.next_workday(date(2026, 10, 8)) == date(2026, 10, 8)


def test_the_calendar_tells_its_ends_and_does_not_change_with_its_source() -> None:
    source = {date(2026, 1, 5): True}
    calendar = WorkCalendar(source)
    source[date(2026, 1, 5)] = False

    assert calendar.is_workday(date(2026, 1, 5))
    assert (calendar.first, calendar.last) == (date(2026, 1, 5), date(2026, 1, 5))
    assert WorkCalendar({}).first is None


def test_nothing_lies_between_a_day_and_an_earlier_one() -> None:
    assert CALENDAR.workdays_between(date(2026, 11, 20), date(2026, 11, 18)) == 0
