"""The words of sales: forms, inquiries, pledges and guides, as people read them."""

from __future__ import annotations

from typing import Final

from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue.building_blocks import (
    NOT_ELSEWHERE_ZH,
    OLD_CERTIFICATE_VOID,
    WHERE_ZH,
    guide,
    inquiry,
    pledge,
)
from tongban.domain.catalogue.item import YES, Choice, Field, FieldKind, PartyRole, Question, When
from tongban.domain.catalogue.lying_on_it import ON_IT
from tongban.domain.catalogue.people import ANYBODY, Group, fields_of
from tongban.domain.catalogue.transferring import CERTIFICATE_FIELD, MOST, UTILITY_FIELDS, price_fields
from tongban.domain.terms import Cause, HolderKind

SELLERS: Final = Group("seller", PartyRole.TRANSFEROR, "卖方", most=MOST, kinds=ANYBODY)
BUYERS: Final = Group("buyer", PartyRole.TRANSFEREE, "买方", most=MOST, kinds=ANYBODY, takes=True)
DEVELOPERS: Final = Group(
    "developer", PartyRole.DEVELOPER, "开发企业", kinds=(HolderKind.ENTERPRISE,), may_presign=True
)

RESALE_FIELDS: Final = (
    CERTIFICATE_FIELD,
    *fields_of(SELLERS, BUYERS),
    *price_fields("存量房买卖合同", "成交价"),
    *ON_IT.fields(),
    *UTILITY_FIELDS,
)
NEW_HOME_FIELDS: Final = (
    Field(
        "cause",
        "这套新房是怎么来的",
        "自己买的选“买的”；房子被征收、拆迁，安置给您的选“安置的”。",
        FieldKind.CHOICE,
        heading_zh=h.MATTER,
        choices=(
            Choice(Cause.DEVELOPER_SALE.value, "向开发企业买的"),
            Choice(Cause.RESETTLEMENT.value, "征收、拆迁安置的"),
        ),
    ),
    Field(
        "certificate_no",
        "开发企业的不动产权证号",
        "开发企业办首次登记领到的证号，合同上或者售楼处能查到。",
        FieldKind.CERTIFICATE_NO,
        heading_zh=h.HELD,
    ),
    *fields_of(DEVELOPERS, BUYERS),
    *price_fields("合同（安置协议）", "房款总价"),
    *ON_IT.fields(),
    *UTILITY_FIELDS,
)
_MARRIED = When("is_couples", (YES,))
RESALE_QUESTIONS: Final = inquiry(
    Question("price_true", "申请书上写的成交价，是不是双方真正谈定的价钱？", must_be=YES,
             otherwise_zh="价钱不是真的，交税会出错，买卖双方都要担责任。请先改成真的价钱。"),
    Question("is_couples", "这处房产是不是卖方夫妻两人的（包括只写了一个人名字、结婚以后买的）？"),
    Question("spouse_agrees", "卖方的配偶知不知道、同不同意卖？", when=_MARRIED),
    Question("co_owners_told", "有按份共有人没有来的，他们知不知道要卖，有没有说要优先买（民法典第三百零五条）？没有这种情况的答“否”。"),
    Question("is_let", "房产现在有没有租给别人？租着的，租户可以接着住到期满。"),
    Question("handed_over", "房款、交房怎么办，双方是不是已经说好了？"),
    OLD_CERTIFICATE_VOID,
)  # fmt: skip
NEW_HOME_QUESTIONS: Final = inquiry(
    Question("same_home", "要登记的这套房，和合同（安置协议）上写的是不是同一套？", must_be=YES,
             otherwise_zh="不是同一套的不能登记，请先和开发企业把合同改对。"),
    Question("paid_up", "房款是不是按合同交清了（包括贷款已经放给开发企业）？"),
    Question("holders_as_agreed", "登记的权利人和各占多少，是不是和合同上的买方一致？", must_be=YES,
             otherwise_zh="要和合同上的买方一致。要加人、减人的，请先到住建部门变更合同。"),
)  # fmt: skip

RESALE_PLEDGE_ZH: Final = pledge(
    "成交价是真实的，没有为了少交税另签一份合同",
    "卖方有权卖这处房产，共有人、配偶、租户该同意的已经同意，该通知的已经通知",
    "替未成年人等被监护人处分房产的，是为了被监护人的利益",
    "房产上登记着的抵押、居住权、异议，买方都已经看过、知道，并且愿意接受",
)
NEW_HOME_PLEDGE_ZH: Final = pledge(
    "合同（安置协议）是真实的，权利人和份额与合同一致",
    "替未成年人等被监护人申请的，是为了被监护人的利益",
    "房产上登记着的抵押、居住权、异议，买方都已经看过、知道，并且愿意接受",
)

_SALE_NOT_ELSEWHERE_ZH: Final = (
    NOT_ELSEWHERE_ZH
    + "卖方是单位的，个人卖商铺、办公室等不是住宅的，没有补交土地价款的房改房、经济适用房，也要到房产所在地办。"
)
RESALE_GUIDE_ZH: Final = guide(
    when_zh="有证的房子（二手房）卖给别人，要把不动产权证书改到买方名下。",
    where_zh=WHERE_ZH,
    bring_zh=(
        "卖方、买方都带身份证；卖方带不动产权证书；买卖合同在住建部门网签备案的，不用带。"
        "单位带营业执照。托人来的带授权委托书，卖方托人的要公证，或者一起来当面签；替孩子办的，带能看出父母子女关系的户口簿，还要写保证。"
        "登记了不准转让约定的抵押房，带银行同意书。"
    ),
    days=3,
    cost_zh="住宅登记费80元、其他550元，买方交；税由税务部门核定，卖方、买方各交各的。",
    after_zh="旧证书同时作废。原来登记的抵押权、居住权还在，跟着房子走。同意的，水电气暖一起过户。",
    not_elsewhere_zh=_SALE_NOT_ELSEWHERE_ZH,
)
NEW_HOME_GUIDE_ZH: Final = guide(
    when_zh="向开发企业买的新房，或者拆迁安置的新房，开发企业已经办好首次登记，要把证办到自己名下。",
    where_zh=WHERE_ZH,
    bring_zh=(
        "买方带身份证；网签备案的合同不用带，安置的带安置协议。开发企业盖章，或者用备案过的授权书，不用到场。"
        "托人来的带授权委托书；替孩子办的，带能看出父母子女关系的户口簿。"
    ),
    days=3,
    cost_zh="住宅登记费80元、其他550元，买方交；契税由税务部门核定，买方交。",
    after_zh="领到自己的不动产权证书。买房时办过抵押预告登记的，接着办抵押登记。同意的，水电气暖一起过户。",
)
