"""Service items as data: the name change is complete, its form and inquiry say what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.form import (
    check_answers,
    check_form,
    clean_answers,
    clean_form,
    visible_fields,
    visible_questions,
)
from tongban.domain.catalogue.item import FieldKind, ServiceItem, When
from tongban.domain.catalogue.materials import MATERIALS
from tongban.domain.parameters import PARAMETERS
from tongban.domain.restrictions import COVERED_ACTS
from tongban.domain.terms import Cause, Channel, Document, Registration

S13 = CATALOGUE["S13"]
TODAY = date(2026, 11, 22)
PERSON = {
    "owner_kind": "person",
    "certificate_no": "豫(2020) 滑县不动产权第0000001号",
    "previous_name": " 王小明 ",
    "new_name": "王大明",
    "id_kind": "id_card",
    "id_no": "410526 199001011237",
    "cause": "name_change",
    "evidence_kind": "police_change",
    "evidence_no": "滑公证字第7号",
    "evidence_issuer": "滑县公安局城关派出所",
    "evidence_date": "2026-11-20",
    "phone": "１３８００１３８０００",
    "has_agent": "no",
}
ENTERPRISE = {
    **PERSON,
    "owner_kind": "enterprise",
    "previous_name": "滑县旧名有限公司",
    "new_name": "滑县新名有限公司",
    "id_kind": "uscc",
    "id_no": "91410526MA44000081",
    "representative_name": "李红",
    "evidence_kind": "market_change",
}
AGENT = {
    "has_agent": "yes",
    "agent_kind": "agent",
    "agent_name": "张三",
    "agent_id_kind": "id_card",
    "agent_id_no": "410526198812120029",
    "agent_phone": "13900139000",
}
ANSWERS = {
    "true_will": "yes",
    "same_holder": "yes",
    "is_co_owned": "no",
    "has_dispute": "no",
    "knows_limits": "no",
    "old_certificate_void": "yes",
    "knows_consequences": "yes",
}


def problems(raw: Mapping[str, str]) -> dict[str, str]:
    form = clean_form(S13, raw)
    return {problem.field: problem.what_zh for problem in check_form(S13, form, TODAY)}


@pytest.mark.parametrize("item", CATALOGUE.values(), ids=str)
def test_every_item_is_complete_as_data(item: ServiceItem) -> None:
    assert set(item.acts) <= set(COVERED_ACTS)
    assert PARAMETERS[item.days_parameter].default == str(item.days_target)
    assert item.law and item.guide_zh and item.pledge_zh and item.fee_law_zh
    assert item.questions and item.materials and item.applicants and item.channels
    assert len({requirement.key for requirement in item.materials}) == len(item.materials)
    assert all(field.label_zh and field.help_zh for field in item.fields)
    assert all(field.choices for field in item.fields if field.kind is FieldKind.CHOICE)


def test_the_name_change_is_what_the_plan_says() -> None:
    assert (S13.kind, S13.issues, S13.days_target) == (Registration.ALTERATION, (Document.CERTIFICATE,), 1)
    assert not S13.departments
    assert "45号" in S13.fee_law_zh
    assert S13.channels == {Channel.WINDOW, Channel.PRECHECKED, Channel.ONLINE}


@pytest.mark.parametrize("raw", [PERSON, ENTERPRISE, {**PERSON, **AGENT}, {**ENTERPRISE, **AGENT}])
def test_a_well_filled_form_has_no_problems(raw: Mapping[str, str]) -> None:
    assert problems(raw) == {}


def test_answers_are_brought_into_their_normal_form() -> None:
    form = clean_form(S13, {**PERSON, "unasked": "x", "agent_name": "张三"})

    assert form["certificate_no"] == "豫（2020）滑县不动产权第0000001号"
    assert (form["previous_name"], form["id_no"], form["phone"]) == ("王小明", "410526199001011237", "13800138000")
    assert "unasked" not in form
    assert "agent_name" not in form


def test_cleaning_twice_changes_nothing() -> None:
    once = clean_form(S13, {**ENTERPRISE, **AGENT})

    assert clean_form(S13, once) == once


def test_an_empty_form_names_every_field_that_is_asked() -> None:
    found = problems({})

    assert set(found) == {field.key for field in visible_fields(S13, {})}
    assert "representative_name" not in found


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("owner_kind", "ghost", "从列出的里面选"),
        ("certificate_no", "1234", "写法不对"),
        ("new_name", "王\u200b大明", "看不见"),
        ("id_kind", "uscc", "从列出的里面选"),
        ("id_no", "410526199001011238", "校验位"),
        ("evidence_kind", "market_change", "从列出的里面选"),
        ("evidence_date", "2026-11-23", "还没有到"),
        ("evidence_date", "11月20日", "不是一个日期"),
        ("evidence_no", "号" * 61, "60个字"),
        ("phone", "12345", "电话"),
        ("has_agent", "maybe", "是"),
        ("cause", "restructuring", "从列出的里面选"),
    ],
)
def test_one_wrong_answer_is_the_one_problem_named(key: str, value: str, words: str) -> None:
    found = problems({**PERSON, key: value})

    assert words in found[key]
    assert set(found) - {key} <= {"id_no", "id_kind", "cause", "evidence_kind"}
    if key not in ("owner_kind", "id_kind"):
        assert set(found) == {key}


def test_an_agent_is_asked_about_only_when_there_is_one() -> None:
    asked = {field.key for field in visible_fields(S13, {"has_agent": "yes", "owner_kind": "person"})}

    assert {"agent_kind", "agent_name", "agent_id_no"} <= asked
    assert "agent_name" not in {field.key for field in visible_fields(S13, {"has_agent": "no"})}


@pytest.mark.parametrize(
    ("raw", "numbers"),
    [
        (PERSON, [1, 2, 5, 12]),
        (ENTERPRISE, [1, 3, 5, 12]),
        ({**PERSON, **AGENT}, [1, 2, 5, 12, 4, 2]),
        ({**PERSON, **AGENT, "agent_kind": "guardian"}, [1, 2, 5, 12, 21, 2]),
    ],
)
def test_the_checklist_holds_only_what_this_application_needs(raw: Mapping[str, str], numbers: list[int]) -> None:
    facts = S13.application_facts(clean_form(S13, raw), frozenset())

    assert [requirement.material.number for requirement in S13.needed_materials(facts)] == numbers


def test_the_form_is_read_for_the_law() -> None:
    facts = S13.application_facts(clean_form(S13, {**ENTERPRISE, "cause": "restructuring", **AGENT}), frozenset({"x"}))

    assert (facts.cause, facts.giving, facts.has_agent, facts.evidence) == (
        Cause.RESTRUCTURING,
        (),
        True,
        frozenset({"x"}),
    )


def test_only_the_system_makes_the_application_form_and_only_the_old_certificate_is_kept() -> None:
    assert [one.key for one in S13.materials if one.made_by_system] == ["application"]
    assert [one.key for one in S13.materials if one.keeps_original] == ["certificate"]


def test_personal_answers_are_marked() -> None:
    personal = {field.key for field in S13.fields if field.is_personal}

    assert {"previous_name", "new_name", "id_no", "phone", "agent_name", "agent_id_no"} <= personal


def test_an_inquiry_answered_well_goes_on() -> None:
    assert check_answers(S13, clean_answers(S13, ANSWERS)) == ()


@pytest.mark.parametrize("key", ["true_will", "same_holder", "old_certificate_void", "knows_consequences"])
def test_an_answer_that_must_be_yes_stops_the_application_when_it_is_no(key: str) -> None:
    (problem,) = check_answers(S13, {**ANSWERS, key: "no"})

    assert problem.field == key


def test_co_owners_and_limits_are_asked_about_only_when_there_are_some() -> None:
    assert {p.field for p in check_answers(S13, {**ANSWERS, "is_co_owned": "yes"})} == {"co_owners_know"}
    assert {p.field for p in check_answers(S13, {**ANSWERS, "knows_limits": "yes"})} == {"limits"}
    assert "limits" not in {question.key for question in visible_questions(S13, ANSWERS)}
    assert "limits" not in clean_answers(S13, {**ANSWERS, "limits": "某银行"})


def test_an_unanswered_question_is_named() -> None:
    assert len(check_answers(S13, {})) == len(visible_questions(S13, {}))
    assert [p.field for p in check_answers(S13, {**ANSWERS, "has_dispute": "perhaps"})] == ["has_dispute"]


def test_an_item_whose_form_asks_in_the_wrong_order_cannot_be_made() -> None:
    late = replace(S13.fields[0], when=When("phone", ("x",)))
    with pytest.raises(AssertionError, match="later"):
        replace(S13, fields=(late, *S13.fields[1:]))
    with pytest.raises(AssertionError, match="twice"):
        replace(S13, fields=(*S13.fields, S13.fields[0]))


def test_materials_are_the_26_of_the_plan() -> None:
    assert len(MATERIALS) == 26
    assert MATERIALS[5].name_zh == "不动产权证书"


@pytest.mark.parametrize(
    ("raw", "present"),
    [
        (PERSON, [("owner", "王大明", True)]),
        (ENTERPRISE, [("owner", "滑县新名有限公司", False), ("representative", "李红", True)]),
        ({**PERSON, **AGENT}, [("owner", "王大明", False), ("agent", "张三", True)]),
        ({**PERSON, **AGENT, "agent_kind": "guardian"}, [("owner", "王大明", False), ("guardian", "张三", True)]),
        ({**ENTERPRISE, **AGENT}, [("owner", "滑县新名有限公司", False), ("agent", "张三", True)]),
    ],
)
def test_exactly_the_one_who_comes_is_identified_at_the_window(
    raw: Mapping[str, str], present: list[tuple[str, str, bool]]
) -> None:
    parties = S13.parties(clean_form(S13, raw))

    assert [(party.role.value, party.name, party.is_present) for party in parties] == present


@pytest.mark.parametrize(
    ("number", "fee_zh"),
    [
        ("S02", "收登记费，由受让人交"),
        ("S04", "不收登记费，只收证书工本费，由受让人交"),
        ("S13", "不收登记费"),
        ("S18", "不收登记费，只收证书工本费，由权利人交"),
        ("S37", "减半收登记费，由利害关系人交"),
    ],
)
def test_what_is_said_of_the_fee_follows_its_rate(number: str, fee_zh: str) -> None:
    assert CATALOGUE[number].fee_zh == fee_zh
