"""The advance notices of a registry by the last day of their holders' 90 (民法典 221②): who should be told in time.

A notice is listed once the book shows when its holder could first apply (`notice_days`); any other waits for what its
contract says.  The list names no holder: whoever needs one opens the unit, and says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import connection
from django.db.models.fields.json import KeyTextTransform
from django.utils.timezone import get_default_timezone, localdate, make_aware

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.permissions import Permission
from tongban.access.require import Scope, require
from tongban.directory import lookup
from tongban.domain.acts import Act
from tongban.domain.burdens import Burden
from tongban.domain.calendar import WorkCalendar
from tongban.domain.codes import UnitCode, institution_division
from tongban.domain.entries import OpenTitle, ReplaceTitle
from tongban.domain.errors import CalendarGap
from tongban.domain.terms import Term
from tongban.domain.unit_page import NOTICES
from tongban.register.models import RegisteredRight
from tongban.register.notice_days import REST_DAYS_MAX

PAGE_ROWS: Final = 30
NEAR_DAYS: Final = 30  # how long before its last day a notice is near it
_KEY_PARTS: Final = 3
_BEGINNING: Final = datetime(1900, 1, 1)  # noqa: DTZ001 - made aware like every other bound
# Where each open notice stands: the entry that opened it, the first registration of its unit after that, for a bank the
# transfer after that one.  The condition on `burden` is that of the index.
_ABLE: Final = """
SELECT notice.unit_code, notice.ledger, notice.from_entry, notice.burden, notice.proof_no, notice.since, able.at
FROM register_registeredburden notice
CROSS JOIN LATERAL (
    SELECT min(from_entry) AS seq FROM register_registeredburden
    WHERE unit_code = notice.unit_code AND burden_no = notice.burden_no AND burden = notice.burden
) opened
CROSS JOIN LATERAL (
    SELECT seq, recorded_at FROM register_entry
    WHERE unit_code = notice.unit_code AND kind = %(begins)s AND seq > opened.seq ORDER BY unit_seq LIMIT 1
) begun
LEFT JOIN LATERAL (
    SELECT recorded_at FROM register_entry WHERE unit_code = notice.unit_code AND kind = %(passes)s AND act = %(act)s
    AND seq > begun.seq ORDER BY unit_seq LIMIT 1
) passed ON notice.burden = 'mortgage_notice'
CROSS JOIN LATERAL (
    SELECT CASE notice.burden WHEN 'mortgage_notice' THEN passed.recorded_at ELSE begun.recorded_at END AS at
) able
WHERE notice.ledger = ANY(%(ledgers)s::varchar[]) AND notice.to_entry IS NULL
AND notice.burden IN ('mortgage_notice', 'priority_notice') AND (notice.until IS NULL OR notice.until >= %(today)s)
AND able.at >= %(first)s AND able.at < %(end)s
"""
_AFTER: Final = " AND (able.at, notice.ledger, notice.from_entry) > (%(at)s, %(ledger)s, %(entry)s)"
_BEFORE: Final = " AND (able.at, notice.ledger, notice.from_entry) < (%(at)s, %(ledger)s, %(entry)s)"
_FORWARD: Final = " ORDER BY able.at, notice.ledger, notice.from_entry LIMIT %(most)s"
_BACK: Final = " ORDER BY able.at DESC, notice.ledger DESC, notice.from_entry DESC LIMIT %(most)s"
assert {one.value for one in NOTICES} == {"mortgage_notice", "priority_notice"}, "the statement names them as the index"


class Ending(Term):
    """Which of them: the last day is near, or over while the notice still stands in the register."""

    NEAR = "near", "快到期"
    OVER = "over", "已过期，还没有注销"


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice; `able_on`: its holder could first apply; `final_by`: the last day, None where the calendar ends."""

    key: str
    unit_code: UnitCode
    address_zh: str
    burden: Burden
    proof_no: str
    since: date | None
    able_on: date
    final_by: date | None


@dataclass(frozen=True, slots=True)
class NoticePage:
    """Lines in the order of their last days, and the keys of the pages after and before."""

    registry: str
    lines: Sequence[NoticeLine]
    next_after: str = ""
    previous_before: str = ""


