"""The words of changes between spouses and after a divorce, as people read them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue.building_blocks import (
    OLD_CERTIFICATE_VOID,
    WHERE_ZH,
    guide,
    inquiry,
    pledge,
)
from tongban.domain.catalogue.item import YES, Choice, Field, FieldKind, PartyRole, Question, When
from tongban.domain.catalogue.lying_on_it import ON_IT
from tongban.domain.catalogue.people import PERSONS, Group, fields_of
from tongban.domain.catalogue.transferring import CERTIFICATE_FIELD
from tongban.domain.terms import Term

AGREEMENT: Final = "agreement"
COURT: Final = "court"


class Becomes(Term):
    """How a couple's home is held from now on."""

    JOINT = "joint", "两个人共同共有"
    SHARES = "shares", "两个人按份共有"
    FIRST = "first", "归前一位一个人"
    SECOND = "second", "归后一位一个人"


HOLDER_SPOUSE: Final = Group("holder", PartyRole.TRANSFEROR, "登记簿上有名字的一方", kinds=PERSONS)
OTHER_SPOUSE: Final = Group("spouse", PartyRole.TRANSFEREE, "另一方（配偶）", kinds=PERSONS)
TAKER: Final = Group("taker", PartyRole.TRANSFEREE, "分得房子的一方", kinds=PERSONS)
FORMER: Final = Group("former", PartyRole.TRANSFEROR, "另一方（原配偶）", kinds=PERSONS)

_SHARES = Field(
    "couple_shares",
    "各占多少",
    "按上面填人的顺序写，用顿号隔开，例如 1/2、1/2。",
    FieldKind.SHARES,
    when=When("becomes", (Becomes.SHARES.value,)),
    heading_zh=h.BECOMES,
)

SPOUSES_FIELDS: Final = (
    CERTIFICATE_FIELD,
    *fields_of(HOLDER_SPOUSE, OTHER_SPOUSE),
    Field("becomes", "改成怎样", "加上配偶的名字，一般选“共同共有”。", FieldKind.CHOICE, can_wait=True, heading_zh=h.BECOMES, choices=(
        Choice(Becomes.JOINT.value, "两个人共同共有（加名字）"),
        Choice(Becomes.SHARES.value, "两个人按份共有"),
        Choice(Becomes.SECOND.value, "归配偶一个人"),
        Choice(Becomes.FIRST.value, "归登记簿上有名字的一方一个人（去掉配偶的名字）"),
    )),
    _SHARES,
    *h.under(
        h.PAPERS,
        Field("marriage_no", "结婚证字号", "照着结婚证抄。", FieldKind.TEXT, is_personal=True, longest=60),
        Field("agreement_date", "夫妻财产约定的日期", "例如 2026-11-20；今天当面签的填今天。", FieldKind.DAY),
    ),
    *ON_IT.fields(),
)  # fmt: skip


def _only_by_agreement(field: Field) -> Field:
    """Whoever a court paper leaves out neither comes nor leaves a telephone number."""
    return replace(field, when=When("way", (AGREEMENT,))) if field.when is None else field


_FORMER_KNOWN = ("name", "id_kind", "id_no")
DIVORCE_FIELDS: Final = (
    Field("way", "凭什么分", "双方签了离婚协议的，两个人一起来；法院判了、调解了的，分得房子的一方自己来就行。",
          FieldKind.CHOICE, heading_zh=h.MATTER, choices=(
              Choice(AGREEMENT, "离婚协议（民政局登记离婚）"),
              Choice(COURT, "法院的判决书、调解书"),
          )),
    CERTIFICATE_FIELD,
    *fields_of(TAKER),
    *(
        one if one.key in {FORMER.key(1, what) for what in _FORMER_KNOWN} else _only_by_agreement(one)
        for one in fields_of(FORMER)
    ),
    Field("becomes", "分成怎样", "照着离婚协议、法院文书填。", FieldKind.CHOICE, can_wait=True, heading_zh=h.BECOMES, choices=(
        Choice(Becomes.FIRST.value, "归分得房子的一方一个人"),
        Choice(Becomes.SHARES.value, "两个人按份共有"),
    )),
    _SHARES,
    *h.under(
        h.PAPERS,
        Field("paper_no", "离婚证字号或者法院案号", "照着离婚证、判决书、调解书抄。", FieldKind.TEXT, is_personal=True, longest=60),
        Field("paper_date", "离婚登记日期或者文书生效日期", "例如 2026-11-20。", FieldKind.DAY),
    ),
    *ON_IT.fields(),
)  # fmt: skip

SPOUSES_QUESTIONS: Final = inquiry(
    Question("still_married", "两位现在是不是夫妻？", must_be=YES,
             otherwise_zh="已经离婚的请办离婚析产转移登记；还没结婚的请办赠与转移登记。"),
    Question("both_agree", "房子归谁、怎么占，两位是不是都同意？", must_be=YES, otherwise_zh="两位要先商量好，都同意才能办。"),
    OLD_CERTIFICATE_VOID,
)  # fmt: skip
DIVORCE_QUESTIONS: Final = inquiry(
    Question("is_divorced", "是不是已经离婚（领了离婚证，或者法院文书已经生效）？", must_be=YES,
             otherwise_zh="还没有离婚的，请办夫妻间变更权利人转移登记。"),
    Question("same_home", "要登记的这套房，和协议（法院文书）上写的是不是同一套？", must_be=YES,
             otherwise_zh="不是同一套的不能登记，请先核对协议、法院文书。"),
    Question("loan_left", "房子的贷款还清了吗？没还清的，以后谁来还说好了吗？"),
    OLD_CERTIFICATE_VOID,
)  # fmt: skip

SPOUSES_PLEDGE_ZH: Final = pledge(
    "我们现在是夫妻，财产约定是两个人真实的意思",
    "不是用夫妻间变更躲债；给债权人造成损失的，自己承担责任",
    "房产上登记着的抵押、居住权、异议，我们都已经看过、知道，并且愿意接受",
)
DIVORCE_PLEDGE_ZH: Final = pledge(
    "我们已经离婚，离婚协议（法院文书）是真实的、已经生效，没有再改",
    "房产上登记着的抵押、居住权、异议，分得房子的一方都已经看过、知道，并且愿意接受",
)
SPOUSES_GUIDE_ZH: Final = guide(
    when_zh="夫妻之间加名字、去名字，或者改成按份共有。",
    where_zh=WHERE_ZH,
    bring_zh="两个人都带身份证，带不动产权证书和财产约定；结婚证能共享查到的不用带。房子登记了不准转让约定的抵押的，带银行同意书。",
    days=1,
    cost_zh="不收登记费，只收证书工本费每本10元；契税免征。",
    after_zh="旧证书同时作废。原来登记的抵押权、居住权还在。",
)
DIVORCE_GUIDE_ZH: Final = guide(
    when_zh="离了婚，按离婚协议或者法院文书分房子，要把不动产权证书改过来。",
    bring_zh=(
        "按协议分的，两个人都带身份证来，带不动产权证书、离婚证和离婚协议；"
        "法院判的、调解的，分得房子的一方带身份证、判决书（加生效证明）或者调解书来就行。"
    ),
    days=3,
    cost_zh="住宅登记费80元、其他550元，分得房子的一方交；契税免征。",
    after_zh="旧证书同时作废。原来登记的抵押权、居住权还在；贷款没还清的，请到银行改借款合同。",
)
