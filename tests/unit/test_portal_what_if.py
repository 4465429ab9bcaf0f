"""Can it be done?  Every way through the questions ends in an answer, and the answer is that of the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from tongban.domain.acts import Act
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.facts import ApplicationFacts
from tongban.domain.terms import Cause, Channel, HolderKind, Registration
from tongban.domain.unit_code import parse_unit_code
from tongban.portal import what_if
from tongban.portal.what_if import Answer, Answers, PageKind

ITEM = CATALOGUE["S13"]
LAW = what_if.LocalLaw(date(2026, 11, 25))
SALE = replace(
    ITEM,
    number="T02",
    kind=Registration.TRANSFER,
    acts=(Act.TRANSFER,),
    application_facts=lambda form, evidence: ApplicationFacts(
        Cause.SALE, giving=(HolderKind.PERSON,), form=form, evidence=evidence
    ),
)  # a sale by its owner, as far as scope and restrictions look at it
HOUSE = {"fits": ["yes"], "unit": ["none"], "county": ["410526"], "land": ["GBF"], "window": ["410100"]}
PERSON = HOUSE | {"owner_kind": ["person"], "has_agent": ["no"], "limits": ["none"]}
ALL_PAPERS = ["identity", "certificate", "change_evidence"]


def seen(**changes: list[str]) -> what_if.Outlook:
    answers = what_if.read(ITEM, PERSON | {"papers": ALL_PAPERS} | changes)
    return what_if.outlook(ITEM, answers, LAW)


def ways(item: ServiceItem, answers: Answers, detours: int = 1) -> Iterator[Answers]:
    """The plain way, and every way that leaves it once; of lists the first county, of boxes all or none."""
    page = what_if.next_page(item, answers)
    if page is None:
        yield answers
        return
    options = [option.value for option in page.options]
    plain, *others = {
        PageKind.ONE: [[value] for value in options],
        PageKind.SOME: [["none"], options],
        PageKind.DIVISION: [["410526"]],
        PageKind.UNIT_CODE: [["none"]],
    }[page.kind]
    for choice, left in ((plain, detours), *((other, detours - 1) for other in others)):
        if left < 0:
            continue
        taken = what_if.read(item, {**{key: list(values) for key, values in answers.items()}, page.key: choice})
        assert len(taken) == len(answers) + 1, f"{page.key} was answered and is asked again"
        yield from ways(item, taken, left)


@pytest.mark.parametrize("item", CATALOGUE.values(), ids=str)
def test_every_answer_to_every_question_leads_to_an_end(item: ServiceItem) -> None:
    ends = list(ways(item, {}))

    sent_home = frozenset() if Channel.JUDICIAL in item.channels else {Answer.AT_HOME}
    assert {what_if.outlook(item, end, LAW).answer for end in ends} >= {Answer.OTHER_MATTER, *sent_home}
    assert all(set(end) == {page.key for page in what_if.pages(item, end)} for end in ends)


def test_only_what_changes_the_checklist_or_the_scope_is_asked() -> None:
    asked = [field.key for field in what_if.deciding_fields(ITEM)]

    assert asked == ["owner_kind", "cause", "has_agent", "agent_kind"]


def test_a_question_with_one_possible_answer_is_not_asked() -> None:
    person = what_if.read(ITEM, HOUSE | {"owner_kind": ["person"]})
    company = what_if.read(ITEM, HOUSE | {"owner_kind": ["enterprise"]})

    assert "cause" not in [page.key for page in what_if.pages(ITEM, person)]
    assert "cause" in [page.key for page in what_if.pages(ITEM, company)]


def test_with_every_paper_in_hand_it_can_be_done() -> None:
    outlook = seen()

    assert outlook.answer is Answer.YES
    assert outlook.missing == ()
    assert [one.key for one in outlook.made_by_system] == ["application"]


def test_papers_not_in_hand_are_named() -> None:
    outlook = seen(papers=["identity"])

    assert outlook.answer is Answer.MISSING
    assert [one.key for one in outlook.missing] == ["certificate", "change_evidence"]
    assert all(one.how_zh for one in outlook.missing)


def test_an_agent_brings_more_papers() -> None:
    outlook = seen(has_agent=["yes"], agent_kind=["agent"], papers=ALL_PAPERS)

    assert [one.key for one in outlook.missing] == ["attorney", "agent_identity"]


@pytest.mark.parametrize(
    ("land", "rule"), [("JCF", "X01"), ("JBW", "X01"), ("GBW", "X03b"), ("GLL", "X02"), ("GDW", "X03a")]
)
def test_land_outside_the_service_is_told_at_once(land: str, rule: str) -> None:
    answers = what_if.read(ITEM, HOUSE | {"unit": ["code"], "land": [land]})

    assert what_if.is_settled(ITEM, answers, LAW)
    outlook = what_if.outlook(ITEM, answers, LAW)
    assert outlook.answer is Answer.AT_HOME
    assert rule in {one.rule for one in outlook.decision.refusals}


def test_an_exclusion_the_province_has_lifted_stops_nobody() -> None:
    answers = what_if.read(ITEM, HOUSE | {"land": ["JCF"]})

    assert not what_if.is_settled(ITEM, answers, replace(LAW, switched=frozenset({"X01"})))


def test_a_name_changed_by_restructuring_goes_to_the_home_registry() -> None:
    outlook = seen(owner_kind=["enterprise"], cause=["restructuring"])

    assert outlook.answer is Answer.AT_HOME
    assert [one.rule for one in outlook.decision.refusals] == ["X14"]


def test_a_placeholder_number_has_not_been_surveyed() -> None:
    parts = parse_unit_code("410526000000GB00001F00010001")
    letters = what_if.letters_of(parts)
    answers = what_if.read(ITEM, {"fits": ["yes"], "unit": ["code"], "county": [parts.county], "land": [letters]})

    assert letters == "GBFV"
    assert [one.rule for one in what_if.findings(ITEM, answers, LAW).refusals] == ["X12"]


def test_whoever_cannot_say_what_land_it_is_is_never_told_yes() -> None:
    assert seen(land=["unsure"]).answer is Answer.UNSURE


def test_a_seizure_is_a_condition_and_a_death_is_a_no_and_a_mortgage_nothing() -> None:
    assert seen(limits=["seizure"]).answer is Answer.CONDITION
    assert seen(limits=["owner_dead"]).answer is Answer.NO
    assert seen(limits=["mortgage"]).answer is Answer.YES


def test_somebody_with_another_matter_is_told_so_at_the_first_question() -> None:
    answers = what_if.read(ITEM, {"fits": ["no"]})

    assert what_if.is_settled(ITEM, answers, LAW)
    assert what_if.outlook(ITEM, answers, LAW).answer is Answer.OTHER_MATTER


def test_a_made_up_code_is_never_shown_as_a_fact() -> None:
    by_words = what_if.read(ITEM, HOUSE | {"land": ["JCF"]})
    by_code = what_if.read(ITEM, {"fits": ["yes"], "unit": ["code"], "county": ["410526"], "land": ["JCF"]})

    (words,), (code,) = (what_if.findings(ITEM, answers, LAW).refusals for answers in (by_words, by_code))
    assert words.facts == ()
    assert [fact.value_zh for fact in code.facts] == ["集体所有，宅基地使用权", "房屋等建筑物、构筑物"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"fits": ["maybe"]},
        {"fits": ["yes"], "unit": ["410526001001GB00001F00010001"]},
        {"fits": ["yes"], "unit": ["code"]},
        {"fits": ["yes"], "unit": ["code"], "county": ["410526"], "land": ["GJF"]},
        {"fits": ["yes"], "unit": ["code"], "county": ["310101"], "land": ["GBF"]},
        {"unit": ["none"]},
    ],
)
def test_an_answer_that_is_none_is_asked_for_again(wrong: dict[str, list[str]]) -> None:
    answers = what_if.read(ITEM, wrong)

    assert answers == ({"fits": ("yes",)} if wrong.get("fits") == ["yes"] else {})


def test_boxes_left_empty_are_an_answer_once_their_page_was_sent() -> None:
    given = {key: values for key, values in PERSON.items() if key != "limits"}

    not_seen, sent = what_if.read(ITEM, given), what_if.read(ITEM, given | {"asked": ["limits"]})

    assert "limits" not in not_seen
    assert sent["limits"] == ("none",)


def test_the_guide_falls_into_its_parts() -> None:
    parts = dict(what_if.guide_parts(ITEM))

    assert list(parts)[:3] == ["什么时候办", "到哪里办", "带什么"]
    assert "".join(f"【{title}】{text}" for title, text in parts.items()) == ITEM.guide_zh.replace("\n", "")


def test_a_room_that_is_not_a_home_is_asked_about_only_where_it_matters() -> None:
    assert "use" not in [page.key for page in what_if.pages(ITEM, {})]
    assert "use" in [page.key for page in what_if.pages(SALE, {})]


@pytest.mark.parametrize(
    ("use", "answer", "rules"),
    [("11", Answer.YES, []), ("31", Answer.AT_HOME, ["X08"]), ("unsure", Answer.UNSURE, [])],
)
def test_a_shop_sold_by_its_owner_goes_to_the_home_registry(use: str, answer: Answer, rules: list[str]) -> None:
    papers = [one.key for one in SALE.materials]
    answers = what_if.read(SALE, PERSON | {"use": [use], "papers": papers})
    outlook = what_if.outlook(SALE, answers, LAW)

    assert outlook.answer is answer
    assert [one.rule for one in outlook.decision.refusals] == rules


def test_the_law_of_the_day_is_asked() -> None:
    mortgaged = what_if.read(SALE, PERSON | {"use": ["11"], "limits": ["mortgage"]})

    old = replace(LAW, day=date(2020, 12, 31))
    assert [one.reason.code for one in what_if.findings(SALE, mortgaged, old).conditions] == ["B39"]
    assert [one.reason.code for one in what_if.findings(SALE, mortgaged, LAW).notes] == ["B11"]
