"""Inheritance and legacy: whose part passes, in exact fractions, and which papers are alternatives (L6)."""

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
from tongban.domain.catalogue.item import ServiceItem, Shown
from tongban.domain.entries import ReplaceTitle
from tongban.domain.terms import Cause, CoOwnership
from tongban.domain.titles import Title

INHERITANCE, LEGACY = CATALOGUE["S06"], CATALOGUE["S07"]
DEAD, WIDOW = holder("王建国", "19500101"), holder("李秀兰", "19530303", 2)
SOLE, JOINT = page_of(title_of(DEAD)), page_of(title_of(DEAD, WIDOW))
SON = {"heir1_name": "王小明", "heir1_id_no": id_number("19800101")}
DAUGHTER = another("heir", 2, "王小红", "19830202")


def only_title(entries: tuple[object, ...]) -> Title:
    (entry,) = entries
    assert isinstance(entry, ReplaceTitle)
    return entry.title


def shares(title: Title) -> list[tuple[str, Fraction | None]]:
    return [(one.name, one.share) for one in title.holders]


@pytest.mark.parametrize(("item", "cause"), [(INHERITANCE, Cause.INHERITANCE), (LEGACY, Cause.LEGACY)], ids=str)
def test_whoever_succeeds_holds_in_the_place_of_the_deceased(item: ServiceItem, cause: Cause) -> None:
    entries = written(item, form_of(item, SOLE, DEAD, **SON), SOLE)

    title = after(entries, SOLE).title(UNIT)
    assert title is not None
    assert (title.co_ownership, shares(title)) == (CoOwnership.SOLE, [("王小明", None)])
    assert entries[0].cause is cause  # type: ignore[union-attr]
    assert "河南省滑县公证处" in title.note_zh


def test_several_heirs_hold_jointly_or_by_the_shares_of_the_deed() -> None:
    jointly = {**SON, **DAUGHTER, "heir_co_ownership": "joint"}
    by_shares = {**SON, **DAUGHTER, "heir_co_ownership": "by_shares", "heir_shares": "2/5、3/5"}

    assert only_title(written(INHERITANCE, form_of(INHERITANCE, SOLE, DEAD, **jointly), SOLE)).co_ownership is (
        CoOwnership.JOINT
    )
    title = only_title(written(INHERITANCE, form_of(INHERITANCE, SOLE, DEAD, **by_shares), SOLE))
    assert shares(title) == [("王小明", Fraction(2, 5)), ("王小红", Fraction(3, 5))]


def test_of_a_joint_home_only_the_part_of_the_deceased_passes() -> None:
    form = form_of(INHERITANCE, JOINT, DEAD, **SON, parts="1/2、1/2")

    title = only_title(written(INHERITANCE, form, JOINT))
    assert shares(title) == [("李秀兰", Fraction(1, 2)), ("王小明", Fraction(1, 2))]


def test_a_widow_who_inherits_the_other_half_holds_alone() -> None:
    widow = {"heir1_name": WIDOW.name, "heir1_id_no": WIDOW.id_no}
    form = form_of(INHERITANCE, JOINT, DEAD, **widow, parts="1/2、1/2")

    title = only_title(written(INHERITANCE, form, JOINT))
    assert (title.co_ownership, shares(title)) == (CoOwnership.SOLE, [(WIDOW.name, None)])


def test_a_widow_and_a_son_share_the_half_of_the_deceased_in_exact_fractions() -> None:
    form = form_of(
        INHERITANCE,
        JOINT,
        DEAD,
        **{**SON, **another("heir", 2, WIDOW.name, "19530303")},
        heir_co_ownership="by_shares",
        heir_shares="2/3、1/3",
        parts="1/2、1/2",
    )

    title = only_title(written(INHERITANCE, form, JOINT))
    assert shares(title) == [(WIDOW.name, Fraction(2, 3)), ("王小明", Fraction(1, 3))]


def test_of_a_home_by_shares_the_registered_share_passes() -> None:
    page = page_of(title_of(replace(DEAD, share=Fraction(1, 3)), replace(WIDOW, share=Fraction(2, 3))))

    title = only_title(written(INHERITANCE, form_of(INHERITANCE, page, DEAD, **SON), page))
    assert shares(title) == [(WIDOW.name, Fraction(2, 3)), ("王小明", Fraction(1, 3))]


def test_heirs_cannot_stay_joint_beside_another_owner() -> None:
    form = form_of(INHERITANCE, JOINT, DEAD, **{**SON, **DAUGHTER}, heir_co_ownership="joint", parts="1/2、1/2")

    assert refused(INHERITANCE, form, JOINT) == ["heir_co_ownership"]


