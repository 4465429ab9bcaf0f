"""Determination, change and transfer of mortgages in the catalogue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.catalogue_pages import NAMES, after, filled, page, played, problems, written

from tongban.domain.burden_entries import AlterBurden
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem, Shown
from tongban.domain.codes import CertificateNo
from tongban.domain.errors import InvalidInput
from tongban.domain.evidence import Evidence
from tongban.domain.unit_page import UnitPage

S19, S20, S21, S22, S23 = (CATALOGUE[number] for number in ("S19", "S20", "S21", "S22", "S23"))
FIRST_PROOF = CertificateNo("豫（2026）滑县不动产证明第0001234号")
NEW_PROOF = CertificateNo("豫（2026）滑县不动产证明第0005000号")


def mortgaged(item: ServiceItem = S19, **changed: str) -> UnitPage:
    return played(item, page(), **changed)


def refused(item: ServiceItem, unit: UnitPage, **changed: str) -> str:
    """The field the item's entries stumble over."""
    with pytest.raises(InvalidInput) as caught:
        written(item, filled(item, unit, **changed), unit, 5000)
    (problem,) = caught.value.problems
    assert problem.what_zh and problem.cure_zh
    return problem.field


def changed_to(item: ServiceItem, unit: UnitPage, **changed: str) -> AlterBurden:
    """The one alteration the item writes."""
    (entry,) = written(item, filled(item, unit, **changed), unit, 5000)
    assert isinstance(entry, AlterBurden)
    return entry


@pytest.mark.parametrize(("item", "before"), [(S21, S20), (S22, S19), (S23, S19)], ids=str)
def test_the_example_about_a_mortgage_in_force_is_complete(item: ServiceItem, before: ServiceItem) -> None:
    unit = mortgaged(before)
    form = filled(item, unit)

    assert problems(item, form) == ()
    assert form["proof_no"] == FIRST_PROOF
    assert len(after(unit, written(item, form, unit, 5000)).burdens) == 1


def test_determined_claims_make_a_maximum_mortgage_an_ordinary_one_under_a_new_proof() -> None:
    entry = changed_to(S21, mortgaged(S20))

    assert (entry.before.burden, entry.burden.burden) == (Burden.MORTGAGE_MAXIMUM, Burden.MORTGAGE)
    assert (entry.burden_no, entry.burden.proof_no, entry.burden.rank) == (FIRST_PROOF, NEW_PROOF, 1)
    assert entry.private["determined_yuan"] == "1350000.00"
    assert entry.private["determined_fact"] == "新的债权不可能发生"
    assert entry.private["maximum_yuan"] == "2000000.00"


def test_a_maximum_mortgage_with_an_agreement_not_to_transfer_keeps_it_after_determination() -> None:
    entry = changed_to(S21, mortgaged(S20, no_transfer="forbidden"))

    assert entry.burden.burden is Burden.MORTGAGE_NO_TRANSFER
    assert entry.private["determined_yuan"] == "1350000.00"


def test_only_undetermined_claims_are_determined() -> None:
    unit = mortgaged(S20)
    once = after(unit, written(S21, filled(S21, unit), unit, 5000))

    assert refused(S21, once) == "proof_no"
    assert refused(S21, mortgaged(S19)) == "proof_no"


def test_more_than_the_maximum_is_not_secured() -> None:
    assert refused(S21, mortgaged(S20), determined_yuan="2000000.01") == "determined_yuan"
    assert changed_to(S21, mortgaged(S20), determined_yuan="2000000").private["determined_yuan"] == "2000000.00"


def test_the_fact_that_determines_must_be_there() -> None:
    running, open_ended = mortgaged(S20), mortgaged(S20, claim_until="")

    assert refused(S21, running, determined_fact="period_over") == "determined_fact"
    assert refused(S21, open_ended, determined_fact="period_over") == "determined_fact"
    assert refused(S21, running, determined_fact="two_years") == "determined_fact"
    assert refused(S21, open_ended, determined_fact="two_years") == "determined_fact"
    over = mortgaged(S20, claim_from="2023-01-01", claim_until="2026-11-22")
    assert changed_to(S21, over, determined_fact="period_over").private["determined_fact"] == "约定的债权确定期间届满"


