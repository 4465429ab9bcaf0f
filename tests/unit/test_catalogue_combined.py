"""Sales with loans: the order of what one recording writes, whose mortgage stands in the end, and who takes part."""

from __future__ import annotations

import pytest
from tests.catalogue_pages import after, filled, page, played, problems, written

from tongban.domain.acts import Act
from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.codes import CertificateNo
from tongban.domain.entries import ReplaceTitle
from tongban.domain.errors import InvalidInput
from tongban.domain.evidence import Evidence
from tongban.domain.unit_page import UnitPage

S19, S20, S32, S33 = (CATALOGUE[number] for number in ("S19", "S20", "S32", "S33"))
FIRST_PROOF = CertificateNo("豫（2026）滑县不动产证明第0001234号")
NEW_PROOF = CertificateNo("豫（2026）滑县不动产证明第0005000号")
BUYER = "许文博"
OLD_BANK, NEW_BANK = "豫北示例银行股份有限公司滑县支行", "豫北第二示例银行股份有限公司"


def refused(item: ServiceItem, unit: UnitPage, **changed: str) -> set[str]:
    """The fields the item's entries stumble over."""
    with pytest.raises(InvalidInput) as caught:
        written(item, filled(item, unit, **changed), unit, 5000)
    assert all(one.what_zh and one.cure_zh for one in caught.value.problems)
    return {one.field for one in caught.value.problems}


def mortgages(unit: UnitPage) -> list[tuple[str, int, str, str]]:
    return [
        (one.burden.proof_no, one.burden.rank, one.holders[0].name, one.private["mortgagor"]) for one in unit.burdens
    ]


def test_the_buyer_gets_the_title_and_the_bank_its_mortgage_in_one_recording() -> None:
    form = filled(S32, page())
    entries = written(S32, form, page(), 5000)
    now = after(page(), entries)

    assert problems(S32, form) == ()
    assert [type(one) for one in entries] == [ReplaceTitle, OpenBurden]
    assert now.title is not None
    assert [one.name for one in now.title.holders] == [BUYER]
    assert mortgages(now) == [(NEW_PROOF, 1, OLD_BANK, BUYER)]
    assert now.burdens[0].private["contract_no"] == "豫北抵字2026第0132号"
    assert now.burdens[0].private["debtor"] == BUYER


def test_a_sale_with_a_mortgage_is_charged_to_the_buyer_and_to_the_bank() -> None:
    assert [(fee.payer.value, fee.subject.value) for fee in S32.fees] == [
        ("transferee", "title"),
        ("mortgagee", "mortgage"),
    ]
    assert {one.value for one in S32.issues} == {"certificate", "proof"}


def test_a_buyer_does_not_borrow_from_himself() -> None:
    form = filled(S32, page())
    said = {
        "mortgagee1_kind": "person",
        "mortgagee1_name": BUYER,
        "mortgagee1_id_kind": "id_card",
        "mortgagee1_id_no": form["buyer1_id_no"],
        "mortgagee1_comes": "self",
    }

    assert refused(S32, page(), **said) == {"mortgagee1_name"}


def test_the_combination_of_mortgages_opens_the_new_and_ends_the_old_after_the_transfer() -> None:
    unit = played(S19, page())
    form = filled(S33, unit)
    entries = written(S33, form, unit, 5000)
    now = after(unit, entries)

    assert problems(S33, form) == ()
    assert [type(one) for one in entries] == [ReplaceTitle, OpenBurden, CloseBurden]
    assert mortgages(now) == [(NEW_PROOF, 2, NEW_BANK, BUYER)]
    assert now.title is not None
    assert now.title.note_zh.endswith("；带押过户（抵押权组合）")
    assert "原有抵押权继续有效" not in now.title.note_zh


def test_segments_leave_the_old_mortgage_before_the_new_until_the_old_loan_is_paid() -> None:
    unit = played(S19, page())
    now = after(unit, written(S33, filled(S33, unit, mode="segments"), unit, 5000))

    assert [one[:3] for one in mortgages(now)] == [(FIRST_PROOF, 1, OLD_BANK), (NEW_PROOF, 2, NEW_BANK)]
    assert now.title is not None
    assert "原有抵押权继续有效" in now.title.note_zh


