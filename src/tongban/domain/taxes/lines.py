"""One tax in the estimate: who pays, on what, at which rate, by which law, or why nothing is asked."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from tongban.domain.dues import DueKind, DueLine
from tongban.domain.terms import Term

DECIDED_BY_ZH: Final = "这是估算，不是缴税通知。交不交、交多少，由税务机关核定为准。"


class Tax(Term):
    """税种."""

    DEED = "deed", "契税"
    VAT = "vat", "增值税"
    CITY_MAINTENANCE = "city_maintenance", "城市维护建设税"
    EDUCATION = "education", "教育费附加"
    LOCAL_EDUCATION = "local_education", "地方教育附加"
    INCOME = "income", "个人所得税"
    STAMP = "stamp", "印花税"
    LAND_VAT = "land_vat", "土地增值税"


class TaxPayer(Term):
    """Which side pays."""

    GIVER = "giver", "转让方"
    TAKER = "taker", "取得方"


class Standing(Term):
    """What the estimate says of one tax; only DUE carries an amount."""

    DUE = "due", "要交"
    EXEMPT = "exempt", "免征"
    NOT_LEVIED = "not_levied", "不征"
    ASK = "ask", "由税务机关核定"


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One tax of one side.  `rate` already holds a halving; `why_zh` says how it comes about."""

    tax: Tax
    payer: TaxPayer
    standing: Standing
    why_zh: str
    law_zh: str
    base_fen: int = 0
    rate: Fraction = Fraction(0)
    amount_fen: int = 0

    def __post_init__(self) -> None:
        assert self.standing is Standing.DUE or not self.amount_fen, "what is not due has no amount"

    @property
    def due(self) -> DueLine:
        """The line in the form of everything that is owed in a case."""
        return DueLine(DueKind.TAX, self.payer, self.amount_fen, self.tax.name_zh, self.law_zh)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The whole estimate.  `to_home_window_zh`: why it must be dealt with at the home window, empty when it need not."""

    lines: tuple[TaxLine, ...]
    notes_zh: tuple[str, ...] = ()
    to_home_window_zh: str = ""

    @property
    def total_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)

    @property
    def is_complete(self) -> bool:
        """Whether no tax was left to the tax office."""
        return all(line.standing is not Standing.ASK for line in self.lines)

    def of(self, payer: TaxPayer) -> tuple[TaxLine, ...]:
        """The lines of one side."""
        return tuple(line for line in self.lines if line.payer is payer)

    def total_of(self, payer: TaxPayer) -> int:
        return sum(line.amount_fen for line in self.of(payer))


def half_up(amount: Fraction) -> int:
    """Whole fen, a half upwards: each tax is rounded by itself."""
    return (amount + Fraction(1, 2)).__floor__()


def due(tax: Tax, payer: TaxPayer, base_fen: int, rate: Fraction, words: tuple[str, str]) -> TaxLine:
    """A tax that is owed; `words` are why and law."""
    return TaxLine(tax, payer, Standing.DUE, *words, base_fen, rate, half_up(base_fen * rate))


def rate_zh(rate: Fraction) -> str:
    """A rate as people read it: 3/200 → “1.5%”."""
    return f"{float(rate * 100):.4f}".rstrip("0").rstrip(".") + "%"
