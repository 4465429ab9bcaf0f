"""A transfer as the taxes see it; impossible figures are refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from tongban.domain.dues import yuan_zh
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.standing_parameters import STANDING_PARAMETERS
from tongban.domain.terms import Cause, HolderKind, Term

PRICE_FEN_MAX: Final = 10**13  # a hundred thousand million yuan: more is a slip of the pen
_AREA = re.compile(r"(0|[1-9][0-9]{0,5})(\.[0-9]{1,3})?", re.ASCII)
_MILLION: Final = 1_000_000


class HomesOwned(Term):
    """Which home of the buyer's household (spouses and minor children) in the county this will be."""

    ONLY = "only", "家里唯一的一套"
    SECOND = "second", "第二套"
    MORE = "more", "第三套或者更多"


class Seat(Term):
    """Where the house lies, for the city maintenance tax."""

    CITY = "city", "市区"
    TOWN = "town", "县城或者镇"
    COUNTRY = "country", "其他地方"


@dataclass(frozen=True, slots=True)
class TaxFigures:
    """The rates a place sets."""

    deed_base: Fraction
    deed_home: Fraction
    income_assessed: Fraction

    @classmethod
    def of(cls, values: Mapping[str, str]) -> TaxFigures:
        """From the stored texts of the parameters `tax.*`; a missing one has its default."""
        texts = {name: values.get(name, STANDING_PARAMETERS[name].default) for name in TAX_PARAMETERS}
        rates = {name: Fraction(int(STANDING_PARAMETERS[name].read(text)), _MILLION) for name, text in texts.items()}
        return cls(rates["tax.deed_base_rate"], rates["tax.deed_home_rate"], rates["tax.income_assessed_rate"])


TAX_PARAMETERS: Final = tuple(name for name in STANDING_PARAMETERS if name.startswith("tax."))


@dataclass(frozen=True, slots=True)
class Deal:
    """One transfer of one thing.

    `price_fen` is the price of the contract with VAT in it; of a developer's sale the price without VAT as on the
    invoice; without a price (gift, legacy) the value the tax office sets.  `held_since` is when the giver got it (see
    `held_since`), None when not known.  `cost_fen`: what it had cost the giver, with fees, when there are papers for it.
    `returned_fen`: in an exchange the value of what is given for it.
    """

    cause: Cause
    price_fen: int
    day: date
    is_home: bool = True
    area_m2: str = ""
    giver: HolderKind = HolderKind.PERSON
    taker: HolderKind = HolderKind.PERSON
    held_since: date | None = None
    is_givers_only_home: bool = False
    taker_homes: HomesOwned = HomesOwned.MORE
    seat: Seat = Seat.TOWN
    cost_fen: int | None = None
    returned_fen: int = 0

    def __post_init__(self) -> None:
        problems = []
        if not 0 <= self.price_fen <= PRICE_FEN_MAX:
            problems.append(Problem("price", "价钱不对", f"请填0元到{yuan_zh(PRICE_FEN_MAX)}之间的数"))
        if self.cost_fen is not None and not 0 <= self.cost_fen <= PRICE_FEN_MAX:
            problems.append(Problem("cost", "原来买房的花费不对", "请填当初的房价加税费，没有票据就不填"))
        if not 0 <= self.returned_fen <= PRICE_FEN_MAX:
            problems.append(Problem("returned", "换出去的房子的价值不对", "请填双方商定的价值"))
        if self.is_home and (_AREA.fullmatch(self.area_m2) is None or not self.area):
            problems.append(Problem("area", "房屋面积不对", "请照不动产权证填建筑面积，例如 118.26"))
        if self.held_since is not None and self.held_since > self.day:
            problems.append(Problem("held_since", "取得房子的日期晚于这次交易的日期", "请核对两个日期"))
        if problems:
            raise InvalidInput(problems)

    @property
    def area(self) -> Decimal:
        """The floor area; 0 when none was given."""
        return Decimal(self.area_m2 or "0")
