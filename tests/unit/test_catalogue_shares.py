"""Shares of co-owners: only what is sold moves, the others have the first refusal, and joint to shares is free."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from tests.transfer_builders import (
    OLD_NO,
    UNIT,
    after,
    another,
    form_of,
    holder,
    id_number,
    needed,
    page_of,
    refused,
    title_of,
    written,
)

from tongban.domain.catalogue import CATALOGUE
from tongban.domain.entries import ReplaceTitle
from tongban.domain.fees.terms import FeeClass
from tongban.domain.terms import Cause, CoOwnership, Registration
from tongban.domain.titles import Title

SHARE_SALE, KIND_CHANGE = CATALOGUE["S11"], CATALOGUE["S12"]
WANG = holder("王小明", "19900101", share=Fraction(1, 2))
LI, ZHAO = holder("李红", "19881212", 2, Fraction(1, 3)), holder("赵磊", "19850505", 3, Fraction(1, 6))
THREE = page_of(title_of(WANG, LI, ZHAO))
JOINT = page_of(title_of(replace(WANG, share=None), replace(LI, share=None)))
TO_LI = {"buyer1_name": LI.name, "buyer1_id_no": LI.id_no}
TO_STRANGER = {"buyer1_name": "许文博", "buyer1_id_no": id_number("19910127")}
SECOND_OWNER = another("owner", 2, "李红", "19881212")


def only_title(entries: tuple[object, ...]) -> Title:
    (entry,) = entries
    assert isinstance(entry, ReplaceTitle)
    return entry.title


def shares(title: Title) -> list[tuple[str, Fraction | None]]:
    return [(one.name, one.share) for one in title.holders]


def test_a_co_owner_who_sells_all_leaves_and_the_others_keep_theirs() -> None:
    form = form_of(SHARE_SALE, THREE, WANG, **TO_STRANGER, first_refusal="waived")

    entries = written(SHARE_SALE, form, THREE)
    title = after(entries, THREE).title(UNIT)
    assert title is not None
    assert shares(title) == [("李红", Fraction(1, 3)), ("赵磊", Fraction(1, 6)), ("许文博", Fraction(1, 2))]
    assert title.note_zh.endswith("；转让份额：1/2")


def test_a_co_owner_who_buys_adds_to_his_own_share() -> None:
    title = only_title(written(SHARE_SALE, form_of(SHARE_SALE, THREE, WANG, **TO_LI), THREE))

    assert shares(title) == [("李红", Fraction(5, 6)), ("赵磊", Fraction(1, 6))]


def test_a_part_of_a_share_moves_in_exact_fractions() -> None:
    form = form_of(SHARE_SALE, THREE, WANG, **TO_STRANGER, first_refusal="notified", sells="part", part="1/7")

    assert shares(only_title(written(SHARE_SALE, form, THREE))) == [
        ("王小明", Fraction(5, 14)),
        ("李红", Fraction(1, 3)),
        ("赵磊", Fraction(1, 6)),
        ("许文博", Fraction(1, 7)),
    ]


def test_two_buyers_divide_the_sold_part() -> None:
    two = {**TO_STRANGER, **another("buyer", 2, "吴桂英", "19870304"), "buyer_co_ownership": "by_shares"}
    form = form_of(SHARE_SALE, THREE, WANG, **two, buyer_shares="1/4、3/4", first_refusal="waived")

    assert shares(only_title(written(SHARE_SALE, form, THREE)))[2:] == [
        ("许文博", Fraction(1, 8)),
        ("吴桂英", Fraction(3, 8)),
    ]
    assert refused(SHARE_SALE, {**form, "buyer_co_ownership": "joint"}, THREE) == ["buyer_co_ownership"]


def test_whoever_buys_the_last_share_holds_alone() -> None:
    page = page_of(title_of(WANG, replace(LI, share=Fraction(1, 2))))

    title = only_title(written(SHARE_SALE, form_of(SHARE_SALE, page, WANG, **TO_LI), page))
    assert (title.co_ownership, shares(title)) == (CoOwnership.SOLE, [("李红", None)])


@pytest.mark.parametrize("part", ["2/3", "0/1", "一半"])
def test_nobody_sells_more_than_he_has_or_what_is_no_share(part: str) -> None:
    form = form_of(SHARE_SALE, THREE, WANG, **TO_LI, sells="part", part=part)

    assert refused(SHARE_SALE, form, THREE) == ["part"]


def test_an_outsider_buys_only_after_the_others_were_asked() -> None:
    form = form_of(SHARE_SALE, THREE, WANG, **TO_STRANGER, first_refusal="buyer_is_owner")

    assert refused(SHARE_SALE, form, THREE) == ["first_refusal"]


def test_the_statement_about_first_refusal_is_a_paper_only_when_an_outsider_buys() -> None:
    outsider = form_of(SHARE_SALE, THREE, WANG, **TO_STRANGER, first_refusal="waived")

    assert "first_refusal" in needed(SHARE_SALE, outsider)
    assert "first_refusal" not in needed(SHARE_SALE, form_of(SHARE_SALE, THREE, WANG, **TO_LI))


def test_joint_owners_have_no_share_to_sell() -> None:
    seller = replace(WANG, share=None)

    assert refused(SHARE_SALE, form_of(SHARE_SALE, JOINT, seller, **TO_LI), JOINT) == ["certificate_no"]


def test_a_stranger_sells_no_share_and_nobody_sells_to_himself() -> None:
    stranger = form_of(SHARE_SALE, THREE, WANG, **TO_LI, seller1_name="王小东")
    himself = form_of(SHARE_SALE, THREE, LI, **TO_LI)

    assert refused(SHARE_SALE, stranger, THREE) == ["seller1_name"]
    assert refused(SHARE_SALE, himself, THREE) == ["buyer1_name"]


# --- joint or by shares ----------------------------------------------------------------------------------------------


def test_joint_owners_become_owners_by_shares_and_back() -> None:
    seller = replace(WANG, share=None)
    divided = form_of(KIND_CHANGE, JOINT, seller, **SECOND_OWNER, owner_shares="1/3、2/3")
    title = only_title(written(KIND_CHANGE, divided, JOINT))
    assert (title.co_ownership, shares(title)) == (
        CoOwnership.BY_SHARES,
        [("王小明", Fraction(1, 3)), ("李红", Fraction(2, 3))],
    )

    page = page_of(replace(title, certificate_no=OLD_NO))
    joined = form_of(KIND_CHANGE, page, title.holders[0], **SECOND_OWNER, owner_co_ownership="joint")
    assert only_title(written(KIND_CHANGE, joined, page)).co_ownership is CoOwnership.JOINT


def test_the_names_and_numbers_of_the_register_stay_as_they_are() -> None:
    old = replace(WANG, share=None, identity=replace(WANG.identity, id_no="410526900101000"))
    page = page_of(title_of(old, replace(LI, share=None)))
    form = form_of(KIND_CHANGE, page, replace(WANG, share=None), **SECOND_OWNER)

    assert only_title(written(KIND_CHANGE, form, page)).holders[0].id_no == "410526900101000"


def test_all_co_owners_and_nobody_else_change_how_they_hold() -> None:
    seller = replace(WANG, share=None)
    other = another("owner", 2, "赵磊", "19850505")

    assert refused(KIND_CHANGE, form_of(KIND_CHANGE, JOINT, seller, **other), JOINT) == ["owner1_name"]


def test_other_shares_alone_are_no_change_of_kind() -> None:
    page = page_of(title_of(WANG, replace(LI, share=Fraction(1, 2))))
    form = form_of(KIND_CHANGE, page, WANG, **SECOND_OWNER, owner_shares="1/3、2/3")

    assert refused(KIND_CHANGE, form, page) == ["owner_co_ownership"]


def test_a_change_of_kind_is_a_free_alteration_in_which_nobody_gives() -> None:
    facts = KIND_CHANGE.application_facts({}, frozenset())

    assert (KIND_CHANGE.kind, [rule.fee_class for rule in KIND_CHANGE.fees]) == (
        Registration.ALTERATION,
        [FeeClass.ALTERATION],
    )
    assert (facts.cause, facts.giving) == (Cause.OTHER, ())
    assert not KIND_CHANGE.departments
