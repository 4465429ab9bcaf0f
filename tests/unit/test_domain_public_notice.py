"""The days of a public notice: working days only, the day of publication not counted, the last day included."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.domain.calendar import WorkCalendar
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.public_notice import NoticeDays

START = date(2026, 9, 1)
HOLIDAYS = {date(2026, 9, 25), *(date(2026, 10, day) for day in range(1, 8))}
WORKED = {date(2026, 9, 20), date(2026, 10, 10)}
YEAR = WorkCalendar(
    {
        day: (day.weekday() < 5 and day not in HOLIDAYS) or day in WORKED
        for day in (START + timedelta(days=n) for n in range(300))
    }
)


@pytest.mark.parametrize(
    ("published_on", "ends_on"),
    [
        (date(2026, 11, 23), date(2026, 12, 14)),  # no holiday: three weeks
        (date(2026, 9, 18), date(2026, 10, 15)),  # two holidays, two weekends worked to make up for them
        (date(2026, 10, 3), date(2026, 10, 27)),  # published in the holiday itself
    ],
)
def test_fifteen_working_days_end_by_the_calendar(published_on: date, ends_on: date) -> None:
    assert NoticeDays.of(published_on, 15, YEAR) == NoticeDays(published_on, ends_on, is_posted=False)


def test_the_last_day_still_belongs_to_the_notice() -> None:
    days = NoticeDays(date(2026, 11, 23), date(2026, 12, 14), is_posted=True)

    assert days.is_open(days.ends_on) and not days.is_over(days.ends_on)
    assert days.is_over(date(2026, 12, 15)) and not days.is_open(date(2026, 12, 15))
    assert not days.is_open(date(2026, 11, 22))


def test_a_notice_that_was_never_posted_is_never_over() -> None:
    days = NoticeDays(date(2026, 11, 23), date(2026, 12, 14), is_posted=False)

    assert not days.is_over(date(2027, 12, 14)) and days.is_open(date(2027, 12, 14))


@given(st.integers(0, 100), st.integers(1, 40))
def test_a_notice_lasts_exactly_its_working_days_and_ends_on_one(offset: int, workdays: int) -> None:
    days = NoticeDays.of(START + timedelta(days=offset), workdays, YEAR)

    assert YEAR.workdays_between(days.published_on, days.ends_on) == workdays
    assert YEAR.is_workday(days.ends_on)


@given(st.integers(0, 60), st.integers(0, 90), st.integers(0, 90))
def test_what_a_notice_takes_from_the_limit_never_exceeds_the_notice_or_the_limit(
    offset: int, begun: int, length: int
) -> None:
    days = NoticeDays.of(START + timedelta(days=offset), 15, YEAR)
    first = START + timedelta(days=begun)
    last = first + timedelta(days=length)

    taken = days.workdays_within(first, last, YEAR)

    assert 0 <= taken <= min(15, YEAR.workdays_between(first, last))


@pytest.mark.parametrize("number", ["S06", "S07"])
def test_succession_is_published_only_without_deed_and_court_paper(number: str) -> None:
    item = CATALOGUE[number]

    assert [way for way in ("deed", "court", "neither") if item.notice_for({"way": way})] == ["neither"]
    words = item.public_notice
    assert words is not None
    form = {**item.example.answers, "way": "neither", "deceased_name": "陶建国", "deceased_id_no": "410526196804120003"}
    said = words.what_zh(form)
    assert "陶建国" in said and item.example.answers["heir1_name"] in said
    assert "4105" not in said and "139001" not in said
