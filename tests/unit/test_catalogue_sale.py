"""Sales: who must apply together, what the buyer must know, and what the register holds afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from tests.entry_inputs import TODAY
from tests.transfer_builders import (
    NEW_NO,
    OLD_NO,
    UNIT,
    after,
    another,
    burden,
    form_of,
    holder,
    id_number,
    needed,
    page_of,
    refused,
    stood_in_for,
    title_of,
    written,
)

from tongban.domain.burdens import Burden
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.form import check_form, clean_form
from tongban.domain.catalogue.item import Shown
from tongban.domain.codes import CertificateNo
from tongban.domain.entries import ReplaceTitle
from tongban.domain.identity import IdDocument
from tongban.domain.terms import Cause, CoOwnership, HolderKind
from tongban.domain.titles import Holder, HolderIdentity

RESALE, NEW_HOME = CATALOGUE["S02"], CATALOGUE["S01"]
WANG, LI = holder("王小明", "19900101"), holder("李红", "19881212", 2)
SOLE = page_of(title_of(WANG))
JOINT = page_of(title_of(WANG, LI))
BUYER_NO = RESALE.example.answers["buyer1_id_no"]
TWO_BUYERS = another("buyer", 2, "吴桂英", "19870304")


def test_a_sale_puts_the_buyer_in_the_place_of_the_seller_under_a_new_certificate() -> None:
    (entry,) = written(RESALE, form_of(RESALE, SOLE, WANG), SOLE)

    assert isinstance(entry, ReplaceTitle)
    assert (entry.before, entry.cause, entry.title.certificate_no) == (OLD_NO, Cause.SALE, NEW_NO)
    title = after((entry,), SOLE).title(UNIT)
    assert title is not None
    assert title.co_ownership is CoOwnership.SOLE
    assert [(one.name, one.id_no) for one in title.holders] == [("许文博", BUYER_NO)]
    assert title.unit == SOLE.state
    assert title.note_zh == "登记原因：买卖；合同编号：滑房存2026-004518；价款：800000元"


def test_two_buyers_hold_by_the_exact_shares_they_agreed() -> None:
    more = {**TWO_BUYERS, "buyer_co_ownership": "by_shares", "buyer_shares": "1/3、2/3"}

    (entry,) = written(RESALE, form_of(RESALE, SOLE, WANG, **more), SOLE)

    assert isinstance(entry, ReplaceTitle)
    assert entry.title.co_ownership is CoOwnership.BY_SHARES
    assert [one.share for one in entry.title.holders] == [Fraction(1, 3), Fraction(2, 3)]


def test_shares_for_fewer_people_than_buy_are_refused() -> None:
    more = {**TWO_BUYERS, "buyer_co_ownership": "by_shares", "buyer_shares": "1/1"}

    assert refused(RESALE, form_of(RESALE, SOLE, WANG, **more), SOLE) == ["buyer_shares"]


def test_joint_owners_sell_only_all_together() -> None:
    assert refused(RESALE, form_of(RESALE, JOINT, WANG), JOINT) == ["seller2_also"]

    together = form_of(RESALE, JOINT, WANG, **another("seller", 2, "李红", "19881212"))
    assert len(written(RESALE, together, JOINT)) == 1


@pytest.mark.parametrize(("part", "is_enough"), [(Fraction(2, 3), True), (Fraction(3, 5), False)])
def test_owners_of_two_thirds_may_sell_the_whole_and_of_less_may_not(part: Fraction, *, is_enough: bool) -> None:
    owners = replace(WANG, share=part), replace(LI, share=1 - part)
    page = page_of(title_of(*owners))
    form = form_of(RESALE, page, owners[0])

    if is_enough:
        assert len(written(RESALE, form, page)) == 1
    else:
        assert refused(RESALE, form, page) == ["seller1_name"]


def test_somebody_who_is_not_in_the_register_cannot_sell() -> None:
    form = form_of(RESALE, SOLE, WANG, seller1_name="王小东")

    assert refused(RESALE, form, SOLE) == ["seller1_name", "seller2_also"]


def test_an_old_15_digit_number_in_the_register_is_the_same_seller() -> None:
    old = replace(WANG, identity=replace(WANG.identity, id_no="410526900101000"))
    page = page_of(title_of(old))

    assert len(written(RESALE, form_of(RESALE, page, WANG), page)) == 1


def test_selling_to_oneself_is_no_transfer() -> None:
    same = {"buyer1_name": WANG.name, "buyer1_id_no": WANG.id_no}

    assert refused(RESALE, form_of(RESALE, SOLE, WANG, **same), SOLE) == ["buyer1_name"]


def test_one_buyer_named_twice_is_refused() -> None:
    twice = {**TWO_BUYERS, "buyer2_id_no": BUYER_NO, "buyer_co_ownership": "joint"}

    assert refused(RESALE, form_of(RESALE, SOLE, WANG, **twice), SOLE) == ["buyer2_id_no"]


def test_a_child_buys_through_a_guardian_only() -> None:
    child = {"buyer1_name": "许小禾", "buyer1_id_no": id_number("20180315")}
    assert refused(RESALE, form_of(RESALE, SOLE, WANG, **child), SOLE) == ["buyer1_comes"]

    form = form_of(RESALE, SOLE, WANG, **child, **stood_in_for("buyer", 1, "guardian"))
    assert len(written(RESALE, form, SOLE)) == 1
    assert needed(RESALE, form) >= {"guardianship", "acting_identity"}
    assert "guardian_promise" not in needed(RESALE, form)


def test_a_guardian_who_sells_for_a_child_promises_that_it_is_for_the_childs_good() -> None:
    child = holder("王小禾", "20180315")
    page = page_of(title_of(child))
    form = form_of(RESALE, page, child, **stood_in_for("seller", 1, "guardian"))

    assert needed(RESALE, form) >= {"guardian_promise", "guardianship"}
    assert RESALE.application_facts(form, frozenset()).has_agent
    roles = [(one.role.value, one.is_present) for one in RESALE.parties(form)]
    assert roles == [("transferor", False), ("guardian", True), ("transferee", True)]


def test_a_plain_sale_asks_for_no_more_than_it_needs() -> None:
    form = form_of(RESALE, SOLE, WANG)

    assert needed(RESALE, form) == {"application", "identity", "certificate", "contract", "tax_proof"}


def test_whoever_sells_through_an_agent_needs_a_notarised_attorney_and_a_buyer_a_plain_one() -> None:
    agents = {**stood_in_for("seller", 1, "agent"), **stood_in_for("buyer", 1, "agent")}

    assert needed(RESALE, form_of(RESALE, SOLE, WANG, **agents)) >= {
        "disposing_attorney",
        "attorney",
        "acting_identity",
    }


def test_a_company_that_buys_brings_its_licence() -> None:
    company = {
        "buyer1_kind": "enterprise",
        "buyer1_name": "滑县新居商贸有限公司",
        "buyer1_id_kind": "uscc",
        "buyer1_id_no": "91410526MA9000101M",
        **stood_in_for("buyer", 1, "representative"),
    }
    form = form_of(RESALE, SOLE, WANG, **company)

    assert {"licence", "acting_identity"} <= needed(RESALE, form)
    (entry,) = written(RESALE, form, SOLE)
    assert isinstance(entry, ReplaceTitle)
    assert entry.title.holders[0].kind is HolderKind.ENTERPRISE


def test_a_mortgage_follows_the_home_once_the_buyer_knows_and_the_mortgagee_was_told() -> None:
    page = page_of(title_of(WANG), burden(Burden.MORTGAGE))
    form = form_of(RESALE, page, WANG, taker_knows_mortgage="yes", mortgagee_told="yes")

    assert form["mortgage"] == "plain"
    assert refused(RESALE, {**form, "taker_knows_mortgage": "no"}, page) == ["taker_knows_mortgage"]
    assert refused(RESALE, {**form, "mortgagee_told": "no"}, page) == ["mortgagee_told"]
    (entry,) = written(RESALE, form, page)
    assert after((entry,), page).burdens(UNIT) == (page.burdens[0].burden,)
    assert isinstance(entry, ReplaceTitle)
    assert entry.title.note_zh.endswith("；原有抵押权继续有效")
    assert "mortgagee_consent" not in needed(RESALE, form)


@pytest.mark.parametrize(
    ("kind", "since"),
    [(Burden.MORTGAGE_NO_TRANSFER, date(2022, 3, 1)), (Burden.MORTGAGE, date(2019, 5, 1))],
)
def test_a_registered_no_transfer_agreement_or_an_old_mortgage_needs_the_mortgagees_paper(
    kind: Burden, since: date
) -> None:
    page = page_of(title_of(WANG), burden(kind, since=since))
    form = form_of(RESALE, page, WANG, taker_knows_mortgage="yes", mortgagee_told="yes")

    assert form["mortgage"] == "consent"
    assert "mortgagee_consent" in needed(RESALE, form)


def test_what_stays_on_the_home_must_be_known_to_the_buyer() -> None:
    objection = burden(Burden.OBJECTION, "豫（2026）滑县不动产证明第0000008号")
    page = page_of(title_of(WANG), burden(Burden.HABITATION), objection)
    unknown = form_of(RESALE, page, WANG, taker_knows_habitation="no", taker_takes_risk="no")

    assert refused(RESALE, unknown, page) == ["taker_knows_habitation", "taker_takes_risk"]
    form = form_of(RESALE, page, WANG, taker_knows_habitation="yes", taker_takes_risk="yes")
    assert len(after(written(RESALE, form, page), page).burdens(UNIT)) == 2
    assert RESALE.claims(form) == {"objection_risk_statement"}


def test_an_objection_past_its_days_asks_for_nothing() -> None:
    page = page_of(title_of(WANG), burden(Burden.OBJECTION, until=date(2022, 3, 16)))

    assert len(written(RESALE, form_of(RESALE, page, WANG, taker_takes_risk="no"), page)) == 1


def test_somebody_elses_advance_notice_needs_his_consent_on_paper() -> None:
    page = page_of(title_of(WANG), burden(Burden.PRIORITY_NOTICE))

    assert "notice_consent" in needed(RESALE, form_of(RESALE, page, WANG))


def test_the_register_fills_in_what_it_knows_and_tells_a_stranger_nothing() -> None:
    known = RESALE.prefill(JOINT, Shown(OLD_NO, LI))

    assert (known["certificate_no"], known["seller1_name"], known["seller1_id_no"]) == (OLD_NO, LI.name, LI.id_no)
    assert (known["mortgage"], known["habitation"], known["objection"], known["notice"]) == ("no", "no", "no", "no")
    assert WANG.name not in known.values()
    assert RESALE.prefill(JOINT, Shown(OLD_NO, None)) == {}


def test_a_sale_is_read_for_the_law_with_what_the_sellers_are() -> None:
    facts = RESALE.application_facts({"seller1_kind": "enterprise"}, frozenset())

    assert (facts.cause, facts.giving, facts.has_agent) == (Cause.SALE, (HolderKind.ENTERPRISE,), False)


def test_an_empty_form_of_a_sale_names_what_is_missing() -> None:
    found = {problem.field for problem in check_form(RESALE, clean_form(RESALE, {}), TODAY)}

    assert {"certificate_no", "seller1_name", "buyer1_name", "contract_no", "price_yuan", "mortgage"} <= found
    assert "seller2_name" not in found


# --- new homes -------------------------------------------------------------------------------------------------------

DEVELOPER = Holder(
    1,
    HolderKind.ENTERPRISE,
    HolderIdentity("滑县道口锦绣房地产开发有限公司", IdDocument.USCC, "91410526MA9000101M"),
)
FRESH = page_of(title_of(DEVELOPER, certificate_no=CertificateNo("豫（2025）滑县不动产权第0000009号")))


@pytest.mark.parametrize("cause", [Cause.DEVELOPER_SALE, Cause.RESETTLEMENT])
def test_a_new_home_passes_from_the_developer_to_the_buyer(cause: Cause) -> None:
    (entry,) = written(NEW_HOME, form_of(NEW_HOME, FRESH, DEVELOPER, cause=cause.value), FRESH)

    assert isinstance(entry, ReplaceTitle)
    assert (entry.cause, entry.title.holders[0].name, entry.title.certificate_no) == (cause, "许文博", NEW_NO)


def test_a_developer_who_signed_in_advance_does_not_come() -> None:
    parties = NEW_HOME.parties(form_of(NEW_HOME, FRESH, DEVELOPER))

    assert [(one.role.value, one.is_present) for one in parties] == [("developer", False), ("transferee", True)]


def test_another_developer_than_the_registered_one_cannot_sell() -> None:
    form = form_of(NEW_HOME, FRESH, DEVELOPER, developer1_name="滑县别家房地产有限公司")

    assert "developer1_name" in refused(NEW_HOME, form, FRESH)


def test_a_new_home_needs_neither_certificate_nor_survey_in_hand() -> None:
    form = form_of(NEW_HOME, FRESH, DEVELOPER)
    facts = NEW_HOME.application_facts(form, frozenset())
    brought = {one.key for one in NEW_HOME.needed_materials(facts) if not one.made_by_system}

    assert brought == {"identity", "licence", "contract"}
    assert facts.giving == (HolderKind.ENTERPRISE,)
