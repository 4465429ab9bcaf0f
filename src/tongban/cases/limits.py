"""How much of its limits a case has used: the answer time before acceptance, the legal and the promised days after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from tongban.cases import public_notices
from tongban.cases.models import Case
from tongban.directory import lookup
from tongban.directory.queries import figures
from tongban.directory.recent import kept_briefly
from tongban.domain.calendar import WorkCalendar
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.codes import institution_division
from tongban.domain.parameters import PARAMETERS

LEGAL = "legal_limit_workdays"


@dataclass(frozen=True, slots=True)
class Limits:
    """Working days used and allowed, and the days they end; all zero and None before acceptance but the limits.

    The service clock rests while somebody else has to act (`service_paused_at`).
    """

    legal_used: int
    legal_limit: int
    legal_due_on: date | None
    service_used: int
    service_limit: int
    service_due_on: date | None
    service_paused_at: datetime | None
    has_ended: bool


def limits_of(case: Case, today: date) -> Limits:
    """The clocks of a case on a day; the figures are those of the day it was accepted."""
    begun = localdate(case.accepted_at) if case.accepted_at else today
    counted = _counts(institution_division(case.home_registry), begun)
    legal, promised = counted[LEGAL], counted[CATALOGUE[case.item_number].days_parameter]
    end = max(begun, min(today, localdate(case.ended_at)) if case.ended_at else today)
    calendar = lookup.calendar(begun, max(end, case.service_due_on or end))
    return Limits(
        legal_used=calendar.workdays_between(begun, end) - public_notices.workdays_within(case, begun, end, calendar)
        if case.accepted_at
        else 0,
        legal_limit=legal,
        legal_due_on=case.legal_due_on,
        service_used=_service_used(case, calendar, end, promised),
        service_limit=promised,
        service_due_on=case.service_due_on,
        service_paused_at=case.service_paused_at,
        has_ended=case.ended_at is not None,
    )


def _service_used(case: Case, calendar: WorkCalendar, end: date, limit: int) -> int:
    """The limit less what is left of it; the due day already holds the rests that are over."""
    if case.service_due_on is None:
        return 0
    stop = min(end, localdate(case.service_paused_at)) if case.service_paused_at else end
    if stop > case.service_due_on:
        return limit + calendar.workdays_between(case.service_due_on, stop)
    return limit - calendar.workdays_between(stop, case.service_due_on)


@kept_briefly
def _counts(division: str, day: date) -> dict[str, int]:
    """The figures that are working days of a promise or of the law, in one query."""
    wanted = {LEGAL, *(item.days_parameter for item in CATALOGUE.values())}
    lines = {line.parameter.name: line.value for line in figures(division, day)}
    return {name: int(PARAMETERS[name].read(lines[name])) for name in wanted}
