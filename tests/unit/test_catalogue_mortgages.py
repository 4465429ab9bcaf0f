"""Mortgages in the catalogue: what is written, who has to take part, which papers are asked, what is prefilled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from tests.catalogue_pages import (
    CODE,
    NAMES,
    NUMBERS,
    after,
    by_shares,
    filled,
    jointly_owned,
    page,
    played,
    problems,
    shown_for,
    written,
)

from tongban.domain.burden_details import BURDEN_PAGES
from tongban.domain.burden_entries import CloseBurden, OpenBurden
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem, Shown
from tongban.domain.codes import CertificateNo
from tongban.domain.errors import InvalidInput
from tongban.domain.identity import id18_check_character
from tongban.domain.terms import Cause, HolderKind
from tongban.domain.unit_page import UnitPage

S19, S20, S24 = CATALOGUE["S19"], CATALOGUE["S20"], CATALOGUE["S24"]
FIRST_PROOF = CertificateNo("豫（2026）滑县不动产证明第0001234号")
BANK = "豫北示例银行股份有限公司滑县支行"


def second(place: int = 2, **changed: str) -> dict[str, str]:
    """Another mortgagor in the form."""
    prefix = f"mortgagor{place}"
    return {
        f"{prefix}_also": "yes",
        f"{prefix}_kind": "person",
        f"{prefix}_name": NAMES[place - 1],
        f"{prefix}_id_kind": "id_card",
        f"{prefix}_id_no": NUMBERS[place - 1],
        f"{prefix}_phone": "13800138021",
        f"{prefix}_comes": "self",
        f"mortgagor{place + 1}_also": "no",
        **changed,
    }


def refused(item: ServiceItem, unit: UnitPage, **changed: str) -> str:
    """The field the item's entries stumble over."""
    with pytest.raises(InvalidInput) as caught:
        written(item, filled(item, unit, **changed), unit)
    (problem,) = caught.value.problems
    assert problem.what_zh and problem.cure_zh
    return problem.field


@pytest.mark.parametrize("item", [S19, S20], ids=str)
def test_the_example_of_a_first_mortgage_is_complete(item: ServiceItem) -> None:
    assert problems(item, filled(item, page())) == ()


def test_a_mortgage_lies_on_the_unit_with_every_column_of_its_page() -> None:
    (opened,) = played(S19, page()).burdens

    assert (opened.burden.burden, opened.burden_no, opened.burden.proof_no) == (
        Burden.MORTGAGE,
        FIRST_PROOF,
        FIRST_PROOF,
    )
    assert (opened.burden.rank, opened.burden.since, opened.burden.until) == (1, date(2026, 11, 23), None)
    assert [(one.name, one.kind) for one in opened.holders] == [(BANK, HolderKind.ENTERPRISE)]
    assert opened.private == {
        "mortgagor": "陶建国",
        "way": "一般抵押",
        "object": "土地和房屋",
        "debtor": "陶建国",
        "debt_yuan": "600000.00",
        "debt_from": "2026-11-20",
        "debt_until": "2046-11-19",
        "scope": "主债权及其利息、违约金、损害赔偿金、实现抵押权的费用",
        "no_transfer": "否",
        "contract_no": "豫北抵字2026第0119号",
    }


def test_a_maximum_mortgage_has_its_maximum_and_its_period() -> None:
    (opened,) = played(S20, page(), has_prior_debts="yes", maximum_yuan="2000000.5").burdens

    assert opened.burden.burden is Burden.MORTGAGE_MAXIMUM
    assert opened.private["maximum_yuan"] == "2000000.50"
    assert (opened.private["claim_from"], opened.private["claim_until"]) == ("2026-11-20", "2029-11-19")
    assert opened.private["note"] == "设立前已经存在的债权，经当事人同意转入担保范围"
    assert "debt_yuan" not in opened.private


