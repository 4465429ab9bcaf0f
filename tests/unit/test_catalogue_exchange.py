"""An exchange of two homes: two titles in one recording, each with its own certificate and what lies on it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.transfer_builders import (
    NEW_NO,
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
    title_of,
    written,
)

from tongban.domain.burdens import Burden
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS, NEIGHBOUR
from tongban.domain.catalogue.item import Shown
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.entries import ReplaceTitle
from tongban.domain.errors import InvalidInput
from tongban.domain.terms import Cause, CoOwnership, HolderKind
from tongban.domain.unit_page import UnitPage

EXCHANGE = CATALOGUE["S10"]
OTHER_UNIT = UnitCode("410526001002GB00015F00030028")
OTHER_NO = CertificateNo("豫（2021）滑县不动产权第0000044号")
WANG, LI = holder("王小明", "19900101"), holder("李红", "19881212")
FIRST = page_of(title_of(WANG))
SECOND = page_of(title_of(LI, unit_code=OTHER_UNIT, certificate_no=OTHER_NO))
THEIRS = {
    "other_unit_code": OTHER_UNIT,
    "other_certificate_no": OTHER_NO,
    "second1_name": LI.name,
    "second1_id_no": LI.id_no,
}


def form(page: UnitPage = FIRST, **changed: str) -> dict[str, str]:
    return form_of(EXCHANGE, page, WANG, **{**THEIRS, **changed})


def test_each_side_gets_the_others_home_under_a_certificate_of_its_own() -> None:
    entries = written(EXCHANGE, form(), FIRST, SECOND)

    assert all(isinstance(entry, ReplaceTitle) and entry.cause is Cause.EXCHANGE for entry in entries)
    held = after(entries, FIRST, SECOND)
    first, second = held.title(UNIT), held.title(OTHER_UNIT)
    assert first is not None
    assert second is not None
    assert [one.name for one in first.holders] == ["李红"]
    assert [one.name for one in second.holders] == ["王小明"]
    assert (first.certificate_no, second.certificate_no) == (NEW_NO, CertificateNo("豫（2026）滑县不动产权第0001235号"))


def test_the_case_is_about_both_homes_once_the_second_is_named() -> None:
    assert EXCHANGE.more_units(form()) == (OTHER_UNIT,)
    assert EXCHANGE.more_units({}) == ()


def test_a_couple_that_owns_one_home_gives_together_and_may_hold_the_other_jointly() -> None:
    wife = holder("赵磊", "19850505", 2)
    joint = page_of(title_of(WANG, wife))

    assert refused(EXCHANGE, form(joint), joint, SECOND) == ["first2_also"]
    both = form(joint, **another("first", 2, wife.name, "19850505"), first_co_ownership="joint")
    second = after(written(EXCHANGE, both, joint, SECOND), joint, SECOND).title(OTHER_UNIT)
    assert second is not None
    assert second.co_ownership is CoOwnership.JOINT


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"other_unit_code": UNIT}, ["other_unit_code"]),
        ({"other_unit_code": "410526001002GB00015F00030029"}, ["other_unit_code"]),
        ({"other_certificate_no": "豫（2021）滑县不动产权第0000045号"}, ["other_certificate_no"]),
        ({"second1_name": "李大红"}, ["second1_name", "second2_also"]),
    ],
)
def test_the_second_home_must_be_in_this_register_and_belong_to_the_other_side(
    changed: dict[str, str], fields: list[str]
) -> None:
    assert refused(EXCHANGE, form(**changed), FIRST, SECOND) == fields


def test_a_second_home_of_another_registry_has_no_page_here() -> None:
    assert refused(EXCHANGE, form(), FIRST) == ["other_unit_code"]
    assert refused(EXCHANGE, form(), FIRST, UnitPage(OTHER_UNIT)) == ["other_unit_code"]


def test_nobody_exchanges_with_himself() -> None:
    own = page_of(title_of(WANG, unit_code=OTHER_UNIT, certificate_no=OTHER_NO))
    same = form(second1_name=WANG.name, second1_id_no=WANG.id_no)

    assert refused(EXCHANGE, same, FIRST, own) == ["second1_name", "first1_name"]


def test_what_lies_on_either_home_must_be_known_to_the_side_that_gets_it() -> None:
    lying = replace(burden(Burden.MORTGAGE), unit_code=OTHER_UNIT)
    mortgaged = page_of(SECOND.title, lying)  # type: ignore[arg-type]
    told = {"other_mortgage": "plain", "other_taker_knows_mortgage": "yes", "other_mortgagee_told": "yes"}

    assert refused(EXCHANGE, form(**{**told, "other_taker_knows_mortgage": "no"}), FIRST, mortgaged) == [
        "other_taker_knows_mortgage"
    ]
    entries = written(EXCHANGE, form(**told), FIRST, mortgaged)
    assert after(entries, FIRST, mortgaged).burdens(OTHER_UNIT) == (lying.burden,)


def test_both_certificates_are_handed_in_and_both_sides_give() -> None:
    kept = [one.key for one in EXCHANGE.materials if one.keeps_original]

    assert kept == ["certificate", "other_certificate"]
    assert needed(EXCHANGE, form()) >= {"certificate", "other_certificate", "contract"}
    facts = EXCHANGE.application_facts(form(), frozenset())
    assert facts.giving == (HolderKind.PERSON, HolderKind.PERSON)


def told(page: UnitPage, **changed: str) -> dict[str, str]:
    """What the register tells of both homes when these answers come with the first certificate."""
    return dict(EXCHANGE.prefill(FIRST, Shown("", WANG, {**THEIRS, **changed}, (page,))))


def test_the_register_tells_nothing_about_a_second_home_that_nobody_named() -> None:
    known = EXCHANGE.prefill(FIRST, Shown("", WANG))

    assert known["first1_name"] == WANG.name
    assert not any(key.startswith(("other", "second")) for key in known)


def test_the_register_tells_of_the_second_home_what_it_tells_of_the_first() -> None:
    lying = replace(burden(Burden.MORTGAGE), unit_code=OTHER_UNIT)
    known = told(page_of(SECOND.title, lying))  # type: ignore[arg-type]

    assert known["second1_id_kind"] == LI.id_kind.value
    assert (known["other_mortgage"], known["other_habitation"], known["mortgage"]) == ("plain", "no", "no")
    assert (known["other_unit_code"], known["other_certificate_no"]) == (OTHER_UNIT, OTHER_NO)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"other_unit_code": FIRST.unit_code}, "other_unit_code"),
        ({"other_unit_code": "410526001900GB00900F00099999"}, "other_unit_code"),
        ({"other_certificate_no": NEW_NO}, "other_certificate_no"),
        ({"second1_name": "王小明"}, "second1_name"),
        ({"second1_id_no": WANG.id_no}, "second1_name"),
    ],
    ids=["same_home", "no_such_home", "old_certificate", "another_name", "another_number"],
)
def test_a_second_paper_that_does_not_fit_the_register_tells_nothing(wrong: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refused_it:
        told(SECOND, **wrong)

    assert [one.field for one in refused_it.value.problems] == [field]


def test_a_stranger_to_the_first_home_learns_nothing_of_the_second() -> None:
    assert EXCHANGE.prefill(FIRST, Shown("", None, THEIRS, (SECOND,))) == {}


def test_the_example_fits_the_two_flats_it_plays_on() -> None:
    own = EXAMPLE_UNITS[EXCHANGE.example.unit].title
    assert own is not None
    assert NEIGHBOUR.title is not None
    pages = page_of(own), page_of(NEIGHBOUR.title)

    entries = written(EXCHANGE, form_of(EXCHANGE, pages[0], own.holders[0]), *pages)

    assert len(entries) == 2
    assert id_number("19790121") == EXCHANGE.example.answers["second1_id_no"]
