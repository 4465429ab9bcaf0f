"""S34, S35, S36: the right of habitation by contract, by will or court, and its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.entry_inputs import TODAY, given
from tests.title_samples import FLAT, LI, NEW_PROOF, OLD_PROOF, UNIT_CODE, WANG, ZHAO, burden, joint, named, page, sole

from tongban.domain.burden_entries import CloseBurden, OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem, Shown
from tongban.domain.errors import InvalidInput
from tongban.domain.evidence import Evidence
from tongban.domain.terms import Cause, HolderKind
from tongban.domain.titles import Title
from tongban.domain.unit_page import UnitPage

S34, S35, S36 = CATALOGUE["S34"], CATALOGUE["S35"], CATALOGUE["S36"]
TERMS = {"scope": "整套房屋", "term": "for_life", "conditions": "无", "may_let": "no", "contract_no": "居1号"}
CONTRACT = {**named("owner", WANG), **named("dweller", ZHAO), **TERMS}
WILL = {"paper": "will_notarised", **named("dweller", ZHAO), **TERMS}


def refusal(item: ServiceItem, form: dict[str, str], *pages: Title | UnitPage) -> str:
    with pytest.raises(InvalidInput) as caught:
        item.entries(given(form, *pages))
    (problem,) = caught.value.problems
    assert problem.cure_zh
    return problem.field


def test_a_contract_puts_the_right_on_the_home_for_life() -> None:
    (opened,) = S34.entries(given(CONTRACT, sole()))

    fact = BurdenFact(Burden.HABITATION, NEW_PROOF, since=TODAY, proof_no=NEW_PROOF)
    details = {
        "owner": "王小明",
        "way": "合同",
        "scope": "整套房屋",
        "term": "居住权人终身",
        "conditions": "无",
        "may_let": "不得出租",
        "contract_no": "居1号",
    }
    assert opened == OpenBurden(UNIT_CODE, fact, details, (ZHAO,))


def test_a_right_with_a_last_day_ends_on_it_and_that_day_must_still_come() -> None:
    ends = {**CONTRACT, "term": "until_day", "until": "2036-12-31"}

    (opened,) = S34.entries(given(ends, sole()))

    assert isinstance(opened, OpenBurden)
    assert (opened.burden.until, opened.private["term"]) == (date(2036, 12, 31), "至2036-12-31")
    assert refusal(S34, {**ends, "until": "2026-11-22"}, sole()) == "until"


def test_joint_owners_give_it_together_and_only_of_a_home() -> None:
    assert refusal(S34, CONTRACT, joint(WANG, LI)) == "owner1_name"
    assert refusal(S34, CONTRACT, sole(unit=replace(FLAT, use_code="31"))) == "scope"
    assert refusal(S34, {**CONTRACT, "dweller1_name": ""}, sole()) == "dweller1_name"


def test_the_consent_of_the_mortgagee_is_claimed_and_its_paper_asked_only_when_given() -> None:
    agreed = {**CONTRACT, "mortgagee_agrees": "agrees"}

    assert S34.claims(CONTRACT) == frozenset()
    assert S34.claims(agreed) == {Evidence.MORTGAGEE_CONSENT}
    keys = [
        [one.key for one in S34.needed_materials(S34.application_facts(f, frozenset()))] for f in (CONTRACT, agreed)
    ]
    assert set(keys[1]) - set(keys[0]) == {"mortgagee_agrees"}
    assert S34.application_facts(CONTRACT, frozenset()).giving == (HolderKind.PERSON,)


@pytest.mark.parametrize(
    ("paper", "cause", "claims", "materials", "way"),
    [
        (
            "will_notarised",
            Cause.HABITATION_WILL,
            {"notarial_deed_verified", "heir_or_legatee"},
            {"notarial_deed"},
            "遗嘱",
        ),
        ("will_plain", Cause.HABITATION_WILL, {"heir_or_legatee"}, {"will", "death"}, "遗嘱"),
        ("court", Cause.COURT_RULING, {"court_paper_in_force"}, {"court_paper"}, "生效法律文书"),
    ],
)
def test_by_will_or_court_the_dweller_applies_alone(
    paper: str, cause: Cause, claims: set[str], materials: set[str], way: str
) -> None:
    form = {**WILL, "paper": paper}
    facts = S35.application_facts(form, frozenset())

    (opened,) = S35.entries(given(form, sole()))

    assert isinstance(opened, OpenBurden)
    assert (opened.private["way"], opened.holders, facts.cause) == (way, (ZHAO,), cause)
    assert S35.claims(form) == claims
    needed = {one.key for one in S35.needed_materials(facts)}
    assert needed & {"notarial_deed", "will", "death", "court_paper"} == materials


def ending(cause: str, who: str, *people: object) -> dict[str, str]:
    return {"proof_no": OLD_PROOF, "cause": cause, "who": who, **named("applicant", *people)}  # type: ignore[arg-type]


HOME = page(sole(), burden(Burden.HABITATION, ZHAO))


@pytest.mark.parametrize(
    ("form", "why"),
    [
        (ending("right_waived", "holder", ZHAO), "居住权人放弃"),
        (ending("right_holder_dead", "owner", WANG), "居住权人去世了"),
        (ending("court_ruling", "owner", WANG), "法院判决消灭"),
    ],
)
def test_the_right_is_gone_on_its_ground(form: dict[str, str], why: str) -> None:
    assert S36.entries(given(form, HOME)) == (CloseBurden(UNIT_CODE, OLD_PROOF, why),)


def test_it_is_over_only_after_its_last_day() -> None:
    opened = burden(Burden.HABITATION, ZHAO)
    form = ending("right_expired", "owner", WANG)
    ended, last_day = (
        page(sole(), replace(opened, burden=replace(opened.burden, until=day))) for day in (date(2026, 11, 22), TODAY)
    )

    assert S36.entries(given(form, ended)) == (CloseBurden(UNIT_CODE, OLD_PROOF, "期限到了"),)
    assert refusal(S36, form, last_day) == "cause"
    assert refusal(S36, form, HOME) == "cause"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (ending("right_waived", "owner", WANG), "who"),  # the owner cannot give up what is not his
        (ending("right_holder_dead", "holder", ZHAO), "who"),
        (ending("right_waived", "holder", LI), "applicant1_name"),
        (ending("court_ruling", "owner", LI), "applicant1_name"),
        ({**ending("right_waived", "holder", ZHAO), "proof_no": NEW_PROOF}, "proof_no"),
        (ending("", "holder", ZHAO), "cause"),
    ],
)
def test_nobody_else_ends_it(form: dict[str, str], field: str) -> None:
    assert refusal(S36, form, HOME) == field


def test_every_dweller_gives_up_or_the_right_stays() -> None:
    both = page(sole(), burden(Burden.HABITATION, ZHAO, LI))

    assert refusal(S36, ending("right_waived", "holder", ZHAO), both) == "applicant1_name"
    form = ending("right_waived", "holder", ZHAO, LI)
    assert S36.entries(given(form, both)) == (CloseBurden(UNIT_CODE, OLD_PROOF, "居住权人放弃"),)


def test_who_shows_the_proof_is_filled_in_on_his_side() -> None:
    assert S36.prefill(HOME, Shown(OLD_PROOF, ZHAO))["who"] == "holder"
    assert S36.prefill(HOME, Shown(OLD_PROOF, WANG))["who"] == "owner"
