"""The registration fee, row by row of the law: 财税〔2016〕79号, 发改价格规〔2016〕2559号, 财税〔2019〕45号."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tongban.domain.codes import UnitCode
from tongban.domain.dues import DueKind, DueLine, agreed_split, equal_split, yuan_zh
from tongban.domain.errors import InvalidInput
from tongban.domain.facts import UnitState
from tongban.domain.fees import (
    FeeBill,
    FeeClass,
    FeeFigures,
    FeeInput,
    FeeUnit,
    Refund,
    fee_class_for,
    fee_use_of,
    paid_by,
    recovery,
    refund,
    registration_fee,
)
from tongban.domain.fees.tables import CLASS_RULES, USE_RULES
from tongban.domain.fees.terms import FeeEvidence, FeeUse, Ground, PaidBy, PayerKind
from tongban.domain.terms import Cause, HouseNature, Registration, RightKind, Subject

DAY = date(2026, 11, 25)
BEFORE = date(2019, 6, 30)
LAW = FeeFigures.of({})


def unit(number: int = 1, use: FeeUse = FeeUse.RESIDENTIAL, parcel: int = 1, nature: str = "market") -> FeeUnit:
    return FeeUnit(UnitCode(f"410526001001GB{parcel:05d}F{number:08d}"), use, HouseNature(nature))


def asked(fee_class: FeeClass = FeeClass.STANDARD, *units: FeeUnit, **more: object) -> FeeInput:
    given: dict[str, object] = {
        "subject": Subject.TITLE,
        "certificates": 1,
        "payer_role": PaidBy.RIGHT_HOLDER,
        "day": DAY,
        **more,
    }
    return FeeInput(fee_class=fee_class, units=units or (unit(),), **given)  # type: ignore[arg-type]


def bill(fee_class: FeeClass = FeeClass.STANDARD, *units: FeeUnit, **more: object) -> FeeBill:
    return registration_fee(asked(fee_class, *units, **more), LAW)


HOME, OFFICE = unit(use=FeeUse.RESIDENTIAL), unit(use=FeeUse.OTHER)
GARAGE, FIELD = unit(use=FeeUse.GARAGE_OWN), unit(use=FeeUse.FARMLAND)


@pytest.mark.parametrize(
    ("fee_class", "thing", "day", "wanted_fen"),
    [
        (FeeClass.STANDARD, HOME, DAY, 8000),
        (FeeClass.STANDARD, OFFICE, DAY, 55000),
        (FeeClass.STANDARD, GARAGE, DAY, 8000),
        (FeeClass.STANDARD, GARAGE, BEFORE, 55000),
        (FeeClass.STANDARD, FIELD, DAY, 0),
        (FeeClass.STANDARD, FIELD, BEFORE, 55000),
        (FeeClass.STANDARD, unit(use=FeeUse.GARAGE_WITH_HOUSE), DAY, 0),
        (FeeClass.STANDARD, unit(use=FeeUse.HOMESTEAD), DAY, 1000),
        (FeeClass.HABITATION, HOME, DAY, 8000),
        (FeeClass.OBJECTION, HOME, DAY, 4000),
        (FeeClass.OBJECTION, OFFICE, DAY, 27500),
        (FeeClass.ALTERATION, HOME, DAY, 0),
        (FeeClass.ALTERATION, HOME, date(2019, 7, 1), 0),
        (FeeClass.ALTERATION, HOME, BEFORE, 4000),
        (FeeClass.CORRECTION, OFFICE, DAY, 0),
        (FeeClass.CORRECTION, OFFICE, BEFORE, 27500),
        (FeeClass.REGISTRY_ERROR, OFFICE, BEFORE, 0),
        (FeeClass.STATE_RENAMING, HOME, BEFORE, 0),
        (FeeClass.CANCELLATION, OFFICE, BEFORE, 0),
        (FeeClass.PRIORITY_NOTICE, HOME, DAY, 0),
        (FeeClass.SEIZURE, OFFICE, DAY, 0),
        (FeeClass.SPOUSES, HOME, DAY, 1000),
        (FeeClass.DIVORCE, HOME, DAY, 8000),
        (FeeClass.REISSUE, OFFICE, DAY, 1000),
        (FeeClass.OLD_STYLE, HOME, DAY, 0),
        (FeeClass.QUERY, HOME, DAY, 0),
    ],
)
def test_each_row_of_the_law_gives_its_amount(fee_class: FeeClass, thing: FeeUnit, day: date, wanted_fen: int) -> None:
    made = bill(fee_class, thing, day=day)

    assert made.total_fen == wanted_fen
    assert all(line.law_zh and line.basis_zh for line in made.lines)


def test_every_class_and_every_use_has_exactly_one_rule_on_every_day() -> None:
    for day in (date(2016, 12, 6), BEFORE, date(2019, 7, 1), DAY):
        classes = [rule.fee_class for rule in CLASS_RULES if rule.period.holds(day)]
        uses = [rule.use for rule in USE_RULES if rule.period.holds(day)]
        assert sorted(classes) == sorted(FeeClass) and sorted(uses) == sorted(FeeUse)


def test_a_day_before_the_uniform_fee_is_refused_in_words() -> None:
    with pytest.raises(InvalidInput, match="不在本系统的收费表里"):
        bill(day=date(2016, 12, 5))


@pytest.mark.parametrize(
    ("fee_class", "certificates", "wanted_fen"),
    [
        (FeeClass.STANDARD, 0, 8000),
        (FeeClass.STANDARD, 3, 10000),
        (FeeClass.ALTERATION, 2, 1000),
        (FeeClass.SPOUSES, 2, 2000),
        (FeeClass.REISSUE, 0, 0),
        (FeeClass.OLD_STYLE, 2, 0),
    ],
)
def test_the_first_certificate_is_free_and_each_further_one_costs_ten_yuan(
    fee_class: FeeClass, certificates: int, wanted_fen: int
) -> None:
    assert bill(fee_class, certificates=certificates).total_fen == wanted_fen


def test_the_lines_say_how_it_was_counted() -> None:
    fee, paper = bill(certificates=2).lines

    assert (fee.name_zh, fee.amount_fen) == ("不动产登记费（住宅类）", 8000)
    assert fee.basis_zh.startswith("1件，每件80元，一共80元。")
    assert (paper.name_zh, paper.basis_zh) == (
        "不动产权证书工本费",
        "要2本证书，1本不收钱，多要的1本，每本10元，一共10元。",
    )
    assert fee.due == DueLine(
        DueKind.FEE,
        PaidBy.RIGHT_HOLDER,
        8000,
        "不动产登记费（住宅类）",
        "发改价格规〔2016〕2559号；民法典第二百二十三条",
    )


def test_each_unit_is_one_piece_with_one_free_certificate() -> None:
    made = bill(FeeClass.STANDARD, unit(1), unit(2), unit(3, FeeUse.OTHER), certificates=4)

    assert [line.amount_fen for line in made.lines] == [16000, 55000, 1000]
    assert made.pieces == 3
    assert made.pieces_zh == "一个不动产单元、一项权利、一种登记算一件，这里是3件。"


def test_a_garage_registered_with_its_house_is_no_piece() -> None:
    made = bill(FeeClass.STANDARD, unit(1), unit(2, FeeUse.GARAGE_WITH_HOUSE))

    assert (made.total_fen, made.pieces) == (8000, 1)
    assert "另有1个车库、车位、储藏室随房屋登记，不另算件" in made.pieces_zh


def loan(*units: FeeUnit, **more: object) -> FeeBill:
    given = {"subject": Subject.MORTGAGE, "certificates": 0, "payer_role": PaidBy.MORTGAGEE, "is_one_loan": True}
    return bill(FeeClass.STANDARD, *units, **(given | more))


def test_one_loan_on_several_things_of_one_parcel_is_one_piece() -> None:
    made = loan(unit(1), unit(2), unit(3))

    assert (made.total_fen, made.pieces) == (8000, 1)
    assert "3处不动产抵押一笔贷款，在1宗土地上，算1件" in made.pieces_zh


def test_one_loan_on_two_parcels_is_two_pieces_in_whatever_order_they_stand() -> None:
    assert loan(unit(1), unit(1, parcel=2), unit(2)).total_fen == 16000


def test_of_different_uses_on_one_parcel_the_fee_is_taken_once_and_by_the_dearest() -> None:
    assert loan(unit(1), unit(2, FeeUse.OTHER)).total_fen == 55000


def test_several_loans_are_several_pieces() -> None:
    assert loan(unit(1), unit(2), is_one_loan=False).total_fen == 16000


def test_the_bank_pays_the_mortgage_and_never_the_borrower() -> None:
    made = loan(unit())

    assert made.total_fen == 8000
    assert [line.payer_role for line in made.due_lines] == [PaidBy.MORTGAGEE]


@pytest.mark.parametrize(
    ("kind", "subject", "who"),
    [
        (Registration.TRANSFER, Subject.TITLE, PaidBy.RIGHT_HOLDER),
        (Registration.FIRST, Subject.MORTGAGE, PaidBy.MORTGAGEE),
        (Registration.TRANSFER, Subject.MORTGAGE, PaidBy.MORTGAGEE),
        (Registration.FIRST, Subject.HABITATION, PaidBy.RIGHT_HOLDER),
        (Registration.OBJECTION, Subject.OBJECTION, PaidBy.APPLICANT),
    ],
)
def test_the_one_entered_as_right_holder_pays(kind: Registration, subject: Subject, who: PaidBy) -> None:
    assert paid_by(kind, subject) is who


@pytest.mark.parametrize(
    ("kind", "ground", "evidence"),
    [
        (PayerKind.SMALL_ENTERPRISE, Ground.SMALL_ENTERPRISE, FeeEvidence.SMALL_ENTERPRISE_RECORD),
        (PayerKind.SOLE_TRADER, Ground.SOLE_TRADER, FeeEvidence.TRADER_LICENCE),
    ],
)
def test_a_small_enterprise_pays_nothing_and_its_evidence_is_kept(
    kind: PayerKind, ground: Ground, evidence: FeeEvidence
) -> None:
    made = bill(FeeClass.STANDARD, unit(use=FeeUse.OTHER), payer_kind=kind, certificates=2)

    assert (made.total_fen, made.due_lines) == (0, ())
    (exemption,) = made.exemptions
    assert (exemption.rule.ground, exemption.rule.evidence, exemption.waived_fen) == (ground, evidence, 56000)
    assert exemption.rule.needs_approver
    assert made.lines[0].law_zh == "财税〔2016〕79号" and made.lines[0].basis_zh.startswith("不收费。")


def test_a_small_borrower_does_not_make_the_bank_exempt() -> None:
    assert loan(unit(use=FeeUse.OTHER), payer_kind=PayerKind.OTHER).total_fen == 55000


@pytest.mark.parametrize("nature", ["public_rental", "affordable", "resettlement"])
def test_social_housing_is_registered_for_nothing(nature: str) -> None:
    made = bill(FeeClass.STANDARD, unit(nature=nature))

    assert made.total_fen == 0
    assert [(one.rule.ground, one.waived_fen) for one in made.exemptions] == [(Ground.SOCIAL_HOUSING, 8000)]


def test_the_mortgage_of_social_housing_is_charged() -> None:
    assert loan(unit(nature="affordable")).total_fen == 8000


def test_only_the_social_homes_among_several_are_free() -> None:
    made = bill(FeeClass.STANDARD, unit(1), unit(2, nature="affordable"), certificates=2)

    assert made.total_fen == 8000
    assert [one.waived_fen for one in made.exemptions] == [8000]


def test_what_is_free_by_law_needs_no_exemption() -> None:
    made = bill(FeeClass.PRIORITY_NOTICE, certificates=0, payer_kind=PayerKind.SMALL_ENTERPRISE)

    assert (made.total_fen, made.exemptions) == (0, ())
    assert made.lines[0].basis_zh == "不收费。预告登记不收费。"


def test_a_place_may_charge_the_divorced_as_spouses() -> None:
    as_spouses = FeeFigures.of({"fee.divorce_as_spouses": "on"})

    made = registration_fee(asked(FeeClass.DIVORCE), as_spouses)

    assert made.total_fen == 1000
    assert "当地把离婚分房子按夫妻间变更办" in made.lines[0].basis_zh


def test_the_figures_of_a_place_are_the_amounts() -> None:
    dear = FeeFigures.of({"fee.residential": "79.50", "fee.certificate": "5"})

    assert registration_fee(asked(certificates=2), dear).total_fen == 8450
    assert FeeFigures(8000, 55000, 4000, 27500, 1000, 8000, divorce_as_spouses=False) == LAW


def test_the_mortgage_of_a_homestead_is_not_for_the_paper_alone() -> None:
    assert loan(unit(use=FeeUse.HOMESTEAD)).total_fen == 8000


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"certificates": -1}, "证书本数不对"),
        ({"is_one_loan": True}, "只有抵押权登记才能按一笔贷款合并计件"),
    ],
)
def test_impossible_input_is_refused_in_words(more: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        asked(FeeClass.STANDARD, **more)


def test_units_are_named_once_and_at_least_one() -> None:
    with pytest.raises(InvalidInput, match="同一个不动产单元列了两次"):
        asked(FeeClass.STANDARD, unit(1), unit(1))
    with pytest.raises(InvalidInput, match="没有说明登记的是哪些不动产"):
        replace(asked(), units=())
    assert replace(asked(FeeClass.QUERY), units=()).units == ()


# --- what becomes of it later ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paid_fen", "owed_fen", "is_recorded", "has_ended", "back_fen"),
    [
        (8000, 8000, False, True, 8000),  # withdrawn, refused, or seized on the way
        (8000, 8000, True, True, 0),
        (8000, 8000, True, False, 0),
        (8000, 8000, False, False, 0),
        (55000, 8000, False, False, 47000),
        (55000, 8000, True, True, 47000),
        (0, 8000, False, True, 0),
        (4000, 8000, True, True, 0),
    ],
)
def test_the_fee_goes_back_when_nothing_was_recorded_or_too_much_was_taken(
    paid_fen: int, owed_fen: int, is_recorded: bool, has_ended: bool, back_fen: int
) -> None:
    found = refund(paid_fen, owed_fen, is_recorded=is_recorded, has_ended=has_ended)

    assert isinstance(found, Refund)
    assert found.amount_fen == back_fen
    assert found.why_zh and found.law_zh


def test_an_exemption_found_false_is_paid_after_all() -> None:
    made = bill(FeeClass.STANDARD, unit(use=FeeUse.OTHER), payer_kind=PayerKind.SMALL_ENTERPRISE)

    (line,) = recovery(made, [Ground.SMALL_ENTERPRISE])

    assert (line.kind, line.payer_role, line.amount_fen) == (DueKind.FEE, PaidBy.RIGHT_HOLDER, 55000)
    assert line.name_zh == "补缴不动产登记费（“小微企业免收”不成立）"


def test_a_false_marriage_owes_the_difference_to_the_full_fee() -> None:
    (line,) = recovery(bill(FeeClass.SPOUSES), [Ground.BETWEEN_SPOUSES])

    assert line.amount_fen == 7000


def test_nothing_is_owed_while_another_ground_still_holds() -> None:
    both = bill(FeeClass.STANDARD, unit(1), unit(2, nature="affordable"), payer_kind=PayerKind.SOLE_TRADER)

    assert recovery(both, [Ground.SOCIAL_HOUSING]) == ()
    assert [line.amount_fen for line in recovery(both, [Ground.SOLE_TRADER])] == [8000]
    assert [line.amount_fen for line in recovery(both, [Ground.SOLE_TRADER, Ground.SOCIAL_HOUSING])] == [16000]


def test_a_ground_the_bill_does_not_rest_on_cannot_prove_false() -> None:
    with pytest.raises(InvalidInput, match="没有用到这一项减免"):
        recovery(bill(), [Ground.SOCIAL_HOUSING])


# --- classes and uses ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "subject", "cause", "wanted"),
    [
        (Registration.TRANSFER, Subject.TITLE, Cause.SALE, FeeClass.STANDARD),
        (Registration.TRANSFER, Subject.TITLE, Cause.SPOUSES, FeeClass.SPOUSES),
        (Registration.TRANSFER, Subject.TITLE, Cause.DIVORCE, FeeClass.DIVORCE),
        (Registration.TRANSFER, Subject.TITLE, Cause.INHERITANCE, FeeClass.STANDARD),
        (Registration.FIRST, Subject.MORTGAGE, None, FeeClass.STANDARD),
        (Registration.ALTERATION, Subject.MORTGAGE, None, FeeClass.ALTERATION),
        (Registration.TRANSFER, Subject.MORTGAGE, None, FeeClass.STANDARD),
        (Registration.CANCELLATION, Subject.MORTGAGE, None, FeeClass.CANCELLATION),
        (Registration.PRIORITY_NOTICE, Subject.PRIORITY_NOTICE, None, FeeClass.PRIORITY_NOTICE),
        (Registration.TRANSFER, Subject.PRIORITY_NOTICE, None, FeeClass.PRIORITY_NOTICE),
        (Registration.ALTERATION, Subject.PRIORITY_NOTICE, None, FeeClass.PRIORITY_NOTICE),
        (Registration.CANCELLATION, Subject.PRIORITY_NOTICE, None, FeeClass.CANCELLATION),
        (Registration.FIRST, Subject.HABITATION, None, FeeClass.HABITATION),
        (Registration.OBJECTION, Subject.OBJECTION, None, FeeClass.OBJECTION),
        (Registration.CORRECTION, Subject.TITLE, None, FeeClass.CORRECTION),
        (Registration.FIRST, Subject.EASEMENT, None, FeeClass.STANDARD),
        (Registration.ALTERATION, Subject.EASEMENT, None, FeeClass.ALTERATION),
        (Registration.SEIZURE, Subject.NONE, None, FeeClass.SEIZURE),
        (Registration.OTHER, Subject.TITLE, None, FeeClass.REISSUE),
        (Registration.OTHER, Subject.NONE, None, FeeClass.QUERY),
    ],
)
def test_the_class_follows_from_kind_right_and_cause(
    kind: Registration, subject: Subject, cause: Cause | None, wanted: FeeClass
) -> None:
    assert fee_class_for(kind, subject, cause) is wanted


@pytest.mark.parametrize(
    ("right", "use_code", "use_zh", "wanted"),
    [
        (RightKind.STATE_LAND_HOUSE, "11", "成套住宅", FeeUse.RESIDENTIAL),
        (RightKind.STATE_LAND_HOUSE, "31", "商业服务", FeeUse.OTHER),
        (RightKind.STATE_LAND_HOUSE, "80", "地下车位", FeeUse.GARAGE_OWN),
        (RightKind.STATE_LAND_HOUSE, "", "", FeeUse.OTHER),
        (RightKind.HOMESTEAD_HOUSE, "10", "住宅", FeeUse.HOMESTEAD),
        (RightKind.FOREST, "", "", FeeUse.FARMLAND),
    ],
)
def test_the_use_follows_from_the_register(right: RightKind, use_code: str, use_zh: str, wanted: FeeUse) -> None:
    state = UnitState(UnitCode("410526001001GB00001F00010001"), "滑县", right, use_code=use_code, use_zh=use_zh)

    assert fee_use_of(state) is wanted


# --- dividing --------------------------------------------------------------------------------------------------------


def test_co_owners_pay_as_they_agreed() -> None:
    assert agreed_split(8000, [8000, 0]) == (8000, 0)
    with pytest.raises(InvalidInput, match="加起来是79元，应当是80元"):
        agreed_split(8000, [4000, 3900])
    with pytest.raises(InvalidInput, match="负数"):
        agreed_split(8000, [9000, -1000])


def test_an_even_split_loses_no_fen() -> None:
    assert equal_split(8000, 3) == (2667, 2667, 2666)


def test_money_reads_as_people_write_it() -> None:
    assert [yuan_zh(fen) for fen in (0, 8000, 2750, 123456789)] == ["0元", "80元", "27.50元", "1,234,567.89元"]
