"""Common words of correction lists, by material: what is usually wrong, and how it is put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tongban.domain.catalogue.item import ServiceItem

FORM, INQUIRY = "form", "inquiry"
OTHER_MATTERS_ZH: Final = {FORM: "申请书内容", INQUIRY: "询问笔录"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One common line: what is wrong and how to mend it."""

    what_zh: str
    cure_zh: str


_UNREADABLE = Phrase("影像不清楚，看不清文字", "请窗口重新扫描原件，四角完整、文字清楚")
_MISSING_PAGE = Phrase("缺页", "请补扫缺少的页")

# by number of the material in the province's list of 26
_BY_MATERIAL: Final[Mapping[int, tuple[Phrase, ...]]] = MappingProxyType(
    {
        1: (Phrase("申请书没有签名，或者签名和申请人不符", "请申请人核对内容以后重新签名"),),
        2: (
            Phrase("身份证件已经过期", "请提交有效的身份证件；正在换证的，提交临时身份证"),
            Phrase("证件号码和登记簿记载的不一致", "请提交公安机关出具的同一人证明，或者先办证件号码变更登记"),
            _UNREADABLE,
        ),
        3: (
            Phrase("营业执照上的名称和申请书上的不一致", "请提交变更后的营业执照，或者改正申请书"),
            _UNREADABLE,
        ),
        4: (
            Phrase("委托书没有写明委托办理的事项", "请提交写明“办理权利人姓名（名称）变更登记”的授权委托书"),
            Phrase("委托书没有委托人签名", "请委托人签名；委托人在境外的，委托书要公证"),
            Phrase("委托期限已过", "请提交仍在委托期限内的授权委托书"),
        ),
        5: (
            Phrase("没有收取证书原件", "请提交不动产权证书原件；遗失的，先办理遗失补发"),
            Phrase("证书号和登记簿现势证号不一致", "请提交现在有效的那一本证书"),
        ),
        12: (
            Phrase("看不出曾用名和现用名是同一人", "请提交有曾用名栏的户口簿页，或者派出所出具的姓名变更证明"),
            Phrase("证明没有加盖出具单位的印章", "请提交加盖出具单位公章的原件"),
            Phrase("证明上的姓名（名称）和申请书上的不一致", "请改正申请书，或者提交写明这次变更的证明"),
            _MISSING_PAGE,
            _UNREADABLE,
        ),
        21: (
            Phrase("看不出监护关系", "请提交户口簿、出生医学证明，或者指定监护的文件"),
            _UNREADABLE,
        ),
    }
)
_OTHER: Final[Mapping[str, tuple[Phrase, ...]]] = MappingProxyType(
    {
        FORM: (
            Phrase("申请书填写的内容和材料不一致", "请按材料改正申请书，申请人核对后重新签名"),
            Phrase("没有填写联系电话，或者电话打不通", "请填写能打通的电话"),
        ),
        INQUIRY: (
            Phrase("有的问题没有回答", "请补做询问，申请人核对后签名"),
            Phrase("回答和登记簿记载的情况不一致", "请就不一致的地方重新询问，写明情况"),
        ),
    }
)
_ANY: Final = (_UNREADABLE, _MISSING_PAGE)


def matters(item: ServiceItem) -> tuple[tuple[str, str], ...]:
    """What a line of the list can be about: key and name."""
    named = tuple((one.key, one.material.name_zh + _whose(one.key)) for one in item.materials)
    return (*named, *OTHER_MATTERS_ZH.items())


def phrases(item: ServiceItem) -> Mapping[str, tuple[Phrase, ...]]:
    """The common lines by matter."""
    found = {one.key: _BY_MATERIAL.get(one.material.number, _ANY) for one in item.materials}
    return {**found, **_OTHER}


def _whose(key: str) -> str:
    return "（代办人）" if key.startswith("agent_") else ""
