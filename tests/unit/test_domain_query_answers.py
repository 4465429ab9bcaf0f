"""What an answer shows and what it never shows: the words of one unit for each kind of permission."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from tests import register_builders as b

from tongban.domain.burdens import RECORDED_BURDENS, Burden, BurdenFact
from tongban.domain.decision import Fact
from tongban.domain.query_answers import (
    UNSETTLED_ZH,
    Charge,
    Section,
    Subject,
    UnitAnswer,
    UnitRecord,
    answer,
)
from tongban.domain.query_rules import permission
from tongban.domain.query_terms import Acting, Asker, Part
from tongban.domain.terms import HolderKind
from tongban.domain.titles import Holder

TODAY = date(2026, 11, 25)
ORGAN, ORDER, BANK = "滑县人民法院", "（2026）豫0526执1234号", "滑县农村商业银行"
HALF = Fraction(1, 2)
TITLE = b.title(1, "张小花", "李大山", shares=[HALF, HALF])
FIRST, SECOND = TITLE.holders
MORTGAGEE = Holder(1, HolderKind.ENTERPRISE, b.identity(BANK, "91410526MA44000081"))
MORTGAGE = Charge(
    BurdenFact(Burden.MORTGAGE, "豫（2026）滑县不动产证明第0000001号", rank=1),
    (MORTGAGEE,),
    (Fact("被担保主债权数额（元）", "600000.00"),),
)
SEIZURE = Charge(
    BurdenFact(Burden.SEIZURE, "cf-1", date(2026, 11, 1), date(2029, 10, 31), organ_zh=ORGAN, reference=ORDER)
)
WAITING = Charge(BurdenFact(Burden.WAITING_SEIZURE, "cf-2", organ_zh="安阳市中级人民法院", reference="x", rank=1))
OVER = Charge(BurdenFact(Burden.SEIZURE, "cf-0", date(2020, 1, 1), date(2022, 12, 31), organ_zh=ORGAN))
RECORD = UnitRecord(TITLE.unit, TITLE, (MORTGAGE, SEIZURE))
OWN = Subject(FIRST.name, FIRST.id_no)


def told(asker: Asker, record: UnitRecord = RECORD, *, acting: Acting = Acting.IN_PERSON, **about: str) -> UnitAnswer:
    subject = OWN if not about else Subject(**about)
    return answer(record, permission(asker, acting), subject, TODAY)


def words(found: UnitAnswer) -> str:
    return "\n".join(f"{fact.name_zh} {fact.value_zh}" for one in found.sections for fact in one.facts)


def facts(found: UnitAnswer, part: Part) -> dict[str, str]:
    return {fact.name_zh: fact.value_zh for one in found.sections if one.part is part for fact in one.facts}


def test_the_holder_sees_everything_his_own_number_in_full_the_others_starred() -> None:
    found = told(Asker.HOLDER)

    assert found.parts == {Part.NATURAL_STATE, Part.HOLDER, Part.CO_OWNERSHIP, Part.CHARGES, Part.RESTRICTIONS}
    assert all(text in words(found) for text in (FIRST.id_no, "李大山", BANK, "600000.00", ORGAN, ORDER))
    assert SECOND.id_no not in words(found)
    assert MORTGAGEE.id_no not in words(found)
    assert facts(found, Part.CO_OWNERSHIP) == {"共有方式": "按份共有", "张小花的份额": "1/2", "李大山的份额": "1/2"}


def test_a_contract_party_sees_the_result_and_nobodys_number() -> None:
    found = told(Asker.SALE_PARTY)

    assert all(text in words(found) for text in ("张小花", "李大山", BANK, ORGAN, ORDER))
    assert not any(number in words(found) for number in (FIRST.id_no, SECOND.id_no, MORTGAGEE.id_no))


@pytest.mark.parametrize("asker", [Asker.BUYING, Asker.RENTING, Asker.LENDING, Asker.SUING])
def test_who_only_intends_is_told_yes_or_no_and_no_name_organ_order_or_amount(asker: Asker) -> None:
    found = told(asker)

    assert found.parts == {Part.NATURAL_STATE, Part.CO_OWNED, Part.CHARGES_EXIST, Part.RESTRICTIONS_EXIST}
    assert facts(found, Part.CO_OWNED) == {"是否共有": "是"}
    assert facts(found, Part.CHARGES_EXIST) == {
        "是否有抵押权登记": "有", "是否有预告登记": "没有", "是否有异议登记": "没有",
    }  # fmt: skip
    assert facts(found, Part.RESTRICTIONS_EXIST) == {"是否有查封登记": "有", "是否有其他限制处分的情形": "没有"}
    hidden = ("张小花", "李大山", BANK, ORGAN, ORDER, "1/2", "按份", "600000", "2029", TITLE.certificate_no)
    assert not [text for text in hidden if text in words(found)]


def test_the_lawyer_of_who_intends_is_told_match_form_and_organ_but_no_order_number() -> None:
    found = told(Asker.BUYING, acting=Acting.LAWYER, claimed_zh="张小花")

    assert facts(found, Part.NAME_MATCH) == {"所报名称“张小花”与登记簿": "一致"}
    assert facts(found, Part.CO_OWNERSHIP_FORM) == {"共有方式": "按份共有"}
    assert facts(found, Part.RESTRICTING_ORGAN) == {Part.RESTRICTING_ORGAN.name_zh: ORGAN}
    assert not [text for text in ("李大山", BANK, ORDER, "1/2", FIRST.id_no) if text in words(found)]


def test_a_wrong_name_is_only_said_not_to_match() -> None:
    found = told(Asker.BUYING, acting=Acting.LAWYER, claimed_zh="王五")

    assert facts(found, Part.NAME_MATCH) == {"所报名称“王五”与登记簿": "不一致"}
    assert "张小花" not in words(found)


def test_an_organ_of_state_sees_numbers_and_orders_in_full() -> None:
    found = told(Asker.COURT)

    assert all(text in words(found) for text in (FIRST.id_no, SECOND.id_no, MORTGAGEE.id_no, ORDER))


def test_a_waiting_seizure_counts_as_there() -> None:
    found = told(Asker.BUYING, UnitRecord(TITLE.unit, TITLE, (WAITING,)))

    assert facts(found, Part.RESTRICTIONS_EXIST)["是否有查封登记"] == "有"


def test_a_seizure_whose_days_are_over_counts_as_gone_and_is_said_to_stand_in_the_book() -> None:
    found = told(Asker.BUYING, UnitRecord(TITLE.unit, TITLE, (OVER,)))

    assert facts(found, Part.RESTRICTIONS_EXIST)["是否有查封登记"].startswith("没有（")
    assert (
        "已经过期" in facts(told(Asker.HOLDER, UnitRecord(TITLE.unit, TITLE, (OVER,))), Part.RESTRICTIONS).popitem()[0]
    )


def test_a_last_day_still_counts() -> None:
    last = Charge(BurdenFact(Burden.SEIZURE, "cf-0", date(2020, 1, 1), TODAY, organ_zh=ORGAN))

    found = told(Asker.BUYING, UnitRecord(TITLE.unit, TITLE, (last,)))

    assert facts(found, Part.RESTRICTIONS_EXIST)["是否有查封登记"] == "有"


def test_something_under_way_is_said_to_be_under_way_and_no_more() -> None:
    found = told(Asker.BUYING, UnitRecord(TITLE.unit, TITLE, (), is_unsettled=True))

    assert found.notes_zh == (UNSETTLED_ZH,)
    assert facts(found, Part.RESTRICTIONS_EXIST)["是否有查封登记"] == "没有"
    assert not [text for text in ("法院", "查封", "执行") if text in UNSETTLED_ZH]


def test_a_unit_without_a_title_shows_its_state_and_that_there_is_none() -> None:
    found = told(Asker.SALE_PARTY, UnitRecord(TITLE.unit, None))

    assert facts(found, Part.HOLDER) == {"权利登记": "登记簿上没有有效的所有权、使用权登记"}
    assert facts(found, Part.NATURAL_STATE)["坐落"] == TITLE.unit.address_zh


def test_habitation_is_part_of_the_result_but_not_of_the_yes_or_no() -> None:
    record = UnitRecord(TITLE.unit, TITLE, (Charge(BurdenFact(Burden.HABITATION, "h-1"), (MORTGAGEE,)),))

    assert "居住权" in words(told(Asker.LEASE_PARTY, record))
    assert "居住" not in words(told(Asker.RENTING, record))


@pytest.mark.parametrize("burden", sorted(RECORDED_BURDENS), ids=lambda burden: burden.value)
def test_every_burden_the_book_records_is_shown_to_a_contract_party(burden: Burden) -> None:
    found = told(Asker.SALE_PARTY, UnitRecord(TITLE.unit, TITLE, (Charge(BurdenFact(burden, "x-1")),)))

    assert burden.name_zh in {fact.name_zh for one in found.sections for fact in one.facts}


def test_a_holder_is_known_by_name_and_number_together() -> None:
    assert RECORD.names("张小花", FIRST.id_no)
    assert RECORD.names(BANK, MORTGAGEE.id_no)
    assert not RECORD.names("张小花", SECOND.id_no)
    assert not RECORD.names("", "")


def test_a_section_goes_over_the_wire_and_back() -> None:
    for section in told(Asker.HOLDER).sections:
        assert Section.from_wire(section.to_wire()) == section
