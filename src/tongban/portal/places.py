"""Where to go: counties by city, and the windows of a registry with their hours as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate

from tongban.directory import lookup
from tongban.directory.divisions import packaged_divisions
from tongban.directory.lookup import DivisionView, InstitutionView, WindowView
from tongban.domain.decision import Place

_WEEKDAYS_ZH = "一二三四五六日"
_NO_CITY_ZH = "省直辖县级市"


@dataclass(frozen=True, slots=True)
class City:
    """A city with its counties and districts."""

    name_zh: str
    counties: tuple[DivisionView, ...]


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """A window and whether somebody sits there now."""

    window: WindowView
    hours_zh: tuple[str, ...]
    is_open: bool

    @property
    def place(self) -> Place:
        return Place(self.window.name_zh, self.window.address_zh, self.window.phone)


@dataclass(frozen=True, slots=True)
class Office:
    """The registry that serves a county, and its windows: those for the whole province first."""

    division_zh: str
    registry: InstitutionView
    windows: tuple[OpenWindow, ...]

    @property
    def is_open(self) -> bool:
        return any(one.is_open for one in self.windows)


def cities() -> tuple[City, ...]:
    """Every county by its city, in the order of their codes; one query."""
    names = {row.code: row.name_zh for row in packaged_divisions() if row.level == "prefecture"}
    found: dict[str, list[DivisionView]] = {}
    for county in lookup.counties():
        found.setdefault(names.get(county.parent_code, _NO_CITY_ZH), []).append(county)
    return tuple(City(name_zh, tuple(counties)) for name_zh, counties in found.items())


def office(division: str, now: datetime) -> Office:
    """Who serves a county today and where; raises NotFound for a code that is no county of the province."""
    registry = lookup.institution(lookup.registry_of_division(division, localdate(now)))
    views = [
        OpenWindow(one, hours_zh(one.hours), lookup.is_open_now(one, now)) for one in lookup.windows(registry.code)
    ]
    views.sort(key=lambda one: not one.window.is_cross_registry)
    return Office(county_zh(division), registry, tuple(views))


def county_zh(division: str) -> str:
    """A county's name with its city, such as 安阳市滑县; a code that ended is named by its registry alone."""
    for city in cities():
        for county in city.counties:
            if county.code == division:
                return county.name_zh if city.name_zh == _NO_CITY_ZH else city.name_zh + county.name_zh
    return ""


def hours_zh(hours: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
    """Opening hours in lines, days with the same hours together: “星期一至星期五 9:00到17:00”."""
    lines: list[tuple[int, int, tuple[str, str]]] = []
    for weekday, span in sorted((int(day), span) for day, span in hours.items()):
        if lines and lines[-1][1] == weekday - 1 and lines[-1][2] == span:
            lines[-1] = (lines[-1][0], weekday, span)
        else:
            lines.append((weekday, weekday, span))
    return tuple(f"{_days_zh(first, last)} {_span_zh(span)}" for first, last, span in lines)


def _days_zh(first: int, last: int) -> str:
    begin, end = (f"星期{_WEEKDAYS_ZH[day - 1]}" for day in (first, last))
    return begin if first == last else f"{begin}至{end}"


def _span_zh(span: Iterable[str]) -> str:
    return "到".join(moment.removeprefix("0") for moment in span)
