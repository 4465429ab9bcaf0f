"""The registration fee of one payer for one registration, by the formula of the law, and every step of it in words.

    fee = price(use) x rate(registration) x pieces + paper price x (certificates - one free for each piece)

then nothing at all for an exempt payer or thing (财税〔2016〕79号).  One piece (件) is one unit, one right, one kind of
registration; one loan secured on several things of one parcel is one piece (发改价格规〔2016〕2559号).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from tongban.domain.dues import DueKind, DueLine, yuan_zh
from tongban.domain.fees.asked import FeeFigures, FeeInput, FeeUnit
from tongban.domain.fees.tables import (
    EXEMPTIONS,
    PRICES_LAW_ZH,
    SOCIAL_HOUSING,
    ClassRule,
    ExemptionRule,
    UseRule,
    class_rule,
    use_rule,
)
from tongban.domain.fees.terms import FeeClass, FeeRate, FeeUse, Ground, PayerKind
from tongban.domain.terms import Subject, Term

_PAYER_GROUND: Final[Mapping[PayerKind, Ground]] = {
    PayerKind.SMALL_ENTERPRISE: Ground.SMALL_ENTERPRISE,
    PayerKind.SOLE_TRADER: Ground.SOLE_TRADER,
}


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of the bill and how it was counted; the amount may be nothing, then `basis_zh` says why."""

    payer_role: Term
    amount_fen: int
    name_zh: str
    law_zh: str
    basis_zh: str

    @property
    def due(self) -> DueLine:
        """The line as a case keeps it."""
        return DueLine(DueKind.FEE, self.payer_role, self.amount_fen, self.name_zh, self.law_zh)


@dataclass(frozen=True, slots=True)
class Exemption:
    """An exemption that was applied: what is kept as evidence, whether a named person approves, what was let off."""

    rule: ExemptionRule
    waived_fen: int


@dataclass(frozen=True, slots=True)
class FeeBill:
    """What one payer owes for one registration.  `pieces_zh` says what was counted as one piece.

    The bill keeps what it was made from, so it can be made again when a ground of it proves false.
    """

    asked: FeeInput
    figures: FeeFigures
    lines: tuple[FeeLine, ...]
    exemptions: tuple[Exemption, ...]
    pieces: int
    pieces_zh: str

    @property
    def total_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)

    @property
    def due_lines(self) -> tuple[DueLine, ...]:
        """The lines there is something to pay for."""
        return tuple(line.due for line in self.lines if line.amount_fen)


@dataclass(frozen=True, slots=True)
class Piece:
    """One 件: its things, and at which use and rate it is charged."""

    units: tuple[FeeUnit, ...]
    use: FeeUse
    rate: FeeRate
    why_zh: str
    law_zh: str

    @property
    def is_social_housing(self) -> bool:
        return all(unit.house_nature in SOCIAL_HOUSING for unit in self.units)


def registration_fee(asked: FeeInput, figures: FeeFigures, denied: frozenset[Ground] = frozenset()) -> FeeBill:
    """The bill by the rules of `asked.day` and the figures of the place.

    `denied` are grounds that do not hold though the input claims them.  An exempt payer owes nothing; of exempt things
    the fee and their certificates are let off.  Raises InvalidInput for a day before the fee table begins.
    """
    rule = _effective_rule(asked, figures, denied)
    pieces = _pieces(asked, rule)
    lines = _lines(asked, figures, pieces, pieces)
    exemptions = []
    if asked.subject is Subject.TITLE and Ground.SOCIAL_HOUSING not in denied:
        charged = [piece for piece in pieces if not piece.is_social_housing]
        rest = _lines(asked, figures, charged, pieces) if charged else []
        waived_fen = _sum_fen(lines) - _sum_fen(rest)
        if waived_fen:
            exemptions.append(Exemption(EXEMPTIONS[Ground.SOCIAL_HOUSING], waived_fen))
            lines = rest
    ground = _PAYER_GROUND.get(asked.payer_kind)
    if ground is not None and ground not in denied and lines:
        exemptions.append(Exemption(EXEMPTIONS[ground], _sum_fen(lines)))
        lines = []
    if rule.fee_class is FeeClass.SPOUSES:
        otherwise = registration_fee(replace(asked, fee_class=FeeClass.STANDARD), figures, denied)
        waived_fen = max(0, otherwise.total_fen - _sum_fen(lines))
        exemptions.append(Exemption(EXEMPTIONS[Ground.BETWEEN_SPOUSES], waived_fen))
    lines = lines or [_nothing_line(asked, rule, pieces, exemptions)]
    return FeeBill(asked, figures, tuple(lines), tuple(exemptions), len(pieces), _pieces_zh(asked, pieces))


