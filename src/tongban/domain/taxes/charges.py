"""One tax at a time: base, rate and reason by the tables of the day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final

from tongban.domain.taxes import rates
from tongban.domain.taxes.deal import Deal, HomesOwned, TaxFigures
from tongban.domain.taxes.holding import HOLDING_LAW_ZH, full_years_reached
from tongban.domain.taxes.lines import Standing, Tax, TaxLine, TaxPayer, due, half_up, rate_zh
from tongban.domain.terms import Cause, HolderKind

GIVER, TAKER = TaxPayer.GIVER, TaxPayer.TAKER
DEED_LAW_ZH: Final = "契税法第三条、第四条"
HOME_EXEMPT_LAW_ZH: Final = "财税〔2008〕137号"
FAMILY_LAW_ZH: Final = "财税〔2016〕36号附件3"
_PROVINCE_LAW_ZH: Final = f"{DEED_LAW_ZH}；河南省规定的税率"


def deed(deal: Deal, figures: TaxFigures, net_fen: int) -> TaxLine:
    """Deed tax of the taker, on the price without VAT; in an exchange on what is paid on top."""
    base_fen = net_fen
    if deal.cause is Cause.EXCHANGE:
        base_fen = max(0, net_fen - deal.returned_fen)
        if not base_fen:
            words = "换来的房子不比换出去的贵，没有补差价，不用交。", DEED_LAW_ZH
            return TaxLine(Tax.DEED, TAKER, Standing.NOT_LEVIED, *words)
    rate, why_zh, law_zh = _deed_rate(deal, figures)
    return due(Tax.DEED, TAKER, base_fen, rate, (why_zh, law_zh))


def _deed_rate(deal: Deal, figures: TaxFigures) -> tuple[Fraction, str, str]:
    if not deal.is_home:
        why_zh = f"不是住房，按不含增值税的价款交{rate_zh(figures.deed_base)}。"
        return figures.deed_base, why_zh, _PROVINCE_LAW_ZH
    if deal.taker is not HolderKind.PERSON:
        why_zh = f"单位取得住房，没有个人的优惠，交{rate_zh(figures.deed_base)}。"
        return figures.deed_base, why_zh, _PROVINCE_LAW_ZH
    is_bought = deal.cause in (Cause.SALE, Cause.DEVELOPER_SALE)
    row = rates.home_deed_row(deal.taker_homes, deal.day) if is_bought else None
    if row is None:
        how_zh = f"这是家里{HomesOwned.MORE.name_zh}" if is_bought else "不是买的住房，没有买房的优惠"
        if deal.cause is Cause.EXCHANGE:
            how_zh = "换房只按补的差价算"
        why_zh = f"{how_zh}，按全省的住房税率{rate_zh(figures.deed_home)}交。"
        return figures.deed_home, why_zh, _PROVINCE_LAW_ZH
    rate = row.rate(deal.area)
    size_zh = "不超过" if deal.area <= row.area_limit_m2 else "超过"
    which_zh = "家庭唯一住房" if deal.taker_homes is HomesOwned.ONLY else "家庭第二套住房"
    why_zh = f"{which_zh}，面积{size_zh}{row.area_limit_m2}平方米，按不含增值税的价款交{rate_zh(rate)}。"
    return rate, why_zh, f"{row.law_zh}；契税法第四条"


def vat(deal: Deal) -> TaxLine:
    """VAT on a home held less than two years; without a day it is taken as such, since the papers must show it."""
    since = deal.held_since
    if since is not None and full_years_reached(since, deal.day, rates.VAT_FREE_YEARS):
        why_zh = "住房取得满二年再转让，免征增值税，附加税费也不用交。"
        return TaxLine(Tax.VAT, GIVER, Standing.EXEMPT, why_zh, f"{FAMILY_LAW_ZH}；{HOLDING_LAW_ZH}")
    row = rates.on_day(rates.VAT_UNDER_TWO_YEARS, deal.day)
    assert row is not None, "the table holds on every day the estimate takes"
    amount_fen = half_up(Fraction(deal.price_fen) * row.rate / (1 + row.rate))
    held_zh = "住房取得不满二年" if since else "没有说明取得满二年"
    why_zh = f"{held_zh}，按不含税价的{rate_zh(row.rate)}交：价款除以{float(1 + row.rate):g}，再乘{rate_zh(row.rate)}。"
    base_fen = deal.price_fen - amount_fen
    return TaxLine(Tax.VAT, GIVER, Standing.DUE, why_zh, row.law_zh, base_fen, row.rate, amount_fen)


def surcharges(deal: Deal, vat_fen: int) -> tuple[TaxLine, ...]:
    """The three charges upon VAT; none without it."""
    if not vat_fen:
        return ()
    part, half_zh, half_law_zh = _halving(deal.day)
    city = rates.CITY_MAINTENANCE[deal.seat]
    rows = (
        (Tax.CITY_MAINTENANCE, city, f"房子在{deal.seat.name_zh}，", rates.CITY_MAINTENANCE_LAW_ZH),
        (Tax.EDUCATION, rates.EDUCATION, "", rates.EDUCATION_LAW_ZH),
        (Tax.LOCAL_EDUCATION, rates.LOCAL_EDUCATION, "", rates.LOCAL_EDUCATION_LAW_ZH),
    )
    return tuple(
        due(
            tax,
            GIVER,
            vat_fen,
            rate * part,
            (f"{where_zh}按增值税的{rate_zh(rate)}交{half_zh}。", law_zh + half_law_zh),
        )
        for tax, rate, where_zh, law_zh in rows
    )


def income(deal: Deal, figures: TaxFigures, net_fen: int, paid_fen: int) -> TaxLine:
    """Free after five years as the family's only home; a fifth of the gain with papers, else the assessed rate."""
    since = deal.held_since
    if since is not None and deal.is_givers_only_home and full_years_reached(since, deal.day, rates.INCOME_FREE_YEARS):
        why_zh = "取得满五年，又是家里唯一的生活用房，免征。"
        return TaxLine(Tax.INCOME, GIVER, Standing.EXEMPT, why_zh, "财税字〔1994〕20号；国税发〔2006〕108号")
    if deal.cost_fen is not None:
        gain_fen = max(0, net_fen - deal.cost_fen - paid_fen)
        why_zh = f"卖价（不含增值税）减去有票据的买价和税费，赚的部分交{rate_zh(rates.INCOME)}。"
        return due(Tax.INCOME, GIVER, gain_fen, rates.INCOME, (why_zh, rates.INCOME_LAW_ZH))
    why_zh = f"没有填原来的买价，按卖价（不含增值税）的{rate_zh(figures.income_assessed)}核定。"
    return due(Tax.INCOME, GIVER, net_fen, figures.income_assessed, (why_zh, rates.INCOME_LAW_ZH))


