"""How long a home was held: the dates behind “满二年” and “满五年”."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.terms import Cause

HANDED_DOWN: Final = frozenset({Cause.INHERITANCE, Cause.KIN_GIFT, Cause.LEGACY, Cause.SPOUSES, Cause.DIVORCE})
HOLDING_LAW_ZH: Final = "国税发〔2005〕89号；国税发〔2005〕172号"


@dataclass(frozen=True, slots=True)
class HomeHistory:
    """What proves since when a home was held.

    `cause` is how the holder got it; `previous_since` is since when the one before had it, where that is known.
    """

    cause: Cause
    certificate_on: date | None = None
    deed_tax_paid_on: date | None = None
    previous_since: date | None = None


def held_since(history: HomeHistory) -> date:
    """The earlier of the day of the certificate and the day of the deed-tax receipt.

    A home inherited, given by near kin, or divided between spouses counts from the day of the one before.  Raises
    InvalidInput when nothing tells a day.
    """
    if history.cause in HANDED_DOWN and history.previous_since is not None:
        return history.previous_since
    known = [day for day in (history.certificate_on, history.deed_tax_paid_on) if day is not None]
    if not known:
        raise InvalidInput(
            [Problem("held_since", "不知道房子是哪天买的", "请填不动产权证上的登记日期，或者契税完税证明上的日期")]
        )
    return min(known)


def full_years_reached(since: date, day: date, years: int) -> bool:
    """Whether so many full years have passed; what began on 29 February is full on 1 March of a common year."""
    return (day.year - since.year, (day.month, day.day) >= (since.month, since.day)) >= (years, True)


def years_before(day: date, years: int) -> date:
    """The latest day from which so many full years have passed on `day`."""
    earlier = day.year - years
    is_lost = (day.month, day.day) == (2, 29) and earlier % 4 != 0
    return date(earlier, 2, 28) if is_lost else day.replace(year=earlier)