def _effective_rule(asked: FeeInput, figures: FeeFigures, denied: frozenset[Ground]) -> ClassRule:
    """The row of the class; the divorced count as spouses where the place says so, the falsely married as others."""
    fee_class = asked.fee_class
    if fee_class is FeeClass.DIVORCE and figures.divorce_as_spouses:
        fee_class = FeeClass.SPOUSES
    if fee_class is FeeClass.SPOUSES and Ground.BETWEEN_SPOUSES in denied:
        fee_class = FeeClass.STANDARD
    rule = class_rule(fee_class, asked.day)
    as_spouses = fee_class is FeeClass.SPOUSES and asked.fee_class is FeeClass.DIVORCE
    return replace(rule, why_zh="当地把离婚分房子按夫妻间变更办，只收证书工本费。") if as_spouses else rule


def _pieces(asked: FeeInput, rule: ClassRule) -> list[Piece]:
    """The things in pieces; what is registered along with a house is no piece of its own."""
    counted = [unit for unit in asked.units if unit.use is not FeeUse.GARAGE_WITH_HOUSE]
    if not asked.is_one_loan:
        return [_piece((unit,), asked, rule) for unit in counted]
    by_parcel = groupby(sorted(counted, key=lambda unit: unit.unit_code), key=lambda unit: unit.parcel)
    return [_piece(tuple(units), asked, rule) for _, units in by_parcel]


def _piece(units: tuple[FeeUnit, ...], asked: FeeInput, rule: ClassRule) -> Piece:
    """One piece; of different uses on one parcel the dearest counts, since the fee is taken once."""
    used = [use_rule(_charged_use(unit.use, asked.subject), asked.day) for unit in units]
    dearest = max(used, key=lambda row: (_DEARNESS[row.at_most], row.priced_as is FeeUse.OTHER))
    if _DEARNESS[dearest.at_most] < _DEARNESS[rule.rate]:
        return Piece(units, dearest.priced_as, dearest.at_most, dearest.why_zh, dearest.law_zh)
    if rule.rate not in (FeeRate.FULL, FeeRate.HALF):
        return Piece(units, dearest.priced_as, rule.rate, rule.why_zh, rule.law_zh)
    laws = dict.fromkeys([*rule.law_zh.split("；"), *dearest.law_zh.split("；")])
    return Piece(units, dearest.priced_as, rule.rate, rule.why_zh + dearest.why_zh, "；".join(laws))


def _charged_use(use: FeeUse, subject: Subject) -> FeeUse:
    """A homestead is charged for its paper alone when it is the title that is registered, not a right on it (79号文)."""
    return FeeUse.RESIDENTIAL if use is FeeUse.HOMESTEAD and subject is not Subject.TITLE else use


_DEARNESS: Final[Mapping[FeeRate, int]] = {
    FeeRate.FREE: 0,
    FeeRate.CERTIFICATE_ONLY: 1,
    FeeRate.HALF: 2,
    FeeRate.FLAT: 3,
    FeeRate.FULL: 4,
}


def _price_fen(use: FeeUse, rate: FeeRate, figures: FeeFigures) -> int:
    is_other = use is FeeUse.OTHER
    match rate:
        case FeeRate.FULL:
            return figures.other_fen if is_other else figures.residential_fen
        case FeeRate.HALF:
            return figures.other_half_fen if is_other else figures.residential_half_fen
        case FeeRate.FLAT:
            return figures.habitation_fen
        case FeeRate.FREE | FeeRate.CERTIFICATE_ONLY:
            return 0


