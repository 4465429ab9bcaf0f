"""Reads of the directory: who, where, whose district, what is open, which figure holds, which day is worked.

Every answer is a frozen value, costs at most three queries whatever the size of the province, and may be as old as
`recent.KEPT_S` seconds.  `today` is the day in China.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import TypeVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import localtime

from tongban.directory.models import (
    CalendarDay,
    Division,
    Institution,
    LedgerDistrict,
    ParameterValue,
    RegistryDistrict,
    ServiceOpening,
    Site,
    Window,
)
from tongban.directory.recent import kept_briefly
from tongban.domain.calendar import WorkCalendar
from tongban.domain.codes import InstitutionCode, InstitutionKind, LedgerCode
from tongban.domain.decision import Fact, Place, Refusal
from tongban.domain.errors import NotFound
from tongban.domain.parameters import PARAMETERS, ParameterKind
from tongban.domain.reasons import Reasons
from tongban.domain.terms import Channel

PROVINCE_DIVISION = "410000"
LAST_CITY_DISTRICT = "20"
COUNTY_LEVELS = ("county", "county_direct")
_Row = TypeVar("_Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class SiteView:
    """One deployment; `base_url` is empty for our own and for one that is not reachable yet."""

    code: str
    base_url: str
    is_self: bool


@dataclass(frozen=True, slots=True)
class InstitutionView:
    """One institution; `short_zh` is the name in certificate numbers, `site_code` empty while no site is known."""

    code: InstitutionCode
    kind: InstitutionKind
    name_zh: str
    short_zh: str
    division_code: str
    site_code: str
    parent_code: str
    address_zh: str
    phone: str
    is_active: bool

    @property
    def place(self) -> Place:
        """Where people find it."""
        return Place(self.name_zh, self.address_zh, self.phone)


@dataclass(frozen=True, slots=True)
class DivisionView:
    code: str
    name_zh: str
    parent_code: str
    level: str


@dataclass(frozen=True, slots=True)
class WindowView:
    """A counter; `hours`: weekday "1" (Monday) to "7" → (from, to) as "HH:MM" local time."""

    code: str
    institution: InstitutionCode
    name_zh: str
    address_zh: str
    phone: str
    hours: Mapping[str, tuple[str, str]]
    is_cross_registry: bool


@kept_briefly
def institution(code: str) -> InstitutionView:
    """One institution, active or not; raises NotFound."""
    row = Institution.objects.filter(pk=code).first()
    if row is None:
        raise NotFound("institution_unknown", f"机构目录里没有“{code[:40]}”。")
    return institution_view(row)


@kept_briefly
def institutions(kind: InstitutionKind) -> tuple[InstitutionView, ...]:
    """Every active institution of a kind, by code."""
    return tuple(
        institution_view(row) for row in Institution.objects.filter(kind=kind, is_active=True).order_by("code")
    )


def registries() -> tuple[InstitutionView, ...]:
    """Every active registry, by code."""
    return institutions(InstitutionKind.REGISTRY)


@kept_briefly
def hosted() -> tuple[InstitutionView, ...]:
    """Every active institution this site hosts, by code."""
    rows = Institution.objects.filter(is_active=True, site_code__in=Site.objects.filter(is_self=True).values("code"))
    return tuple(institution_view(row) for row in rows.order_by("code"))


@kept_briefly
def hosted_here(code: str) -> bool:
    """Whether this site hosts the institution; False for an unknown one."""
    return Institution.objects.filter(
        pk=code, is_active=True, site_code__in=Site.objects.filter(is_self=True).values("code")
    ).exists()


@kept_briefly
def self_site() -> SiteView:
    """This deployment; raises NotFound before `tongban sync-reference` has run."""
    row = Site.objects.filter(is_self=True).first()
    if row is None:
        raise NotFound("self_site_unknown", "本站点还没有登记，请运行 tongban sync-reference。")
    return SiteView(row.code, row.base_url, row.is_self)


@kept_briefly
def site(code: str) -> SiteView:
    """One deployment by its code; raises NotFound."""
    row = Site.objects.filter(pk=code).first()
    if row is None:
        raise NotFound("site_unknown", f"机构目录里没有站点“{code[:40]}”。")
    return SiteView(row.code, row.base_url, row.is_self)


def site_of(code: str) -> str:
    """The code of the site that hosts an institution; raises NotFound when either is not known."""
    found = institution(code)
    if not found.site_code:
        raise NotFound("site_unknown", f"“{found.name_zh}”还没有接入任何站点。")
    return found.site_code


@kept_briefly
def division(code: str) -> DivisionView:
    """One administrative division; raises NotFound."""
    row = Division.objects.filter(pk=code).first()
    if row is None:
        raise NotFound("division_unknown", f"没有代码为“{code[:6]}”的行政区划。")
    return DivisionView(row.code, row.name_zh, row.parent_code, row.level)


@kept_briefly
def counties() -> tuple[DivisionView, ...]:
    """Every county, county-level city and district, by code: what a unit code may begin with."""
    rows = Division.objects.filter(level__in=COUNTY_LEVELS).order_by("code")
    return tuple(DivisionView(row.code, row.name_zh, row.parent_code, row.level) for row in rows)


@kept_briefly
def registry_of_division(code: str, today: date) -> InstitutionCode:
    """The registry that serves a county-level division on a day; raises NotFound (D12)."""
    row = on_day(RegistryDistrict.objects.filter(division_code=code), today).first()
    if row is None:
        raise NotFound("registry_unknown", Reasons.REGISTRY_UNKNOWN.what_zh + Reasons.REGISTRY_UNKNOWN.cure_zh)
    return InstitutionCode(row.registry_code)


def registry_of_unit(unit_code: str, today: date) -> InstitutionCode:
    """The home registry of a unit on a day; raises NotFound when its county is not of this province."""
    return registry_of_division(unit_code[:6], today)


@kept_briefly
def ledger_of_division(code: str, today: date) -> LedgerCode:
    """The ledger that holds a division's units on a day; raises NotFound."""
    row = on_day(LedgerDistrict.objects.filter(division_code=code), today).first()
    if row is None:
        raise NotFound("ledger_unknown", Reasons.REGISTRY_UNKNOWN.what_zh + Reasons.REGISTRY_UNKNOWN.cure_zh)
    return LedgerCode(row.ledger_code)


