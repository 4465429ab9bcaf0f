"""Until when the holder of an advance notice can apply for the registration itself (民法典 221②).

The book shows when he first could only for a house bought before it was finished: the notice came first, then the first
registration (首次登记) of the unit.  From that day on the buyer can apply; the bank can, once the title has passed to him.
Any other notice waits for what its contract says: when that is, the book does not know, and the notice stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils.timezone import localdate

from tongban.directory import lookup
from tongban.domain.acts import Act
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.entries import OpenTitle, ReplaceTitle
from tongban.domain.errors import CalendarGap
from tongban.domain.unit_page import NOTICES

REST_DAYS_MAX = 30  # no holiday is longer
# Asked under the units' locks by every recording on a unit with a notice: columns, not leaves.
_ABLE = """
SELECT notice.burden_no, CASE notice.burden WHEN %(banks)s THEN min(passed.recorded_at) ELSE min(begun.recorded_at) END
FROM (
    SELECT burden_no, burden, min(from_entry) AS opened FROM register_registeredburden
    WHERE unit_code = %(unit)s AND burden IN (%(buyers)s, %(banks)s) GROUP BY burden_no, burden
) notice
JOIN register_entry begun
    ON begun.unit_code = %(unit)s AND begun.kind = %(begins)s AND begun.seq > notice.opened
LEFT JOIN register_entry passed
    ON passed.unit_code = %(unit)s AND passed.kind = %(passes)s AND passed.act = %(act)s AND passed.seq > begun.seq
GROUP BY notice.burden_no, notice.burden
"""


def final_days(unit_code: str, by: datetime | None = None) -> Mapping[str, date]:
    """The last day of each notice of the unit whose start the book shows, as the book stood at `by`, by their numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ABLE,
            {
                "unit": unit_code,
                "buyers": Burden.PRIORITY_NOTICE.value,
                "banks": Burden.MORTGAGE_NOTICE.value,
                "begins": OpenTitle.kind,
                "passes": ReplaceTitle.kind,
                "act": Act.TRANSFER.value,
            },
        )
        able = [(number, at) for number, at in cursor.fetchall() if at is not None and (by is None or at <= by)]
    ends = ((number, final_day(unit_code, localdate(at))) for number, at in able)
    return {number: last for number, last in ends if last is not None}


def with_final_days(unit_code: str, facts: Iterable[BurdenFact]) -> tuple[BurdenFact, ...]:
    """The burdens of one unit, its notices with their last day where the book shows it."""
    lying = tuple(facts)
    if not any(one.burden in NOTICES for one in lying):
        return lying
    ends = final_days(unit_code)
    return tuple(replace(one, final_by=ends.get(one.burden_no)) for one in lying)


def final_day(unit_code: str, able_on: date) -> date | None:
    """The last of the days that began on `able_on`, the first not counted; a last day of rest moves on (民法典 201, 203).

    None when the calendar does not reach so far: a protection is not ended by a guess.
    """
    last = able_on + timedelta(days=lookup.parameter_count("notice_days", unit_code[:6], able_on))
    try:
        return lookup.calendar(last, last + timedelta(days=REST_DAYS_MAX)).next_workday(last)
    except CalendarGap:
        return None
