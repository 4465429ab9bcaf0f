"""The estimate of a transfer: which taxes come up, by the cause of the transfer and the days in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.taxes import charges, rates
from tongban.domain.taxes.charges import DEED_LAW_ZH, FAMILY_LAW_ZH, GIVER, HOME_EXEMPT_LAW_ZH, TAKER
from tongban.domain.taxes.deal import Deal, TaxFigures
from tongban.domain.taxes.lines import Estimate, Standing, Tax, TaxLine, due, rate_zh
from tongban.domain.terms import TRANSFERS_WITH_LAND_VAT, Cause, HolderKind

_SALES: Final = frozenset({Cause.SALE, Cause.EXCHANGE})
_KIN_INCOME_LAW_ZH: Final = "财税〔2009〕78号"
_LAND_VAT_LAW_ZH: Final = "土地增值税暂行条例第七条；滑自然资发〔2021〕48号第四条"
_WINDOW_ZH: Final = "这次转让涉及土地增值税，不能在外地窗口通办，请到房产所在地的登记窗口和税务窗口办。"
_ASK_ZH: Final = "本系统不估算，由税务机关核定。"


def estimate(deal: Deal, figures: TaxFigures) -> Estimate:
    """What each side will probably pay by the rates of the deal's day.

    A transfer that bears land VAT (of an entity, or of a room that is no home) is not estimated for the giver and leads
    to the home window.  Raises InvalidInput for a day before the rate tables begin.
    """
    if deal.day < rates.FIRST_DAY:
        day = rates.FIRST_DAY
        words = f"本系统只估算{day.year}年{day.month}月{day.day}日以后的税费", "更早的交易请问税务机关"
        raise InvalidInput([Problem("day", *words)])
    if deal.cause is Cause.DEVELOPER_SALE:
        return Estimate(
            (charges.deed(deal, figures, deal.price_fen), *charges.stamp_of_sale(deal, deal.price_fen, (TAKER,)))
        )
    if deal.cause in TRANSFERS_WITH_LAND_VAT and _bears_land_vat(deal):
        return _with_land_vat(deal, figures)
    if deal.cause in _SALES:
        return _sale(deal, figures)
    make = _WITHOUT_PRICE.get(deal.cause)
    return make(deal, figures) if make else _unknown()


# --- sales -----------------------------------------------------------------------------------------------------------


def _bears_land_vat(deal: Deal) -> bool:
    return deal.giver is not HolderKind.PERSON or not deal.is_home


def _sale(deal: Deal, figures: TaxFigures) -> Estimate:
    """A person's home that is sold or exchanged."""
    vat = charges.vat(deal)
    net_fen = deal.price_fen - vat.amount_fen
    surcharges = charges.surcharges(deal, vat.amount_fen)
    stamps = charges.stamp_of_sale(deal, net_fen, (GIVER, TAKER))
    paid_fen = sum(line.amount_fen for line in (*surcharges, *(one for one in stamps if one.payer is GIVER)))
    income = charges.income(deal, figures, net_fen, paid_fen)
    refund = rates.on_day(rates.REPURCHASE_REFUND, deal.day)
    notes = (
        (f"卖房的人一年以内在同一个城市再买房的，交的个人所得税可以申请退（{refund.law_zh}）。",)
        if refund and income.amount_fen
        else ()
    )
    land = TaxLine(
        Tax.LAND_VAT,
        GIVER,
        Standing.EXEMPT,
        "个人卖住房、换住房，免征土地增值税。",
        f"{HOME_EXEMPT_LAW_ZH}；财税字〔1995〕48号",
    )
    return Estimate((charges.deed(deal, figures, net_fen), vat, *surcharges, income, *stamps, land), notes)


# --- without a price -------------------------------------------------------------------------------------------------


def _kin_gift(deal: Deal, figures: TaxFigures) -> Estimate:
    kin_zh = "送给配偶、父母、子女、祖孙、兄弟姐妹或者抚养赡养的人"
    return Estimate(
        (
            charges.deed(deal, figures, deal.price_fen),
            TaxLine(Tax.VAT, GIVER, Standing.EXEMPT, f"{kin_zh}，免征增值税，附加税费也不用交。", FAMILY_LAW_ZH),
            TaxLine(Tax.INCOME, TAKER, Standing.NOT_LEVIED, f"{kin_zh}，双方都不交个人所得税。", _KIN_INCOME_LAW_ZH),
            charges.stamp(deal, deal.price_fen, GIVER, deal.giver),
            charges.stamp(deal, deal.price_fen, TAKER, deal.taker),
            TaxLine(Tax.LAND_VAT, GIVER, Standing.NOT_LEVIED, "近亲属之间白送，不征土地增值税。", "财税字〔1995〕48号"),
        )
    )


