"""The columns of a batch of one service item, all out of its catalogue entry, and what a row says through them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from tongban.domain.canonical import canonical_json
from tongban.domain.catalogue import form as forms
from tongban.domain.catalogue.item import NO, YES, Field, FieldKind, FoundBy, ServiceItem
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.identity import IdDocument, check_document
from tongban.domain.numbering import normal_certificate_no
from tongban.domain.unit_code import parse_unit_code
from tongban.intake.batches.sheets import Sheet, refuse
from tongban.vault.sm3 import sm3_hex

UNIT_CODE, CERTIFICATE_NO, HOLDER_NAME, HOLDER_ID_NO = "_unit_code", "_certificate_no", "_holder_name", "_holder_id_no"
ROW_NO_ZH: Final = "行号"  # in a sheet of wrong rows: which row is mended
FINDINGS_ZH: Final = "要改的地方"
STATE_ZH, APPLICATION_ZH, CASE_ZH = "结果", "收件编号", "业务号"
NOT_ASKED: Final = frozenset({ROW_NO_ZH, FINDINGS_ZH, STATE_ZH, APPLICATION_ZH, CASE_ZH})
_PAPERS_ZH: Final = {FoundBy.TITLE: "不动产权证号", FoundBy.PROOF: "不动产登记证明号"}
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", re.ASCII)
_SERIAL = re.compile(r"[1-9]\d{4}", re.ASCII)
_SERIAL_START: Final = date(1899, 12, 30)  # day 0 of spreadsheets
_SPOILT = re.compile(r"\d(\.\d+)?E\+?\d+", re.ASCII | re.IGNORECASE)
_SPOILT_DIGITS: Final = 15  # a spreadsheet's number keeps no more
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,2})?", re.ASCII)
_NUMBERS: Final = (FieldKind.ID_NUMBER, FieldKind.PHONE)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key its text is kept under, its head, and how to fill it in."""

    key: str
    label_zh: str
    help_zh: str
    field: Field | None = None

    @property
    def is_personal(self) -> bool:
        return self.field.is_personal if self.field else self.key in (HOLDER_NAME, HOLDER_ID_NO)

    @property
    def how_zh(self) -> str:
        """What may stand in the column."""
        if self.field is None:
            return "必填"
        if self.field.kind is FieldKind.YES_NO:
            return "是、否" if not self.field.can_wait else "是、否；空着的，看后面填没填"
        if self.field.choices:
            return "、".join(choice.label_zh for choice in self.field.choices)
        return "必填" if self.field.required and self.field.when is None else "用得上才填"


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says: the question to the home registry in four parts, and the form, cleaned."""

    unit_code: str
    certificate_no: str
    holder_name: str
    holder_id_no: str
    form: Mapping[str, str]

    @property
    def answers(self) -> dict[str, str]:
        """What of the form the row says; what it leaves empty the register may know."""
        return {key: text for key, text in self.form.items() if text}

    def subject(self, item: ServiceItem) -> str:
        """One thing is applied for once in a batch: the item, the unit and the paper, as a digest."""
        return sm3_hex(canonical_json([item.number, self.unit_code, self.certificate_no]))


def columns_of(item: ServiceItem) -> tuple[Column, ...]:
    """Every column of the item, first those that find the property."""
    who_zh = {FoundBy.TITLE: "证书上的权利人", FoundBy.PROOF: "证明上的权利人", FoundBy.UNIT: "申请人"}[item.found_by]
    paper_zh = _PAPERS_ZH.get(item.found_by)
    found = [
        Column(UNIT_CODE, "不动产单元号", "证书上28位的号。"),
        *([Column(CERTIFICATE_NO, paper_zh, "照着抄，年份、号码都不能少。")] if paper_zh else []),
        Column(HOLDER_NAME, f"{who_zh}（核对用）", "照着抄姓名（名称）。"),
        Column(HOLDER_ID_NO, f"{who_zh}的证件号（核对用）", "照着证件填，格式设成文本。"),
    ]
    heads = [one.label_zh for one in found]
    return (*found, *(Column(field.key, label, field.help_zh, field) for field, label in _labelled(item, heads)))


def _labelled(item: ServiceItem, heads: Sequence[str]) -> list[tuple[Field, str]]:
    """Each field with a head no other field has; one that follows another answer says which."""
    many = Counter(field.label_zh for field in item.fields)
    own = {field.key: field.label_zh for field in item.fields}
    labelled, seen = [], Counter(heads)
    for field in item.fields:
        label = field.label_zh
        if many[label] > 1 and field.when is not None:
            label = f"{label}（{own[field.when.field]}）"
        seen[label] += 1
        labelled.append((field, label if seen[label] == 1 else f"{label}（{seen[label]}）"))
    return labelled


def places(item: ServiceItem, sheet: Sheet) -> dict[int, str]:
    """Which column of the sheet holds what; the number of a row to mend stands under ROW_NO_ZH.

    Raises InvalidInput naming every column that is unknown, doubled, or missing where nothing goes without it.
    """
    known = {_plain(column.label_zh): column.key for column in columns_of(item)}
    known |= {_plain(name): name for name in NOT_ASKED}
    found: dict[int, str] = {}
    problems = []
    for place, head in enumerate(sheet.head):
        key = known.get(_plain(head))
        if not head:
            continue
        if key is None:
            problems.append(Problem("sheet", f"不认识“{head}”这一列", "请按样表的列名改，用不上的列删掉"))
        elif key in found.values():
            problems.append(Problem("sheet", f"“{head}”有两列", "请只留一列"))
        else:
            found[place] = key
    for column in columns_of(item):
        if column.field is None and column.key not in found.values():
            problems.append(Problem("sheet", f"没有“{column.label_zh}”这一列", "请从样表补上这一列"))
    stray = sorted({place for row in sheet.rows for place in row.cells if place not in found and _is_out(sheet, place)})
    if stray:
        problems.append(Problem("sheet", f"第 {stray[0] + 1} 列有内容，没有列名", "请补上列名，或者删掉这一列"))
    if problems:
        raise InvalidInput(problems, code="sheet_refused")
    return found


def _is_out(sheet: Sheet, place: int) -> bool:
    return place >= len(sheet.head) or not sheet.head[place]


def _plain(head: str) -> str:
    return re.sub(r"[\s*＊]", "", unicodedata.normalize("NFKC", head))


def said(item: ServiceItem, given: Mapping[str, str], today: date) -> tuple[Said, tuple[Problem, ...]]:
    """What a row says, and what is wrong with it as far as that shows without the register.

    Fields left empty may still be known to the register; what it does not know is found when it is asked.
    """
    problems = []
    try:
        unit_code: str = parse_unit_code(given.get(UNIT_CODE, "")).code
    except InvalidInput as error:
        unit_code = ""
        problems.append(Problem(UNIT_CODE, error.problems[0].what_zh, error.problems[0].cure_zh))
    for column in columns_of(item):
        text = given.get(column.key, "").strip()
        if column.field is None and column.key != UNIT_CODE and not text:
            problems.append(Problem(column.key, f"没有填“{column.label_zh}”", column.help_zh))
        elif (problem := _spoilt(column, text)) is not None:
            problems.append(problem)
    form = forms.clean_form(item, answers(item, given))
    named = {problem.field for problem in problems}
    wrong = [one for one in forms.check_form(item, form, today) if form.get(one.field) and one.field not in named]
    found = Said(
        unit_code, normal_certificate_no(given.get(CERTIFICATE_NO, "")), given.get(HOLDER_NAME, ""),
        given.get(HOLDER_ID_NO, ""), form,
    )  # fmt: skip
    return found, (*problems, *wrong)


def _spoilt(column: Column, text: str) -> Problem | None:
    """A long number that a spreadsheet took for a quantity has lost its last digits for good."""
    is_number = column.key == HOLDER_ID_NO or (column.field is not None and column.field.kind in _NUMBERS)
    if not is_number or not text:
        return None
    is_cut = len(text) == 18 and text.isdecimal() and len(text.rstrip("0")) <= _SPOILT_DIGITS
    if _SPOILT.fullmatch(text) or (is_cut and check_document(IdDocument.ID_CARD, text)):
        cure_zh = "请把这一列的格式设成“文本”，重新填号码"
        return Problem(column.key, f"“{column.label_zh}”被表格软件当成数字，末几位丢了", cure_zh)
    return None


def answers(item: ServiceItem, given: Mapping[str, str]) -> dict[str, str]:
    """The answers as a form takes them: words of a choice as its value, days as dates, “also” as what follows it."""
    return {field.key: _answer(item, field, given) for field in item.fields}


def _answer(item: ServiceItem, field: Field, given: Mapping[str, str]) -> str:
    text = unicodedata.normalize("NFKC", given.get(field.key, "")).strip()
    if field.kind is FieldKind.YES_NO:
        if not text and field.can_wait:
            follows = (one for one in item.fields if one.when is not None and one.when.field == field.key)
            return YES if any(given.get(one.key, "").strip() for one in follows) else NO
        return {"是": YES, "否": NO}.get(text, text)
    if field.kind in (FieldKind.DAY, FieldKind.FUTURE_DAY):
        return _day(text)
    labels = {unicodedata.normalize("NFKC", choice.label_zh): choice.value for choice in field.choices}
    return labels.get(text, given.get(field.key, ""))


def _day(text: str) -> str:
    if match := _DAY.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
        return f"{year:04d}-{month:02d}-{day:02d}"
    return (_SERIAL_START + timedelta(days=int(text))).isoformat() if _SERIAL.fullmatch(text) else text


def differences(item: ServiceItem, said_form: Mapping[str, str], prefill: Mapping[str, str]) -> tuple[Problem, ...]:
    """Where a row says something else than the register, or more of an amount of which it may say less.

    The register is not changed by a form.  An amount is the same with and without its cents.
    """
    known = forms.clean_form(item, {**said_form, **{key: value for key, value in prefill.items() if value}})
    labels = {column.key: column.label_zh for column in columns_of(item)}
    asked = {field.key: field for field in item.fields}
    return tuple(
        _differs(item, key, labels[key], known[key])
        for key, value in said_form.items()
        if value and prefill.get(key) and not _agree(item, asked[key], known.get(key, ""), value)
    )


def _differs(item: ServiceItem, key: str, label_zh: str, known: str) -> Problem:
    if key in item.at_most:
        cure_zh = "已经还了一部分的可以填少，不能填多；和登记簿一样的可以空着，系统会带出来"
        return Problem(key, f"“{label_zh}”比登记簿上的{known}元多", cure_zh)
    return Problem(key, f"“{label_zh}”和登记簿上的不一样", "请照登记簿改，或者空着，系统会带出来")


def _agree(item: ServiceItem, field: Field, known: str, text: str) -> bool:
    if field.kind is FieldKind.YUAN and _AMOUNT.fullmatch(known) and _AMOUNT.fullmatch(text):
        return Decimal(text) == Decimal(known) or (field.key in item.at_most and Decimal(text) < Decimal(known))
    return known == text


def template(item: ServiceItem) -> list[tuple[str, Sequence[Sequence[str]]]]:
    """The sheets of an empty form to download: the columns, and how to fill each in."""
    columns = columns_of(item)
    notes = [("列名", "怎么填", "可以填什么"), *((one.label_zh, one.help_zh, one.how_zh) for one in columns)]
    return [("申请", [[one.label_zh for one in columns]]), ("填写说明", notes)]


def given_of(found: Mapping[int, str], cells: Mapping[int, str]) -> dict[str, str]:
    """The text of one row by column key, without what is not asked."""
    return {key: cells[place].strip() for place, key in found.items() if key not in NOT_ASKED and place in cells}


def row_number(found: Mapping[int, str], cells: Mapping[int, str], at: int) -> int:
    """Which row of the batch a row of a mended sheet is about; raises InvalidInput when it does not say."""
    place = next((place for place, key in found.items() if key == ROW_NO_ZH), None)
    text = cells.get(place, "").strip() if place is not None else ""
    if not re.fullmatch(r"[0-9]{1,7}", text, re.ASCII):
        raise refuse(f"第 {at} 行没有“{ROW_NO_ZH}”", "请用这一批“下载有错的行”得到的表来改")
    return int(text)
