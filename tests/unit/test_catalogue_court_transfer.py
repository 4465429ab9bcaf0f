"""Transfers by court papers: the taker alone, whose right moves, and what the sale by a court ends."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
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

from tongban.domain.acts import Act
from tongban.domain.burden_entries import CloseBurden, OpenBurden
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import FoundBy, Shown
from tongban.domain.entries import ReplaceTitle
from tongban.domain.errors import InvalidInput
from tongban.domain.terms import Cause, CoOwnership
from tongban.domain.titles import Title

RULING, COURT_SALE = CATALOGUE["S08"], CATALOGUE["S09"]
WANG, LI = holder("王小明", "19900101"), holder("李红", "19881212", 2)
SOLE, JOINT = page_of(title_of(WANG)), page_of(title_of(WANG, LI))
BY_SHARES = page_of(title_of(replace(WANG, share=Fraction(1, 4)), replace(LI, share=Fraction(3, 4))))


def ruling(**changed: str) -> dict[str, str]:
    return complete(RULING, {**RULING.example.answers, "losers": "王小明", **changed})


def sale(**changed: str) -> dict[str, str]:
    return complete(COURT_SALE, {**COURT_SALE.example.answers, "losers": "王小明", **changed})


def only_title(entries: tuple[object, ...]) -> Title:
    (entry,) = entries
    assert isinstance(entry, ReplaceTitle)
    assert entry.cause is Cause.COURT_RULING
    return entry.title


def seizure(kind: Burden, number: str, court: str) -> OpenBurden:
    lying = burden(kind, number)
    return replace(lying, burden=replace(lying.burden, organ_zh=court, proof_no=""))


def test_whoever_a_ruling_names_takes_the_home_alone_and_is_no_stranger_to_the_window_only() -> None:
    title = only_title(written(RULING, ruling(), SOLE))

    assert [one.name for one in title.holders] == ["姜海洋"]
    assert title.note_zh == "登记原因：生效法律文书；滑县人民法院（2026）豫0526民初1208号"
    assert [one.role.value for one in RULING.parties(ruling())] == ["transferee"]
    assert RULING.found_by is FoundBy.UNIT
    assert RULING.prefill(SOLE, Shown("", None)) == {}


def test_whoever_names_those_the_paper_is_against_is_told_what_lies_on_the_home_and_nobodys_name() -> None:
    lying = page_of(JOINT.title, burden(Burden.MORTGAGE), burden(Burden.PRIORITY_NOTICE, "n1"))  # type: ignore[arg-type]
    shown = Shown("", None, {"losers": "李红、王小明"})

    ruled, sold = RULING.prefill(lying, shown), COURT_SALE.prefill(lying, shown)

    assert ruled == {
        "losers": "李红、王小明",
        "mortgage": "plain",
        "habitation": "no",
        "objection": "no",
        "notice": "yes",
    }
    assert {key: sold[key] for key in ruled} == ruled
    assert {field.key for field in COURT_SALE.fields} & {"notice"} == set()


@pytest.mark.parametrize("losers", ["王小", "王小明、赵静", "王小明"], ids=["wrong", "one_wrong", "one_of_two"])
def test_whoever_does_not_name_those_in_the_register_is_told_nothing(losers: str) -> None:
    with pytest.raises(InvalidInput) as told:
        RULING.prefill(JOINT, Shown("", None, {"losers": losers}))

    assert [one.field for one in told.value.problems] == ["losers"]


def test_a_ruling_against_all_joint_owners_moves_the_whole() -> None:
    assert [one.name for one in only_title(written(RULING, ruling(losers="王小明、李红"), JOINT)).holders] == ["姜海洋"]


def test_a_ruling_against_one_joint_owner_moves_nothing_before_the_parts_are_divided() -> None:
    assert refused(RULING, ruling(), JOINT) == ["losers"]


def test_a_ruling_against_an_owner_by_shares_moves_his_share_only() -> None:
    two = {**another("taker", 2, "姜小雨", "19900909"), "taker_co_ownership": "by_shares", "taker_shares": "1/3、2/3"}

    title = only_title(written(RULING, ruling(**two), BY_SHARES))
    assert [(one.name, one.share) for one in title.holders] == [
        ("李红", Fraction(3, 4)),
        ("姜海洋", Fraction(1, 12)),
        ("姜小雨", Fraction(1, 6)),
    ]


def test_takers_of_a_share_cannot_hold_it_jointly() -> None:
    two = {**another("taker", 2, "姜小雨", "19900909"), "taker_co_ownership": "joint"}

    assert refused(RULING, ruling(**two), BY_SHARES) == ["taker_co_ownership"]


@pytest.mark.parametrize("losers", ["王小东", "王小明、王小东"])
def test_a_ruling_about_somebody_the_register_does_not_know_is_refused(losers: str) -> None:
    assert refused(RULING, ruling(losers=losers), SOLE) == ["losers"]


def test_a_ruling_needs_no_certificate_and_is_claimed_to_be_in_force() -> None:
    assert needed(RULING, ruling()) == {"application", "identity", "court_paper", "tax_proof"}
    assert RULING.claims(ruling()) == {"court_paper_in_force"}
    facts = RULING.application_facts(ruling(), frozenset())
    assert (facts.cause, facts.giving) == (Cause.COURT_RULING, ())


# --- sales by courts -------------------------------------------------------------------------------------------------


def test_a_sale_by_the_court_is_a_compelled_transfer_with_ruling_and_notice() -> None:
    assert COURT_SALE.acts == (Act.COMPELLED_TRANSFER,)
    assert needed(COURT_SALE, sale()) == {"application", "identity", "court_paper", "court_notice", "tax_proof"}
    assert [one.name for one in only_title(written(COURT_SALE, sale(), SOLE)).holders] == ["潘晓明"]


def test_the_selling_courts_seizure_ends_and_waiting_ones_lapse_and_another_courts_stays() -> None:
    page = page_of(
        title_of(WANG),
        seizure(Burden.SEIZURE, "S1", "滑县人民法院"),
        seizure(Burden.WAITING_SEIZURE, "S2", "安阳市中级人民法院"),
        seizure(Burden.PRE_SEIZURE, "S3", "浚县人民法院"),
    )

    entries = written(COURT_SALE, sale(), page)

    assert [one.burden_no for one in after(entries, page).burdens(UNIT)] == ["S3"]
    closed = {one.burden_no: one.cause_zh for one in entries if isinstance(one, CloseBurden)}
    assert closed == {
        "S1": "处置完毕：（2026）豫0526执533号协助执行通知书",
        "S2": "房产已经整体处置，轮候查封自动失效（法发〔2004〕5号第二十条）",
    }


def test_of_a_share_sold_by_a_court_waiting_seizures_go_on_with_the_rest() -> None:
    page = page_of(BY_SHARES.title, seizure(Burden.WAITING_SEIZURE, "S2", "安阳市中级人民法院"))  # type: ignore[arg-type]

    entries = written(COURT_SALE, sale(), page)

    assert [one.burden_no for one in after(entries, page).burdens(UNIT)] == ["S2"]


def test_a_mortgage_ends_only_when_the_courts_notice_names_its_proof() -> None:
    mortgage = burden(Burden.MORTGAGE)
    page = page_of(title_of(WANG), mortgage)
    knows = {"mortgage": "plain", "taker_knows_mortgage": "yes"}

    kept = written(COURT_SALE, sale(**knows), page)
    assert after(kept, page).burdens(UNIT) == (mortgage.burden,)
    ended = written(COURT_SALE, sale(**knows, ended_proofs=mortgage.burden.proof_no), page)
    assert after(ended, page).burdens(UNIT) == ()
    assert refused(COURT_SALE, sale(**knows, ended_proofs="豫（2022）滑县不动产证明第0000999号"), page) == [
        "ended_proofs"
    ]


def test_the_old_certificate_is_void_after_a_sale_by_the_court() -> None:
    entry = written(COURT_SALE, sale(), SOLE)[0]

    assert isinstance(entry, ReplaceTitle)
    assert entry.before == OLD_NO
    assert entry.title.co_ownership is CoOwnership.SOLE
