"""How long a court's control lasts: the last day included, whatever the month (民诉法解释 485)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.judicial.periods import Period, day_after, last_day

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 11, 22), 36, date(2029, 11, 21)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2027, 2, 28), 12, date(2028, 2, 27)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
    ],
)
def test_a_length_ends_on_the_day_before_its_first_comes_round(first: date, months: int, last: date) -> None:
    assert last_day(first, months) == last


@given(DAYS, st.integers(1, 120))
def test_a_longer_period_never_ends_earlier_and_none_is_empty(first: date, months: int) -> None:
    assert first <= last_day(first, months) < last_day(first, months + 1)
    assert last_day(first, months) <= last_day(first + timedelta(days=1), months)


@given(st.one_of(st.none(), DAYS), DAYS)
def test_the_words_of_a_period_are_understood_again(since: date | None, until: date) -> None:
    assert Period.read(Period(since, until).text_zh) == Period(since, until)


@given(st.integers(1, 1200))
def test_the_words_of_a_length_are_understood_again(months: int) -> None:
    assert Period.read(Period(months=months).text_zh) == Period(months=months)


def test_other_words_give_no_period() -> None:
    assert Period.read("三年") == Period()
    assert Period.read("2026-02-30至2029-01-01") == Period()
    assert not Period.read("").is_given


def test_three_years_to_the_day_are_not_too_long_and_one_day_more_is() -> None:
    assert not Period(date(2026, 11, 22), date(2029, 11, 21)).is_overlong(date(2026, 11, 22))
    assert Period(date(2026, 11, 22), date(2029, 11, 22)).is_overlong(date(2026, 11, 22))
    assert not Period(months=36).is_overlong(date(2028, 2, 29))
    assert Period(months=37).is_overlong(date(2028, 2, 29))


def test_a_period_that_is_over_or_ends_before_it_begins_is_unclear() -> None:
    assert Period(date(2026, 11, 22), date(2026, 11, 21)).is_unclear(date(2026, 1, 1))
    assert Period(None, date(2026, 11, 21)).is_unclear(date(2026, 11, 22))
    assert not Period(None, date(2026, 11, 22)).is_unclear(date(2026, 11, 22))
    assert not Period(months=1).is_unclear(date(2026, 11, 22))


@given(st.dates(), st.integers(1, 1200))
def test_no_period_leaves_the_calendar(first: date, months: int) -> None:
    last = last_day(first, months)

    assert first <= last <= date.max
    assert day_after(last) >= last