def stamp_of_sale(deal: Deal, net_fen: int, payers: tuple[TaxPayer, ...]) -> tuple[TaxLine, ...]:
    """A person who buys or sells a home pays none; all others their half each."""
    kinds = {GIVER: deal.giver, TAKER: deal.taker}
    free = deal.is_home and deal.cause is not Cause.EXCHANGE
    return tuple(
        TaxLine(Tax.STAMP, payer, Standing.EXEMPT, "个人买卖住房，免征印花税。", HOME_EXEMPT_LAW_ZH)
        if free and kinds[payer] is HolderKind.PERSON
        else stamp(deal, net_fen, payer, kinds[payer])
        for payer in payers
    )


def stamp(deal: Deal, base_fen: int, payer: TaxPayer, kind: HolderKind) -> TaxLine:
    """One side's half; an entity's is shown in full, since only a small one is halved."""
    part, half_zh, half_law_zh = Fraction(1), "，小微企业可以减半", ""
    if kind is HolderKind.PERSON:
        part, half_zh, half_law_zh = _halving(deal.day)
    words = (f"产权转移的合同，双方各按{rate_zh(rates.STAMP)}交{half_zh}。", rates.STAMP_LAW_ZH + half_law_zh)
    return due(Tax.STAMP, payer, base_fen, rates.STAMP * part, words)


def _halving(day: date) -> tuple[Fraction, str, str]:
    """What is left of a tax of a natural person, and the words for it."""
    row = rates.on_day(rates.HALVED, day)
    if row is None:
        return Fraction(1), "", ""
    return row.rate, "，个人减半", f"；{row.law_zh}"