def ledger_of_unit(unit_code: str, today: date) -> LedgerCode:
    """The ledger that holds a unit; raises NotFound when its county is not of this province."""
    return ledger_of_division(unit_code[:6], today)


@kept_briefly
def ledgers_of(registry: str, today: date) -> tuple[LedgerCode, ...]:
    """Every ledger a registry keeps on a day, by code."""
    rows = on_day(LedgerDistrict.objects.filter(registry_code=registry), today)
    return tuple(LedgerCode(code) for code in sorted(set(rows.values_list("ledger_code", flat=True))))


@kept_briefly
def registry_of_ledger(ledger_code: str, today: date) -> InstitutionCode:
    """The registry that keeps a ledger on a day; raises NotFound."""
    row = on_day(LedgerDistrict.objects.filter(ledger_code=ledger_code), today).first()
    if row is None:
        raise NotFound("ledger_unknown", f"没有代码为“{ledger_code[:16]}”的登记簿。")
    return InstitutionCode(row.registry_code)


def place_of(code: str) -> Place:
    """Where people find an institution; raises NotFound."""
    return institution(code).place


@kept_briefly
def windows(institution_code: str) -> tuple[WindowView, ...]:
    """The counters of an institution, by code."""
    rows = Window.objects.filter(institution_code=institution_code, is_active=True).order_by("code")
    return tuple(
        WindowView(
            row.code,
            InstitutionCode(row.institution_code),
            row.name_zh,
            row.address_zh,
            row.phone,
            MappingProxyType({day: (str(first), str(last)) for day, (first, last) in row.hours.items()}),
            row.is_cross_registry,
        )
        for row in rows
    )


def is_open_now(window: WindowView, now: datetime) -> bool:
    """Whether somebody sits at the counter: its hours of the weekday on a working day.

    A worked weekend keeps Monday's hours where the weekend has none of its own; hours given for a weekend also count
    when it is not worked, except on a holiday.  A day the calendar does not know is closed.
    """
    here = localtime(now)
    row = _day(here.date())
    if row is None:
        return False
    is_workday, occasion_zh = row
    hours = window.hours.get(str(here.isoweekday()))
    if is_workday:
        hours = hours or window.hours.get("1")
    elif occasion_zh or here.isoweekday() <= 5:
        return False
    return hours is not None and hours[0] <= f"{here:%H:%M}" < hours[1]


