"""Every kind of asker at the counter: sees exactly what the law gives, and is refused with nothing shown."""

from __future__ import annotations

from tests.enquiry_site import (
    BANK_ZH,
    CLEAN,
    COURT_ZH,
    EXPIRED,
    ORDER_NO,
    SECRET,
    SEIZED,
    STRANGER,
    UNDER_WAY,
    Counter,
    application,
    flat,
    joint_flat,
    owner,
    parts,
    words,
)
from tests.province import HOME

from tongban.domain.query_rules import QUERY_RULES, permission
from tongban.domain.query_terms import Acting, Asker, AskerGroup, Index, Paper, Part, Wanted
from tongban.enquiries.models import QueryRecord
from tongban.enquiries.taking import Person

RESULT = {"natural_state", "holder", "co_ownership", "charges", "restrictions"}
CHECK = {"natural_state", "co_owned", "charges_exist", "restrictions_exist"}
SHARED = {"natural_state", "charges"}
INTENT, SHARING = AskerGroup.INTENT, AskerGroup.SHARING


def seen(asker: Asker) -> set[str]:
    """What the articles give this asker; a partner gets what its agreement lists, here two parts."""
    return {INTENT: CHECK, SHARING: SHARED}.get(QUERY_RULES[asker].group, RESULT)


def test_every_asker_sees_exactly_his_parts_and_the_log_says_so(counter: Counter) -> None:
    for number, asker in enumerate(Asker, 1):
        said = counter.asks(asker, flat(SEIZED))

        assert (asker, said.outcome, parts(said)) == (asker, "shown", seen(asker))
        line = counter.log()[-1]
        assert (line.asker, line.outcome, line.registry, line.clerk) == (asker.value, "shown", HOME, "hx.clerk")
        assert set(line.parts) == seen(asker)
        assert line.unit_codes == [flat(SEIZED).unit_code]
        assert line.paper_no == said.paper_no == f"豫（2026）滑县不动产查询证明第{number:07d}号"
    rows = counter.audited(action="register.query")
    assert len(rows) == len(Asker)
    assert {(row.object_id, row.purpose, row.outcome) for row in rows} == {
        (flat(SEIZED).unit_code, "买房前核实有没有抵押和查封", "ok")
    }


def test_every_asker_with_a_paper_missing_is_refused_in_writing_and_shown_nothing(counter: Counter) -> None:
    for number, asker in enumerate(Asker, 1):
        missing = permission(asker, Acting.IN_PERSON).papers[-1]

        said = counter.asks(asker, flat(SEIZED), papers=frozenset(Paper) - {missing})

        assert (said.outcome, said.units, said.copies_due_on) == ("refused", (), None)
        assert said.refusal is not None
        assert [fact.value_zh for fact in said.refusal.facts] == [missing.name_zh]
        assert said.paper_no == f"豫（2026）滑县不动产不予查询第{number:07d}号"
        line = counter.log()[-1]
        assert (line.outcome, line.reason_code, line.parts, line.unit_codes) == ("refused", "Q01", [], [])
        row = counter.audited(action="register.query")[-1]
        assert (row.object_id, row.outcome) == (said.enquiry_no, "refused")


def test_an_interested_party_learns_nothing_by_a_name(counter: Counter) -> None:
    for asker in (one for one, rule in QUERY_RULES.items() if Index.IDENTITY not in rule.indexes):
        said = counter.asks(asker, flat(SEIZED), index=Index.IDENTITY)

        assert said.refusal is not None
        assert (said.refusal.reason.code, said.units) == ("Q05", ())


def test_who_stands_for_a_holder_is_refused_a_unit_that_does_not_name_him(counter: Counter) -> None:
    for asker in (one for one, rule in QUERY_RULES.items() if rule.holds_for):
        who = {"person" if asker is Asker.HOLDER else "subject": STRANGER}

        said = counter.asks(asker, flat(SEIZED), **who)

        assert said.refusal is not None
        assert (said.refusal.reason.code, said.units) == ("Q03", ())
        assert owner(flat(SEIZED)).name not in str(said.to_wire())


def test_who_only_intends_never_learns_names_organs_or_orders(counter: Counter) -> None:
    said = counter.asks(Asker.BUYING, flat(SEIZED))

    assert "是否有查封登记 有" in words(said)
    assert "是否有抵押权登记 有" in words(said)
    stored = str(said.to_wire())
    hidden = (owner(flat(SEIZED)).name, COURT_ZH, ORDER_NO, "2029", BANK_ZH, "600000.00")
    assert not [text for text in hidden if text in stored]


def test_a_contract_party_learns_mortgagee_amount_organ_and_order(counter: Counter) -> None:
    said = words(counter.asks(Asker.MORTGAGE_PARTY, flat(SEIZED)))

    assert f"抵押权人：{BANK_ZH}，统一社会信用代码 914105********0081" in said
    assert all(text in said for text in ("被担保主债权数额（元）：600000.00", COURT_ZH, ORDER_NO))


def test_a_mortgagee_is_a_holder_the_register_names(counter: Counter) -> None:
    bank = Person(BANK_ZH, "uscc", "91410526MA44000081")

    assert counter.asks(Asker.HOLDER, flat(SEIZED), person=bank).outcome == "shown"
    assert counter.asks(Asker.HOLDER, flat(CLEAN), person=bank).outcome == "refused"