def test_parts_of_a_joint_home_are_named_for_every_owner() -> None:
    form = form_of(INHERITANCE, JOINT, DEAD, **SON, parts="1/2、1/4、1/4")

    assert refused(INHERITANCE, form, JOINT) == ["parts"]


def test_nobody_inherits_from_somebody_the_register_does_not_know_or_from_himself() -> None:
    assert refused(INHERITANCE, form_of(INHERITANCE, SOLE, DEAD, **SON, deceased_name="王建军"), SOLE) == [
        "deceased_name"
    ]
    himself = {"heir1_name": DEAD.name, "heir1_id_no": DEAD.id_no}
    assert refused(INHERITANCE, form_of(INHERITANCE, SOLE, DEAD, **himself), SOLE) == ["heir1_name"]


@pytest.mark.parametrize(
    ("way", "papers", "proofs"),
    [
        ("deed", {"deed"}, {"heir_or_legatee", "notarial_deed_verified"}),
        ("court", {"court_paper"}, {"heir_or_legatee", "court_paper_in_force"}),
        ("neither", {"death", "kinship", "division"}, {"heir_or_legatee"}),
    ],
)
def test_a_deed_or_a_court_paper_stands_in_for_death_kinship_and_agreement(
    way: str, papers: set[str], proofs: set[str]
) -> None:
    form = form_of(INHERITANCE, SOLE, DEAD, **SON, way=way)

    assert needed(INHERITANCE, form) == {"application", "identity", "certificate", "tax_proof", *papers}
    assert INHERITANCE.claims(form) == proofs
    assert ("paper_no" in form) is (way != "neither")


def test_a_legacy_without_a_deed_needs_the_will_and_the_death() -> None:
    form = form_of(LEGACY, SOLE, DEAD, **SON, way="neither")

    assert needed(LEGACY, form) == {"application", "identity", "certificate", "tax_proof", "death", "will"}


def test_nobody_gives_what_passes_by_death() -> None:
    facts = INHERITANCE.application_facts({"way": "deed"}, frozenset({"x"}))

    assert (facts.cause, facts.giving, facts.evidence) == (Cause.INHERITANCE, (), frozenset({"x"}))


def test_a_child_inherits_through_a_guardian_who_promises_nothing() -> None:
    child = {"heir1_name": "王小禾", "heir1_id_no": id_number("20180315")}
    assert refused(INHERITANCE, form_of(INHERITANCE, SOLE, DEAD, **child), SOLE) == ["heir1_comes"]

    form = form_of(INHERITANCE, SOLE, DEAD, **child, **stood_in_for("heir", 1, "guardian"))
    assert len(written(INHERITANCE, form, SOLE)) == 1
    assert "guardianship" in needed(INHERITANCE, form)
    assert "guardian_promise" not in needed(INHERITANCE, form)


def test_a_mortgage_stays_and_the_mortgagee_need_not_be_told_of_a_death() -> None:
    page = page_of(title_of(DEAD), burden(Burden.MORTGAGE))
    form = form_of(INHERITANCE, page, DEAD, **SON, taker_knows_mortgage="yes")

    assert "mortgagee_told" not in form
    assert after(written(INHERITANCE, form, page), page).burdens(UNIT) == (page.burdens[0].burden,)


def test_the_register_fills_in_the_deceased_and_how_he_held() -> None:
    known = INHERITANCE.prefill(JOINT, Shown(OLD_NO, DEAD))

    assert (known["deceased_name"], known["deceased_id_no"], known["held"]) == (DEAD.name, DEAD.id_no, "joint")
    assert INHERITANCE.prefill(JOINT, Shown(OLD_NO, None)) == {}


def test_without_a_deed_the_register_says_what_the_entry_rests_on() -> None:
    title = only_title(written(INHERITANCE, form_of(INHERITANCE, SOLE, DEAD, **SON, way="neither"), SOLE))

    assert title.note_zh == "登记原因：继承；依据：继承材料，经审核并公告"


@pytest.mark.parametrize(("paper_date", "said"), [("2026-03-07", ["paper_date"]), ("2026-03-08", None)])
def test_no_deed_gives_away_what_a_living_person_owns(paper_date: str, said: list[str] | None) -> None:
    form = form_of(INHERITANCE, SOLE, DEAD, died_on="2026-03-08", paper_date=paper_date)

    if said is None:
        assert written(INHERITANCE, form, SOLE)
    else:
        assert refused(INHERITANCE, form, SOLE) == said