def test_after_two_years_an_open_ended_maximum_mortgage_may_be_determined() -> None:
    unit = mortgaged(S20, claim_until="")
    old = replace(unit.burdens[0], burden=replace(unit.burdens[0].burden, since=date(2024, 11, 23)))
    unit = replace(unit, burdens=(old,))

    assert changed_to(S21, unit, determined_fact="two_years").burden.since == date(2024, 11, 23)


def test_a_smaller_amount_needs_nobodys_consent() -> None:
    entry = changed_to(S22, played(S20, mortgaged(), first_number=2000), proof_no=FIRST_PROOF)

    assert entry.burden_no == FIRST_PROOF
    assert entry.private["debt_yuan"] == "450000.00"
    assert S22.claims({"enlarges": "no"}) == {Evidence.MORTGAGE_NOT_ENLARGED}


@pytest.mark.parametrize(
    "changed",
    [
        {"new_amount_yuan": "600000.01"},
        {"change_term": "yes", "new_from": "2026-11-20", "new_until": "2046-11-20"},
        {"change_scope": "yes", "new_scope": "主债权及其利息"},
        {"change_no_transfer": "yes", "no_transfer": "forbidden"},
    ],
)
def test_a_heavier_change_must_be_called_so_and_agreed_to_by_the_other_mortgagees(changed: dict[str, str]) -> None:
    alone, beside = mortgaged(), played(S20, mortgaged(), first_number=2000)

    assert refused(S22, alone, **changed) == "enlarges"
    assert changed_to(S22, alone, enlarges="yes", others_consent="none", **changed).burden_no == FIRST_PROOF
    said = {"proof_no": FIRST_PROOF, "enlarges": "yes", **changed}
    assert refused(S22, beside, others_consent="none", **said) == "others_consent"
    assert changed_to(S22, beside, others_consent="agreed", **said).burden_no == FIRST_PROOF


def test_the_consent_of_others_is_claimed_only_when_the_form_says_so() -> None:
    assert S22.claims({"enlarges": "yes", "others_consent": "agreed"}) == {Evidence.OTHER_MORTGAGEES_CONSENT}
    assert S22.claims({"enlarges": "yes", "others_consent": "none"}) == frozenset()


def test_an_agreement_not_to_transfer_that_is_added_or_dropped_changes_what_stands_in_the_way() -> None:
    entry = changed_to(
        S22, mortgaged(), enlarges="yes", others_consent="none", change_no_transfer="yes", no_transfer="forbidden"
    )
    assert entry.burden.burden is Burden.MORTGAGE_NO_TRANSFER

    unit = mortgaged(no_transfer="forbidden")
    entry = changed_to(S22, unit, change_no_transfer="yes", no_transfer="free")
    assert (entry.burden.burden, entry.private["no_transfer"]) == (Burden.MORTGAGE, "否")


def test_two_mortgages_change_their_ranks_in_one_recording() -> None:
    both = played(S20, mortgaged(), first_number=2000)
    other = both.burdens[1].burden.proof_no
    said = {
        "proof_no": FIRST_PROOF,
        "enlarges": "yes",
        "others_consent": "agreed",
        "change_amount": "no",
        "change_rank": "yes",
        "rank_with": other,
    }
    form = filled(S22, both, Shown(FIRST_PROOF, both.burdens[0].holders[0]), **said)
    now = after(both, written(S22, form, both, 5000))

    assert {one.burden_no: one.burden.rank for one in now.burdens} == {FIRST_PROOF: 2, other: 1}
    assert {one.burden.proof_no for one in now.burdens} == {NEW_PROOF, other}
    assert refused(S22, both, **{**said, "rank_with": FIRST_PROOF}) == "rank_with"


def test_a_mortgagee_that_was_renamed_stays_the_same() -> None:
    unit = mortgaged()
    entry = changed_to(S22, unit, change_amount="no", change_name="yes", new_name="豫北新示例银行股份有限公司滑县支行")

    assert entry.holders[0].name == "豫北新示例银行股份有限公司滑县支行"
    assert entry.holders[0].id_no == unit.burdens[0].holders[0].id_no


