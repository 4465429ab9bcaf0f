"""How much will it cost?  The registration fee and the tax estimate of one transfer, side by side, in words.

Pure: no register, no account, nothing kept; the figures of the place are arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from tongban.domain.codes import UnitCode
from tongban.domain.dues import yuan_zh
from tongban.domain.fees import FeeFigures, FeeInput, FeeUnit, fee_class_for, paid_by, registration_fee
from tongban.domain.fees.terms import FeeUse, PayerKind
from tongban.domain.taxes import Deal, Standing, TaxFigures, TaxLine, TaxPayer, estimate
from tongban.domain.taxes.lines import rate_zh
from tongban.domain.terms import Cause, Registration, Subject

_THE_THING: Final = UnitCode("")  # where one thing is registered the fee does not look at its code
_BANK_ZH: Final = "银行（抵押权人）"
_NOT_YET_ZH: Final = "钱在审核通过以后、登簿以前才交。没有登簿就结束的，登记费全部退。"
_NO_TAX_ZH: Final = "抵押登记不交税。登记费由银行交，不能让借款的人出。"
_TWICE_ZH: Final = "这里算的是一套房子。两家换房有两套，另一套请把两边对调再算一次。"
_NEW_HOME_ZH: Final = "开发商的税由开发商自己交，不能让买房的人出。"
SIDES_ZH: Final[Mapping[Cause, tuple[str, str]]] = MappingProxyType(
    {
        Cause.SALE: ("买方", "卖方"),
        Cause.DEVELOPER_SALE: ("买方", "开发商"),
        Cause.KIN_GIFT: ("受赠的人", "赠与的人"),
        Cause.GIFT: ("受赠的人", "赠与的人"),
        Cause.INHERITANCE: ("继承人", "去世的人"),
        Cause.LEGACY: ("受遗赠的人", "去世的人"),
        Cause.SPOUSES: ("写上名字的一方", "另一方"),
        Cause.DIVORCE: ("分到房子的一方", "另一方"),
        Cause.EXCHANGE: ("换进这套房子的一方", "换出这套房子的一方"),
    }
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody means to do; `deal` is None for a mortgage alone."""

    deal: Deal | None
    use: FeeUse
    payer_kind: PayerKind = PayerKind.PERSON
    certificates: int = 1
    with_loan: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """One line: what, how much in words, why, and the law behind it.  `is_open`: the tax office sets the amount."""

    name_zh: str
    word_zh: str
    why_zh: str
    law_zh: str
    amount_fen: int = 0
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """What one side pays."""

    name_zh: str
    lines: tuple[Shown, ...]

    @property
    def total_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)

    @property
    def total_zh(self) -> str:
        """The sum in words; what the tax office sets is never passed over as nothing."""
        is_open = any(line.is_open for line in self.lines)
        if not self.total_fen:
            return "由税务机关定" if is_open else "不用交"
        return f"约{yuan_zh(self.total_fen)}" + ("，另有税款由税务机关定" if is_open else "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole answer.  `home_zh`: why only the home window can do it; `is_complete`: nothing was left to be set."""

    sides: tuple[Side, ...]
    notes_zh: tuple[str, ...]
    home_zh: str = ""
    is_complete: bool = True

    @property
    def total_fen(self) -> int:
        return sum(side.total_fen for side in self.sides)


def cost(plan: Plan, day: date, fees: FeeFigures, taxes: TaxFigures) -> Outcome:
    """Each side's lines by the rules of a day; raises InvalidInput for a day before the tables begin."""
    bank = Side(_BANK_ZH, _fee(plan, day, fees, of_bank=True))
    deal = plan.deal
    if deal is None:
        return Outcome((bank,), (_NO_TAX_ZH, _NOT_YET_ZH))
    found = estimate(deal, taxes)
    taker_zh, giver_zh = SIDES_ZH[deal.cause]
    lines = (*_fee(plan, day, fees, of_bank=False), *map(_tax, found.of(TaxPayer.TAKER)))
    sides = [Side(taker_zh, lines), Side(giver_zh, tuple(map(_tax, found.of(TaxPayer.GIVER))))]
    if plan.with_loan:
        sides.append(bank)
    notes = {Cause.EXCHANGE: (_TWICE_ZH,), Cause.DEVELOPER_SALE: (_NEW_HOME_ZH,)}.get(deal.cause, ())
    return Outcome(
        tuple(side for side in sides if side.lines),
        (*notes, *found.notes_zh, _NOT_YET_ZH),
        found.to_home_window_zh,
        found.is_complete,
    )


def _fee(plan: Plan, day: date, figures: FeeFigures, *, of_bank: bool) -> tuple[Shown, ...]:
    kind = Registration.FIRST if of_bank else Registration.TRANSFER
    subject = Subject.MORTGAGE if of_bank else Subject.TITLE
    asked = FeeInput(
        fee_class=fee_class_for(kind, subject, plan.deal.cause if plan.deal else None),
        subject=subject,
        units=(FeeUnit(_THE_THING, plan.use),),
        certificates=0 if of_bank else plan.certificates,
        payer_role=paid_by(kind, subject),
        day=day,
        payer_kind=PayerKind.OTHER if of_bank else plan.payer_kind,
    )
    return tuple(
        Shown(
            line.name_zh,
            yuan_zh(line.amount_fen) if line.amount_fen else "不用交",
            line.basis_zh,
            line.law_zh,
            line.amount_fen,
        )
        for line in registration_fee(asked, figures).lines
    )


def _tax(line: TaxLine) -> Shown:
    """A tax in words; what is due also says base times rate."""
    if line.standing is Standing.ASK:
        return Shown(line.tax.name_zh, "由税务机关定", line.why_zh, line.law_zh, is_open=True)
    if line.standing is not Standing.DUE or not line.amount_fen:
        return Shown(line.tax.name_zh, "不用交", line.why_zh, line.law_zh)
    sum_zh = f"{yuan_zh(line.base_fen)} × {rate_zh(line.rate)} = {yuan_zh(line.amount_fen)}"
    return Shown(line.tax.name_zh, yuan_zh(line.amount_fen), f"{line.why_zh}{sum_zh}。", line.law_zh, line.amount_fen)
