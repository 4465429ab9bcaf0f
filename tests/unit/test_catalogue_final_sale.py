"""A buyer's notice becomes ownership: only for its holders, and what it secured for them stays theirs (民法典 221)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from tests.transfer_builders import (
    OLD_NO,
    UNIT,
    after,
    another,
    burden,
    complete,
    holder,
    needed,
    page_of,
    refused,
    title_of,
    written,
)

from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_DEVELOPER
from tongban.domain.catalogue.item import FoundBy, Shown
from tongban.domain.entries import ReplaceTitle
from tongban.domain.terms import Cause, CoOwnership
from tongban.domain.titles import Holder
from tongban.domain.unit_page import UnitPage

FINAL = CATALOGUE["S31"]
PROOF = "豫（2026）滑县不动产证明第0000031号"
XIE, WU = holder("谢雨桐", "19740827"), holder("吴桂英", "19870304", 2)


def noted(*holders: Holder, more: tuple[OpenBurden, ...] = ()) -> UnitPage:
    return page_of(title_of(EXAMPLE_DEVELOPER), burden(Burden.PRIORITY_NOTICE, PROOF, holders=holders), *more)


def form(page: UnitPage, **changed: str) -> dict[str, str]:
    asking = page.burdens[0].holders[0]
    return complete(FINAL, {**FINAL.example.answers, **FINAL.prefill(page, Shown(PROOF, asking)), **changed})


ONE = noted(XIE)


def test_the_holder_of_the_notice_becomes_owner_and_the_notice_ends() -> None:
    entries = written(FINAL, form(ONE), ONE)

    held = after(entries, ONE)
    title = held.title(UNIT)
    assert title is not None
    assert [one.name for one in title.holders] == ["谢雨桐"]
    assert held.burdens(UNIT) == ()
    assert isinstance(entries[0], ReplaceTitle)
    assert (entries[0].before, entries[0].cause) == (OLD_NO, Cause.DEVELOPER_SALE)


def test_the_banks_notice_stays_for_its_own_final_registration() -> None:
    bank = burden(Burden.MORTGAGE_NOTICE, "豫（2026）滑县不动产证明第0000032号")
    page = noted(XIE, more=(bank,))

    assert after(written(FINAL, form(page), page), page).burdens(UNIT) == (bank.burden,)


def test_nobody_but_the_holder_of_the_notice_registers_by_it() -> None:
    stranger = form(ONE, buyer1_name="许文博")

    assert refused(FINAL, stranger, ONE) == ["buyer1_name"]
    more = {**another("buyer", 2, "吴桂英", "19870304"), "buyer_co_ownership": "joint"}
    assert refused(FINAL, form(ONE, **more), ONE) == ["buyer1_name"]


def test_the_buyers_hold_by_the_shares_of_the_notice() -> None:
    page = noted(replace(XIE, share=Fraction(2, 3)), replace(WU, share=Fraction(1, 3)))
    both = {**another("buyer", 2, "吴桂英", "19870304"), "buyer_co_ownership": "by_shares"}

    assert refused(FINAL, form(page, **both, buyer_shares="1/2、1/2"), page) == ["buyer_shares"]
    assert refused(FINAL, form(page, **{**both, "buyer_co_ownership": "joint"}), page) == ["buyer_co_ownership"]
    entry = written(FINAL, form(page, **both, buyer_shares="2/3、1/3"), page)[0]
    assert isinstance(entry, ReplaceTitle)
    assert entry.title.co_ownership is CoOwnership.BY_SHARES


def test_a_proof_the_register_does_not_know_or_of_a_bank_is_refused() -> None:
    bank = page_of(title_of(EXAMPLE_DEVELOPER), burden(Burden.MORTGAGE_NOTICE, PROOF, holders=(XIE,)))

    assert refused(FINAL, form(ONE, proof_no="豫（2026）滑县不动产证明第0000099号"), ONE) == ["proof_no"]
    assert refused(FINAL, form(ONE), bank) == ["proof_no"]


def test_another_seller_than_the_registered_one_cannot_finish_the_sale() -> None:
    assert "obligor1_name" in refused(FINAL, form(ONE, obligor1_name="滑县别家房地产有限公司"), ONE)


def test_a_pre_seizure_of_the_buyers_claim_becomes_a_seizure_from_its_first_day() -> None:
    held = burden(Burden.PRE_SEIZURE, "C1", since=date(2025, 5, 6), until=date(2028, 5, 5))
    against_buyer = replace(held, private={"debtor": "谢雨桐"})
    page = noted(XIE, more=(against_buyer,))

    (now,) = after(written(FINAL, form(page), page), page).burdens(UNIT)
    assert (now.burden, now.burden_no, now.since, now.until) == (
        Burden.SEIZURE,
        "C1",
        date(2025, 5, 6),
        date(2028, 5, 5),
    )


def test_a_pre_seizure_of_somebody_elses_claim_stays_what_it_is() -> None:
    other = replace(burden(Burden.PRE_SEIZURE, "C1"), private={"debtor": "许文博"})
    page = noted(XIE, more=(other,))

    assert after(written(FINAL, form(page), page), page).burdens(UNIT) == (other.burden,)


def test_the_final_registration_is_found_by_the_proof_and_claims_to_be_the_holders_own() -> None:
    known = FINAL.prefill(ONE, Shown(PROOF, XIE))

    assert FINAL.found_by is FoundBy.PROOF
    assert (known["proof_no"], known["buyer1_name"], known["obligor1_name"]) == (
        PROOF,
        XIE.name,
        EXAMPLE_DEVELOPER.name,
    )
    assert "notice" not in known or "notice" not in form(ONE)
    assert FINAL.claims(form(ONE)) == {"own_final_registration"}
    assert FINAL.prefill(ONE, Shown(PROOF, None)) == {}


def test_the_buyer_brings_the_proof_and_no_certificate() -> None:
    assert needed(FINAL, form(ONE)) >= {"proof", "contract", "survey", "tax_proof"}
    assert "certificate" not in needed(FINAL, form(ONE))
