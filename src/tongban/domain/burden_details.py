"""What the register says of each kind of burden beyond its public fact: the columns of the statutory pages.

Basis: the forms of 国土资发〔2015〕25号, the mortgage page of 自然资发〔2021〕54号, 民法典 367 for habitation, 372 and 373 for
easements.  Every value is text as it is printed; amounts are yuan with two decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tongban.domain.burdens import Burden


@dataclass(frozen=True, slots=True)
class Detail:
    """One column.  `is_personal`: names people or their money; shown only to those entitled."""

    key: str
    label_zh: str
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class BurdenPage:
    """One statutory page: its title, what its holders are called, its columns in their order, and what its days are."""

    title_zh: str
    holder_zh: str
    details: tuple[Detail, ...]
    since_zh: str = "起始日期"
    until_zh: str = "截止日期"
    organ_zh: str = "机关"
    reference_zh: str = "文号"


_MORTGAGE = BurdenPage(
    "抵押权登记信息",
    "抵押权人",
    (
        Detail("mortgagor", "抵押人", is_personal=True),
        Detail("way", "抵押方式"),
        Detail("object", "抵押不动产类型"),
        Detail("debtor", "债务人", is_personal=True),
        Detail("debt_yuan", "被担保主债权数额（元）", is_personal=True),
        Detail("maximum_yuan", "最高债权额（元）", is_personal=True),
        Detail("claim_from", "债权确定期间起", is_personal=True),
        Detail("claim_until", "债权确定期间止", is_personal=True),
        Detail("debt_from", "债务履行期限起", is_personal=True),
        Detail("debt_until", "债务履行期限止", is_personal=True),
        Detail("scope", "担保范围"),
        Detail("no_transfer", "是否存在禁止或者限制转让抵押不动产的约定"),
        Detail("determined_yuan", "确定的债权数额（元）", is_personal=True),
        Detail("determined_fact", "最高债权确定事实"),
        Detail("contract_no", "抵押合同编号"),
        Detail("frozen_by", "冻结机关"),
        Detail("frozen_under", "冻结文号"),
        Detail("note", "附记", is_personal=True),
    ),
)
_NOTICE = BurdenPage(
    "预告登记信息",
    "预告登记权利人",
    (
        Detail("obligor", "义务人", is_personal=True),
        Detail("notice_kind", "预告登记种类"),
        Detail("price_yuan", "取得价格或者被担保主债权数额（元）", is_personal=True),
        Detail("contract_no", "合同编号"),
        Detail("co_ownership", "共有情况"),
        Detail("debt_from", "债务履行期限起", is_personal=True),
        Detail("debt_until", "债务履行期限止", is_personal=True),
        Detail("scope", "担保范围"),
        Detail("no_transfer", "是否存在禁止或者限制转让抵押不动产的约定"),
        Detail("note", "附记", is_personal=True),
    ),
    until_zh="不申请本登记，到哪天失效",
)
_HABITATION = BurdenPage(
    "居住权登记信息",
    "居住权人",
    (
        Detail("owner", "设立人（房屋所有权人）", is_personal=True),
        Detail("way", "设立方式"),
        Detail("scope", "居住的范围"),
        Detail("term", "居住权期限"),
        Detail("conditions", "居住的条件和要求"),
        Detail("may_let", "是否约定可以出租"),
        Detail("contract_no", "合同或者文书编号"),
        Detail("note", "附记", is_personal=True),
    ),
    since_zh="居住权期限起",
    until_zh="居住权期限止",
)
_EASEMENT = BurdenPage(
    "地役权登记信息",
    "地役权人",
    (
        Detail("servient_owner", "供役地权利人", is_personal=True),
        Detail("benefited_unit", "需役地不动产单元号"),
        Detail("purpose", "利用目的和方法"),
        Detail("content", "地役权内容"),
        Detail("term", "地役权期限"),
        Detail("contract_no", "地役权合同编号"),
        Detail("note", "附记", is_personal=True),
    ),
    since_zh="地役权期限起",
    until_zh="地役权期限止",
)
_OBJECTION = BurdenPage(
    "异议登记信息",
    "申请人",
    (
        Detail("matter", "异议事项"),
        Detail("ground", "理由和证据"),
        Detail("suit", "起诉、仲裁的证明"),
        Detail("note", "附记", is_personal=True),
    ),
    until_zh="不起诉、不仲裁，到哪天失效",
)
_SEIZURE = BurdenPage(
    "查封登记信息",
    "",
    (
        Detail("paper", "查封文件"),
        Detail("ordered", "通知种类"),
        Detail("scope", "查封范围"),
        Detail("debtor", "被执行人", is_personal=True),
        Detail("holder_no", "只查封第几个权利人的份额"),
        Detail("period", "期限（文书原文）"),
        Detail("note", "附记", is_personal=True),
    ),
    since_zh="查封期限起",
    until_zh="查封期限止",
    organ_zh="查封机关",
    reference_zh="查封文号",
)
_RESTRICTION = BurdenPage(
    "限制登记信息",
    "",
    (
        Detail("paper", "限制文件"),
        Detail("limited_kind", "限制种类"),
        Detail("limited", "被限制人", is_personal=True),
        Detail("scope", "限制范围"),
        Detail("delivered_on", "送达日期"),
        Detail("note", "附记", is_personal=True),
    ),
    since_zh="限制期限起",
    until_zh="限制期限止",
    organ_zh="限制机关",
    reference_zh="限制文号",
)

BURDEN_PAGES: Final[Mapping[Burden, BurdenPage]] = MappingProxyType(
    {
        Burden.MORTGAGE: _MORTGAGE,
        Burden.MORTGAGE_NO_TRANSFER: _MORTGAGE,
        Burden.MORTGAGE_OLD: _MORTGAGE,
        Burden.MORTGAGE_MAXIMUM: _MORTGAGE,
        Burden.MORTGAGE_FROZEN: _MORTGAGE,
        Burden.PRIORITY_NOTICE: _NOTICE,
        Burden.MORTGAGE_NOTICE: _NOTICE,
        Burden.HABITATION: _HABITATION,
        Burden.EASEMENT: _EASEMENT,
        Burden.OBJECTION: _OBJECTION,
        Burden.SEIZURE: _SEIZURE,
        Burden.PRE_SEIZURE: _SEIZURE,
        Burden.WAITING_SEIZURE: _SEIZURE,
        Burden.ADMINISTRATIVE: _RESTRICTION,
        Burden.DISPUTE: _RESTRICTION,
    }
)
