"""Forms and inquiries of any service item: normal form of the answers, what is shown, and what is wrong with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from tongban.domain.catalogue.item import NO, YES, Field, FieldKind, Question, ServiceItem
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.identity import IdDocument, check_document, check_name, check_phone, normal_name, normal_number
from tongban.domain.numbering import is_certificate_no, is_proof_no, normal_certificate_no
from tongban.domain.titles import parse_share
from tongban.domain.typed import amount_problem, day_problem, plain_figure, plain_phone, without_label
from tongban.domain.unit_code import normal_unit_code, parse_unit_code

_YUAN: Final = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,2})?")
_AREA: Final = re.compile(r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?")
_INVISIBLE: Final = ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
_SHARE_GAP: Final = re.compile(r"[\s、,，;；]+")
_BETWEEN_NAMES: Final = "、，；;"


def clean_form(item: ServiceItem, raw: Mapping[str, str]) -> dict[str, str]:
    """The answers in their normal form: shown fields only, in the order of the form, text NFC, numbers half-width.

    Unknown keys and answers to fields that are not asked are dropped.  Cleaning twice changes nothing.
    """
    form: dict[str, str] = {}
    for field in item.fields:
        if field.is_shown(form):
            form[field.key] = _clean(field, raw.get(field.key, ""))
    return form


def _clean(field: Field, text: str) -> str:
    if field.kind in (FieldKind.CERTIFICATE_NO, FieldKind.PROOF_NO):
        return normal_certificate_no(without_label(text))
    if field.kind is FieldKind.UNIT_CODE:
        return normal_unit_code(without_label(text))
    if field.kind in (FieldKind.YUAN, FieldKind.AREA):
        return plain_figure(text)
    if field.kind is FieldKind.SHARES:
        return "、".join(_SHARE_GAP.split(unicodedata.normalize("NFKC", text).replace("⁄", "/").strip()))
    if field.kind is FieldKind.ID_NUMBER:
        return normal_number(without_label(text))
    if field.kind is FieldKind.PHONE:
        return plain_phone(without_label(text))
    if field.kind in (FieldKind.NAME, FieldKind.TEXT):
        return normal_name(text)
    return unicodedata.normalize("NFKC", text).strip()


def visible_fields(item: ServiceItem, form: Mapping[str, str]) -> tuple[Field, ...]:
    """The fields to ask, given the answers so far."""
    return tuple(field for field in item.fields if field.is_shown(form))


def check_form(item: ServiceItem, form: Mapping[str, str], today: date) -> tuple[Problem, ...]:
    """Everything wrong with a cleaned form, at most one problem per field; empty when it may go on."""
    problems = (_check_field(field, form, today) for field in visible_fields(item, form))
    return tuple(problem for problem in problems if problem is not None)


def _check_field(field: Field, form: Mapping[str, str], today: date) -> Problem | None:
    text = form.get(field.key, "")
    if not text:
        return Problem(field.key, f"没有填“{field.label_zh}”", field.help_zh) if field.required else None
    if len(text) > field.longest:
        what_zh = f"“{field.label_zh}”不能超过{field.longest}个字，现在是{len(text)}个"
        return Problem(field.key, what_zh, "填的都还在，请删短一些")
    found = _CHECKS[field.kind](field, form, text, today)
    return None if found is None else Problem(field.key, found.what_zh, found.cure_zh)


_Check = Callable[[Field, Mapping[str, str], str, date], Problem | None]


def _check_name(field: Field, form: Mapping[str, str], text: str, today: date) -> Problem | None:
    if not field.several and any(mark in text for mark in _BETWEEN_NAMES):
        return Problem(field.key, f"“{field.label_zh}”里写了不止一个人", "这里只填一位；还有别人的，在后面选“是”再填")
    return check_name(text)


def _check_text(field: Field, form: Mapping[str, str], text: str, today: date) -> Problem | None:
    if all(unicodedata.category(letter) not in _INVISIBLE for letter in text):
        return None
    return Problem(field.key, f"“{field.label_zh}”里有看不见的符号", "请删掉后重新填写")


def _check_choice(field: Field, form: Mapping[str, str], text: str, today: date) -> Problem | None:
    if text in {choice.value for choice in field.offered(form)}:
        return None
    return Problem(field.key, f"“{field.label_zh}”要从列出的里面选", "请重新选一项")


def _check_yes_no(field: Field, form: Mapping[str, str], text: str, today: date) -> Problem | None:
    return None if text in (YES, NO) else Problem(field.key, f"“{field.label_zh}”要选“是”或者“否”", "请重新选一项")


def _check_id_number(field: Field, form: Mapping[str, str], text: str, today: date) -> Problem | None:
    kind = form.get(field.id_kind_field, "")
    if kind not in set(IdDocument):
        return None  # the field with the kind of document already says so
    return check_document(IdDocument(kind), text)


def _check_phone(field: Field, form: Mapping[str, str], text: str, today: date) -> Problem | None:
    return check_phone(text)


def _check_day(field: Field, form: Mapping[str, str], text: str, today: date) -> Problem | None:
    return day_problem(field.label_zh, text, today, is_past=True)


def _check_any_day(field: Field, form: Mapping[str, str], text: str, today: date) -> Problem | None:
    return day_problem(field.label_zh, text, today, is_past=False)


def _check_proof_no(field: Field, form: Mapping[str, str], text: str, today: date) -> Problem | None:
    if is_proof_no(text):
        return None
    return Problem(field.key, "不动产登记证明号的写法不对", "请照着证明填，例如 豫（2026）滑县不动产证明第0001234号")


def _check_unit_code(field: Field, form: Mapping[str, str], text: str, today: date) -> Problem | None:
    try:
        parse_unit_code(text)
    except InvalidInput as error:
        return error.problems[0]
    return None


def _check_yuan(field: Field, form: Mapping[str, str], text: str, today: date) -> Problem | None:
    if _YUAN.fullmatch(text) and text.strip("0."):
        return None
    return amount_problem(field.label_zh, text)


def _check_area(field: Field, form: Mapping[str, str], text: str, today: date) -> Problem | None:
    if _AREA.fullmatch(text) and text.strip("0."):
        return None
    return Problem(field.key, f"“{field.label_zh}”不是一个面积", "请填平方米，可以有三位小数，例如 118.26")


def _check_shares(field: Field, form: Mapping[str, str], text: str, today: date) -> Problem | None:
    try:
        shares = [parse_share(part) for part in text.split("、")]
    except InvalidInput as error:
        return error.problems[0]
    if sum(shares) != 1:
        return Problem(field.key, f"各人的份额加起来是{sum(shares)}，不等于1", "请核对每个人的份额，例如 1/2、1/4、1/4")
    return None


def _check_certificate_no(field: Field, form: Mapping[str, str], text: str, today: date) -> Problem | None:
    if is_certificate_no(text):
        return None
    return Problem(field.key, "不动产权证号的写法不对", "请照着证书填，例如 豫（2026）滑县不动产权第0001234号")


_CHECKS: Final[Mapping[FieldKind, _Check]] = MappingProxyType(
    {
        FieldKind.TEXT: _check_text,
        FieldKind.NAME: _check_name,
        FieldKind.CHOICE: _check_choice,
        FieldKind.YES_NO: _check_yes_no,
        FieldKind.ID_NUMBER: _check_id_number,
        FieldKind.PHONE: _check_phone,
        FieldKind.DAY: _check_day,
        FieldKind.FUTURE_DAY: _check_any_day,
        FieldKind.CERTIFICATE_NO: _check_certificate_no,
        FieldKind.PROOF_NO: _check_proof_no,
        FieldKind.UNIT_CODE: _check_unit_code,
        FieldKind.YUAN: _check_yuan,
        FieldKind.AREA: _check_area,
        FieldKind.SHARES: _check_shares,
    }
)
assert set(_CHECKS) == set(FieldKind), "every kind of field has a check"


def clean_answers(item: ServiceItem, raw: Mapping[str, str]) -> dict[str, str]:
    """The answers of the inquiry in their normal form: asked questions only, in their order."""
    answers: dict[str, str] = {}
    for question in item.questions:
        if question.when is None or question.when(answers):
            answers[question.key] = normal_name(raw.get(question.key, ""))
    return answers


def visible_questions(item: ServiceItem, answers: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions of the inquiry to ask, given the answers so far."""
    return tuple(question for question in item.questions if question.when is None or question.when(answers))


def check_answers(item: ServiceItem, answers: Mapping[str, str]) -> tuple[Problem, ...]:
    """Everything that keeps the inquiry from going on; empty when all questions are answered as they must be."""
    problems = (_check_answer(question, answers) for question in visible_questions(item, answers))
    return tuple(problem for problem in problems if problem is not None)


def _check_answer(question: Question, answers: Mapping[str, str]) -> Problem | None:
    text = answers.get(question.key, "").strip()
    if not text:
        return Problem(question.key, f"没有回答：{question.text_zh}", "请当面问清楚，照实记下来")
    if question.kind is FieldKind.YES_NO and text not in (YES, NO):
        return Problem(question.key, f"只能回答“是”或者“否”：{question.text_zh}", "请重新选一项")
    if question.must_be and text != question.must_be:
        return Problem(question.key, question.otherwise_zh, "答错的可以重新回答；确实如此的，这件事不能接着办")
    return None
