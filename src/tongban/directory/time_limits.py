"""Time limits both sides of a case agree on: until when the home registry answers, until when a correction comes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.timezone import localdate, localtime

from tongban.directory import lookup
from tongban.domain.calendar import WorkCalendar
from tongban.domain.codes import institution_division

REACH_DAYS = 120  # calendar days looked ahead for a due date of 30 working days
CLOSING_HOUR = 18


def calendar_from(start: date) -> WorkCalendar:
    """The working days from `start` on, as far as any limit reaches."""
    return lookup.calendar(start, start + timedelta(days=REACH_DAYS))


def answer_due_at(received_at: datetime, home_registry: str) -> datetime:
    """When silence of the home registry counts as acceptance (条例17): end of the n-th working day after receipt."""
    received_on = localdate(received_at)
    days = lookup.parameter_count("deemed_accept_workdays", institution_division(home_registry), received_on)
    due_on = calendar_from(received_on).add_workdays(received_on, days)
    midnight = localtime(received_at).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=(due_on - received_on).days, hours=CLOSING_HOUR)


def correction_due_on(asked_at: datetime, home_registry: str) -> date:
    """The last day on which a correction that was asked for may come; after it the case lapses."""
    asked_on = localdate(asked_at)
    days = lookup.parameter_count("correction_days", institution_division(home_registry), asked_on)
    return calendar_from(asked_on).add_workdays(asked_on, days)


def after_workdays(start: date, days: int) -> date:
    """The last day of a period of so many working days that begins on `start`, by the official calendar."""
    return calendar_from(start).add_workdays(start, days)
