"""What the forms of mortgages ask: who gives and takes the mortgage, for which debt, on what terms (54号文)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from tongban.domain.burdens import Burden
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.building_blocks import always
from tongban.domain.catalogue.disposal import disposing, names_zh, refuse
from tongban.domain.catalogue.item import Choice, Field, FieldKind, PartyRole, Question, Requirement, When
from tongban.domain.catalogue.people import Applicant, Group
from tongban.domain.catalogue.transferring import people_problems, refuse_if_any
from tongban.domain.terms import CoOwnership, RightKind
from tongban.domain.titles import Holder, Title

MORTGAGOR: Final = Group("mortgagor", PartyRole.MORTGAGOR, "抵押人", most=4)
MORTGAGEE: Final = Group("mortgagee", PartyRole.MORTGAGEE, "抵押权人", most=3, may_presign=True)

WHOLE: Final = "whole"
SHARE: Final = "share"
MORTGAGORS: Final = "mortgagors"
ANOTHER: Final = "another"
FREE: Final = "free"
FORBIDDEN: Final = "forbidden"
LIMITED: Final = "limited"
GENERAL_ZH: Final = "一般抵押"
MAXIMUM_ZH: Final = "最高额抵押"
MAY_TRANSFER_ZH: Final = "否"
LONGEST_TERMS: Final = 120
FEE_LAW_ZH: Final = "发改价格规〔2016〕2559号第五条（抵押权登记由登记为抵押权人的一方交费，不得转给借款人）"

_OBJECTS: Final[Mapping[RightKind, str]] = MappingProxyType(
    {RightKind.STATE_LAND_HOUSE: "土地和房屋", RightKind.STATE_LAND_USE: "土地"}
)

EXTENT_FIELD: Final = Field(
    "extent",
    "抵押整套房还是只抵押自己的份额",
    "按份共有的人可以只抵押自己的那一份；其他的都选“整套房”。",
    FieldKind.CHOICE,
    choices=(Choice(WHOLE, "整套房（连同土地使用权）"), Choice(SHARE, "只抵押自己的份额")),
    heading_zh=h.DEBT,
)
CONTRACT_FIELD: Final = Field(
    "contract_no", "抵押合同编号", "照着抵押合同抄；没有编号的填签订日期。", FieldKind.TEXT, longest=60,
    heading_zh=h.DEBT,
)  # fmt: skip
DEBTOR_FIELDS: Final = h.under(
    h.DEBT,
    Field(
        "debtor_is",
        "借钱的人（债务人）是谁",
        "自己借钱、拿自己的房抵押的，选“就是抵押人”；替别人担保的，选“另外的人”。",
        FieldKind.CHOICE,
        choices=(Choice(MORTGAGORS, "就是抵押人"), Choice(ANOTHER, "另外的人")),
    ),
    Field(
        "debtor",
        "债务人的姓名（名称）",
        "照着借款合同填，几个人的用顿号隔开。",
        FieldKind.NAME,
        when=When("debtor_is", (ANOTHER,)),
        is_personal=True,
        several=True,
    ),
)
DEBT_FIELDS: Final = h.under(
    h.DEBT,
    Field("debt_yuan", "担保的债权数额（元）", "照着合同填主债权的本金，例如 600000 或者 600000.50。", FieldKind.YUAN,
          is_personal=True),
    Field("debt_from", "债务履行期限从哪天起", "照着合同填，例如 2026-11-20。", FieldKind.FUTURE_DAY, is_personal=True),
    Field("debt_until", "债务履行期限到哪天止", "照着合同填，例如 2046-11-19。", FieldKind.FUTURE_DAY, is_personal=True),
)  # fmt: skip
TERMS_FIELDS: Final = h.under(
    h.TERMS,
    Field(
        "scope",
        "担保范围",
        "照着抵押合同的约定填，例如：主债权及其利息、违约金、损害赔偿金、实现抵押权的费用。登记簿上怎么写就按怎么写算。",
        FieldKind.TEXT,
        longest=LONGEST_TERMS,
    ),
    Field(
        "no_transfer",
        "合同里有没有约定抵押期间不许卖、限制卖这套房",
        "有约定的要如实登记；登记以后，不经抵押权人同意就不能过户。",
        FieldKind.CHOICE,
        choices=(
            Choice(FREE, "没有约定，可以转让"),
            Choice(FORBIDDEN, "约定抵押期间不得转让"),
            Choice(LIMITED, "约定了限制转让的条件"),
        ),
    ),
    Field(
        "transfer_limit",
        "约定了什么条件",
        "照着合同填，例如：经抵押权人书面同意方可转让。",
        FieldKind.TEXT,
        when=When("no_transfer", (LIMITED,)),
        longest=LONGEST_TERMS,
    ),
)
NOTE_FIELD: Final = Field(
    "note", "还有什么要记在登记簿上的", "没有的空着。", FieldKind.TEXT, required=False, is_personal=True,
    longest=LONGEST_TERMS, heading_zh=h.NOTE,
)  # fmt: skip

CERTIFICATE_SHOWN: Final = Requirement(
    "certificate",
    m.TITLE_CERTIFICATE,
    always,
    whose=PartyRole.MORTGAGOR,
    how_zh="有电子证照的不用带；只有纸质证书的带原件来，窗口看过就还，抵押不换证书。",
)
LOAN_ROW: Final = Requirement(
    "loan_contract", m.MATERIALS[14], always, whose=PartyRole.MORTGAGEE,
    how_zh="借款合同（主债权合同）原件；银行在线传来的不用带。",
)  # fmt: skip
MORTGAGE_ROW: Final = Requirement(
    "mortgage_contract", m.MATERIALS[15], always, whose=PartyRole.MORTGAGEE,
    how_zh="抵押合同原件；借款合同里写了抵押条款的，就用那一份；银行在线传来的不用带。",
)  # fmt: skip

TRUE_DEBT: Final = Question(
    "true_debt",
    "这笔债是不是真的？合同上的数额、期限、担保范围，是不是和申请表上填的一样？",
    must_be="yes",
    otherwise_zh="登记簿上的数额、范围以登记为准，不一样的请先改成一样。",
)
MAY_BE_SOLD: Final = Question(
    "may_be_sold",
    "抵押人知不知道：到期不还债，抵押权人可以请求把房子折价、拍卖、变卖来还？（民法典第四百一十条）",
    must_be="yes",
    otherwise_zh="请先给抵押人讲清楚抵押的后果。",
)
PUBLIC_FACILITY: Final = Question(
    "is_public_facility",
    "这处房产是不是非营利学校、幼儿园、医院、养老机构的教学、医疗、养老设施？",
    must_be="no",
    otherwise_zh="这些公益设施依法不得抵押（民法典第三百九十九条）。",
)


def mortgagors_of(title: Title, form: Mapping[str, str], today: date) -> tuple[Holder, ...]:
    """The owners who mortgage; raises InvalidInput when they may not by themselves, or a child comes alone (细则 11)."""
    refuse_if_any(people_problems((MORTGAGOR,), form, today))
    own_share = form.get("extent") == SHARE
    return disposing("mortgagor1_name", MORTGAGOR.read(form), title, MORTGAGOR.who_zh, own_share=own_share)


def mortgagees_of(form: Mapping[str, str], mortgagors: Sequence[Holder]) -> tuple[Holder, ...]:
    """The mortgagees; raises InvalidInput when there is none, or one of them mortgages to himself."""
    people = MORTGAGEE.read(form)
    if not people:
        raise refuse("mortgagee1_name", "没有填抵押权人", "请填写抵押权人的姓名（名称）")
    if twice := [one for one in people for holder in mortgagors if one.is_same(holder)]:
        cure_zh = "请核对谁把房抵押给谁"
        raise refuse("mortgagee1_name", f"“{twice[0].identity.name}”不能把房抵押给自己", cure_zh)
    return MORTGAGEE.holders(form)


def check_term(form: Mapping[str, str], first: str, last: str) -> None:
    """Raises InvalidInput when a term ends before it begins."""
    begins, ends = form.get(first, ""), form.get(last, "")
    if begins and ends and date.fromisoformat(ends) < date.fromisoformat(begins):
        raise refuse(last, f"期限到{ends}止，比开始的{begins}还早", "请对照合同核对起止日期")


def kind_of_mortgage(way_zh: str, no_transfer_zh: str) -> Burden:
    """As what a mortgage stands in the register.

    A registered agreement not to transfer has to stop transfers whatever way the mortgage was made (民法典 406; 担保解释
    43; 54号文), so it comes first; that claims are not determined yet stands in the details.
    """
    if no_transfer_zh != MAY_TRANSFER_ZH:
        return Burden.MORTGAGE_NO_TRANSFER
    return Burden.MORTGAGE_MAXIMUM if way_zh == MAXIMUM_ZH else Burden.MORTGAGE


def no_transfer_zh(form: Mapping[str, str]) -> str:
    """The column of 54号文: 是否存在禁止或者限制转让抵押不动产的约定."""
    said = form.get("no_transfer", FREE)
    if said == FORBIDDEN:
        return "是：抵押期间不得转让"
    return f"是：{form.get('transfer_limit', '')}" if said == LIMITED else MAY_TRANSFER_ZH


def object_zh(title: Title, mortgagors: Sequence[Holder], form: Mapping[str, str]) -> str:
    """抵押不动产类型, with the shares when only shares are mortgaged."""
    whole_zh = _OBJECTS.get(title.unit.right, "其他")
    if form.get("extent") != SHARE or title.co_ownership is not CoOwnership.BY_SHARES:
        return whole_zh
    shares = "、".join(f"{holder.name}{holder.share_zh}" for holder in mortgagors)
    return f"{whole_zh}（只抵押份额：{shares}）"


def debtor_zh(form: Mapping[str, str], mortgagors: Sequence[Holder | Applicant]) -> str:
    """Who owes the debt."""
    return form.get("debtor", "") if form.get("debtor_is") == ANOTHER else names_zh(mortgagors)


def yuan(text: str) -> str:
    """An amount as the register prints it: two decimals; empty stays empty."""
    whole, _, rest = text.partition(".")
    return f"{int(whole)}.{rest:0<2}" if whole else ""


def fen(text: str) -> int:
    """An amount in whole fen; no amount is nothing."""
    return int(yuan(text).replace(".", "")) if text else 0


def filled(details: Mapping[str, str]) -> dict[str, str]:
    """The details that say something."""
    return {key: value for key, value in details.items() if value}