@pytest.mark.parametrize("item", [S19, S20], ids=str)
@pytest.mark.parametrize(
    ("said", "column"),
    [
        ({"no_transfer": "forbidden"}, "是：抵押期间不得转让"),
        ({"no_transfer": "limited", "transfer_limit": "经抵押权人书面同意方可转让"}, "是：经抵押权人书面同意方可转让"),
    ],
)
def test_a_registered_agreement_not_to_transfer_makes_the_mortgage_stop_transfers(
    item: ServiceItem, said: dict[str, str], column: str
) -> None:
    (opened,) = played(item, page(), **said).burdens

    assert opened.burden.burden is Burden.MORTGAGE_NO_TRANSFER
    assert opened.private["no_transfer"] == column


def test_a_second_mortgage_ranks_behind_the_first() -> None:
    twice = played(S20, played(S19, page()), first_number=2000)

    assert [(one.burden.burden, one.burden.rank) for one in twice.burdens] == [
        (Burden.MORTGAGE, 1),
        (Burden.MORTGAGE_MAXIMUM, 2),
    ]


def test_the_debtor_may_be_another_than_the_mortgagor() -> None:
    (opened,) = played(S19, page(), debtor_is="another", debtor="滑县示例粮油有限公司").burdens

    assert (opened.private["mortgagor"], opened.private["debtor"]) == ("陶建国", "滑县示例粮油有限公司")


def test_joint_owners_mortgage_together() -> None:
    assert refused(S19, jointly_owned()) == "mortgagor1_name"
    (opened,) = played(S19, jointly_owned(), **second()).burdens
    assert opened.private["mortgagor"] == "陶建国、李红"


def test_a_stranger_and_one_named_twice_cannot_mortgage() -> None:
    assert refused(S19, page(), **second()) == "mortgagor1_name"
    twice = second(mortgagor2_name=NAMES[0], mortgagor2_id_no=NUMBERS[0])
    assert refused(S19, page(), **twice) == "mortgagor2_id_no"


def test_owners_by_shares_need_two_thirds_for_the_whole_thing_or_mortgage_their_own_share() -> None:
    thirds = by_shares(Fraction(1, 3), Fraction(1, 3), Fraction(1, 3))

    assert refused(S19, thirds) == "mortgagor1_name"
    (whole,) = played(S19, thirds, **second()).burdens
    (own,) = played(S19, thirds, extent="share").burdens
    assert whole.private["object"] == "土地和房屋"
    assert own.private["object"] == "土地和房屋（只抵押份额：陶建国1/3）"
    assert own.private["mortgagor"] == "陶建国"


def test_a_child_does_not_mortgage_alone_but_through_its_guardian() -> None:
    first17 = "41052620150101000"
    number = first17 + id18_check_character(first17)
    unit = page()
    assert unit.title is not None
    (owner,) = unit.title.holders
    child = replace(owner, identity=replace(owner.identity, id_no=number))
    young = replace(unit, title=replace(unit.title, holders=(child,)))

    assert refused(S19, young) == "mortgagor1_comes"
    (opened,) = played(S19, young, mortgagor1_comes="guardian").burdens
    assert opened.private["mortgagor"] == child.name


def test_joint_and_sole_owners_have_no_share_to_mortgage() -> None:
    assert refused(S19, page(), extent="share") == "mortgagor1_name"


def test_nobody_mortgages_to_himself() -> None:
    himself = {
        "mortgagee1_kind": "person",
        "mortgagee1_name": NAMES[0],
        "mortgagee1_id_kind": "id_card",
        "mortgagee1_id_no": NUMBERS[0],
    }
    assert refused(S19, page(), **himself) == "mortgagee1_name"


def test_a_term_that_runs_backwards_is_refused() -> None:
    assert refused(S19, page(), debt_until="2026-11-19") == "debt_until"
    assert refused(S20, page(), claim_until="2026-11-19") == "claim_until"


@pytest.mark.parametrize(
    ("changed", "keys"),
    [
        ({}, {"identity", "licence", "attorney", "acting_identity"}),
        ({"mortgagee1_comes": "presigned"}, {"identity", "licence"}),
        (
            {"mortgagor1_comes": "guardian", "mortgagee1_comes": "presigned"},
            {"identity", "licence", "guardianship", "guardian_promise", "acting_identity"},
        ),
        (
            {"mortgagor1_comes": "agent", "mortgagee1_comes": "representative"},
            {"identity", "licence", "disposing_attorney", "acting_identity"},
        ),
    ],
)
def test_the_checklist_follows_who_comes(changed: dict[str, str], keys: set[str]) -> None:
    facts = S19.application_facts(filled(S19, page(), **changed), frozenset())
    always = {"application", "certificate", "loan_contract", "mortgage_contract"}

    assert {one.key for one in S19.needed_materials(facts)} == always | keys
    assert not any(one.keeps_original for one in S19.materials)


