"""Typed amounts, days, numbers and names: what can mean one thing is read, everything else is said with its cure."""

from __future__ import annotations

from datetime import date

import pytest

from tongban.cases.dues import fen_of
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.form import check_form, clean_form
from tongban.domain.catalogue.item import FieldKind
from tongban.domain.errors import InvalidInput
from tongban.domain.identity import plain_name
from tongban.domain.typed import amount_problem, day_problem, plain_figure, plain_phone, without_label

TODAY = date(2026, 11, 23)
RESALE = CATALOGUE["S02"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("800000", "800000"), ("800,000", "800000"), ("８００，０００．５０", "800000.50"), ("80 0000 元", "800000"),
        ("￥1,234,567", "1234567"),
        ("118.26㎡", "118.26"), ("118.26平方米", "118.26"), ("1,23", "1,23"), ("118,26", "118,26"), ("80万元", "80万"), ("", ""),
    ],
)  # fmt: skip
def test_a_figure_loses_its_unit_and_the_commas_of_its_thousands_and_no_other(typed: str, read: str) -> None:
    assert plain_figure(typed) == read


@pytest.mark.parametrize(
    ("typed", "what", "cure"),
    [
        ("80万", "写的是“80万”，要写成元", "800000"), ("80.5万", "要写成元", "805000"), ("1.2亿", "要写成元", "120000000"),
        ("-5", "要大于0", "请填元"), ("0.00", "要大于0", "请填元"), ("800000.555", "最多有两位小数，现在是3位", "核对"),
        ("1000000000000000", "有16位数，太大了", "多写"), ("八十万", "不是一个金额", "例如 800000"), ("1,23", "不是一个金额", "例如"),
    ],
)  # fmt: skip
def test_a_wrong_amount_is_said_with_what_it_should_be(typed: str, what: str, cure: str) -> None:
    problem = amount_problem("成交价", typed)

    assert problem.what_zh.startswith("“成交价”") and what in problem.what_zh
    assert cure in problem.cure_zh


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("2026-02-30", "没有这一天"), ("2026-13-01", "没有这一天"), ("26.11.20", "不是一个日期"), ("长期", "不是一个日期"),
        ("0026-11-20", "年份是26年"), ("1890-01-01", "年份是1890年"), ("9999-12-31", "年份是9999年"), ("2127-01-01", "年份是2127年"),
    ],
)  # fmt: skip
def test_a_day_that_is_none_or_lies_out_of_any_right_is_said(typed: str, what: str) -> None:
    problem = day_problem("到哪天止", typed, TODAY, is_past=False)

    assert problem is not None and what in problem.what_zh and problem.cure_zh


def test_a_day_ahead_is_wrong_only_where_something_has_happened() -> None:
    assert day_problem("到哪天止", "2046-11-19", TODAY, is_past=False) is None
    problem = day_problem("签订日期", "2026-11-24", TODAY, is_past=True)

    assert problem is not None and "还没有到" in problem.what_zh
    assert day_problem("签订日期", "2026-11-23", TODAY, is_past=True) is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("138-0013-8000", "13800138000"), ("+86 138 0013 8000", "13800138000"), ("8613800138000", "13800138000"),
        ("(0372)8112345", "0372-8112345"), ("0372-8112345", "0372-8112345"), ("1380013800", "1380013800"),
    ],
)  # fmt: skip
def test_a_telephone_number_is_read_as_people_write_it(typed: str, read: str) -> None:
    assert plain_phone(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("身份证号：410526199101270009。", "410526199101270009"),
        ("证号: 豫（2026）", "豫（2026）"),
        ("12:30", "12:30"),
        ("", ""),
    ],
)
def test_a_pasted_number_loses_what_stood_around_it(typed: str, read: str) -> None:
    assert without_label(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("王 明", "王明"), ("王　小 明", "王小明"), ("阿依古丽•买买提", "阿依古丽·买买提"), 
        ("JOHN  SMITH", "JOHN SMITH"), ("王明 Ltd", "王明 Ltd"),
    ],
)  # fmt: skip
def test_two_writings_of_a_name_are_one_name(typed: str, read: str) -> None:
    assert plain_name(typed) == read
    assert plain_name(plain_name(typed)) == plain_name(typed)


@pytest.mark.parametrize(
    ("key", "typed", "what"),
    [
        ("buyer1_name", "许文博、李红", "写了不止一个人"), ("buyer1_name", "123", "没有文字"),
        ("buyer1_name", "许\u200b文博", "看不见的符号"),
        ("buyer1_id_no", "410526199101270008", "校验位不符"), ("buyer1_phone", "1380013800", "现在是10位"),
        ("contract_no", "长" * 61, "不能超过60个字，现在是61个"), ("price_yuan", "80万", "要写成元"),
    ],
)  # fmt: skip
def test_a_wrong_answer_of_a_sale_is_told_beside_its_field(key: str, typed: str, what: str) -> None:
    form = clean_form(RESALE, {**RESALE.example.answers, key: typed})

    found = {one.field: one for one in check_form(RESALE, form, TODAY)}

    assert what in found[key].what_zh and found[key].cure_zh


def test_whoever_may_be_several_people_is_named_with_stops() -> None:
    several = {(item.number, field.key) for item in CATALOGUE.values() for field in item.fields if field.several}

    assert ("S08", "losers") in several and ("S33", "debtor") in several
    named = [field for item in CATALOGUE.values() for field in item.fields if field.several]
    assert {field.kind for field in named} == {FieldKind.NAME} and all("顿号" in field.help_zh for field in named)
    losers = {"losers": "王小明、李红"}
    assert "losers" not in [one.field for one in check_form(CATALOGUE["S08"], losers, TODAY)]


@pytest.mark.parametrize("typed", ["80万", "1,23", "-80", "八十"])
def test_a_fee_that_was_paid_is_not_guessed_at(typed: str) -> None:
    with pytest.raises(InvalidInput) as told:
        fen_of(typed)

    assert [one.field for one in told.value.problems] == ["amount"]


def test_a_fee_may_carry_commas_and_its_unit() -> None:
    assert (fen_of("8,000.50元"), fen_of("80")) == (800050, 8000)
