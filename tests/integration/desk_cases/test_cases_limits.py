"""The clocks of a case in days: what is used, what rests, what is over."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from tests.desk_site import Desk

from tongban.cases import clocks
from tongban.cases.limits import limits_of
from tongban.cases.models import Case

MONDAY, TUESDAY, NEXT_MONDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 30)


def moment(day: date, hour: int = 4) -> datetime:
    return datetime.fromisoformat(f"{day.isoformat()}T{hour:02d}:00:00+00:00")


def accepted(desk: Desk, **changes: object) -> Case:
    """A case accepted on Monday and promised for Tuesday."""
    case = desk.case("accepted")
    for name, value in changes.items():
        setattr(case, name, value)
    return case


@pytest.mark.parametrize(("today", "used"), [(MONDAY, 0), (TUESDAY, 1), (NEXT_MONDAY, 5)])
def test_working_days_are_counted_from_the_day_after_acceptance(desk: Desk, today: date, used: int) -> None:
    limits = limits_of(accepted(desk), today)

    assert (limits.legal_used, limits.service_used) == (used, used)
    assert (limits.legal_limit, limits.service_limit) == (30, 1)
    assert limits.service_due_on == TUESDAY


def test_a_resting_promise_does_not_count_while_the_legal_clock_goes_on(desk: Desk) -> None:
    limits = limits_of(accepted(desk, service_paused_at=moment(MONDAY)), NEXT_MONDAY)

    assert (limits.legal_used, limits.service_used) == (5, 0)


def test_after_a_rest_the_promise_goes_on_where_it_stood(desk: Desk) -> None:
    case = accepted(desk, service_paused_at=moment(MONDAY))

    clocks._resume(case, moment(NEXT_MONDAY))

    assert case.service_due_on == date(2026, 12, 1)
    assert limits_of(case, NEXT_MONDAY).service_used == 0
    assert limits_of(case, date(2026, 12, 1)).service_used == 1


def test_an_ended_case_counts_no_further(desk: Desk) -> None:
    limits = limits_of(accepted(desk, ended_at=moment(TUESDAY)), NEXT_MONDAY)

    assert limits.has_ended
    assert (limits.legal_used, limits.service_used) == (1, 1)


def test_before_acceptance_nothing_is_used(desk: Desk) -> None:
    limits = limits_of(desk.case("received"), NEXT_MONDAY)

    assert (limits.legal_used, limits.service_used, limits.legal_due_on, limits.service_due_on) == (0, 0, None, None)


def test_a_case_open_for_a_year_is_still_counted(desk: Desk) -> None:
    assert limits_of(accepted(desk), date(2027, 11, 23)).legal_used > 200
