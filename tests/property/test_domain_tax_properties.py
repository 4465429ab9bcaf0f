"""Whatever is transferred: no tax is negative, a dearer house never costs less tax, exempt is nothing, sums hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tongban.domain.taxes import Deal, HomesOwned, Seat, Standing, TaxFigures, TaxPayer, estimate
from tongban.domain.terms import Cause, HolderKind

PROVINCE = TaxFigures.of({})
DAYS = st.dates(date(2023, 1, 1), date(2030, 12, 31))


@st.composite
def deals(draw: st.DrawFn) -> Deal:
    day = draw(DAYS)
    return Deal(
        cause=draw(st.sampled_from(Cause)),
        price_fen=draw(st.integers(0, 10**11)),
        day=day,
        is_home=draw(st.booleans()),
        area_m2=draw(st.sampled_from(["60", "90", "90.01", "140", "140.01", "300"])),
        giver=draw(st.sampled_from([HolderKind.PERSON, HolderKind.ENTERPRISE])),
        taker=draw(st.sampled_from([HolderKind.PERSON, HolderKind.ENTERPRISE])),
        held_since=draw(st.none() | st.dates(date(1990, 1, 1), day)),
        is_givers_only_home=draw(st.booleans()),
        taker_homes=draw(st.sampled_from(HomesOwned)),
        seat=draw(st.sampled_from(Seat)),
        cost_fen=draw(st.none() | st.integers(0, 10**11)),
        returned_fen=draw(st.integers(0, 10**11)),
    )


@given(deals())
def test_no_tax_is_negative_and_each_side_pays_its_lines(deal: Deal) -> None:
    found = estimate(deal, PROVINCE)

    assert all(line.amount_fen >= 0 and line.base_fen >= 0 for line in found.lines)
    assert found.total_fen == sum(line.amount_fen for line in found.lines)
    assert found.total_fen == sum(found.total_of(payer) for payer in TaxPayer)


@given(deals())
def test_what_is_exempt_or_left_to_the_tax_office_is_nothing(deal: Deal) -> None:
    for line in estimate(deal, PROVINCE).lines:
        if line.standing is not Standing.DUE:
            assert (line.amount_fen, line.base_fen, line.rate) == (0, 0, 0)


@given(deals(), st.integers(0, 10**9) | st.integers(0, 100))
def test_a_dearer_house_never_bears_less_tax(deal: Deal, more_fen: int) -> None:
    dearer = replace(deal, price_fen=deal.price_fen + more_fen)

    assert estimate(dearer, PROVINCE).total_fen >= estimate(deal, PROVINCE).total_fen


@given(deals())
def test_each_tax_is_its_base_times_its_rate_to_half_a_fen(deal: Deal) -> None:
    for line in estimate(deal, PROVINCE).lines:
        assert abs(line.amount_fen - line.base_fen * line.rate) <= 1


@given(deals())
def test_holding_longer_never_costs_more(deal: Deal) -> None:
    longer = replace(deal, held_since=date(1990, 1, 1))
    before, after = (estimate(one, PROVINCE).total_of(TaxPayer.GIVER) for one in (deal, longer))

    assert after <= before
