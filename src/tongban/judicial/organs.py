"""Organs of state that may bind a unit, what they may order, and the papers a formal look wants to see (facts 7.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tongban.domain.terms import Term
from tongban.judicial.ordered import Kind


class Organ(Term):
    """Who orders."""

    COURT = "court", "人民法院"
    PROCURATORATE = "procuratorate", "人民检察院"
    POLICE = "police", "公安机关"
    STATE_SECURITY = "state_security", "国家安全机关"
    SUPERVISION = "supervision", "监察机关"
    TAX_OFFICE = "tax_office", "税务机关"
    GOVERNMENT = "government", "人民政府及其部门（征收、权属争议处理）"
    OTHER_ORGAN = "other_organ", "其他有权机关"


@dataclass(frozen=True, slots=True)
class OrganRule:
    """What an organ may order.

    `papers` are the papers wanted, each by its name and by words of which one stands in the name of what came.
    `officers` is how many officers come with their numbers; `needs_permit`: with 执行公务证 beside 工作证.
    """

    kinds: frozenset[Kind]
    papers: Mapping[str, tuple[str, ...]]
    law_zh: str
    officers: int = 1
    needs_permit: bool = False


_SEIZES: Final = frozenset({Kind.SEIZURE, Kind.RENEWAL, Kind.RELEASE, Kind.CORRECTION})
_LIMITS: Final = frozenset({Kind.RESTRICTION, Kind.DISPUTE, Kind.LIFT})
_DECISION: Final = {"查封决定书": ("决定",), "协助查封通知书": ("协助",)}
_ORGANS_LAW: Final = "《不动产登记暂行条例实施细则》第十九条、第九十三条；"
RULES: Final[Mapping[Organ, OrganRule]] = MappingProxyType(
    {
        Organ.COURT: OrganRule(
            _SEIZES | {Kind.PRE_SEIZURE, Kind.TRANSFER, Kind.FREEZE, Kind.UNFREEZE},
            {"裁定书": ("裁定",), "协助执行通知书": ("协助执行",)},
            "《不动产登记暂行条例实施细则》第九十条；查扣冻规定第一条",
            needs_permit=True,
        ),
        Organ.PROCURATORATE: OrganRule(_SEIZES, _DECISION, _ORGANS_LAW + "《中华人民共和国刑事诉讼法》第一百四十一条"),
        Organ.POLICE: OrganRule(_SEIZES, _DECISION, _ORGANS_LAW + "《中华人民共和国刑事诉讼法》第一百四十一条"),
        Organ.STATE_SECURITY: OrganRule(_SEIZES, _DECISION, _ORGANS_LAW + "《中华人民共和国刑事诉讼法》第一百四十一条"),
        Organ.SUPERVISION: OrganRule(
            _SEIZES, {"协助查封通知": ("协助",)}, "《中华人民共和国监察法》第二十八条、第四十四条", officers=2
        ),
        Organ.TAX_OFFICE: OrganRule(
            _SEIZES,
            {"税收保全或者强制执行决定": ("保全", "强制", "解除"), "协助执行通知": ("协助",)},
            "《中华人民共和国税收征收管理法》第三十八条、第四十条",
        ),
        Organ.GOVERNMENT: OrganRule(
            _LIMITS,
            {"征收决定、争议受理通知或者别的书面通知": ("决定", "通知", "函")},
            "《国有土地上房屋征收与补偿条例》第十六条；《不动产登记暂行条例》第二十二条第二项",
        ),
        Organ.OTHER_ORGAN: OrganRule(
            _SEIZES | _LIMITS,
            {"写明法律依据的协助通知或者公函": ("协助", "通知", "函")},
            "《不动产登记暂行条例》第二十七条第二款；《不动产登记暂行条例实施细则》第九十三条",
        ),
    }
)
assert set(RULES) == set(Organ), "every organ has its rule"


def rule_of(organ: str) -> OrganRule:
    """The rule of an organ; of one that nobody knows, that of other organs."""
    known = {one.value: one for one in Organ}
    return RULES[known.get(organ, Organ.OTHER_ORGAN)]
