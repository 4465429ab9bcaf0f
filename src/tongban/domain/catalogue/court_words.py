"""The words of transfers by court papers, as people read them."""

from __future__ import annotations

from typing import Final

from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.building_blocks import guide, inquiry, pledge
from tongban.domain.catalogue.item import YES, Choice, Field, FieldKind, PartyRole, Question
from tongban.domain.catalogue.lying_on_it import ON_WHAT_PASSES_BY_LAW, Lying
from tongban.domain.catalogue.people import Group, fields_of
from tongban.domain.catalogue.transferring import MOST

TAKERS: Final = Group("taker", PartyRole.TRANSFEREE, "取得房产的人", most=MOST, takes=True)
ON_A_COURT_SALE: Final = Lying(is_disposal=False, own_notice=True)

_LOSERS = Field(
    "losers",
    "登记簿上现在是谁的",
    "照着法院文书抄：房产要从谁名下转给您。几个人用顿号隔开，例如 王小明、李红。",
    FieldKind.NAME,
    is_personal=True,
    heading_zh=h.HELD_SO_FAR,
    several=True,
)


def _paper_fields(*kinds: m.DocumentKind) -> tuple[Field, ...]:
    return h.under(
        h.COURT_PAPERS,
        Field("paper_kind", "是什么文书", "看文书的标题。", FieldKind.CHOICE, can_wait=True,
              choices=tuple(Choice(kind.key, kind.name_zh) for kind in kinds)),
        Field("court", "哪家法院（仲裁委员会）", "照着文书抄全名，例如 滑县人民法院。", FieldKind.TEXT),
        Field("case_no", "案号", "照着文书抄，例如 （2026）豫0526民初1208号。", FieldKind.TEXT, longest=60),
        Field("paper_date", "文书生效日期", "看生效证明；裁定书、调解书填送达的日期。", FieldKind.DAY),
    )  # fmt: skip


RULING_FIELDS: Final = (
    _LOSERS,
    *fields_of(TAKERS),
    *_paper_fields(m.JUDGMENT, m.MEDIATION, m.AWARD),
    *ON_WHAT_PASSES_BY_LAW.fields(),
)
COURT_SALE_FIELDS: Final = (
    _LOSERS,
    *fields_of(TAKERS),
    *_paper_fields(m.SALE_RULING, m.SETTLEMENT_RULING),
    *h.under(
        h.COURT_PAPERS,
        Field("notice_no", "协助执行通知书文号", "照着通知书抄。", FieldKind.TEXT, longest=60),
        Field("price_yuan", "成交价（抵债金额）", "填元，照着裁定书填，例如 615000。", FieldKind.YUAN, is_personal=True),
        Field("ended_proofs", "通知书写明一并注销的抵押等，登记证明号是多少", "照着通知书抄，几个用顿号隔开；没有的填“无”。",
              FieldKind.TEXT),
    ),
    *ON_A_COURT_SALE.fields(),
)  # fmt: skip

RULING_QUESTIONS: Final = inquiry(
    Question("in_force", "文书是不是已经生效，没有在上诉、再审、撤销？", must_be=YES,
             otherwise_zh="没有生效的文书还不能办登记，请等生效以后再来。"),
    Question("same_home", "要登记的这套房，和文书上写的是不是同一套？", must_be=YES,
             otherwise_zh="不是同一套的不能登记，请先问作出文书的法院（仲裁委员会）。"),
)  # fmt: skip
COURT_SALE_QUESTIONS: Final = inquiry(
    Question("same_home", "要登记的这套房，和裁定书、通知书上写的是不是同一套？", must_be=YES,
             otherwise_zh="不是同一套的不能登记，请先问执行法院。"),
    Question("is_let", "知不知道房子有没有人租着、住着？按拍卖公告接受现状的答“是”。"),
    Question("taxes_settled", "税怎么交，裁定书、拍卖公告上是不是写明了？"),
)  # fmt: skip
RULING_PLEDGE_ZH: Final = pledge(
    "法院（仲裁）文书是真实的、已经生效，没有撤销、没有再审改判",
    "房产上登记着的抵押、居住权、异议，取得房产的人都已经看过、知道",
)
COURT_SALE_PLEDGE_ZH: Final = pledge(
    "裁定书、协助执行通知书是真实的，没有撤销",
    "房产上法院没有写明注销的权利，取得房产的人都已经看过、知道",
)
RULING_GUIDE_ZH: Final = guide(
    when_zh="法院的判决书、调解书或者仲裁裁决书写明房产归您，对方不配合也能办，您自己来就行。",
    bring_zh="取得房产的人带身份证（单位带营业执照）、判决书和生效证明，或者调解书、仲裁裁决书。有不动产权证书的也带上，拿不到的不要紧。",
    days=3,
    cost_zh="住宅登记费80元、其他550元，取得房产的人交；税由税务部门核定。",
    after_zh="旧证书同时作废。原来登记的抵押权、居住权还在，文书另有写明的除外。",
)
COURT_SALE_GUIDE_ZH: Final = guide(
    when_zh="在法院拍卖、变卖中买到房子，或者法院裁定用房子抵债。",
    bring_zh="买受人带身份证（单位带营业执照）、成交裁定书（抵债裁定书）和协助执行通知书；法院已经从网上送来的通知书不用带。",
    days=3,
    cost_zh="住宅登记费80元、其他550元，买受人交；税由税务部门核定，谁交照裁定书、拍卖公告。",
    after_zh="执行法院的查封同时解除，轮候查封失效；通知书写明注销的抵押同时注销。旧证书作废。",
)