def test_his_lawyer_learns_match_form_and_organ_but_not_the_order(counter: Counter) -> None:
    name = owner(flat(SEIZED)).name

    said = counter.asks(Asker.BUYING, flat(SEIZED), acting=Acting.LAWYER, claimed_holder=name)

    assert parts(said) == CHECK | {"name_match", "co_ownership_form", "restricting_organ"}
    assert f"所报名称“{name}”与登记簿 一致" in words(said)
    assert COURT_ZH in words(said)
    assert ORDER_NO not in words(said)


def test_the_holder_sees_his_own_number_a_contract_party_does_not(counter: Counter) -> None:
    number = owner(flat(CLEAN)).id_no

    assert number in words(counter.asks(Asker.HOLDER, flat(CLEAN)))
    assert number not in words(counter.asks(Asker.SALE_PARTY, flat(CLEAN)))


def test_a_co_owner_does_not_see_the_other_ones_number(counter: Counter) -> None:
    one = joint_flat()

    said = words(counter.asks(Asker.HOLDER, one))

    first, second = one.title.holders
    assert (first.id_no in said, second.id_no in said, second.name in said) == (True, False, True)


def test_an_organ_of_state_sees_everything_in_full(counter: Counter) -> None:
    said = counter.asks(Asker.COURT, flat(SEIZED), index=Index.IDENTITY, reference="")

    assert all(text in words(said) for text in (owner(flat(SEIZED)).id_no, COURT_ZH, ORDER_NO))


def test_every_index_leads_the_holder_to_the_same_unit(counter: Counter) -> None:
    number = flat(CLEAN).title.certificate_no
    for index, reference in (
        (Index.UNIT_CODE, flat(CLEAN).unit_code),
        (Index.CERTIFICATE_NO, number),
        (Index.CERTIFICATE_NO, number.replace("（", "(").replace("）", ")")),
        (Index.ADDRESS, flat(CLEAN).title.unit.address_zh),
        (Index.IDENTITY, ""),
    ):
        said = counter.asks(Asker.HOLDER, flat(CLEAN), index=index, reference=reference)

        assert [unit.unit_code for unit in said.units] == [flat(CLEAN).unit_code]


def test_nothing_found_is_an_answer_with_a_certificate(counter: Counter) -> None:
    said = counter.asks(Asker.SALE_PARTY, flat(CLEAN), index=Index.ADDRESS, reference="滑县不存在路999号")

    assert (said.outcome, said.units, said.refusal) == ("empty", (), None)
    assert said.paper_no == "豫（2026）滑县不动产查询证明第0000001号"
    assert counter.log()[0].outcome == "empty"


def test_original_material_is_for_the_holder_within_five_working_days(counter: Counter) -> None:
    said = counter.asks(Asker.HOLDER, flat(CLEAN), wanted=Wanted.ORIGINALS)

    assert str(said.copies_due_on) == "2026-11-30"  # asked on Monday the 23rd
    assert Part.ORIGINALS.value in counter.log()[0].parts
    refused = counter.asks(Asker.SUIT_PARTY, flat(CLEAN), wanted=Wanted.ORIGINALS)
    assert refused.refusal is not None
    assert refused.refusal.reason.code == "Q06"


def test_a_state_secret_is_shown_to_nobody(counter: Counter) -> None:
    said = counter.asks(Asker.HOLDER, flat(SECRET))

    assert said.refusal is not None
    assert (said.refusal.reason.code, said.units) == ("Q09", ())


def test_an_order_under_way_is_not_given_away(counter: Counter) -> None:
    said = counter.asks(Asker.HOLDER, flat(UNDER_WAY))

    assert "有一项事务正在登记机构处理" in words(said)
    assert COURT_ZH not in str(said.to_wire())


def test_a_seizure_long_over_is_said_to_stand_in_the_book_still(counter: Counter) -> None:
    said = words(counter.asks(Asker.BUYING, flat(EXPIRED)))

    assert "是否有查封登记 没有（登记簿上有一项已经过期、还没有注销）" in said


def test_a_certificate_of_no_house_says_where_and_when(counter: Counter) -> None:
    said = counter.answer(
        counter.takes(
            application(
                Asker.HOLDER, flat(CLEAN), wanted=Wanted.HOLDINGS, index=Index.IDENTITY, person=STRANGER, reference=""
            )
        )
    )

    assert (said.outcome, said.units) == ("empty", ())
    assert said.scope_zh == "滑县不动产登记中心登记簿（滑县）"


def test_what_somebody_owns_is_listed_without_what_lies_on_it(counter: Counter) -> None:
    said = counter.asks(Asker.HOLDER, flat(SEIZED), wanted=Wanted.HOLDINGS, index=Index.IDENTITY, reference="")

    assert (said.outcome, parts(said)) == ("shown", {"natural_state", "holder", "co_ownership"})
    assert COURT_ZH not in words(said)


def test_a_number_of_another_name_makes_no_false_certificate_of_no_house(counter: Counter) -> None:
    other_name = owner(flat(CLEAN))
    person = type(other_name)("韩雨桐", other_name.id_kind, other_name.id_no)

    said = counter.asks(
        Asker.HOLDER, flat(CLEAN), wanted=Wanted.HOLDINGS, index=Index.IDENTITY, person=person, reference=""
    )

    assert said.refusal is not None
    assert said.refusal.reason.code == "Q03"
    assert QueryRecord.objects.get().unit_codes == []
