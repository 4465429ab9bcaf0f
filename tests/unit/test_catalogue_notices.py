"""Advance notices in the catalogue: who holds them, on what they rest, how they pass on, end, and become mortgages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.catalogue_pages import (
    CODE,
    NAMES,
    NUMBERS,
    STATE,
    after,
    filled,
    jointly_owned,
    page,
    person,
    played,
    problems,
    written,
)

from tongban.domain.burden_details import BURDEN_PAGES
from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem, Shown
from tongban.domain.codes import CertificateNo
from tongban.domain.errors import InvalidInput
from tongban.domain.evidence import Evidence
from tongban.domain.exclusions import exclude
from tongban.domain.facts import PRE_MEASURED, PRE_SALE_PERMIT, UnitFacts
from tongban.domain.terms import Cause, CoOwnership, HolderKind
from tongban.domain.unit_page import UnitPage

S19, S25, S26, S27, S28 = (CATALOGUE[number] for number in ("S19", "S25", "S26", "S27", "S28"))
S29, S29A, S30, S31M = (CATALOGUE[number] for number in ("S29", "S29A", "S30", "S31M"))
FIRST_PROOF = CertificateNo("豫（2026）滑县不动产证明第0001234号")
NEW_PROOF = CertificateNo("豫（2026）滑县不动产证明第0005000号")
BANK = "豫北示例银行股份有限公司滑县支行"
BUYER = "谢雨桐"
PRESALE = UnitPage(CODE, described=STATE)


def bought() -> UnitPage:
    """A presale flat with its buyer's notice."""
    return played(S25, PRESALE)


def both_notices() -> UnitPage:
    """The same with the bank's notice on it."""
    return played(S26, bought(), first_number=2000)


def promised() -> UnitPage:
    """A home with the notice of a mortgage to come."""
    return played(S28, page())


def refused(item: ServiceItem, unit: UnitPage, shown: Shown | None = None, **changed: str) -> str:
    """The field the item's entries stumble over."""
    with pytest.raises(InvalidInput) as caught:
        written(item, filled(item, unit, shown, **changed), unit, 5000)
    (problem,) = caught.value.problems
    assert problem.what_zh and problem.cure_zh
    return problem.field


def changed_to(item: ServiceItem, unit: UnitPage, shown: Shown | None = None, **changed: str) -> AlterBurden:
    (entry,) = written(item, filled(item, unit, shown, **changed), unit, 5000)
    assert isinstance(entry, AlterBurden)
    return entry


@pytest.mark.parametrize(
    ("item", "unit"),
    [
        (S25, PRESALE),
        (S26, bought()),
        (S27, page()),
        (S28, page()),
        (S29, promised()),
        (S29A, promised()),
        (S30, played(S27, page())),
        (S31M, promised()),
    ],
    ids=lambda one: one.number if isinstance(one, ServiceItem) else "",
)
def test_the_example_about_a_notice_is_complete(item: ServiceItem, unit: UnitPage) -> None:
    form = filled(item, unit)

    assert problems(item, form) == ()
    for entry in written(item, form, unit, 5000):
        if isinstance(entry, OpenBurden | AlterBurden):
            assert set(entry.private) <= {one.key for one in BURDEN_PAGES[entry.burden.burden].details}


def test_a_buyer_holds_a_notice_on_a_house_without_a_title() -> None:
    (notice,) = bought().burdens

    assert (notice.burden.burden, notice.burden_no, notice.burden.rank) == (Burden.PRIORITY_NOTICE, FIRST_PROOF, 0)
    assert [one.name for one in notice.holders] == [BUYER]
    assert notice.private == {
        "obligor": "滑县道口锦绣房地产开发有限公司",
        "notice_kind": "预售商品房买卖预告登记",
        "price_yuan": "746000.00",
        "contract_no": "滑预售网签2026110025",
        "co_ownership": "单独所有",
    }