def test_the_law_sees_who_gives_the_right_away() -> None:
    facts = S19.application_facts(filled(S19, page()), frozenset())

    assert (facts.cause, facts.giving) == (Cause.MORTGAGE_CONTRACT, (HolderKind.PERSON,))
    assert facts.has_agent
    assert S19.disposes and S20.disposes and not S24.disposes


def test_the_owner_who_shows_the_certificate_is_prefilled_as_mortgagor() -> None:
    assert S19.prefill(page(), shown_for(S19, page())) == {
        "mortgagor1_kind": "person",
        "mortgagor1_name": "陶建国",
        "mortgagor1_id_kind": "id_card",
        "mortgagor1_id_no": NUMBERS[0],
    }


def test_every_detail_written_has_its_column_in_the_register() -> None:
    for item in (S19, S20):
        for opened in played(item, page(), note="附记一句").burdens:
            assert set(opened.private) <= {one.key for one in BURDEN_PAGES[opened.burden.burden].details}


def test_the_mortgagee_alone_has_the_mortgage_cancelled() -> None:
    mortgaged = played(S19, page())
    form = filled(S24, mortgaged)

    assert problems(S24, form) == ()
    (closed,) = written(S24, form, mortgaged)
    assert isinstance(closed, CloseBurden)
    assert (closed.unit_code, closed.burden_no) == (CODE, FIRST_PROOF)
    assert closed.cause_zh == "注销抵押：主债权消灭（债已还清）（民法典第三百九十三条）"
    assert after(mortgaged, (closed,)).burdens == ()


def test_only_the_mortgage_named_ends() -> None:
    twice = played(S20, played(S19, page()), first_number=2000)
    first, other = twice.burdens
    form = filled(S24, twice, Shown(first.burden.proof_no, first.holders[0]))

    assert after(twice, written(S24, form, twice)).burdens == (other,)


def test_a_cancellation_names_a_mortgage_of_the_register_and_all_its_mortgagees() -> None:
    mortgaged = played(S19, page())

    assert refused(S24, mortgaged, proof_no="豫（2026）滑县不动产证明第0009999号") == "proof_no"
    assert refused(S24, mortgaged, mortgagee1_id_no="91410526MA9000020Y") == "mortgagee1_name"
    assert isinstance(mortgaged.burdens[0], OpenBurden)


def test_two_mortgagees_have_their_mortgage_cancelled_together() -> None:
    another = {
        "mortgagee2_also": "yes",
        "mortgagee2_kind": "enterprise",
        "mortgagee2_name": "豫北第二示例银行股份有限公司",
        "mortgagee2_id_kind": "uscc",
        "mortgagee2_id_no": "91410526MA9000020Y",
        "mortgagee2_phone": "0372-8100020",
        "mortgagee2_comes": "representative",
        "mortgagee2_acting_name": "金桂英",
        "mortgagee2_acting_id_kind": "id_card",
        "mortgagee2_acting_id_no": "410526197408290005",
        "mortgagee2_acting_phone": "13800138022",
        "mortgagee3_also": "no",
    }
    mortgaged = played(S19, page(), **another)

    assert refused(S24, mortgaged) == "mortgagee1_name"
    assert len(written(S24, filled(S24, mortgaged, **another), mortgaged)) == 1


def test_an_owner_who_shows_the_proof_is_not_taken_for_the_mortgagee() -> None:
    mortgaged = played(S19, page())
    assert mortgaged.title is not None
    known = S24.prefill(mortgaged, Shown(FIRST_PROOF, mortgaged.title.holders[0]))

    assert known["proof_no"] == FIRST_PROOF
    assert "mortgagee1_name" not in known
