"""The window's forms: made from the catalogue, tolerant of how people type, never losing a keystroke."""

from __future__ import annotations

import pytest
from django import forms

from tongban.desk.window import forms as forms_window
from tongban.desk.window.answers import inquiry_form, item_form, normal_day
from tongban.desk.window.forms import without_label
from tongban.desk.window.property_form import PropertyForm
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.errors import Problem

S13 = CATALOGUE["S13"]
PERSON = {"owner_kind": "person"}
WINDOWS = [("w1", "一号窗口")]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("20261120", "2026-11-20"),
        ("2026-11-20", "2026-11-20"),
        ("2026.1.5", "2026-01-05"),
        ("2026年1月5日", "2026-01-05"),
        ("2026/1/12", "2026-01-12"),
        (" ２０２６１１２０ ", "2026-11-20"),
        ("202615", "202615"),
        ("去年", "去年"),
        ("", ""),
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str, day: str) -> None:
    assert normal_day(typed) == day


@pytest.mark.parametrize(
    ("pasted", "value"),
    [
        ("不动产单元号：410526 001001", "410526 001001"),
        ("证号: 豫（2026）滑县", "豫（2026）滑县"),
        (" 410526 ", "410526"),
        ("：", "："),
    ],
)
def test_a_pasted_value_loses_the_label_before_it(pasted: str, value: str) -> None:
    assert without_label(pasted) == value


@pytest.mark.parametrize("item", CATALOGUE.values(), ids=str)
def test_every_field_of_an_item_is_on_its_form_unless_the_home_registry_told_it(item: object) -> None:
    form = item_form(item, PERSON, ["owner_kind"])  # type: ignore[arg-type]

    assert list(form.fields) == [field.key for field in item.fields if field.key != "owner_kind"]  # type: ignore[attr-defined]
    assert [field.label for field in form.fields.values()] == [
        field.label_zh
        for field in item.fields
        if field.key != "owner_kind"  # type: ignore[attr-defined]
    ]


def test_choices_follow_the_answers_they_depend_on() -> None:
    person = item_form(S13, PERSON, []).fields["evidence_kind"]
    enterprise = item_form(S13, {"owner_kind": "enterprise"}, []).fields["evidence_kind"]

    assert isinstance(person, forms.ChoiceField)
    assert isinstance(enterprise, forms.ChoiceField)
    assert [value for value, _ in person.choices] == ["household_former_name", "police_change"]
    assert [value for value, _ in enterprise.choices] == ["market_change", "authority_change"]


def test_a_field_is_asked_only_under_its_condition() -> None:
    form = item_form(S13, PERSON, [])

    asked = {row.bound.name: row.is_asked for row in form.rows({**PERSON, "has_agent": "no"})}
    with_agent = {row.bound.name: row.is_asked for row in form.rows({**PERSON, "has_agent": "yes"})}

    assert (asked["agent_name"], with_agent["agent_name"]) == (False, True)
    assert asked["new_name"]
    assert not asked["representative_name"]


def test_the_services_words_stand_beside_their_field_and_the_value_stays() -> None:
    form = item_form(S13, PERSON, [], {"phone": "12", "new_name": ""})

    form.tell([Problem("phone", "电话不对", "请填11位手机号"), Problem("elsewhere", "还有别的", "请看说明")])

    assert form.errors["phone"] == ["电话不对。请填11位手机号。"]
    assert form.non_field_errors() == ["还有别的。请看说明。"]
    assert form["phone"].value() == "12"
    assert list(form.errors) == ["phone", "__all__"]


def test_help_that_stands_above_the_field_is_not_said_twice() -> None:
    form = item_form(S13, PERSON, [], {})
    field = next(one for one in S13.fields if one.key == "new_name")

    form.tell([Problem("new_name", "没有填", field.help_zh)])

    assert form.errors["new_name"] == ["没有填。"]


def test_only_days_are_rewritten_before_they_are_saved() -> None:
    form = item_form(S13, PERSON, [])

    raw = form.raw({"evidence_date": "20261120", "evidence_no": "20261120", "unknown": "x"})

    assert (raw["evidence_date"], raw["evidence_no"]) == ("2026-11-20", "20261120")
    assert "unknown" not in raw


def test_every_question_of_the_inquiry_is_asked_in_its_own_words() -> None:
    form = inquiry_form(S13, {})

    assert [field.label for field in form.fields.values()] == [question.text_zh for question in S13.questions]
    assert all(field.required for field in form.fields.values())


def test_the_browser_is_not_asked_to_check_anything() -> None:
    drawn = str(item_form(S13, PERSON, [])["new_name"])

    assert " required" not in drawn


def test_a_choice_from_outside_the_list_is_an_error_of_its_field() -> None:
    typed = {"key": "k", "item_number": "S99", "window_code": "w2", "unit_code": "1", "certificate_no": "1"}
    form = PropertyForm({**typed, "holder_name": "张三", "holder_id_no": "1"}, windows=WINDOWS, item=CATALOGUE["S13"])

    assert not form.is_valid()
    assert set(form.errors) == {"item_number", "window_code"}


def test_the_property_form_offers_every_item_of_the_catalogue() -> None:
    form = PropertyForm(None, windows=WINDOWS, item=CATALOGUE["S13"])
    items = form.fields["item_number"]

    assert isinstance(items, forms.ChoiceField)
    assert sorted(number for _, shelf in items.choices for number, _ in shelf) == list(CATALOGUE)


def test_what_was_taken_in_can_be_returned_and_nothing_else() -> None:
    kinds = [form.fields["kind"] for form in (forms_window.PaperForm(), forms_window.PaperForm(can_return=True))]

    offered = [[value for value, _ in kind.choices] for kind in kinds if isinstance(kind, forms.ChoiceField)]
    assert "returned" not in offered[0]
    assert "returned" in offered[1]
