"""S37, S37A, S37N: an objection is raised, kept up by a suit, and cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.entry_inputs import TODAY, given
from tests.title_samples import LI, NEW_PROOF, OLD_PROOF, UNIT_CODE, WANG, ZHAO, burden, named, page, sole

from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem, Shown
from tongban.domain.errors import InvalidInput
from tongban.domain.evidence import Evidence
from tongban.domain.terms import Document
from tongban.domain.titles import Title
from tongban.domain.unit_page import UnitPage

S37, S37A, S37N = CATALOGUE["S37"], CATALOGUE["S37A"], CATALOGUE["S37N"]
FORM = {**named("claimant", ZHAO), "matter": "少写了一个人", "ground": "钱是两个人出的", "raised_before": "no"}
SUIT = {"proof_no": OLD_PROOF, **named("claimant", ZHAO), "suit": "（2026）豫0526民初1号", "suit_date": "2026-11-20"}


def raised(until: date | None = date(2026, 11, 30)) -> OpenBurden:
    opened = burden(Burden.OBJECTION, ZHAO, matter="少写了一个人", ground="钱是两个人出的")
    return replace(opened, burden=replace(opened.burden, until=until))


def refusal(item: ServiceItem, form: dict[str, str], *pages: Title | UnitPage) -> str:
    with pytest.raises(InvalidInput) as caught:
        item.entries(given(form, *pages))
    (problem,) = caught.value.problems
    assert problem.cure_zh
    return problem.field


def test_an_objection_lasts_fifteen_calendar_days_its_own_day_not_counted() -> None:
    (opened,) = S37.entries(given(FORM, sole()))

    fact = BurdenFact(Burden.OBJECTION, NEW_PROOF, since=TODAY, until=date(2026, 12, 8), proof_no=NEW_PROOF)
    assert opened == OpenBurden(UNIT_CODE, fact, {"matter": "少写了一个人", "ground": "钱是两个人出的"}, (ZHAO,))
    assert S37.issues == (Document.PROOF,)


@pytest.mark.parametrize(("day", "last"), [(20, date(2026, 12, 7)), (21, date(2026, 12, 7)), (22, date(2026, 12, 7))])
def test_a_last_day_of_rest_moves_on_to_the_next_working_day(day: int, last: date) -> None:
    """民法典 203: the fifteenth day is a Saturday, a Sunday, a Monday."""
    (opened,) = S37.entries(replace(given(FORM, sole()), today=date(2026, 11, day)))

    assert opened.burden.until == last


def test_the_owner_corrects_and_does_not_object() -> None:
    assert refusal(S37, {**FORM, **named("claimant", WANG)}, sole()) == "claimant1_name"


@pytest.mark.parametrize("until", [date(2026, 11, 1), date(2026, 11, 30)], ids=["lapsed", "in force"])
def test_the_same_matter_on_the_same_ground_is_not_raised_twice(until: date) -> None:
    before = page(sole(), raised(until))

    assert refusal(S37, FORM, before) == "matter"
    assert refusal(S37, {**FORM, "matter": " 少写了一个人 "}, before) == "matter"
    for changed in ({"ground": "有新的转账凭证"}, named("claimant", LI)):
        (opened,) = S37.entries(given({**FORM, **changed}, before))
        assert isinstance(opened, OpenBurden)


def test_who_says_it_was_raised_before_is_refused_and_does_not_claim_otherwise() -> None:
    again = {**FORM, "raised_before": "yes"}

    assert refusal(S37, again, sole()) == "matter"
    assert S37.claims(again) == frozenset()
    assert S37.claims(FORM) == {Evidence.OTHER_OBJECTION}


def test_a_suit_shown_in_time_lifts_the_last_day_under_a_new_proof() -> None:
    opened = raised(until=TODAY)

    (altered,) = S37A.entries(given(SUIT, page(sole(), opened)))

    fact = replace(opened.burden, until=None, proof_no=NEW_PROOF)
    details = {**opened.private, "suit": "（2026）豫0526民初1号"}
    assert altered == AlterBurden(UNIT_CODE, opened.burden, fact, details, (ZHAO,))


def test_a_suit_shown_too_late_twice_or_by_another_changes_nothing() -> None:
    assert refusal(S37A, SUIT, page(sole(), raised(date(2026, 11, 22)))) == "suit_date"
    assert refusal(S37A, SUIT, page(sole(), raised(None))) == "suit"
    assert refusal(S37A, {**SUIT, **named("claimant", LI)}, page(sole(), raised())) == "claimant1_name"
    assert refusal(S37A, {**SUIT, "proof_no": NEW_PROOF}, page(sole(), raised())) == "proof_no"


def test_the_objector_withdraws_and_the_owner_clears_away_only_what_lapsed() -> None:
    withdrawn = {"proof_no": OLD_PROOF, "cause": "right_waived", "who": "holder", **named("applicant", ZHAO)}
    lapsed = {**withdrawn, "cause": "right_expired", "who": "owner", **named("applicant", WANG)}

    assert S37N.entries(given(withdrawn, page(sole(), raised()))) == (
        CloseBurden(UNIT_CODE, OLD_PROOF, "异议人自己撤回"),
    )
    assert S37N.entries(given(lapsed, page(sole(), raised(date(2026, 11, 22))))) == (
        CloseBurden(UNIT_CODE, OLD_PROOF, "15天内没有起诉，已经失效"),
    )
    assert refusal(S37N, lapsed, page(sole(), raised(TODAY))) == "cause"
    assert refusal(S37N, {**withdrawn, "who": "owner", **named("applicant", WANG)}, page(sole(), raised())) == "who"
    assert S37N.issues == ()


def test_a_stranger_to_the_unit_learns_nothing_from_the_form() -> None:
    assert S37.prefill(page(sole()), Shown("", None)) == {}