def _lines(asked: FeeInput, figures: FeeFigures, charged: list[Piece], pieces: list[Piece]) -> list[FeeLine]:
    """The lines of the charged pieces, alike ones together, and of the certificates beyond one for every piece."""
    alike: dict[tuple[FeeUse, FeeRate, str, str], int] = {}
    for piece in charged:
        key = (piece.use, piece.rate, piece.why_zh, piece.law_zh)
        alike[key] = alike.get(key, 0) + 1
    lines = []
    for (use, rate, why_zh, law_zh), count in alike.items():
        price_fen = _price_fen(use, rate, figures)
        if price_fen:
            name_zh = "不动产登记费（居住权）" if rate is FeeRate.FLAT else f"不动产登记费（{use.name_zh}）"
            sum_zh = f"{count}件，每件{yuan_zh(price_fen)}，一共{yuan_zh(count * price_fen)}。"
            lines.append(FeeLine(asked.payer_role, count * price_fen, name_zh, law_zh, sum_zh + why_zh))
    return lines + _certificate_lines(asked, figures, pieces)


def _certificate_lines(asked: FeeInput, figures: FeeFigures, pieces: list[Piece]) -> list[FeeLine]:
    """The paper: one certificate is free with each piece, none where the paper is all that is charged."""
    if not pieces or asked.fee_class in _NO_PAPER_PRICE:
        return []
    free = sum(1 for piece in pieces if piece.rate is not FeeRate.CERTIFICATE_ONLY)
    charged = max(0, asked.certificates - free)
    amount_fen = charged * figures.certificate_fen
    if not amount_fen:
        return []
    sum_zh = f"{charged}本，每本{yuan_zh(figures.certificate_fen)}，一共{yuan_zh(amount_fen)}。"
    if free:
        basis_zh = f"要{asked.certificates}本证书，{free}本不收钱，多要的{sum_zh}"
        return [FeeLine(asked.payer_role, amount_fen, _PAPER_ZH, PRICES_LAW_ZH, basis_zh)]
    return [FeeLine(asked.payer_role, amount_fen, _PAPER_ZH, pieces[0].law_zh, sum_zh + pieces[0].why_zh)]


_PAPER_ZH: Final = "不动产权证书工本费"
_NO_PAPER_PRICE: Final = frozenset({FeeClass.OLD_STYLE, FeeClass.QUERY})


def _sum_fen(lines: Iterable[FeeLine]) -> int:
    return sum(line.amount_fen for line in lines)


def _nothing_line(asked: FeeInput, rule: ClassRule, pieces: list[Piece], exemptions: list[Exemption]) -> FeeLine:
    """A bill of nothing says why."""
    reason = _reason(asked, rule, pieces, exemptions)
    return FeeLine(asked.payer_role, 0, "不动产登记费", reason.law_zh, f"不收费。{reason.why_zh}")


def _reason(
    asked: FeeInput, rule: ClassRule, pieces: list[Piece], exemptions: list[Exemption]
) -> ClassRule | ExemptionRule | Piece | UseRule:
    if rule.rate is FeeRate.FREE:
        return rule
    if exemptions:
        return exemptions[0].rule
    return pieces[0] if pieces else use_rule(FeeUse.GARAGE_WITH_HOUSE, asked.day)


def _pieces_zh(asked: FeeInput, pieces: list[Piece]) -> str:
    """What was counted as one piece, in a sentence."""
    along = sum(1 for unit in asked.units if unit.use is FeeUse.GARAGE_WITH_HOUSE)
    along_zh = f"另有{along}个车库、车位、储藏室随房屋登记，不另算件。" if along else ""
    if asked.is_one_loan:
        things = len(asked.units) - along
        return (
            f"{things}处不动产抵押一笔贷款，在{len(pieces)}宗土地上，算{len(pieces)}件："
            f"同一宗土地上的算一件，不同宗土地的分开算。{along_zh}"
        )
    return f"一个不动产单元、一项权利、一种登记算一件，这里是{len(pieces)}件。{along_zh}"
