"""What is printed on a registration proof, taken from the register's page of the unit.  Pure.

The columns are those of the statutory form (国土资发〔2015〕25号).  Under 其他 stand the details of the right in the order
of its page of the register, among them the two that 自然资发〔2021〕54号 asks for: 担保范围 and the agreement about
transfer; it has “/” written where nothing was agreed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from tongban.certificates.typeset.contents import NOT_RECORDED_ZH, Issuing, holder_names
from tongban.domain.burden_details import BURDEN_PAGES, Detail
from tongban.domain.burden_entries import AlterBurden, OpenBurden
from tongban.domain.burdens import MORTGAGES, Burden
from tongban.domain.entries import Entry
from tongban.domain.titles import Holder
from tongban.domain.unit_code import parse_unit_code
from tongban.domain.unit_page import UnitPage
from tongban.domain.wires import Wire

NOT_AGREED_ZH = "/"
_NOTE = "note"


@dataclass(frozen=True, slots=True)
class _Proved:
    """One kind of right or matter: its name on the proof, and the detail that names who bears it."""

    matter_zh: str
    obligor: str = ""


_MORTGAGE = _Proved("抵押权", "mortgagor")
_PROVED: Final[Mapping[Burden, _Proved]] = MappingProxyType(
    {
        Burden.MORTGAGE: _MORTGAGE,
        Burden.MORTGAGE_NO_TRANSFER: _MORTGAGE,
        Burden.MORTGAGE_OLD: _MORTGAGE,
        Burden.MORTGAGE_FROZEN: _MORTGAGE,
        Burden.MORTGAGE_MAXIMUM: _Proved("最高额抵押权", "mortgagor"),
        Burden.PRIORITY_NOTICE: _Proved("预告登记", "obligor"),
        Burden.MORTGAGE_NOTICE: _Proved("抵押权预告登记", "obligor"),
        Burden.HABITATION: _Proved("居住权", "owner"),
        Burden.EASEMENT: _Proved("地役权", "servient_owner"),
        Burden.OBJECTION: _Proved("异议登记"),
    }
)
PROVED_BURDENS: Final = frozenset(_PROVED)
# 54号文: “/” where nothing was agreed.  A mortgage of before 2021 was registered without these columns.
_AGREED: Final = frozenset({"scope", "no_transfer"})
_WITH_AGREEMENTS: Final = (MORTGAGES - {Burden.MORTGAGE_OLD}) | {Burden.MORTGAGE_NOTICE}


def proof_words(page: UnitPage, opened: OpenBurden, entries: Iterable[Entry], issuing: Issuing) -> Wire:
    """Everything a proof of this right prints, as plain JSON; `entries` are those recorded with it."""
    proved, unit = _PROVED[opened.burden.burden], page.state
    return {
        "certificate_no": opened.burden.proof_no,
        "registry_zh": issuing.registry_zh,
        "issued_on": issuing.issued_on.isoformat(),
        "matter_zh": proved.matter_zh,
        "holders_zh": "、".join(_with_share(holder) for holder in opened.holders),
        "obligors_zh": opened.private.get(proved.obligor) or _owners(page),
        "address_zh": unit.address_zh if unit else NOT_RECORDED_ZH,
        "unit_code_zh": parse_unit_code(opened.unit_code).grouped,
        "other_zh": [f"{name_zh}：{value_zh}" for name_zh, value_zh in _other(page, opened)],
        "notes_zh": [*_notes(opened, entries), f"业务号：{issuing.case_no}"],
        "seal_zh": "不动产登记专用章",
        "specimen_zh": issuing.specimen_zh,
    }


def _owners(page: UnitPage) -> str:
    """Whom the register shows as holders of the title: who bears a right that names nobody else (异议: 民法典 220)."""
    return "、".join(holder.name for holder in page.title.holders) if page.title else NOT_RECORDED_ZH


def _with_share(holder: Holder) -> str:
    return f"{holder.name}（{holder.share_zh}）" if holder.share else holder.name


def _other(page: UnitPage, opened: OpenBurden) -> Iterator[tuple[str, str]]:
    burden = opened.burden
    if page.title:
        yield "不动产权证书号", page.title.certificate_no
    for detail in BURDEN_PAGES[burden.burden].details:
        if detail.key not in (_NOTE, _PROVED[burden.burden].obligor):
            value = _value(detail, opened)
            if value:
                yield _name(detail), value
    if burden.rank and burden.burden in MORTGAGES:
        yield "抵押顺位", f"第{burden.rank}顺位"
    if burden.until and burden.burden is not Burden.OBJECTION and "term" not in opened.private:
        yield "期限至", _day_zh(burden.until.isoformat())


def _name(detail: Detail) -> str:
    """The column's name; a term from one day until another is one line."""
    name_zh = detail.label_zh.removesuffix("（元）")
    return name_zh.removesuffix("起") if detail.key.endswith("_from") else name_zh


def _value(detail: Detail, opened: OpenBurden) -> str:
    details, key = opened.private, detail.key
    written = details.get(key, "")
    if key.endswith("_until") and details.get(_start(key)):
        return ""  # told with its first day
    if key.endswith("_from") and written:
        end = details.get(key.removesuffix("_from") + "_until", "")
        return f"{_day_zh(written)}起{_day_zh(end) + '止' if end else ''}"
    if key.endswith("_until"):
        return _day_zh(written)
    if key.endswith("_yuan"):
        return _yuan(written)
    if not written and key in _AGREED and opened.burden.burden in _WITH_AGREEMENTS:
        return NOT_AGREED_ZH
    return written


def _start(key: str) -> str:
    return key.removesuffix("_until") + "_from"


def _yuan(amount: str) -> str:
    """“1,000,000.00元”; words that are no amount stay as they were recorded."""
    whole, dot, cents = amount.partition(".")
    return f"{int(whole):,}{dot}{cents}元" if whole.isascii() and whole.isdigit() else amount


def _day_zh(text: str) -> str:
    """“2026年11月22日”; words that are no day stay as they were recorded."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日"


def _notes(opened: OpenBurden, entries: Iterable[Entry]) -> Iterator[str]:
    """附记: which proof it replaces, when an objection lapses, who the holders are, and the register's own note."""
    burden, holder_zh = opened.burden, BURDEN_PAGES[opened.burden.burden].holder_zh
    for entry in entries:
        if isinstance(entry, AlterBurden) and entry.burden_no == burden.burden_no:
            before = entry.before
            if before.proof_no and before.proof_no != burden.proof_no:
                yield f"原不动产登记证明号：{before.proof_no}，自登簿时起作废"
            if before.burden is Burden.MORTGAGE_MAXIMUM and burden.burden is not Burden.MORTGAGE_MAXIMUM:
                yield "最高额抵押权担保的债权已经确定（民法典第四百二十三条）"
    if burden.burden is Burden.OBJECTION and burden.until:
        last = _day_zh(burden.until.isoformat())
        yield f"申请人到{last}（含当日）没有提起诉讼的，异议登记失效（民法典第二百二十条）"
    for name in holder_names(opened.holders):
        yield f"{holder_zh}证件：{name.name_zh}，{name.id_zh}"
    if note_zh := opened.private.get(_NOTE):
        yield note_zh