def _gift(deal: Deal, figures: TaxFigures) -> Estimate:
    """A home given to somebody who is no near kin: VAT as if sold, and income tax of the one who gets it."""
    vat = charges.vat(deal)
    net_fen = deal.price_fen - vat.amount_fen
    deed = charges.deed(deal, figures, net_fen)
    stamps = (charges.stamp(deal, net_fen, GIVER, deal.giver), charges.stamp(deal, net_fen, TAKER, deal.taker))
    gain_fen = max(0, deal.price_fen - deed.amount_fen - stamps[1].amount_fen)
    income_zh = f"不是近亲属送的，受赠的人按房子的价值减去自己交的税，交{rate_zh(rates.INCOME)}。"
    income_law_zh = f"{_KIN_INCOME_LAW_ZH}；财政部 税务总局公告2019年第74号"
    return Estimate(
        (
            deed,
            vat,
            *charges.surcharges(deal, vat.amount_fen),
            due(Tax.INCOME, TAKER, gain_fen, rates.INCOME, (income_zh, income_law_zh)),
            *stamps,
            TaxLine(Tax.LAND_VAT, GIVER, Standing.ASK, _ASK_ZH, "财税字〔1995〕48号"),
        )
    )


def _inheritance(deal: Deal, figures: TaxFigures) -> Estimate:
    return Estimate(
        (
            TaxLine(Tax.DEED, TAKER, Standing.EXEMPT, "法定继承人继承，免征契税。", "契税法第六条第五项"),
            *_after_death(),
        )
    )


def _legacy(deal: Deal, figures: TaxFigures) -> Estimate:
    return Estimate((charges.deed(deal, figures, deal.price_fen), *_after_death()))


def _after_death() -> tuple[TaxLine, ...]:
    return (
        TaxLine(Tax.VAT, GIVER, Standing.EXEMPT, "继承、受遗赠取得，免征增值税，附加税费也不用交。", FAMILY_LAW_ZH),
        TaxLine(Tax.INCOME, TAKER, Standing.NOT_LEVIED, "继承、受遗赠取得，不交个人所得税。", _KIN_INCOME_LAW_ZH),
        TaxLine(Tax.STAMP, TAKER, Standing.ASK, _ASK_ZH, rates.STAMP_LAW_ZH),
    )


def _spouses(deal: Deal, figures: TaxFigures) -> Estimate:
    deed = TaxLine(Tax.DEED, TAKER, Standing.EXEMPT, "夫妻之间改房子的归属，免征契税。", "契税法第六条第四项")
    return Estimate((deed, *_within_family()))


def _divorce(deal: Deal, figures: TaxFigures) -> Estimate:
    why_zh = "离婚分割共同的房子，免征契税。"
    deed = TaxLine(Tax.DEED, TAKER, Standing.EXEMPT, why_zh, "财政部 税务总局公告2021年第29号")
    return Estimate((deed, *_within_family()))


def _within_family() -> tuple[TaxLine, ...]:
    return (
        TaxLine(Tax.VAT, GIVER, Standing.EXEMPT, "家庭财产分割，免征增值税，附加税费也不用交。", FAMILY_LAW_ZH),
        TaxLine(
            Tax.INCOME,
            GIVER,
            Standing.NOT_LEVIED,
            "夫妻之间、离婚分割，不征个人所得税。",
            "国税发〔2009〕121号；财税〔2009〕78号",
        ),
        TaxLine(Tax.STAMP, TAKER, Standing.ASK, _ASK_ZH, rates.STAMP_LAW_ZH),
    )


_WITHOUT_PRICE: Final[Mapping[Cause, Callable[[Deal, TaxFigures], Estimate]]] = {
    Cause.KIN_GIFT: _kin_gift,
    Cause.GIFT: _gift,
    Cause.INHERITANCE: _inheritance,
    Cause.LEGACY: _legacy,
    Cause.SPOUSES: _spouses,
    Cause.DIVORCE: _divorce,
}


# --- what is left to the tax office ----------------------------------------------------------------------------------


def _with_land_vat(deal: Deal, figures: TaxFigures) -> Estimate:
    """The taker's deed tax only; everything of the giver depends on land VAT, which the home window settles."""
    asked = (Tax.VAT, Tax.INCOME, Tax.STAMP) if deal.giver is HolderKind.PERSON else (Tax.VAT, Tax.STAMP)
    return Estimate(
        (
            charges.deed(deal, figures, deal.price_fen),
            charges.stamp(deal, deal.price_fen, TAKER, deal.taker),
            TaxLine(Tax.LAND_VAT, GIVER, Standing.ASK, _WINDOW_ZH, _LAND_VAT_LAW_ZH),
            *(TaxLine(tax, GIVER, Standing.ASK, _ASK_ZH, _LAND_VAT_LAW_ZH) for tax in asked),
        ),
        notes_zh=("契税按填的价款算；价款里含增值税的，实际会少一些。",),
        to_home_window_zh=_WINDOW_ZH,
    )


def _unknown() -> Estimate:
    return Estimate(tuple(TaxLine(tax, payer, Standing.ASK, _ASK_ZH, law_zh) for tax, payer, law_zh in _ASKED))


_ASKED: Final = (
    (Tax.DEED, TAKER, DEED_LAW_ZH),
    (Tax.VAT, GIVER, "增值税法第十一条"),
    (Tax.INCOME, GIVER, rates.INCOME_LAW_ZH),
    (Tax.STAMP, TAKER, rates.STAMP_LAW_ZH),
)
