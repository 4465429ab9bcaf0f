"""Calendar arithmetic over the official days of 2025 and 2026, whatever the period and wherever it begins (民法典 201, 203)."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.test_domain_calendar import CALENDAR as PUBLISHED

from tongban.domain.calendar import WorkCalendar

FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
OFFICIAL = WorkCalendar({day: chinese_calendar.is_workday(day) for day in DAYS})
LONGEST = 30  # working days of a case (条例 20)
starts = st.dates(FIRST, LAST - timedelta(days=60))
periods = st.integers(0, LONGEST)


def test_the_library_the_product_is_seeded_from_agrees_with_the_published_notices() -> None:
    assert [day for day in DAYS if OFFICIAL.is_workday(day) != PUBLISHED.is_workday(day)] == []


@given(starts, periods)
def test_a_period_holds_exactly_its_working_days_and_ends_on_one(start: date, count: int) -> None:
    end = OFFICIAL.add_workdays(start, count)

    assert OFFICIAL.workdays_between(start, end) == count
    assert end == start if count == 0 else OFFICIAL.is_workday(end)


@given(starts, st.integers(0, 15), st.integers(0, 15))
def test_two_periods_one_after_the_other_are_their_sum(start: date, one: int, other: int) -> None:
    assert OFFICIAL.add_workdays(OFFICIAL.add_workdays(start, one), other) == OFFICIAL.add_workdays(start, one + other)


@given(starts, starts, periods)
def test_whoever_begins_later_never_ends_earlier(one: date, other: date, count: int) -> None:
    first, second = sorted((one, other))

    assert OFFICIAL.add_workdays(first, count) <= OFFICIAL.add_workdays(second, count)


@given(starts, starts, starts)
def test_working_days_of_adjoining_stretches_add_up(one: date, other: date, third: date) -> None:
    a, b, c = sorted((one, other, third))

    assert OFFICIAL.workdays_between(a, b) + OFFICIAL.workdays_between(b, c) == OFFICIAL.workdays_between(a, c)


@given(starts)
def test_a_last_day_moves_on_to_the_nearest_working_day_only(day: date) -> None:
    moved = OFFICIAL.next_workday(day)

    assert moved >= day
    assert OFFICIAL.is_workday(moved)
    assert not any(OFFICIAL.is_workday(day + timedelta(days=n)) for n in range((moved - day).days))