def ending_notices(  # noqa: PLR0913 - who asks for which page of which list
    actor: Actor, registry: str, which: Ending, *, now: datetime, after: str = "", before: str = ""
) -> NoticePage:
    """One page of the notices of a registry; the look is audited.  Raises NotPermitted.

    Which are near or over is reckoned with the figure `notice_days` of today.
    """
    require(actor, Permission.REGISTER_READ, Scope(frozenset({registry}), "notices"))
    today = localdate(now)
    days = lookup.parameter_count("notice_days", institution_division(registry), today)
    rows, is_first, is_last = _window(_asked(registry, which, days, today), after, before)
    detail = {"which": which.value, "lines": str(len(rows))}
    audit(actor, "register.notices", registry, purpose="核对预告登记的期限", detail=detail, now=now)
    lines = _lines(rows, days)
    return NoticePage(
        registry,
        lines,
        next_after=lines[-1].key if lines and not is_last else "",
        previous_before=lines[0].key if lines and not is_first else "",
    )


_Row = tuple[str, str, int, str, str, date | None, datetime]
_Given = Mapping[str, str | int | date | datetime | list[str]]


def _asked(registry: str, which: Ending, days: int, today: date) -> _Given:
    """The bounds between which a holder was first able: over when even the working day after a rest has passed."""
    calendar = lookup.calendar(today - timedelta(days=REST_DAYS_MAX), today + timedelta(days=NEAR_DAYS))
    over = _last_workday(calendar, today - timedelta(days=1)) - timedelta(days=days)
    near = _last_workday(calendar, today + timedelta(days=NEAR_DAYS)) - timedelta(days=days)
    first, end = (None, over) if which is Ending.OVER else (over + timedelta(days=1), near)
    return {
        "begins": OpenTitle.kind,
        "passes": ReplaceTitle.kind,
        "act": Act.TRANSFER.value,
        "ledgers": [str(one) for one in lookup.ledgers_of(registry, today)],
        "today": today,
        "first": _midnight(first) if first else make_aware(_BEGINNING, get_default_timezone()),
        "end": _midnight(end + timedelta(days=1)),
        "most": PAGE_ROWS + 1,
    }


def _last_workday(calendar: WorkCalendar, day: date) -> date:
    """The day itself or the last working day before it; the day itself where the calendar does not reach."""
    try:
        return next(one for back in range(REST_DAYS_MAX) if calendar.is_workday(one := day - timedelta(days=back)))
    except (CalendarGap, StopIteration):
        return day


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min), get_default_timezone())


def _window(asked: _Given, after: str, before: str) -> tuple[list[_Row], bool, bool]:
    """The rows of one page, whether it is the first, and whether it is the last; one query."""
    if before and (key := _key(before)):
        found = _rows(_ABLE + _BEFORE + _BACK, {**asked, **key})
        return found[:PAGE_ROWS][::-1], len(found) <= PAGE_ROWS, False
    key = _key(after) if after else None
    found = _rows(_ABLE + (_AFTER if key else "") + _FORWARD, {**asked, **(key or {})})
    return found[:PAGE_ROWS], key is None, len(found) <= PAGE_ROWS


def _rows(statement: str, given: _Given) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        found: list[_Row] = cursor.fetchall()
    return found


def _key(text: str) -> _Given | None:
    """Where a page begins; None for what is no key."""
    parts = text.split("~")
    if len(parts) != _KEY_PARTS or not (parts[2].isascii() and parts[2].isdigit() and len(parts[2]) < 19):
        return None
    try:
        at = datetime.fromisoformat(parts[0])
    except ValueError:
        return None
    return {"at": at, "ledger": parts[1], "entry": int(parts[2])} if at.tzinfo else None


def _lines(rows: Sequence[_Row], days: int) -> tuple[NoticeLine, ...]:
    able = [localdate(row[-1]) for row in rows]
    if not able:
        return ()
    ends = [day + timedelta(days=days) for day in able]
    calendar = lookup.calendar(min(ends), max(ends) + timedelta(days=REST_DAYS_MAX))
    addresses = _addresses([row[0] for row in rows])
    return tuple(
        NoticeLine(
            f"{at.isoformat()}~{ledger}~{entry}", UnitCode(code), addresses.get(code, ""), Burden(burden), proof_no,
            since, able_on, _moved_on(calendar, end),
        )
        for (code, ledger, entry, burden, proof_no, since, at), able_on, end in zip(rows, able, ends, strict=True)
    )  # fmt: skip


def _moved_on(calendar: WorkCalendar, day: date) -> date | None:
    try:
        return calendar.next_workday(day)
    except CalendarGap:
        return None


def _addresses(codes: Sequence[str]) -> Mapping[str, str]:
    held = RegisteredRight.objects.filter(unit_code__in=codes, to_entry=None)
    return dict(held.values_list("unit_code", KeyTextTransform("address_zh", "unit")))
