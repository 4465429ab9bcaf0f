"""S39, S39A, S39T, S39N: an easement on the servient unit is founded, changed, transferred and ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.entry_inputs import TODAY, given
from tests.title_samples import (
    FLAT,
    LI,
    NEW_PROOF,
    OLD_PROOF,
    UNIT_CODE,
    WANG,
    ZHAO,
    burden,
    by_shares,
    joint,
    named,
    page,
    sole,
)

from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem, Shown
from tongban.domain.errors import InvalidInput
from tongban.domain.titles import Title
from tongban.domain.unit_page import UnitPage

S39, S39A, S39T, S39N = (CATALOGUE[number] for number in ("S39", "S39A", "S39T", "S39N"))
OTHER_UNIT = "410526001002GB00016F00010001"
TERMS = {"purpose": "通行", "content": "东侧3米宽", "term": "until_day", "until": "2046-12-31", "contract_no": "地1号"}
FORM = {**named("owner", WANG), **named("holder", ZHAO), "benefited_unit": OTHER_UNIT, **TERMS}
KNOWN = {"purpose": "通行", "content": "东侧3米宽", "contract_no": "地1号", "benefited_unit": OTHER_UNIT}


def laid(term: str = "至2046-12-31", until: date | None = date(2046, 12, 31)) -> OpenBurden:
    opened = burden(Burden.EASEMENT, ZHAO, servient_owner="王小明", **KNOWN, term=term)
    return replace(opened, burden=replace(opened.burden, until=until))


def refusal(item: ServiceItem, form: dict[str, str], *pages: Title | UnitPage) -> str:
    with pytest.raises(InvalidInput) as caught:
        item.entries(given(form, *pages))
    (problem,) = caught.value.problems
    assert problem.cure_zh
    return problem.field


def test_the_easement_lies_on_the_servient_unit_and_names_the_benefited_one() -> None:
    (opened,) = S39.entries(given(FORM, sole()))

    fact = BurdenFact(Burden.EASEMENT, NEW_PROOF, since=TODAY, until=date(2046, 12, 31), proof_no=NEW_PROOF)
    details = {"servient_owner": "王小明", **KNOWN, "term": "至2046-12-31"}
    assert opened == OpenBurden(UNIT_CODE, fact, details, (ZHAO,))


def test_two_thirds_of_the_shares_may_burden_the_unit_and_half_may_not() -> None:
    (opened,) = S39.entries(given(FORM, by_shares((WANG, "2/3"), (LI, "1/3"))))

    assert isinstance(opened, OpenBurden)
    assert refusal(S39, FORM, by_shares((WANG, "1/2"), (LI, "1/2"))) == "owner1_name"
    assert refusal(S39, FORM, joint(WANG, LI)) == "owner1_name"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"benefited_unit": UNIT_CODE}, "benefited_unit"),
        ({"until": "2026-11-22"}, "until"),
        ({"until": "2090-01-01"}, "until"),  # beyond the land-use right: 民法典 377
        ({"holder1_name": ""}, "holder1_name"),
    ],
)
def test_an_easement_that_cannot_be_is_refused(changed: dict[str, str], field: str) -> None:
    assert refusal(S39, {**FORM, **changed}, sole(unit=replace(FLAT, land_use_until="2088-06-30"))) == field


def test_both_sides_change_its_content_under_a_new_proof() -> None:
    opened = laid()
    form = {**FORM, "proof_no": OLD_PROOF, "content": "东侧4米宽", "term": "no_term"}

    (altered,) = S39A.entries(given(form, page(sole(), opened)))

    fact = replace(opened.burden, until=None, proof_no=NEW_PROOF)
    details = {**opened.private, "content": "东侧4米宽", "term": "合同没有约定期限"}
    assert altered == AlterBurden(UNIT_CODE, opened.burden, fact, details, (ZHAO,))


def test_a_change_by_one_side_or_of_nothing_is_refused() -> None:
    form = {**FORM, "proof_no": OLD_PROOF}

    assert refusal(S39A, form, page(sole(), laid())) == "content"
    assert refusal(S39A, {**form, "content": "x", **named("holder", LI)}, page(sole(), laid())) == "holder1_name"
    assert refusal(S39A, {**form, "content": "x", **named("owner", LI)}, page(sole(), laid())) == "owner1_name"


def test_it_goes_with_the_benefited_land_and_its_content_stays() -> None:
    opened = laid()
    form = {"proof_no": OLD_PROOF, **named("giver", ZHAO), **named("taker", LI), "benefited_certificate": "豫证1号"}

    (altered,) = S39T.entries(given(form, page(sole(), opened)))

    fact = replace(opened.burden, proof_no=NEW_PROOF)
    details = {**opened.private, "note": "需役地证号：豫证1号"}
    assert altered == AlterBurden(UNIT_CODE, opened.burden, fact, details, (replace(LI, holder_no=1),))
    assert refusal(S39T, {**form, **named("taker", ZHAO)}, page(sole(), opened)) == "taker1_name"
    assert refusal(S39T, {**form, **named("giver", LI)}, page(sole(), opened)) == "giver1_name"


def test_its_holder_gives_it_up() -> None:
    form = {"proof_no": OLD_PROOF, "cause": "right_waived", "who": "holder", **named("applicant", ZHAO)}

    assert S39N.entries(given(form, page(sole(), laid()))) == (CloseBurden(UNIT_CODE, OLD_PROOF, "地役权人放弃"),)


def test_who_shows_the_proof_is_filled_in_and_what_may_change_is_not() -> None:
    known = S39A.prefill(page(sole(), laid()), Shown(OLD_PROOF, ZHAO))

    assert (known["proof_no"], known["holder1_name"]) == (OLD_PROOF, "赵秀兰")
    assert not {"owner1_name", "content", "term", "until"} & set(known)