def is_open(registry: str, item: str, channel: Channel | str, today: date) -> Refusal | None:
    """None when the home registry takes the item through the channel on that day; else the refusal with where to go.

    Judicial control is never a matter of roll-out.  The province's switch `opening.<channel>` closes a channel at once.
    """
    way = Channel(channel)
    if way is Channel.JUDICIAL:
        return None
    home = institution(registry)
    opens_on = _opens_on(registry, item, way.value, today)
    is_switched_on = parameter_is_on(f"opening.{way.value}", home.division_code, today)
    if is_switched_on and opens_on is not None and opens_on <= today:
        return None
    facts = [Fact("业务", item), Fact("办理方式", way.name_zh)]
    if is_switched_on and opens_on is not None:
        facts.append(Fact("开通日期", opens_on.isoformat()))
    return Refusal(Reasons.ITEM_NOT_OPEN, tuple(facts), home.place)


def parameter(name: str, division_code: str, today: date) -> int | bool | str:
    """A local figure on a day: the division's own (see `division_chain`), else the province's, else the default."""
    return PARAMETERS[name].read(_parameter_text(name, division_code, today))


def parameter_count(name: str, division_code: str, today: date) -> int:
    """A figure that is a whole number."""
    assert PARAMETERS[name].kind is ParameterKind.COUNT, f"{name} is not a number"
    return int(parameter(name, division_code, today))


def parameter_is_on(name: str, division_code: str, today: date) -> bool:
    """A switch."""
    assert PARAMETERS[name].kind is ParameterKind.SWITCH, f"{name} is not a switch"
    return bool(parameter(name, division_code, today))


def parameter_text(name: str, division_code: str, today: date) -> str:
    """A text."""
    assert PARAMETERS[name].kind is ParameterKind.TEXT, f"{name} is not a text"
    return str(parameter(name, division_code, today))


@kept_briefly
def calendar(first: date, last: date) -> WorkCalendar:
    """The known days from `first` to `last`, both included; a day nobody knows is missing and asking for it raises."""
    rows = CalendarDay.objects.filter(day__range=(first, last))
    return WorkCalendar(dict(rows.values_list("day", "is_workday")))


def division_chain(code: str) -> tuple[str, ...]:
    """Whose figures hold in a division, nearest first: its own, its city's for a city district, the province's.

    A county's registry does not inherit from the registry of the city around it; GB/T 2260 numbers districts 01 to 20.
    """
    city = (code[:4] + "00",) if code[4:] <= LAST_CITY_DISTRICT else ()
    return tuple(dict.fromkeys((code, *city, code[:2] + "0000")))


def on_day(rows: models.QuerySet[_Row], today: date) -> models.QuerySet[_Row]:
    """The rows whose period, first and last day included, holds `today`."""
    return rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today), valid_from__lte=today)


def institution_view(row: Institution) -> InstitutionView:
    """A row as the value pages and packages get."""
    return InstitutionView(
        InstitutionCode(row.code),
        InstitutionKind(row.kind),
        row.name_zh,
        row.short_zh,
        row.division_code,
        row.site_code,
        row.parent_code,
        row.address_zh,
        row.phone,
        row.is_active,
    )


@kept_briefly
def _day(day: date) -> tuple[bool, str] | None:
    return CalendarDay.objects.filter(pk=day).values_list("is_workday", "occasion_zh").first()


@kept_briefly
def _opens_on(registry: str, item: str, channel: str, today: date) -> date | None:
    """The first day, today or later, on which the item is open there; a day in the past when it is open today."""
    rows = ServiceOpening.objects.filter(registry_code=registry, item_number=item, channel=channel)
    rows = rows.filter(Q(open_until__isnull=True) | Q(open_until__gte=today))
    return rows.order_by("open_from").values_list("open_from", flat=True).first()


@kept_briefly
def _parameter_text(name: str, division_code: str, today: date) -> str:
    chain = division_chain(division_code)
    rows = on_day(ParameterValue.objects.filter(name=name, division_code__in=chain), today)
    return nearest(chain, dict(rows.values_list("division_code", "value"))) or PARAMETERS[name].default


def nearest(chain: Sequence[str], values: Mapping[str, str]) -> str:
    """The value of the nearest division that has one; empty when none has."""
    return next((values[code] for code in chain if code in values), "")
