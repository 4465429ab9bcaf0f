"""The words of share sales and of changes between joint and by shares, as people read them."""

from __future__ import annotations

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
from tongban.domain.catalogue.people import Group, fields_of
from tongban.domain.catalogue.transferring import CERTIFICATE_FIELD, MOST, price_fields

BUYER_IS_OWNER: Final = "buyer_is_owner"
WAIVED: Final = "waived"
NOTIFIED: Final = "notified"
MOST_OWNERS: Final = 6

SHARE_SELLER: Final = Group("seller", PartyRole.TRANSFEROR, "卖份额的共有人")
SHARE_BUYERS: Final = Group("buyer", PartyRole.TRANSFEREE, "买方", most=MOST, takes=True)
OWNERS: Final = Group("owner", PartyRole.OWNER, "共有人", most=MOST_OWNERS, takes=True)

SHARE_FIELDS: Final = (
    CERTIFICATE_FIELD,
    *fields_of(SHARE_SELLER),
    *h.under(
        h.PART,
        Field("sells", "卖多少", "自己的份额全卖，选“全部”。", FieldKind.CHOICE, can_wait=True,
              choices=(Choice("all", "自己的全部份额"), Choice("part", "自己份额里的一部分"))),
        Field("part", "卖整套房的几分之几", "不是自己份额的几分之几，是整套房的。例如自己占1/2，卖一半，就填 1/4。", FieldKind.TEXT,
              when=When("sells", ("part",)), longest=20),
    ),
    *fields_of(SHARE_BUYERS),
    Field("first_refusal", "其他共有人要不要优先买", "卖给外人的，其他共有人在同等条件下可以优先买，要先问过他们。",
          FieldKind.CHOICE, heading_zh=h.FIRST_REFUSAL, choices=(
              Choice(BUYER_IS_OWNER, "买方就是共有人"),
              Choice(WAIVED, "其他共有人书面放弃了优先购买"),
              Choice(NOTIFIED, "已经书面通知，期限过了没有人要买"),
          )),
    *price_fields("份额转让合同", "份额的成交价"),
    *ON_IT.fields(),
)  # fmt: skip
KIND_FIELDS: Final = (
    CERTIFICATE_FIELD,
    *fields_of(OWNERS),
    Field(
        "agreement_date", "协议的日期", "例如 2026-11-20；今天当面签的填今天。", FieldKind.DAY, heading_zh=h.AGREEMENT
    ),
)

SHARE_QUESTIONS: Final = inquiry(
    Question("price_true", "申请书上写的成交价，是不是双方真正谈定的价钱？", must_be=YES,
             otherwise_zh="价钱不是真的，交税会出错，买卖双方都要担责任。请先改成真的价钱。"),
    Question("others_told", "其他共有人知不知道这次转让的价钱、付款办法？"),
    Question("is_let", "房产现在有没有租给别人？"),
    OLD_CERTIFICATE_VOID,
)  # fmt: skip
KIND_QUESTIONS: Final = inquiry(
    Question("all_agree", "是不是全体共有人都同意这样改？", must_be=YES, otherwise_zh="要全体共有人都同意才能办。"),
    Question("knows_shares", "知不知道：改成按份共有以后，各人可以单独卖自己的份额；改成共同共有以后，要全体同意才能卖？", must_be=YES,
             otherwise_zh="请先给申请人讲清楚共同共有和按份共有的区别。"),
    OLD_CERTIFICATE_VOID,
)  # fmt: skip
SHARE_PLEDGE_ZH: Final = pledge(
    "成交价是真实的，没有为了少交税另签一份合同",
    "卖给共有人以外的人的，已经把转让条件通知其他共有人，没有人在期限内要求优先买",
    "替未成年人等被监护人处分房产的，是为了被监护人的利益",
    "房产上登记着的抵押、居住权、异议，买方都已经看过、知道，并且愿意接受",
)
KIND_PLEDGE_ZH: Final = pledge(
    "协议是全体共有人真实的意思，没有换人，也没有落下谁",
    "不是用改共有性质躲债；给债权人造成损失的，自己承担责任",
)
SHARE_GUIDE_ZH: Final = guide(
    when_zh="房子是几个人按份共有的，其中一个人把自己的份额（全部或者一部分）卖给别的共有人或者外人。",
    bring_zh=(
        "卖份额的人和买方都带身份证，带不动产权证书；合同网签备案的不用带。别的共有人不用来。"
        "卖给外人的，带其他共有人放弃优先购买的声明，或者已经书面通知他们的凭证。"
    ),
    days=3,
    cost_zh="住宅登记费80元、其他550元，买方交；税由税务部门核定。",
    after_zh="旧证书同时作废，换发新证。其他共有人的份额不变；抵押权、居住权还在。",
)
KIND_GUIDE_ZH: Final = guide(
    when_zh="还是原来这几个人，只是把共同共有改成按份共有，或者把按份共有改成共同共有。",
    where_zh=WHERE_ZH,
    bring_zh="全体共有人都带身份证，带不动产权证书和共有人签名的协议。托人来的，委托书要公证，或者一起来当面签。",
    days=1,
    cost_zh="不要钱。",
    after_zh="旧证书同时作废，换发新证。房产上原有的抵押权、居住权不受影响。",
)