def test_a_change_that_changes_nothing_is_refused() -> None:
    assert refused(S22, mortgaged(), change_amount="no") == "change_amount"
    assert refused(S22, mortgaged(), new_amount_yuan="600000") == "change_amount"


@pytest.mark.parametrize("item", [S22, S23], ids=str)
def test_a_stranger_neither_changes_nor_transfers_a_mortgage(item: ServiceItem) -> None:
    prefix = "mortgagee1" if item is S22 else "assignor1"

    assert refused(item, mortgaged(), **{f"{prefix}_name": "豫北别家银行"}) == f"{prefix}_name"
    assert refused(item, mortgaged(), proof_no="豫（2026）滑县不动产证明第0009999号") == "proof_no"


def test_the_owner_has_to_agree_to_a_change() -> None:
    assert refused(S22, mortgaged(), mortgagor1_name=NAMES[1]) == "mortgagor1_name"


def test_the_assignee_takes_the_mortgage_with_its_rank() -> None:
    entry = changed_to(S23, mortgaged())

    assert [one.name for one in entry.holders] == ["豫北示例资产管理有限公司"]
    assert (entry.burden.rank, entry.burden.proof_no, entry.burden.burden) == (1, NEW_PROOF, Burden.MORTGAGE)
    assert entry.private["debt_yuan"] == "600000.00"


def test_part_of_a_claim_makes_the_assignee_hold_beside_the_assignor() -> None:
    entry = changed_to(S23, mortgaged(), how_much="part", agreed_to_move="no", moved_yuan="200000")

    assert [(one.holder_no, one.name) for one in entry.holders] == [
        (1, "豫北示例银行股份有限公司滑县支行"),
        (2, "豫北示例资产管理有限公司"),
    ]
    assert entry.private["note"] == "转让部分债权200000.00元，豫北债转2026第0023号"


@pytest.mark.parametrize("agreement", ["free", "forbidden"])
def test_part_of_undetermined_claims_moves_without_the_mortgage_unless_agreed(agreement: str) -> None:
    unit, part = mortgaged(S20, no_transfer=agreement), {"how_much": "part", "moved_yuan": "200000"}

    assert refused(S23, unit, agreed_to_move="no", **part) == "agreed_to_move"
    assert len(changed_to(S23, unit, agreed_to_move="yes", **part).holders) == 2
    assert S23.claims({"how_much": "part", "agreed_to_move": "no"}) == frozenset()
    assert S23.claims({"how_much": "part", "agreed_to_move": "yes"}) == {Evidence.MAXIMUM_MORTGAGE_MAY_MOVE}
    assert S23.claims({"how_much": "all"}) == {Evidence.MAXIMUM_MORTGAGE_MAY_MOVE}


def test_a_mortgagee_does_not_transfer_to_itself() -> None:
    bank = mortgaged().burdens[0].holders[0]

    assert refused(S23, mortgaged(), mortgagee1_name=bank.name, mortgagee1_id_no=bank.id_no) == "mortgagee1_name"


@pytest.mark.parametrize(
    ("item", "changed", "keys"),
    [
        (S22, {}, {"change_agreement"}),
        (S22, {"enlarges": "yes", "others_consent": "agreed"}, {"change_agreement", "others_consent"}),
        (S22, {"change_name": "yes", "new_name": "新名"}, {"change_agreement", "name_evidence"}),
        (S23, {}, {"assignment"}),
        (S23, {"how_much": "part", "agreed_to_move": "yes"}, {"assignment", "agreed_to_move"}),
    ],
)
def test_the_checklist_asks_what_the_change_rests_on(
    item: ServiceItem, changed: dict[str, str], keys: set[str]
) -> None:
    facts = item.application_facts(filled(item, mortgaged(), **changed), frozenset())
    people = {"application", "identity", "licence", "attorney", "acting_identity", "proof"}

    assert {one.key for one in item.needed_materials(facts)} - people == keys
