"""Gifts, changes between spouses and divisions at divorce: who applies, what changes, what is no transfer at all."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from tests.transfer_builders import (
    NEW_NO,
    UNIT,
    after,
    burden,
    complete,
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
from tongban.domain.entries import ReplaceTitle
from tongban.domain.fees.terms import FeeClass
from tongban.domain.terms import Cause, CoOwnership
from tongban.domain.titles import Title

GIFT, SPOUSES, DIVORCE = CATALOGUE["S03"], CATALOGUE["S04"], CATALOGUE["S05"]
WANG, LI = holder("王小明", "19900101"), holder("李红", "19881212", 2)
SOLE, JOINT = page_of(title_of(WANG)), page_of(title_of(WANG, LI))
BY_HALVES = page_of(title_of(replace(WANG, share=Fraction(1, 2)), replace(LI, share=Fraction(1, 2))))
LI_AS_SPOUSE = {"spouse1_name": "李红", "spouse1_id_no": id_number("19881212")}
COUPLE_PARTS = {
    "taker1_name": "李红",
    "taker1_id_no": id_number("19881212"),
    "former1_name": "王小明",
    "former1_id_no": id_number("19900101"),
}


def only_title(entries: tuple[object, ...]) -> Title:
    (entry,) = entries
    assert isinstance(entry, ReplaceTitle)
    return entry.title


@pytest.mark.parametrize("cause", [Cause.KIN_GIFT, Cause.GIFT])
def test_a_gift_passes_the_home_to_the_donee(cause: Cause) -> None:
    entries = written(GIFT, form_of(GIFT, SOLE, WANG, cause=cause.value), SOLE)

    title = after(entries, SOLE).title(UNIT)
    assert title is not None
    assert ([one.name for one in title.holders], title.certificate_no) == (["陶欣怡"], NEW_NO)
    assert entries[0].cause is cause  # type: ignore[union-attr]


def test_kinship_is_proved_only_for_a_gift_to_near_kin() -> None:
    assert "kinship" in needed(GIFT, form_of(GIFT, SOLE, WANG))
    assert "kinship" not in needed(GIFT, form_of(GIFT, SOLE, WANG, cause="gift"))


def test_a_gift_of_a_joint_home_takes_all_owners() -> None:
    assert refused(GIFT, form_of(GIFT, JOINT, WANG), JOINT) == ["donor2_also"]


def test_a_guardian_who_gives_a_childs_home_away_promises_and_one_who_takes_for_a_child_does_not() -> None:
    giving = form_of(GIFT, SOLE, WANG, **stood_in_for("donor", 1, "guardian"))
    taking = form_of(GIFT, SOLE, WANG, **stood_in_for("donee", 1, "guardian"))

    assert "guardian_promise" in needed(GIFT, giving)
    assert "guardian_promise" not in needed(GIFT, taking)


# --- spouses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("becomes", "kind", "names"),
    [
        ("joint", CoOwnership.JOINT, ["王小明", "李红"]),
        ("second", CoOwnership.SOLE, ["李红"]),
    ],
)
def test_a_spouse_comes_into_the_title_or_takes_it_over(becomes: str, kind: CoOwnership, names: list[str]) -> None:
    form = form_of(SPOUSES, SOLE, WANG, **LI_AS_SPOUSE, becomes=becomes)

    title = only_title(written(SPOUSES, form, SOLE))
    assert (title.co_ownership, [one.name for one in title.holders]) == (kind, names)


def test_spouses_may_hold_by_the_shares_they_agree() -> None:
    form = form_of(SPOUSES, SOLE, WANG, **LI_AS_SPOUSE, becomes="shares", couple_shares="99/100、1/100")

    title = only_title(written(SPOUSES, form, SOLE))
    assert [one.share for one in title.holders] == [Fraction(99, 100), Fraction(1, 100)]


def test_one_spouse_leaves_a_joint_title() -> None:
    title = only_title(written(SPOUSES, form_of(SPOUSES, JOINT, WANG, **LI_AS_SPOUSE, becomes="first"), JOINT))

    assert [one.name for one in title.holders] == ["王小明"]


def test_joint_to_shares_among_the_same_couple_is_an_alteration_not_a_transfer() -> None:
    form = form_of(SPOUSES, JOINT, WANG, **LI_AS_SPOUSE, becomes="shares", couple_shares="1/2、1/2")

    assert refused(SPOUSES, form, JOINT) == ["becomes"]


def test_other_shares_among_the_same_couple_are_a_transfer() -> None:
    form = form_of(SPOUSES, BY_HALVES, WANG, **LI_AS_SPOUSE, becomes="shares", couple_shares="1/3、2/3")

    title = only_title(written(SPOUSES, form, BY_HALVES))
    assert [one.share for one in title.holders] == [Fraction(1, 3), Fraction(2, 3)]


def test_what_the_register_already_says_is_not_registered_again() -> None:
    assert refused(SPOUSES, form_of(SPOUSES, JOINT, WANG, **LI_AS_SPOUSE, becomes="joint"), JOINT) == ["becomes"]


def test_a_third_owner_stands_in_the_way_of_a_change_between_spouses() -> None:
    third = page_of(title_of(WANG, LI, holder("王建国", "19600101", 3)))

    assert refused(SPOUSES, form_of(SPOUSES, third, WANG, **LI_AS_SPOUSE, becomes="first"), third) == ["spouse1_name"]


def test_shares_of_a_couple_are_two() -> None:
    form = form_of(SPOUSES, SOLE, WANG, **LI_AS_SPOUSE, becomes="shares", couple_shares="1/2、1/4、1/4")

    assert refused(SPOUSES, form, SOLE) == ["couple_shares"]


def test_spouses_pay_for_the_paper_only_and_bring_their_agreement() -> None:
    assert [rule.fee_class for rule in SPOUSES.fees] == [FeeClass.SPOUSES]
    assert needed(SPOUSES, form_of(SPOUSES, SOLE, WANG)) == {
        "application",
        "identity",
        "certificate",
        "marriage",
        "agreement",
        "tax_proof",
    }


# --- divorce ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["agreement", "court"])
def test_after_a_divorce_the_home_is_one_persons_alone(way: str) -> None:
    form = form_of(DIVORCE, JOINT, LI, **COUPLE_PARTS, way=way)

    title = only_title(written(DIVORCE, form, JOINT))
    assert (title.co_ownership, [one.name for one in title.holders]) == (CoOwnership.SOLE, ["李红"])


def test_by_agreement_both_come_and_by_court_only_who_gets_the_home() -> None:
    by_agreement = form_of(DIVORCE, JOINT, LI, **COUPLE_PARTS)
    by_court = form_of(DIVORCE, JOINT, LI, **COUPLE_PARTS, way="court")

    assert [one.name for one in DIVORCE.parties(by_agreement)] == ["李红", "王小明"]
    assert [one.name for one in DIVORCE.parties(by_court)] == ["李红"]
    assert "former1_phone" not in by_court
    assert {"divorce_papers"} == needed(DIVORCE, by_agreement) - needed(DIVORCE, by_court)
    assert {"court_paper"} == needed(DIVORCE, by_court) - needed(DIVORCE, by_agreement)
    assert DIVORCE.claims(by_court) == {"court_paper_in_force"}
    assert DIVORCE.claims(by_agreement) == frozenset()


def test_a_home_in_one_name_may_go_to_the_other_at_divorce() -> None:
    form = form_of(DIVORCE, SOLE, WANG, **COUPLE_PARTS)

    assert [one.name for one in only_title(written(DIVORCE, form, SOLE)).holders] == ["李红"]


def test_a_home_that_already_is_the_takers_needs_no_division() -> None:
    page = page_of(title_of(replace(LI, holder_no=1)))

    assert refused(DIVORCE, form_of(DIVORCE, page, page.title.holders[0], **COUPLE_PARTS), page) == ["becomes"]  # type: ignore[union-attr]


def test_strangers_in_the_form_do_not_divide_a_home() -> None:
    form = complete(DIVORCE, {**form_of(DIVORCE, JOINT, LI, **COUPLE_PARTS), "former1_name": "王大明"})

    assert refused(DIVORCE, form, JOINT) == ["former1_name"]


def test_by_agreement_the_mortgagee_is_told_and_by_court_the_mortgage_must_be_known() -> None:
    page = page_of(title_of(WANG, LI), burden(Burden.MORTGAGE))
    both = {**COUPLE_PARTS, "taker_knows_mortgage": "no", "mortgagee_told": "no"}

    assert refused(DIVORCE, form_of(DIVORCE, page, LI, **both), page) == ["taker_knows_mortgage", "mortgagee_told"]
    assert refused(DIVORCE, form_of(DIVORCE, page, LI, **both, way="court"), page) == ["taker_knows_mortgage"]
