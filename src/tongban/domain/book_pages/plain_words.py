"""What the register says of one unit, as told to its owner or to somebody who wants to buy it: law only behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final

from tongban.domain.book_pages.versions import Standing, UnitBook, Version
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import Burden, standing_on


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one kind of burden means: is it hard (nothing goes on until it is gone), in words, and by which law."""

    means_zh: str
    law_zh: str
    is_hard: bool = False


@dataclass(frozen=True, slots=True)
class Plain:
    """One line of the summary: how many of what, what it means for the owner, the law behind it."""

    what_zh: str
    meaning: Meaning


_MORTGAGE_ZH: Final = "可以卖、可以过户，但抵押跟着房子走：债没还清，债权人仍然可以拿这处房产抵债。还清以后要申请注销。"
_NO_TRANSFER_ZH: Final = "登记簿上写了约定：没有抵押权人同意，不能过户。要卖，先请抵押权人书面同意，或者还清注销。"
_OLD_ZH: Final = "这笔抵押是2021年以前设立的：要过户，先请抵押权人书面同意，或者还清注销。"
_FROZEN_ZH: Final = "法院冻结了这项抵押权：解冻以前，这项抵押不能转让，也不能注销。"
_LAW_MORTGAGE: Final = "《中华人民共和国民法典》第三百九十四条、第四百零六条"
_LAW_SEIZURE: Final = "《中华人民共和国城市房地产管理法》第三十八条第二项；法发〔2004〕5号第二十二条"
_LAW_PRE_SEIZURE: Final = "法发〔2004〕5号第十五条至第十八条"
_LAW_WAITING: Final = "法发〔2004〕5号第十九条、第二十条；最高人民法院查封扣押冻结规定第二十六条"
_LAW_OLD: Final = "《中华人民共和国物权法》第一百九十一条；自然资发〔2021〕54号"
_LAW_NOTICE: Final = "《中华人民共和国民法典》第二百二十一条"
_LAW_OBJECTION: Final = "《中华人民共和国民法典》第二百二十条；《不动产登记暂行条例实施细则》第八十三条、第八十四条"

