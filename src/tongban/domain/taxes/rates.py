"""Dated rates of the taxes on a transfer, each with its source; local rates are parameters of the place (`tax.*`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final, TypeVar

from tongban.domain.period import Period
from tongban.domain.taxes.deal import HomesOwned, Seat

FIRST_DAY: Final = date(2023, 1, 1)  # before it the tables below are not complete
VAT_FREE_YEARS: Final = 2
INCOME_FREE_YEARS: Final = 5


@dataclass(frozen=True, slots=True)
class RateRow:
    """A rate and the days it holds."""

    rate: Fraction
    period: Period
    law_zh: str


@dataclass(frozen=True, slots=True)
class HomeDeedRow:
    """Deed tax of a person who buys a home: one rate up to an area, another above it."""

    homes: HomesOwned
    area_limit_m2: Decimal
    small: Fraction
    large: Fraction
    period: Period
    law_zh: str

    def rate(self, area_m2: Decimal) -> Fraction:
        """The rate of an area; the limit itself is still small."""
        return self.small if area_m2 <= self.area_limit_m2 else self.large


def percent(number: str) -> Fraction:
    """A rate from its per cent text."""
    return Fraction(number) / 100


_DEED_2016 = Period(date(2016, 2, 22), date(2024, 11, 30))
_DEED_2024 = Period(date(2024, 12, 1))
_DEED_2016_ZH = "财税〔2016〕23号"
_DEED_2024_ZH = "财政部 税务总局 住房城乡建设部公告2024年第16号"
_D90, _D140 = Decimal(90), Decimal(140)

HOME_DEED_RATES: Final[tuple[HomeDeedRow, ...]] = (
    HomeDeedRow(HomesOwned.ONLY, _D90, percent("1"), percent("1.5"), _DEED_2016, _DEED_2016_ZH),
    HomeDeedRow(HomesOwned.SECOND, _D90, percent("1"), percent("2"), _DEED_2016, _DEED_2016_ZH),
    HomeDeedRow(HomesOwned.ONLY, _D140, percent("1"), percent("1.5"), _DEED_2024, _DEED_2024_ZH),
    HomeDeedRow(HomesOwned.SECOND, _D140, percent("1"), percent("2"), _DEED_2024, _DEED_2024_ZH),
)

VAT_UNDER_TWO_YEARS: Final[tuple[RateRow, ...]] = (
    RateRow(percent("5"), Period(date(2016, 5, 1), date(2025, 12, 31)), "财税〔2016〕36号附件3"),
    RateRow(percent("3"), Period(date(2026, 1, 1)), "增值税法第十一条；财政部 税务总局公告2025年第17号"),
)

CITY_MAINTENANCE: Final[Mapping[Seat, Fraction]] = MappingProxyType(
    {Seat.CITY: percent("7"), Seat.TOWN: percent("5"), Seat.COUNTRY: percent("1")}
)
CITY_MAINTENANCE_LAW_ZH: Final = "城市维护建设税法第四条"
EDUCATION: Final = percent("3")
EDUCATION_LAW_ZH: Final = "征收教育费附加的暂行规定"
LOCAL_EDUCATION: Final = percent("2")
LOCAL_EDUCATION_LAW_ZH: Final = "财综〔2010〕98号"
INCOME: Final = percent("20")
INCOME_LAW_ZH: Final = "个人所得税法第三条；国税发〔2006〕108号"
STAMP: Final = percent("0.05")
STAMP_LAW_ZH: Final = "印花税法第二条、第四条、第五条"

HALVED: Final[tuple[RateRow, ...]] = (
    RateRow(Fraction(1, 2), Period(date(2023, 1, 1), date(2027, 12, 31)), "财政部 税务总局公告2023年第12号"),
)
REPURCHASE_REFUND: Final[tuple[RateRow, ...]] = (
    RateRow(
        Fraction(1),
        Period(date(2022, 10, 1), date(2027, 12, 31)),
        "财政部 税务总局 住房城乡建设部公告2023年第28号及以后的延续规定",
    ),
)

_Row = TypeVar("_Row", RateRow, HomeDeedRow)


def on_day(rows: Sequence[_Row], day: date) -> _Row | None:
    """The row that holds on a day, if any does."""
    return next((row for row in rows if row.period.holds(day)), None)


def home_deed_row(homes: HomesOwned, day: date) -> HomeDeedRow | None:
    """The row for a home bought by a person; None where the rate of the province holds (third home and more)."""
    return on_day([row for row in HOME_DEED_RATES if row.homes is homes], day)
