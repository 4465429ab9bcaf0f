"""Working days as offices count them, and the notice that makes a year final."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tongban.directory import lookup, notices
from tongban.directory.models import CalendarDay
from tongban.directory.notices import Notice
from tongban.domain.errors import CalendarGap, InvalidInput

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def seeded(db):
    notices.seed_calendar()


def days(*texts: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)


def run(first: str, last: str) -> frozenset[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return frozenset(date.fromordinal(number) for number in range(start.toordinal(), end.toordinal() + 1))


def notice_of_2027(**changes) -> Notice:
    facts = {
        "year": 2027,
        "off_days": days("2027-01-01") | run("2027-02-05", "2027-02-11") | run("2027-04-03", "2027-04-05")
        | run("2027-05-01", "2027-05-05") | days("2027-06-09", "2027-09-15") | run("2027-10-01", "2027-10-07"),
        "work_days": days("2027-01-31", "2027-02-20", "2027-05-08", "2027-10-09"),
        "source": "国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕9号）",
    }  # fmt: skip
    return Notice(**{**facts, **changes})


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [("2026-09-18", 5, "2026-09-24"), ("2026-02-13", 3, "2026-02-25"), ("2026-09-28", 3, "2026-10-08")],
)
def test_make_up_weekends_count_and_holidays_do_not(start, count, due):
    begun = date.fromisoformat(start)

    calendar = lookup.calendar(begun, date(2026, 12, 31))

    assert calendar.add_workdays(begun, count) == date.fromisoformat(due)


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_years_with_a_notice_have_248_working_days(year):
    rows = CalendarDay.objects.filter(day__year=year)

    assert rows.filter(is_workday=True).count() == 248
    assert not rows.filter(is_final=False).exists()


@pytest.mark.parametrize(
    ("day", "is_workday"),
    [("2024-02-10", False), ("2024-02-18", True), ("2025-01-26", True), ("2026-02-14", True), ("2026-02-15", False)],
)
def test_single_days_of_the_notices(day, is_workday):
    assert CalendarDay.objects.get(pk=day).is_workday is is_workday


def test_2027_is_provisional_with_its_statutory_days():
    rows = CalendarDay.objects.filter(day__year=2027)
    statutory = set(rows.exclude(occasion_zh="").values_list("day", flat=True))

    assert rows.count() == 365
    assert not rows.filter(is_final=True).exists()
    assert statutory == (
        days("2027-01-01", "2027-04-05", "2027-06-09", "2027-09-15")
        | run("2027-02-05", "2027-02-08")
        | run("2027-05-01", "2027-05-02")
        | run("2027-10-01", "2027-10-03")
    )
    assert all((row.day.weekday() < 5 and not row.occasion_zh) == row.is_workday for row in rows)


def test_a_due_date_beyond_the_known_days_is_refused_not_guessed():
    begun = date(2027, 12, 20)

    with pytest.raises(CalendarGap):
        lookup.calendar(begun, date(2028, 3, 1)).add_workdays(begun, 30)


def test_a_due_date_over_the_turn_of_2026_can_be_counted():
    begun = date(2026, 11, 22)

    due = lookup.calendar(begun, date(2027, 2, 28)).add_workdays(begun, 30)

    assert due == date(2027, 1, 4), "thirty working days after a Sunday, over the free Friday 2027-01-01"


def test_the_notice_replaces_the_provisional_days_and_says_which_changed():
    done = notices.write_notice(notice_of_2027())

    changed = {day.isoformat() for day in done.changed}
    assert changed == {
        "2027-01-31", "2027-02-09", "2027-02-10", "2027-02-11", "2027-02-20", "2027-05-03", "2027-05-04",
        "2027-05-05", "2027-05-08", "2027-10-04", "2027-10-05", "2027-10-06", "2027-10-07", "2027-10-09",
    }  # fmt: skip
    assert not CalendarDay.objects.filter(day__year=2027, is_final=False).exists()
    assert CalendarDay.objects.get(pk="2027-01-31").is_workday
    assert notices.calendar_status().last_final_day == date(2027, 12, 31)


def test_seeding_again_never_takes_a_notice_back():
    notices.write_notice(notice_of_2027())

    assert notices.seed_calendar() == 0

    assert CalendarDay.objects.get(pk="2027-01-31").is_workday


def test_a_final_year_is_replaced_only_by_a_correction():
    notices.write_notice(notice_of_2027())
    longer = notice_of_2027().off_days | days("2027-02-12")

    with pytest.raises(InvalidInput):
        notices.write_notice(notice_of_2027(off_days=longer))
    done = notices.write_notice(notice_of_2027(off_days=longer, is_correction=True))

    assert done.changed == (date(2027, 2, 12),)


@pytest.mark.parametrize(
    "changes",
    [
        {"off_days": days("2027-01-01")},
        {"off_days": notice_of_2027().off_days | days("2028-01-01")},
        {"work_days": days("2027-01-04")},
        {"work_days": days("2027-10-02")},
        {"source": " "},
        {"year": 1999},
    ],
    ids=["a statutory day is missing", "another year", "a weekday worked", "both free and worked", "no source", "old"],
)
def test_a_notice_that_contradicts_itself_changes_nothing(changes):
    with pytest.raises(InvalidInput):
        notices.write_notice(notice_of_2027(**changes))

    assert not CalendarDay.objects.filter(day__year=2027, is_final=True).exists()


def test_how_far_the_calendar_reaches():
    status = notices.calendar_status()

    assert (status.last_day, status.last_final_day) == (date(2027, 12, 31), date(2026, 12, 31))