def test_buyers_hold_their_notice_in_shares() -> None:
    (notice,) = played(
        S25,
        PRESALE,
        buyer2_also="yes",
        buyer2_kind="person",
        buyer2_name=NAMES[1],
        buyer2_id_kind="id_card",
        buyer2_id_no=NUMBERS[1],
        buyer2_phone="13800138021",
        buyer2_comes="self",
        buyer3_also="no",
        buyer_co_ownership="by_shares",
        buyer_shares="1/4、3/4",
    ).burdens

    assert notice.private["co_ownership"] == "按份共有：谢雨桐1/4、李红3/4"
    assert [one.share_zh for one in notice.holders] == ["1/4", "3/4"]


def test_a_buyer_applies_alone_when_the_developer_breaks_his_word() -> None:
    form = filled(S25, PRESALE, applies="buyer_alone")

    assert problems(S25, form) == ()
    assert [party.name for party in S25.parties(form)] == [BUYER]
    assert "developer1_comes" not in form
    assert len(written(S25, form, PRESALE)) == 1


def test_a_house_registered_to_another_than_the_developer_is_not_his_to_promise() -> None:
    assert refused(S25, page()) == "developer1_name"
    assert refused(S25, UnitPage(CODE)) == "unit_code"


def test_the_bank_s_notice_rests_on_the_buyer_s_and_ranks_at_once() -> None:
    buyers, banks = both_notices().burdens

    assert (banks.burden.burden, banks.burden.rank) == (Burden.MORTGAGE_NOTICE, 1)
    assert [one.name for one in banks.holders] == [BANK]
    assert banks.private["obligor"] == BUYER == buyers.holders[0].name
    assert (banks.private["price_yuan"], banks.private["debt_until"]) == ("520000.00", "2051-11-19")
    assert refused(S26, bought(), mortgagor1_name=NAMES[0]) == "mortgagor1_name"
    assert S26.claims({}) == {Evidence.ONLINE_SIGNED_CONTRACT, Evidence.NOTICE_HOLDER_CONSENT}


def test_a_mortgage_after_the_notice_of_one_ranks_behind_it() -> None:
    notice, mortgage = played(S19, promised(), first_number=2000).burdens

    assert (notice.burden.rank, mortgage.burden.rank) == (1, 2)


def test_joint_owners_promise_their_home_together_and_to_somebody_else() -> None:
    assert refused(S27, jointly_owned()) == "seller1_name"
    same = {"buyer1_name": NAMES[0], "buyer1_id_no": NUMBERS[0]}
    assert refused(S27, page(), **same) == "buyer1_name"
    (notice,) = played(S27, page()).burdens
    assert (notice.private["obligor"], notice.private["notice_kind"]) == (NAMES[0], "其他不动产买卖预告登记")


def test_a_mortgage_is_announced_by_the_owner_or_by_the_buyer_his_notice_protects() -> None:
    promised_sale = played(S27, page())
    buyer = {"mortgagor1_name": BUYER, "mortgagor1_id_no": promised_sale.burdens[0].holders[0].id_no}

    assert refused(S28, promised_sale, **buyer) == "mortgagor1_name"
    now = played(S28, promised_sale, first_number=2000, basis="notice", proof_no=FIRST_PROOF, **buyer)
    assert now.burdens[1].private["obligor"] == BUYER
    assert S28.claims({"basis": "notice"}) == {Evidence.NOTICE_HOLDER_CONSENT}
    assert S28.claims({"basis": "owner"}) == frozenset()


def test_the_law_sees_who_promises() -> None:
    presale = S25.application_facts(filled(S25, PRESALE), frozenset())
    sale = S27.application_facts(filled(S27, page()), frozenset())

    assert (presale.cause, presale.giving) == (Cause.DEVELOPER_SALE, (HolderKind.ENTERPRISE,))
    assert (sale.cause, sale.giving) == (Cause.SALE, (HolderKind.PERSON,))


