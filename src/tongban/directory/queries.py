"""Reads for the pages that show and set figures, openings and the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tongban.directory.lookup import division_chain, nearest, on_day
from tongban.directory.models import CalendarDay, ParameterValue, ServiceOpening
from tongban.domain.parameters import PARAMETERS, Parameter
from tongban.domain.terms import Channel


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure as it holds in a division: `set_for` is the division whose row decides, empty for the default."""

    parameter: Parameter
    value: str
    set_for: str
    source_zh: str


@dataclass(frozen=True, slots=True)
class FigurePeriod:
    """One row that was set: past, present or planned."""

    division_code: str
    value: str
    valid_from: date
    valid_until: date | None
    source_zh: str
    set_by: str


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """One opening of a service: past, present or planned."""

    item: str
    channel: Channel
    open_from: date
    open_until: date | None
    note_zh: str


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of the calendar."""

    day: date
    is_workday: bool
    occasion_zh: str
    source: str
    is_final: bool


def figures(division_code: str, today: date) -> tuple[FigureLine, ...]:
    """Every figure as it holds in a division on a day; one query."""
    chain = division_chain(division_code)
    rows = on_day(ParameterValue.objects.filter(division_code__in=chain), today)
    found = {(row.name, row.division_code): row for row in rows}
    lines = []
    for parameter in PARAMETERS.values():
        where = nearest(chain, {code: code for code in chain if (parameter.name, code) in found})
        row = found.get((parameter.name, where))
        value = row.value if row else parameter.default
        lines.append(FigureLine(parameter, value, where, row.source_zh if row else parameter.source_zh))
    return tuple(lines)


def figure_history(name: str, division_code: str) -> tuple[FigurePeriod, ...]:
    """Every period that was set for one figure in a division and above it, newest first; one query."""
    rows = ParameterValue.objects.filter(name=name, division_code__in=division_chain(division_code))
    fields = ("division_code", "value", "valid_from", "valid_until", "source_zh", "set_by")
    return tuple(FigurePeriod(*row) for row in rows.order_by("-valid_from", "division_code").values_list(*fields))


def openings(registry: str) -> tuple[OpeningLine, ...]:
    """Every opening of a registry, by item, channel and day; one query."""
    rows = ServiceOpening.objects.filter(registry_code=registry).order_by("item_number", "channel", "open_from")
    return tuple(
        OpeningLine(row.item_number, Channel(row.channel), row.open_from, row.open_until, row.note_zh) for row in rows
    )


def year(number: int) -> tuple[DayLine, ...]:
    """The known days of a year; one query."""
    rows = CalendarDay.objects.filter(day__year=number).order_by("day")
    return tuple(DayLine(*row) for row in rows.values_list("day", "is_workday", "occasion_zh", "source", "is_final"))
