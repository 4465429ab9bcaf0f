"""The working-day calendar: what is seeded, and the State Council's notice of a year when it comes.

Days of a year without a notice are provisional: weekends and the statutory days alone (《全国年节及纪念日放假办法》).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

import chinese_calendar
from django.db import transaction

from tongban.directory.models import CalendarDay
from tongban.directory.recent import forget_kept
from tongban.domain.errors import InvalidInput, Problem

SEEDED_YEARS: Final = range(2024, 2028)
EARLIEST_YEAR: Final = 2015
LATEST_YEAR: Final = 2099
SATURDAY: Final = 5
MADE_UP_ZH: Final = "调休上班"
SOURCE_CHARS_MAX: Final = 200
STATUTORY_SOURCE: Final = "《全国年节及纪念日放假办法》（2024年修订），当年放假通知发布前暂用"


def _run(month: int, first: int, last: int, name_zh: str) -> dict[tuple[int, int], str]:
    return {(month, day): name_zh for day in range(first, last + 1)}


# The moon decides four of the seven holidays, so each year stands here by itself.
STATUTORY_DAYS: Final[Mapping[int, Mapping[tuple[int, int], str]]] = MappingProxyType(
    {
        2027: MappingProxyType(
            _run(1, 1, 1, "元旦")
            | _run(2, 5, 8, "春节")
            | _run(4, 5, 5, "清明节")
            | _run(5, 1, 2, "劳动节")
            | _run(6, 9, 9, "端午节")
            | _run(9, 15, 15, "中秋节")
            | _run(10, 1, 3, "国庆节")
        )
    }
)


@dataclass(frozen=True, slots=True)
class CalendarStatus:
    """How far the calendar reaches: known at all, and known from a notice."""

    last_day: date | None
    last_final_day: date | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What the State Council announces for a year: every free day, and the weekends that are worked instead.

    Other weekdays are worked, other weekends free.  `is_correction`: it replaces an earlier notice of the same year.
    """

    year: int
    off_days: frozenset[date]
    work_days: frozenset[date]
    source: str
    is_correction: bool = False


@dataclass(frozen=True, slots=True)
class NoticeImport:
    """What a notice changed: `changed` days became worked or free, the others were only confirmed."""

    year: int
    changed: tuple[date, ...]


def seed_calendar() -> int:
    """Write the missing days of `SEEDED_YEARS`, and final ones over provisional ones; how many were written."""
    known = dict(CalendarDay.objects.values_list("day", "is_final"))
    fresh = [row for year in SEEDED_YEARS for row in _seeded(year)]
    written = [row for row in fresh if row.day not in known or (row.is_final and not known[row.day])]
    _write(written)
    return len(written)


def write_notice(notice: Notice) -> NoticeImport:
    """Replace the provisional days of a year by its notice; the caller has checked who may, and audits.

    Raises InvalidInput when the notice contradicts itself, or when the year is already final and this is no correction
    of it.
    """
    problems = list(_problems(notice))
    if problems:
        raise InvalidInput(problems)
    with transaction.atomic():
        known = {row.day: row for row in CalendarDay.objects.select_for_update().filter(day__year=notice.year)}
        if known and not notice.is_correction and all(row.is_final for row in known.values()):
            what_zh = f"{notice.year}年的放假通知已经导入过"
            raise InvalidInput([Problem("year", what_zh, "国务院办公厅发了更正通知的，请按更正导入")])
        rows = [_noticed(day, notice) for day in days_of(notice.year)]
        changed = tuple(row.day for row in rows if row.day not in known or known[row.day].is_workday != row.is_workday)
        _write(rows)
    return NoticeImport(notice.year, changed)


def calendar_status() -> CalendarStatus:
    """For the doctor: a due date beyond `last_day` cannot be worked out, one beyond `last_final_day` may still move."""
    last = CalendarDay.objects.order_by("-day").values_list("day", flat=True)
    return CalendarStatus(last.first(), last.filter(is_final=True).first())


def days_of(year: int) -> Iterator[date]:
    """Every day of a year."""
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def _write(rows: list[CalendarDay]) -> None:
    CalendarDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["is_workday", "occasion_zh", "source", "is_final"],
        batch_size=500,
    )
    forget_kept()


def _seeded(year: int) -> list[CalendarDay]:
    try:
        return [_from_library(day) for day in days_of(year)]
    except NotImplementedError:  # the library does not know the notice of that year yet
        return [_provisional(day) for day in days_of(year)]


def _from_library(day: date) -> CalendarDay:
    is_off, name = chinese_calendar.get_holiday_detail(day)
    occasion_zh = chinese_calendar.Holiday(name).chinese if is_off and name else ""
    if not is_off and day.weekday() >= SATURDAY:
        occasion_zh = MADE_UP_ZH
    source = f"国务院办公厅关于{day.year}年部分节假日安排的通知"
    return CalendarDay(day=day, is_workday=not is_off, occasion_zh=occasion_zh, source=source, is_final=True)


def _provisional(day: date) -> CalendarDay:
    occasion_zh = STATUTORY_DAYS[day.year].get((day.month, day.day), "")
    is_workday = not occasion_zh and day.weekday() < SATURDAY
    return CalendarDay(day=day, is_workday=is_workday, occasion_zh=occasion_zh, source=STATUTORY_SOURCE, is_final=False)


def _noticed(day: date, notice: Notice) -> CalendarDay:
    is_off, is_made_up = day in notice.off_days, day in notice.work_days
    occasion_zh = MADE_UP_ZH if is_made_up else "放假" if is_off else ""
    is_workday = is_made_up or (not is_off and day.weekday() < SATURDAY)
    return CalendarDay(
        day=day, is_workday=is_workday, occasion_zh=occasion_zh, source=notice.source.strip(), is_final=True
    )


def _problems(notice: Notice) -> Iterator[Problem]:
    if not notice.source.strip() or len(notice.source) > SOURCE_CHARS_MAX:
        yield Problem("source", "没有写明通知的文号，或者太长", f"请填通知名称和文号，不超过{SOURCE_CHARS_MAX}个字")
    if not EARLIEST_YEAR <= notice.year <= LATEST_YEAR:
        yield Problem("year", "年份不对", f"请填{EARLIEST_YEAR}到{LATEST_YEAR}之间的年份")
        return
    if strays := sorted(day for day in notice.off_days | notice.work_days if day.year != notice.year):
        yield Problem("off_days", f"{strays[0].isoformat()}不在{notice.year}年", "请核对通知的年份")
    if both := sorted(notice.off_days & notice.work_days):
        yield Problem("work_days", f"{both[0].isoformat()}既写了放假又写了上班", "请对照通知改正")
    if weekdays := sorted(day for day in notice.work_days if day.weekday() < SATURDAY):
        yield Problem("work_days", f"{weekdays[0].isoformat()}本来就是工作日", "调休上班日只填周六、周日")
    if missing := [day for day in _statutory(notice.year) if day not in notice.off_days]:
        yield Problem("off_days", f"放假日里没有法定节日{missing[0].isoformat()}", "请把通知里的放假日填全")


def _statutory(year: int) -> list[date]:
    """The days that are surely free that year: all statutory ones where the year stands above, else the solar ones."""
    fixed = {(1, 1): "元旦", (5, 1): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"}
    return [date(year, month, day) for month, day in STATUTORY_DAYS.get(year, fixed)]