def test_a_bank_s_notice_moves_with_its_claim_and_keeps_day_and_rank() -> None:
    entry = changed_to(S29, promised())

    assert [one.name for one in entry.holders] == ["豫北示例资产管理有限公司"]
    assert (entry.burden_no, entry.burden.proof_no, entry.burden.rank) == (FIRST_PROOF, NEW_PROOF, 1)
    assert entry.burden.since == date(2026, 11, 23)
    for why in ("contract", "divorce"):
        assert refused(S29, promised(), why=why) == "why"


def test_a_presale_is_not_sold_on_but_inherited_divided_or_adjudged() -> None:
    heir = {
        "taker1_kind": "person",
        "taker1_name": NAMES[1],
        "taker1_id_kind": "id_card",
        "taker1_id_no": NUMBERS[1],
        "taker1_comes": "self",
    }

    assert refused(S29, bought(), why="contract", **heir) == "why"
    assert refused(S29, bought(), why="claim", **heir) == "why"
    entry = changed_to(S29, bought(), why="inheritance", inherited_by="deed", **heir)
    assert [one.name for one in entry.holders] == [NAMES[1]]
    assert entry.private["co_ownership"] == "单独所有"
    resale = played(S27, page())
    assert changed_to(S29, resale, why="contract", **heir).holders[0].name == NAMES[1]


def test_heirs_apply_alone_and_what_they_prove_is_claimed() -> None:
    form = filled(S29, bought(), why="inheritance", inherited_by="deed")

    assert [party.name for party in S29.parties(form)] == ["豫北示例资产管理有限公司", "魏思源"]
    assert Evidence.NOTARIAL_DEED_VERIFIED in S29.claims(form)
    assert S29.claims({"why": "court", "bank_agrees": "agreed"}) == {
        Evidence.ONLINE_SIGNED_CONTRACT,
        Evidence.COURT_PAPER_IN_FORCE,
        Evidence.NOTICE_HOLDER_CONSENT,
    }
    assert S29.application_facts(form, frozenset()).cause is Cause.INHERITANCE
    keys = {one.key for one in S29.needed_materials(S29.application_facts(form, frozenset()))}
    assert "deed" in keys
    assert not {"assignment", "court_paper", "divorce"} & keys


def test_both_sides_change_a_notice() -> None:
    entry = changed_to(S29A, promised())

    assert entry.private["price_yuan"] == "480000.00"
    assert refused(S29A, promised(), obligor1_name="别人") == "obligor1_name"
    assert refused(S29A, promised(), change_price="no") == "change_price"
    assert refused(S29A, promised(), new_price_yuan="520000") == "change_price"
    renamed = changed_to(S29A, promised(), change_price="no", change_name="yes", new_name="豫北新名银行")
    assert [one.name for one in renamed.holders] == ["豫北新名银行"]


def test_a_notice_of_a_sale_has_no_term_of_debt() -> None:
    said = {"change_price": "no", "change_term": "yes", "new_from": "2026-11-20", "new_until": "2027-11-19"}

    assert refused(S29A, played(S27, page()), **said) == "change_term"
    assert changed_to(S29A, promised(), **said).private["debt_until"] == "2027-11-19"


def test_the_holder_alone_ends_his_notice_and_only_his() -> None:
    both = both_notices()
    buyers, banks = both.burdens
    form = filled(S30, both, Shown(buyers.burden.proof_no, buyers.holders[0]))
    (closed,) = written(S30, form, both)

    assert closed == CloseBurden(CODE, FIRST_PROOF, "注销预告登记：债权消灭（合同解除、撤销、无效，或者债已还清）")
    assert after(both, (closed,)).burdens == (banks,)
    stranger = Shown(buyers.burden.proof_no, None)
    assert refused(S30, both, stranger, holder1_name="别人", holder1_id_kind="id_card", holder1_id_no=NUMBERS[1]) == (
        "holder1_name"
    )


