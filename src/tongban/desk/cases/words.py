"""Register entries, identity checks and materials in the words of the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.catalogue.materials import DOCUMENT_KINDS
from tongban.domain.entries import (
    AlterHolder,
    CloseTitle,
    DescribeUnit,
    Entry,
    OpenTitle,
    ReplaceCertificate,
    ReplaceTitle,
)
from tongban.domain.identity import mask_id, mask_name, modern_number
from tongban.domain.lifecycle import CASE_MOVES
from tongban.domain.titles import Title

YES_NO_ZH: Final[Mapping[str, str]] = {"yes": "是", "no": "否"}
IDENTITY_ZH: Final[Mapping[str, str]] = {
    "reader_face": "读卡器读证，人证比对设备通过",
    "reader_eye": "读卡器读证，工作人员肉眼比对",
    "by_hand": "证件无法读取，两名工作人员人工核对",
}
CUSTODY_ZH: Final[Mapping[str, str]] = {
    "collected": "窗口已收取原件",
    "checked_returned": "原件核对后退还申请人",
    "copied": "已复印",
    "returned": "已退还",
}
FORM_ZH: Final[Mapping[str, str]] = {"original": "原件", "copy": "复印件", "shared": "不用提交"}
_OWN_MOVES_ZH: Final[Mapping[str, str]] = {"open": "收到移交", "withdraw_refused": "撤回申请没有准许"}


def move_zh(action: str) -> str:
    """The name of a move that was made."""
    return CASE_MOVES[action].name_zh if action in CASE_MOVES else _OWN_MOVES_ZH.get(action, action)


def entry_zh(entry: Entry, *, masked: bool = True) -> tuple[str, str]:
    """What an entry is, and what it says; names are masked unless the reader sees this person's papers anyway."""
    match entry:
        case OpenTitle():
            holders = "、".join(_name(holder.name, masked) for holder in entry.title.holders)
            return "权利登记", f"{holders}（{entry.title.co_ownership.name_zh}），{entry.title.certificate_no}"
        case AlterHolder():
            return "变更登记", f"第{entry.holder_no}号权利人{_altered(entry, masked)}，因{entry.cause.name_zh}"
        case ReplaceCertificate():
            return "换发证书", f"{entry.before}作废，换发{entry.after}"
        case DescribeUnit():
            return "单元自然状况", f"{entry.unit.address_zh}，{entry.unit.area_m2}平方米"
        case ReplaceTitle():
            holders = "、".join(_name(holder.name, masked) for holder in entry.title.holders)
            words = f"{holders}（{entry.title.co_ownership.name_zh}），因{entry.cause.name_zh}"
            return "权利登记", f"{words}；{entry.before}作废，换发{entry.title.certificate_no}"
        case CloseTitle():
            return "注销权利", f"{entry.before}作废，因{entry.cause.name_zh}"
        case OpenBurden():
            return f"{entry.burden.burden.name_zh}登记", _burden_words(entry, masked)
        case AlterBurden():
            return f"{entry.burden.burden.name_zh}变更登记", _burden_words(entry.opened, masked)
        case CloseBurden():
            return "注销限制", entry.cause_zh


def ended(entries: Iterable[Entry]) -> list[str]:
    """What these entries ended, said to somebody who gets no paper for it (注销)."""
    found = []
    for entry in entries:
        match entry:
            case CloseBurden():
                found.append(
                    f"以“{entry.burden_no}”设立的权利或者事项已经注销（{entry.cause_zh}），它的登记证明同时作废。"
                )
            case CloseTitle():
                found.append(f"{entry.before} 登记的权利已经注销（{entry.cause.name_zh}），原证书同时作废。")
            case _:
                pass
    return found


def evidence_zh(entry: Entry) -> str:
    """The paper an entry rests on, when it names one."""
    if not isinstance(entry, AlterHolder):
        return ""
    kind = DOCUMENT_KINDS.get(entry.evidence_kind)
    number = f"（编号：{entry.evidence_no}）" if entry.evidence_no else ""
    return f"{kind.name_zh if kind else entry.evidence_kind}{number}"


def holder_with(title: Title | None, id_no: str) -> int:
    """The number of the holder with this document number; 0 when the title has none."""
    wanted = modern_number(id_no)
    holders = title.holders if title and wanted else ()
    return next((holder.holder_no for holder in holders if modern_number(holder.id_no) == wanted), 0)


def shown_id(number: str, *, is_full: bool) -> str:
    """A document number, masked unless it may be shown in full."""
    return number if is_full else mask_id(number)


def _name(name: str, masked: bool) -> str:
    return mask_name(name) if masked else name


def _altered(entry: AlterHolder, masked: bool) -> str:
    changed = entry.before.changed(entry.after)
    if "name" not in changed:
        return "的证件信息已更新"
    return f"由“{_name(entry.before.name, masked)}”变更为“{_name(entry.after.name, masked)}”"


def _burden_words(entry: OpenBurden, masked: bool) -> str:
    fact = entry.burden
    holders = "、".join(_name(holder.name, masked) for holder in entry.holders)
    period = f"{fact.since or ''}至{fact.until or '解除为止'}" if fact.since or fact.until else ""
    rank = f"第{fact.rank}顺位" if fact.rank else ""
    parts = (holders, fact.organ_zh, fact.reference, rank, period, fact.proof_no)
    return "，".join(part for part in parts if part) or "已记载"
