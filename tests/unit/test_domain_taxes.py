"""The tax estimate: the worked examples to the fen, the dates behind the rates, and what is left to the tax office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from tongban.domain.codes import UnitCode
from tongban.domain.dues import DueKind, DueLine
from tongban.domain.errors import InvalidInput
from tongban.domain.fees import FeeClass, FeeFigures, FeeInput, FeeUnit, registration_fee
from tongban.domain.fees.terms import FeeUse, PaidBy, PayerKind
from tongban.domain.taxes import (
    Deal,
    Estimate,
    HomeHistory,
    HomesOwned,
    Seat,
    Standing,
    Tax,
    TaxFigures,
    TaxPayer,
    estimate,
    full_years_reached,
    held_since,
)
from tongban.domain.taxes.lines import half_up, rate_zh
from tongban.domain.taxes.rates import HALVED, HOME_DEED_RATES, VAT_UNDER_TWO_YEARS, on_day
from tongban.domain.terms import Cause, HolderKind, Subject

DAY = date(2026, 11, 25)
PROVINCE = TaxFigures.of({})
GIVER, TAKER = TaxPayer.GIVER, TaxPayer.TAKER
SALE = Deal(Cause.SALE, 800_000_00, DAY, area_m2="118", held_since=date(2023, 11, 1), taker_homes=HomesOwned.ONLY)


def fee_fen(use: FeeUse = FeeUse.RESIDENTIAL, subject: Subject = Subject.TITLE, payer: PayerKind | None = None) -> int:
    unit = FeeUnit(UnitCode("410526001001GB00001F00010001"), use)
    certificates = 0 if subject is Subject.MORTGAGE else 1
    role = PaidBy.MORTGAGEE if subject is Subject.MORTGAGE else PaidBy.RIGHT_HOLDER
    asked = FeeInput(FeeClass.STANDARD, subject, (unit,), certificates, role, DAY, payer or PayerKind.PERSON)
    return registration_fee(asked, FeeFigures.of({})).total_fen


def amounts(found: Estimate, payer: TaxPayer) -> Mapping[Tax, int]:
    return {line.tax: line.amount_fen for line in found.of(payer) if line.amount_fen}


def standings(found: Estimate) -> Mapping[tuple[Tax, TaxPayer], Standing]:
    return {(line.tax, line.payer): line.standing for line in found.lines}


# --- the worked examples ---------------------------------------------------------------------------------------------


def test_a_home_held_three_years_sold_to_a_family_without_one() -> None:
    found = estimate(SALE, PROVINCE)

    assert amounts(found, GIVER) == {Tax.INCOME: 8_000_00}
    assert amounts(found, TAKER) == {Tax.DEED: 8_000_00}
    assert found.total_of(TAKER) + fee_fen() == 8_080_00
    assert found.total_of(GIVER) == 8_000_00
    assert standings(found)[Tax.VAT, GIVER] is Standing.EXEMPT
    assert standings(found)[Tax.STAMP, TAKER] is Standing.EXEMPT


def test_a_home_held_one_year_sold_as_a_second_large_home() -> None:
    deal = replace(
        SALE, price_fen=1_030_000_00, area_m2="150", held_since=date(2025, 11, 20), taker_homes=HomesOwned.SECOND
    )

    found = estimate(deal, PROVINCE)

    assert amounts(found, GIVER) == {
        Tax.VAT: 30_000_00,
        Tax.CITY_MAINTENANCE: 750_00,
        Tax.EDUCATION: 450_00,
        Tax.LOCAL_EDUCATION: 300_00,
        Tax.INCOME: 10_000_00,
    }
    assert amounts(found, TAKER) == {Tax.DEED: 20_000_00}
    assert fee_fen() == 80_00


def test_a_father_gives_his_daughter_a_home() -> None:
    deal = Deal(Cause.KIN_GIFT, 500_000_00, DAY, area_m2="90", held_since=date(2020, 1, 1))

    found = estimate(deal, PROVINCE)

    assert amounts(found, TAKER) == {Tax.DEED: 15_000_00, Tax.STAMP: 125_00}
    assert amounts(found, GIVER) == {Tax.STAMP: 125_00}
    assert standings(found)[Tax.VAT, GIVER] is Standing.EXEMPT
    assert standings(found)[Tax.INCOME, TAKER] is Standing.NOT_LEVIED
    assert found.is_complete
    assert fee_fen() == 80_00


def test_a_bank_pays_eighty_yuan_for_its_mortgage_and_no_tax_comes_up() -> None:
    assert fee_fen(subject=Subject.MORTGAGE) == 80_00


def test_an_office_bought_by_a_small_enterprise_leads_to_the_home_window() -> None:
    deal = Deal(
        Cause.SALE,
        2_000_000_00,
        DAY,
        is_home=False,
        area_m2="200",
        giver=HolderKind.ENTERPRISE,
        taker=HolderKind.ENTERPRISE,
    )

    found = estimate(deal, PROVINCE)

    assert "不能在外地窗口通办" in found.to_home_window_zh
    assert standings(found)[Tax.LAND_VAT, GIVER] is Standing.ASK
    assert not found.is_complete and found.total_of(GIVER) == 0
    assert fee_fen(FeeUse.OTHER, payer=PayerKind.SMALL_ENTERPRISE) == 0


# --- deed tax --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("homes", "area_m2", "wanted"),
    [
        (HomesOwned.ONLY, "140", "1%"),
        (HomesOwned.ONLY, "140.001", "1.5%"),
        (HomesOwned.SECOND, "140.00", "1%"),
        (HomesOwned.SECOND, "140.01", "2%"),
        (HomesOwned.MORE, "60", "3%"),
    ],
)
def test_the_deed_tax_of_a_home_depends_on_how_many_and_how_large(homes: HomesOwned, area_m2: str, wanted: str) -> None:
    line = estimate(replace(SALE, taker_homes=homes, area_m2=area_m2), PROVINCE).lines[0]

    assert (line.tax, rate_zh(line.rate)) == (Tax.DEED, wanted)


@pytest.mark.parametrize(("day", "wanted"), [(date(2024, 11, 30), "1.5%"), (date(2024, 12, 1), "1%")])
def test_the_limit_was_raised_to_140_square_metres_on_the_first_of_december_2024(day: date, wanted: str) -> None:
    deal = replace(SALE, day=day, held_since=date(2018, 1, 1))

    assert rate_zh(estimate(deal, PROVINCE).lines[0].rate) == wanted


def test_a_place_sets_its_own_deed_rates() -> None:
    figures = TaxFigures.of({"tax.deed_home_rate": "3.5", "tax.deed_base_rate": "5"})
    shop = Deal(Cause.KIN_GIFT, 100_00, DAY, is_home=False)

    assert estimate(replace(SALE, taker_homes=HomesOwned.MORE), figures).lines[0].amount_fen == 28_000_00
    assert estimate(shop, figures).lines[0].amount_fen == 5_00
    assert TaxFigures(Fraction(4, 100), Fraction(3, 100), Fraction(1, 100)) == PROVINCE


def test_an_entity_that_buys_a_home_has_no_family_rate_and_pays_stamp_duty() -> None:
    found = estimate(replace(SALE, taker=HolderKind.ENTERPRISE), PROVINCE)

    assert amounts(found, TAKER) == {Tax.DEED: 32_000_00, Tax.STAMP: 400_00}


def test_in_an_exchange_only_the_difference_bears_deed_tax() -> None:
    swap = replace(SALE, cause=Cause.EXCHANGE, returned_fen=700_000_00)

    dearer, cheaper = estimate(swap, PROVINCE), estimate(replace(swap, returned_fen=800_000_00), PROVINCE)

    assert (dearer.lines[0].base_fen, dearer.lines[0].amount_fen) == (100_000_00, 3_000_00)
    assert (cheaper.lines[0].standing, cheaper.lines[0].amount_fen) == (Standing.NOT_LEVIED, 0)


def test_of_a_new_home_the_buyer_pays_deed_tax_on_the_price_without_vat() -> None:
    deal = replace(SALE, cause=Cause.DEVELOPER_SALE, giver=HolderKind.ENTERPRISE, held_since=None)

    found = estimate(deal, PROVINCE)

    assert amounts(found, TAKER) == {Tax.DEED: 8_000_00}
    assert found.of(GIVER) == () and found.to_home_window_zh == ""


# --- VAT and what hangs on it ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "day", "is_free"),
    [
        (date(2024, 11, 25), DAY, True),
        (date(2024, 11, 26), DAY, False),
        (None, DAY, False),
        (date(2024, 2, 29), date(2026, 2, 28), False),
        (date(2024, 2, 29), date(2026, 3, 1), True),
    ],
)
def test_vat_falls_away_after_two_full_years(since: date | None, day: date, is_free: bool) -> None:
    vat = estimate(replace(SALE, held_since=since, day=day), PROVINCE).lines[1]

    assert (vat.standing is Standing.EXEMPT) is is_free


@pytest.mark.parametrize(
    ("day", "price_fen", "vat_fen"), [(date(2025, 12, 31), 105_00, 5_00), (date(2026, 1, 1), 103_00, 3_00)]
)
def test_the_vat_rate_fell_to_three_per_cent_in_2026(day: date, price_fen: int, vat_fen: int) -> None:
    deal = replace(SALE, price_fen=price_fen, day=day, held_since=day)

    assert amounts(estimate(deal, PROVINCE), GIVER)[Tax.VAT] == vat_fen


@pytest.mark.parametrize(("seat", "city_fen"), [(Seat.CITY, 1050_00), (Seat.TOWN, 750_00), (Seat.COUNTRY, 150_00)])
def test_the_city_maintenance_tax_depends_on_the_place(seat: Seat, city_fen: int) -> None:
    deal = replace(SALE, price_fen=1_030_000_00, held_since=None, seat=seat)

    assert amounts(estimate(deal, PROVINCE), GIVER)[Tax.CITY_MAINTENANCE] == city_fen


def test_the_halving_ends_with_2027() -> None:
    last, next_day = date(2027, 12, 31), date(2028, 1, 1)
    deal = replace(SALE, price_fen=1_030_000_00, held_since=last, day=last)

    assert amounts(estimate(deal, PROVINCE), GIVER)[Tax.EDUCATION] == 450_00
    assert amounts(estimate(replace(deal, day=next_day), PROVINCE), GIVER)[Tax.EDUCATION] == 900_00


# --- income tax ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "is_only", "wanted"),
    [
        (date(2021, 11, 25), True, Standing.EXEMPT),
        (date(2021, 11, 26), True, Standing.DUE),
        (date(2010, 1, 1), False, Standing.DUE),
        (None, True, Standing.DUE),
    ],
)
def test_income_tax_falls_away_after_five_years_as_the_only_home(
    since: date | None, is_only: bool, wanted: Standing
) -> None:
    found = estimate(replace(SALE, held_since=since, is_givers_only_home=is_only), PROVINCE)

    assert standings(found)[Tax.INCOME, GIVER] is wanted


def test_with_papers_of_the_cost_a_fifth_of_the_gain_is_taken() -> None:
    gain = estimate(replace(SALE, cost_fen=700_000_00), PROVINCE)
    loss = estimate(replace(SALE, cost_fen=900_000_00), PROVINCE)

    assert amounts(gain, GIVER) == {Tax.INCOME: 20_000_00}
    assert amounts(loss, GIVER) == {}


def test_the_charges_upon_vat_lessen_the_gain() -> None:
    deal = replace(SALE, price_fen=1_030_000_00, held_since=None, cost_fen=900_000_00)

    assert amounts(estimate(deal, PROVINCE), GIVER)[Tax.INCOME] == 19_700_00  # (1,000,000 - 900,000 - 1,500) x 20 %


def test_who_buys_again_is_told_of_the_refund_while_it_lasts() -> None:
    assert "可以申请退" in estimate(SALE, PROVINCE).notes_zh[0]
    assert estimate(replace(SALE, day=date(2028, 1, 1)), PROVINCE).notes_zh == ()


# --- without a price -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cause", [Cause.INHERITANCE, Cause.SPOUSES, Cause.DIVORCE])
def test_heirs_and_spouses_pay_nothing(cause: Cause) -> None:
    found = estimate(replace(SALE, cause=cause), PROVINCE)

    assert found.total_fen == 0
    assert standings(found)[Tax.DEED, TAKER] is Standing.EXEMPT


def test_a_legatee_pays_deed_tax_since_he_is_no_heir_by_law() -> None:
    found = estimate(Deal(Cause.LEGACY, 500_000_00, DAY, area_m2="90"), PROVINCE)

    assert amounts(found, TAKER) == {Tax.DEED: 15_000_00}
    assert amounts(found, GIVER) == {}


def test_a_gift_to_a_stranger_is_taxed_as_a_sale_and_the_receiver_pays_income_tax() -> None:
    found = estimate(Deal(Cause.GIFT, 500_000_00, DAY, area_m2="90", held_since=date(2020, 1, 1)), PROVINCE)

    assert amounts(found, TAKER) == {Tax.DEED: 15_000_00, Tax.STAMP: 125_00, Tax.INCOME: 96_975_00}
    assert standings(found)[Tax.VAT, GIVER] is Standing.EXEMPT
    assert standings(found)[Tax.LAND_VAT, GIVER] is Standing.ASK


def test_a_gift_of_a_shop_to_kin_bears_no_land_vat() -> None:
    found = estimate(Deal(Cause.KIN_GIFT, 500_000_00, DAY, is_home=False), PROVINCE)

    assert amounts(found, TAKER)[Tax.DEED] == 20_000_00
    assert standings(found)[Tax.LAND_VAT, GIVER] is Standing.NOT_LEVIED
    assert found.to_home_window_zh == ""


@pytest.mark.parametrize("cause", [Cause.COURT_RULING, Cause.DEBT_SETTLEMENT, Cause.RESETTLEMENT])
def test_what_is_not_estimated_is_left_to_the_tax_office(cause: Cause) -> None:
    found = estimate(replace(SALE, cause=cause), PROVINCE)

    assert found.total_fen == 0
    assert {line.standing for line in found.lines} == {Standing.ASK}


@pytest.mark.parametrize("cause", [Cause.SALE, Cause.EXCHANGE, Cause.GIFT, Cause.CONTRIBUTION])
def test_a_shop_sold_by_a_person_leads_to_the_home_window(cause: Cause) -> None:
    assert estimate(replace(SALE, cause=cause, is_home=False), PROVINCE).to_home_window_zh


# --- tables and words ------------------------------------------------------------------------------------------------


def test_a_home_counts_from_the_earlier_paper_and_from_the_one_who_left_it() -> None:
    certificate, receipt, before = date(2021, 5, 1), date(2021, 3, 1), date(2001, 1, 1)

    assert held_since(HomeHistory(Cause.SALE, certificate, receipt, before)) == receipt
    assert held_since(HomeHistory(Cause.SALE, certificate)) == certificate
    assert held_since(HomeHistory(Cause.INHERITANCE, certificate, receipt, before)) == before
    assert held_since(HomeHistory(Cause.KIN_GIFT, certificate, receipt)) == receipt
    with pytest.raises(InvalidInput, match="不知道房子是哪天买的"):
        held_since(HomeHistory(Cause.SALE))


def test_years_are_full_on_their_day() -> None:
    assert full_years_reached(date(2021, 11, 25), DAY, 5)
    assert not full_years_reached(date(2021, 11, 26), DAY, 5)
    assert full_years_reached(date(2000, 12, 31), DAY, 5)


def test_dated_rows_never_overlap_and_each_has_its_source() -> None:
    for rows in (VAT_UNDER_TWO_YEARS, HALVED):
        for row, following in pairwise(rows):
            assert row.period.last is not None and row.period.last < following.period.first
    for homes in (HomesOwned.ONLY, HomesOwned.SECOND):
        for day in (date(2023, 1, 1), date(2024, 11, 30), date(2024, 12, 1), DAY):
            assert len([row for row in HOME_DEED_RATES if row.homes is homes and row.period.holds(day)]) == 1
    assert all(row.law_zh for row in (*VAT_UNDER_TWO_YEARS, *HALVED, *HOME_DEED_RATES))
    assert on_day(HALVED, date(2028, 1, 1)) is None
    assert HOME_DEED_RATES[-1].area_limit_m2 == Decimal(140)


def test_each_line_tells_payer_base_rate_law_and_reason() -> None:
    for cause in Cause:
        for line in estimate(replace(SALE, cause=cause, held_since=DAY), PROVINCE).lines:
            assert line.why_zh and line.law_zh
            assert (line.rate > 0) == (line.standing is Standing.DUE)


def test_a_tax_line_is_a_due_of_its_payer() -> None:
    line = estimate(SALE, PROVINCE).lines[0]

    assert line.due == DueLine(DueKind.TAX, TAKER, 8_000_00, "契税", line.law_zh)


def test_fen_are_rounded_half_up_and_rates_read_plainly() -> None:
    assert [half_up(Fraction(n, 2)) for n in (0, 1, 2, 3)] == [0, 1, 1, 2]
    assert [rate_zh(Fraction(n, 100000)) for n in (1500, 50, 25, 10000)] == ["1.5%", "0.05%", "0.025%", "10%"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"price_fen": -1}, "价钱不对"),
        ({"price_fen": 10**13 + 1}, "价钱不对"),
        ({"area_m2": ""}, "房屋面积不对"),
        ({"area_m2": "0"}, "房屋面积不对"),
        ({"area_m2": "1e3"}, "房屋面积不对"),
        ({"held_since": date(2026, 11, 26)}, "取得房子的日期晚于"),
        ({"cost_fen": -1}, "原来买房的花费不对"),
        ({"returned_fen": -1}, "换出去的房子的价值不对"),
    ],
)
def test_impossible_deals_are_refused_in_words(changes: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        replace(SALE, **changes)  # type: ignore[arg-type]


def test_a_day_before_the_tables_is_refused_in_words() -> None:
    with pytest.raises(InvalidInput, match="只估算2023年1月1日以后的税费"):
        estimate(replace(SALE, day=date(2022, 12, 31), held_since=None), PROVINCE)