def test_a_notice_becomes_the_mortgage_with_its_rank_in_one_recording() -> None:
    unit = promised()
    closed, mortgage = written(S31M, filled(S31M, unit), unit, 5000)

    assert isinstance(closed, CloseBurden)
    assert isinstance(mortgage, OpenBurden)
    assert closed.burden_no == FIRST_PROOF
    assert (mortgage.burden.burden, mortgage.burden.rank, mortgage.burden_no) == (Burden.MORTGAGE, 1, NEW_PROOF)
    assert mortgage.private["debt_yuan"] == "520000.00"
    assert "自预告登记之日2026-11-23起设立" in mortgage.private["note"]
    later = played(S19, unit, first_number=2000)
    shown = Shown(FIRST_PROOF, later.burdens[0].holders[0])
    now = after(later, written(S31M, filled(S31M, later, shown), later, 5000))
    assert {one.burden_no: one.burden.rank for one in now.burdens} == {
        NEW_PROOF: 1,
        later.burdens[1].burden_no: 2,
    }


def test_a_notice_does_not_become_a_mortgage_before_the_house_is_the_mortgagor_s() -> None:
    both = both_notices()
    sold = replace(both, title=page().title, described=None)

    assert refused(S31M, both) == "proof_no"
    assert refused(S31M, sold) == "mortgagor1_name"
    assert sold.title is not None
    owner = replace(person(1), identity=both.burdens[0].holders[0].identity)
    taken = replace(sold, title=replace(sold.title, co_ownership=CoOwnership.SOLE, holders=(owner,)))
    own = {"mortgagor1_name": owner.name, "mortgagor1_id_no": owner.id_no}
    assert len(written(S31M, filled(S31M, taken, **own), taken, 5000)) == 2


def test_a_mortgage_takes_the_rank_of_its_notice_only_for_what_was_announced_and_its_holder() -> None:
    assert refused(S31M, promised(), mortgagee1_name="豫北别家银行") == "mortgagee1_name"
    unit = promised()
    form = {**filled(S31M, unit), "debt_yuan": "520000.01"}
    with pytest.raises(InvalidInput) as caught:
        written(S31M, form, unit, 5000)
    assert caught.value.problems[0].field == "debt_yuan"
    assert S31M.claims({}) == {Evidence.OWN_FINAL_REGISTRATION}


def test_a_mortgage_may_secure_less_than_its_notice_announced_since_debts_are_paid_back() -> None:
    unit = promised()
    closed, mortgage = written(S31M, {**filled(S31M, unit), "debt_yuan": "480000"}, unit, 5000)

    assert isinstance(closed, CloseBurden) and isinstance(mortgage, OpenBurden)
    assert (mortgage.private["debt_yuan"], mortgage.burden.rank) == ("480000.00", 1)
    known = S31M.prefill(unit, Shown(FIRST_PROOF, unit.burdens[0].holders[0]))
    assert known["debt_yuan"] == "520000.00", "the register offers what was announced"
    assert set(known) - set(S31M.fixed(known)) == {"debt_yuan"}


@pytest.mark.parametrize("item", [S29, S29A, S30], ids=str)
def test_a_notice_is_judged_by_the_title_where_there_is_one_and_by_the_permit_where_there_is_none(
    item: ServiceItem,
) -> None:
    facts = item.application_facts({}, frozenset())
    signed = item.application_facts({}, frozenset({Evidence.ONLINE_SIGNED_CONTRACT}))
    permit = frozenset({PRE_MEASURED, PRE_SALE_PERMIT})
    presale = UnitFacts(replace(STATE, surveyed=False), has_title=False, flags=permit)

    assert exclude(item, UnitFacts(STATE, has_title=True), facts, frozenset()) == ()
    assert [one.rule for one in exclude(item, presale, facts, frozenset())] == ["X10"]
    assert exclude(item, presale, signed, frozenset()) == ()
    assert [one.rule for one in exclude(item, replace(presale, flags=frozenset()), signed, frozenset())] == [
        "X10",
        "X12",
    ]
