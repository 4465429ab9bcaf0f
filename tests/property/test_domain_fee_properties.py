"""Whatever is registered by whomever: the fee is never negative, its sum holds, exempt is nothing, more is not less."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tongban.domain.codes import UnitCode
from tongban.domain.dues import agreed_split, equal_split
from tongban.domain.fees import FeeClass, FeeFigures, FeeInput, FeeUnit, recovery, refund, registration_fee
from tongban.domain.fees.tables import CLASS_RULES
from tongban.domain.fees.terms import FeeRate, FeeUse, Ground, PaidBy, PayerKind
from tongban.domain.terms import HouseNature, Subject

LAW = FeeFigures.of({})
DAYS = st.dates(date(2016, 12, 6), date(2030, 12, 31))
CHARGEABLE = [one for one in FeeClass if one is not FeeClass.QUERY]


@st.composite
def inputs(draw: st.DrawFn, subject: Subject | None = None) -> FeeInput:
    places = draw(st.sets(st.tuples(st.integers(1, 3), st.integers(1, 4)), min_size=1, max_size=6))
    units = tuple(
        FeeUnit(
            UnitCode(f"410526001001GB{parcel:05d}F{number:08d}"),
            draw(st.sampled_from(FeeUse)),
            draw(st.sampled_from(HouseNature)),
        )
        for parcel, number in sorted(places)
    )
    about = subject or draw(st.sampled_from(Subject))
    return FeeInput(
        draw(st.sampled_from(CHARGEABLE)),
        about,
        units,
        draw(st.integers(0, 9)),
        PaidBy.RIGHT_HOLDER,
        draw(DAYS),
        draw(st.sampled_from(PayerKind)),
        is_one_loan=about is Subject.MORTGAGE and draw(st.booleans()),
    )


@given(inputs())
def test_a_bill_is_the_sum_of_its_lines_and_never_negative(asked: FeeInput) -> None:
    bill = registration_fee(asked, LAW)

    assert bill.total_fen == sum(line.amount_fen for line in bill.lines) >= 0
    assert sum(line.amount_fen for line in bill.due_lines) == bill.total_fen
    assert bill.lines and all(line.amount_fen >= 0 and line.basis_zh and line.law_zh for line in bill.lines)
    assert all(exemption.waived_fen >= 0 for exemption in bill.exemptions)


@given(inputs())
def test_a_small_payer_never_pays(asked: FeeInput) -> None:
    for kind in (PayerKind.SMALL_ENTERPRISE, PayerKind.SOLE_TRADER):
        assert registration_fee(replace(asked, payer_kind=kind), LAW).total_fen == 0


@given(inputs(Subject.TITLE))
def test_social_housing_never_pays(asked: FeeInput) -> None:
    social = tuple(replace(unit, house_nature=HouseNature.AFFORDABLE) for unit in asked.units)
    if any(unit.use is not FeeUse.GARAGE_WITH_HOUSE for unit in social):
        assert registration_fee(replace(asked, units=social), LAW).total_fen == 0


@given(inputs())
def test_another_certificate_costs_nothing_or_ten_yuan(asked: FeeInput) -> None:
    more = replace(asked, certificates=asked.certificates + 1)

    assert registration_fee(more, LAW).total_fen - registration_fee(asked, LAW).total_fen in (0, 1000)


@given(inputs(Subject.MORTGAGE))
def test_one_loan_is_never_dearer_than_many(asked: FeeInput) -> None:
    together, apart = (replace(asked, is_one_loan=one, certificates=0) for one in (True, False))

    assert registration_fee(together, LAW).total_fen <= registration_fee(apart, LAW).total_fen


@given(inputs())
def test_the_order_of_the_things_does_not_matter(asked: FeeInput) -> None:
    turned = replace(asked, units=tuple(reversed(asked.units)))

    assert registration_fee(turned, LAW).total_fen == registration_fee(asked, LAW).total_fen


@given(inputs())
def test_a_class_that_is_free_costs_nothing_but_further_certificates(asked: FeeInput) -> None:
    free = [rule for rule in CLASS_RULES if rule.rate is FeeRate.FREE and rule.period.holds(asked.day)]
    for rule in free:
        bill = registration_fee(replace(asked, fee_class=rule.fee_class, certificates=0), LAW)
        assert bill.total_fen == 0


@given(inputs())
def test_what_is_recovered_makes_up_the_bill_without_the_false_grounds(asked: FeeInput) -> None:
    bill = registration_fee(asked, LAW)
    grounds = frozenset(exemption.rule.ground for exemption in bill.exemptions)
    for false in ({one} for one in grounds):
        owed = sum(line.amount_fen for line in recovery(bill, false))
        assert 0 <= owed == max(0, registration_fee(asked, LAW, frozenset(false)).total_fen - bill.total_fen)
    everything = registration_fee(asked, LAW, frozenset(Ground))
    assert everything.exemptions == () and everything.total_fen >= bill.total_fen


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.booleans(), st.booleans())
def test_never_more_goes_back_than_was_paid(paid_fen: int, owed_fen: int, is_recorded: bool, has_ended: bool) -> None:
    back_fen = refund(paid_fen, owed_fen, is_recorded=is_recorded, has_ended=has_ended).amount_fen

    assert 0 <= back_fen <= paid_fen
    if is_recorded:
        assert paid_fen - back_fen == min(paid_fen, owed_fen)


@given(st.integers(0, 10**9), st.integers(1, 50))
def test_parts_of_co_owners_make_up_the_whole(total_fen: int, people: int) -> None:
    parts = equal_split(total_fen, people)

    assert agreed_split(total_fen, parts) == parts
    assert max(parts) - min(parts) <= 1