def test_a_changed_mortgage_keeps_its_rank_and_secures_the_buyer_s_loan() -> None:
    unit = played(S19, page())
    title, changed = written(S33, filled(S33, unit, mode="change", no_transfer="forbidden"), unit, 5000)

    assert isinstance(title, ReplaceTitle)
    assert isinstance(changed, AlterBurden)
    assert (changed.burden_no, changed.burden.proof_no, changed.burden.rank) == (FIRST_PROOF, NEW_PROOF, 1)
    assert changed.burden.burden is Burden.MORTGAGE_NO_TRANSFER
    assert (changed.private["mortgagor"], changed.private["debt_yuan"]) == (BUYER, "500000.00")
    assert [one.name for one in changed.holders] == [NEW_BANK]


def test_an_undetermined_maximum_mortgage_is_not_simply_changed() -> None:
    assert refused(S33, played(S20, page()), mode="change") == {"mode"}


def test_the_old_bank_takes_part_and_names_its_own_mortgage() -> None:
    unit = played(S19, page())
    form = filled(S33, unit)

    assert form["old1_name"] == OLD_BANK
    assert refused(S33, page(), old_proof_no=FIRST_PROOF) == {"old_proof_no"}
    unprefilled = {**form, "old1_name": "豫北别家银行"}
    with pytest.raises(InvalidInput) as caught:
        written(S33, unprefilled, unit, 5000)
    assert [one.field for one in caught.value.problems] == ["old1_name"]
    assert S33.claims(form) == {Evidence.MORTGAGEE_CONSENT}
    assert {party.name for party in S33.parties(form)} >= {OLD_BANK, NEW_BANK, BUYER}


def test_a_buyer_who_does_not_know_of_the_mortgage_gets_no_mortgaged_house() -> None:
    assert refused(S33, played(S19, page()), taker_knows_mortgage="no") == {"taker_knows_mortgage"}


@pytest.mark.parametrize(
    ("mode", "keys"),
    [("combined", {"old_proof", "old_release"}), ("segments", set()), ("change", {"old_proof"})],
)
def test_the_papers_about_the_old_mortgage_follow_the_mode(mode: str, keys: set[str]) -> None:
    unit = played(S19, page())
    facts = S33.application_facts(filled(S33, unit, mode=mode), frozenset())
    needed = {one.key for one in S33.needed_materials(facts)}

    assert needed & {"old_proof", "old_release", "carrying_consent"} == keys
    assert {"certificate", "contract", "tax_proof", "loan_contract", "mortgage_contract"} <= needed


def test_a_changed_mortgage_costs_nothing_and_is_no_new_mortgage() -> None:
    """45号文: a change is free; 自然资发〔2023〕29号 mode 3 sets up no mortgage."""

    def fees(mode: str) -> list[str]:
        return [fee.payer.value for fee in S33.fees if fee.when is None or fee.when({"mode": mode})]

    assert fees("change") == ["transferee"]
    assert fees("combined") == fees("segments") == ["transferee", "mortgagee"]
    assert S33.acts_of({"mode": "change"}) == (Act.TRANSFER, Act.ALTER_MORTGAGE)
    assert S33.acts_of({"mode": "segments"}) == (Act.TRANSFER, Act.MORTGAGE)
    assert S33.acts_of({"mode": "combined"}) == (Act.TRANSFER, Act.MORTGAGE, Act.CANCEL_MORTGAGE)
    assert S33.acts_of({}) == (Act.TRANSFER,)


def test_each_side_of_an_exchange_pays_for_the_home_it_gets() -> None:
    """2559号 五: the party registered as holder pays; the application's unit goes to the second party."""
    exchange = CATALOGUE["S10"]

    assert [(fee.payer.value, fee.place) for fee in exchange.fees] == [("transferee", 0), ("transferor", 1)]