MEANINGS: Final[Mapping[Burden, Meaning]] = MappingProxyType(
    {
        Burden.SEIZURE: Meaning("法院等机关封着：解封以前，不能卖，不能过户，不能抵押。", _LAW_SEIZURE, is_hard=True),
        Burden.PRE_SEIZURE: Meaning(
            "房子还没登记到当事人名下，法院已经先封上了，效力和查封一样。", _LAW_PRE_SEIZURE, is_hard=True
        ),
        Burden.WAITING_SEIZURE: Meaning(
            "排队等着的查封：前面的查封一解除或者到期，它自动生效。", _LAW_WAITING, is_hard=True
        ),
        Burden.MORTGAGE: Meaning(_MORTGAGE_ZH, _LAW_MORTGAGE),
        Burden.MORTGAGE_NO_TRANSFER: Meaning(_NO_TRANSFER_ZH, _LAW_MORTGAGE),
        Burden.MORTGAGE_OLD: Meaning(_OLD_ZH, _LAW_OLD),
        Burden.MORTGAGE_MAXIMUM: Meaning(
            "一段时间里陆续借的钱，都由这处房产担保，总数还没有最后算定。" + _MORTGAGE_ZH,
            "《中华人民共和国民法典》第四百零六条、第四百二十条、第四百二十三条",
        ),
        Burden.MORTGAGE_FROZEN: Meaning(_FROZEN_ZH, "最高人民法院查封扣押冻结规定第二十四条", is_hard=True),
        Burden.PRIORITY_NOTICE: Meaning("有人已经先占了位：没有他的书面同意，不能卖给别人，不能抵押。", _LAW_NOTICE),
        Burden.MORTGAGE_NOTICE: Meaning(
            "银行等债权人已经先占了抵押的位：房子办到买房人名下以后，要接着办抵押登记。",
            "《中华人民共和国民法典》第二百二十一条；担保制度司法解释第五十二条",
        ),
        Burden.OBJECTION: Meaning(
            "有人不认可登记簿上写的。还可以办理，但买房人要先书面知道，买了也可能要打官司。", _LAW_OBJECTION
        ),
        Burden.HABITATION: Meaning(
            "有人有权一直住在里面。房子可以卖，但买房人不能叫他搬走，到期或者注销以后才行。",
            "《中华人民共和国民法典》第三百六十六条至第三百七十条",
        ),
        Burden.EASEMENT: Meaning(
            "邻近的房地可以照登记簿写的方式使用这处房地，房子卖了也一样。",
            "《中华人民共和国民法典》第三百七十二条、第三百八十二条、第三百八十三条",
        ),
        Burden.ADMINISTRATIVE: Meaning(
            "政府部门发文限制了它，例如正在征收、政策性住房年限没到：要那个部门书面同意或者解除限制，才能处分。",
            "作出限制的文件；《不动产登记暂行条例》第八条、第二十二条第四项",
            is_hard=True,
        ),
        Burden.DISPUTE: Meaning(
            "归谁还在争：争议解决以前，不能卖，不能过户，不能抵押。",
            "《不动产登记暂行条例》第二十二条第二项",
            is_hard=True,
        ),
    }
)
_LAPSED: Final[Mapping[Burden, str]] = MappingProxyType(
    {
        Burden.PRIORITY_NOTICE: "期限已经过了，不再管用，只是还没有办注销。",
        Burden.MORTGAGE_NOTICE: "期限已经过了，不再管用，只是还没有办注销。",
        Burden.OBJECTION: "期限已经过了，不再管用，只是还没有办注销。",
    }
)
_LAPSED_ZH: Final = "登记簿上写的期限已经过了，还没有办注销。"
_RUNS_ZH: Final = "能办正式登记了：最后一天是{last}，还剩{left}天；过了还不申请，预告登记就失效。"
_OVERDUE_ZH: Final = (
    "能办正式登记的期限到{last}已经满了，可能已经失效。权利人申请过，或者那时还不能办的，不算失效；"
    "登记机构核实以前，它照样管用："
)
_NOT_YET_ZH: Final = "登记簿上写的期限还没有开始。"


def plain_words(book: UnitBook, on: date) -> tuple[Plain, ...]:
    """What lies on the unit on that day, kind by kind: what stops everything first, what is only left over last."""
    groups: dict[tuple[Burden, Standing], list[Version[OpenBurden]]] = {}
    for one in book.lying:
        fact = one.content.burden
        counts = standing_on(fact, on) if one.standing is Standing.CURRENT else fact
        groups.setdefault(((counts or fact).burden, one.standing), []).append(one)
    lines = [_plain(burden, standing, found, on) for (burden, standing), found in groups.items()]
    return tuple(line for line, _ in sorted(lines, key=lambda pair: pair[1]))


def _final_zh(found: Sequence[Version[OpenBurden]], standing: Standing, on: date) -> str:
    """Until when the holders of these notices can still apply; empty where the book does not show it."""
    last = min((day for one in found if (day := one.content.burden.final_by)), default=None)
    if last is None:
        return ""
    if standing is Standing.OVERDUE:
        return _OVERDUE_ZH.format(last=last.isoformat())
    return _RUNS_ZH.format(last=last.isoformat(), left=(last - on).days)


def _plain(burden: Burden, standing: Standing, found: Sequence[Version[OpenBurden]], on: date) -> tuple[Plain, int]:
    meaning = MEANINGS[burden]
    what_zh = f"{burden.name_zh} {len(found)} 项"
    final_zh = _final_zh(found, standing, on)
    if standing is Standing.OVERDUE:
        return Plain(f"{what_zh}（{standing.name_zh}）", replace(meaning, means_zh=final_zh + meaning.means_zh)), 1
    if standing is Standing.CURRENT:
        return Plain(what_zh, replace(meaning, means_zh=meaning.means_zh + final_zh)), 0 if meaning.is_hard else 1
    means_zh = _NOT_YET_ZH if standing is Standing.NOT_YET else _LAPSED.get(burden, _LAPSED_ZH)
    return Plain(f"{what_zh}（{standing.name_zh}）", Meaning(means_zh, meaning.law_zh)), 2
