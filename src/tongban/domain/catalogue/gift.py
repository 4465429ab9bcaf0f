"""Gifts: a home passes without a price (民法典 657); between near kin, or to anybody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.building_blocks import (
    APPLICATION_ROW,
    AT_A_WINDOW,
    CERTIFICATE_ROW,
    OLD_CERTIFICATE_VOID,
    STANDARD_FEE_LAW_ZH,
    always,
    answered,
    attorney_row,
    disposing_rows,
    guide,
    inquiry,
    people_rows,
    pledge,
)
from tongban.domain.catalogue.item import (
    NO,
    YES,
    Choice,
    Department,
    EntryInput,
    Example,
    FeeRule,
    Field,
    FieldKind,
    PartyRole,
    Question,
    Requirement,
    ServiceItem,
    Shown,
)
from tongban.domain.catalogue.lying_on_it import ON_IT
from tongban.domain.catalogue.people import Comes, Group, fields_of, parties_of
from tongban.domain.catalogue.transferring import (
    CERTIFICATE_FIELD,
    MOST,
    TAX_ROW,
    contract_note,
    give_whole,
    giving_of,
    is_stood_in_for,
    prefill_of,
)
from tongban.domain.entries import Entry
from tongban.domain.facts import ApplicationFacts
from tongban.domain.fees.terms import FeeClass
from tongban.domain.identity import IdDocument
from tongban.domain.terms import Cause, Document, HolderKind, Registration, Subject
from tongban.domain.unit_page import UnitPage

DONORS: Final = Group("donor", PartyRole.TRANSFEROR, "赠与人", most=MOST)
DONEES: Final = Group("donee", PartyRole.TRANSFEREE, "受赠人", most=MOST, takes=True)

_FIELDS: Final = (
    Field("cause", "送给谁", "近亲属是配偶、父母、子女、兄弟姐妹、祖父母、外祖父母、孙子女、外孙子女。",
          FieldKind.CHOICE, heading_zh=h.MATTER, choices=(
              Choice(Cause.KIN_GIFT.value, "送给近亲属"),
              Choice(Cause.GIFT.value, "送给别人"),
          )),
    CERTIFICATE_FIELD,
    *fields_of(DONORS, DONEES),
    *h.under(
        h.GIFT,
        Field("paper_kind", "用什么证明赠与", "公证书和合同有一样就行。", FieldKind.CHOICE, can_wait=True, choices=(
            Choice(m.GIFT_CONTRACT.key, m.GIFT_CONTRACT.name_zh),
            Choice(m.NOTARIAL_DEED.key, "赠与公证书"),
        )),
        Field("contract_no", "赠与合同（公证书）编号", "照着合同、公证书抄；没有编号的填“无”。", FieldKind.TEXT, longest=60),
        Field("contract_date", "赠与合同（公证书）日期", "例如 2026-11-20。", FieldKind.DAY),
    ),
    *ON_IT.fields(),
)  # fmt: skip

_QUESTIONS: Final = inquiry(
    Question("takes_gift", "受赠人（或者他的监护人）愿不愿意接受？", must_be=YES, otherwise_zh="不接受的，赠与不成立。"),
    Question("has_duties", "赠与有没有附带条件（例如要养老、要照顾）？"),
    Question("no_price", "这是不是真的送、没有收钱？", must_be=YES,
             otherwise_zh="收了钱的是买卖，请办买卖转移登记；把买卖做成赠与会被追缴税款。"),
    Question("spouse_agrees", "房产是夫妻两人的（包括只写了一个人名字）时，配偶知不知道、同不同意送？没有配偶的答“是”。"),
    OLD_CERTIFICATE_VOID,
)  # fmt: skip
_PLEDGE_ZH: Final = pledge(
    "赠与是真实的，没有收钱，不是用赠与代替买卖",
    "赠与人有权处分这处房产，共有人、配偶该同意的已经同意",
    "替未成年人等被监护人处分房产的，是为了被监护人的利益",
    "房产上登记着的抵押、居住权、异议，受赠人都已经看过、知道，并且愿意接受",
)
_GUIDE_ZH: Final = guide(
    when_zh="把房子送给别人，不收钱，要把不动产权证书改到受赠人名下。",
    bring_zh=(
        "赠与人、受赠人都带身份证；带不动产权证书和赠与合同，或者赠与公证书。送给近亲属的，带能看出关系的户口簿等。"
        "赠与人托人来的，委托书要公证，或者一起来当面签；受赠人是孩子的，由父母带着户口簿来办。"
    ),
    days=3,
    cost_zh="住宅登记费80元、其他550元，受赠人交；契税由税务部门核定。",
    after_zh="旧证书同时作废。原来登记的抵押权、居住权还在，跟着房子走。",
)


def gift_cause(form: Mapping[str, str]) -> Cause:
    """To near kin or to anybody else; only the latter bears land VAT (amendment L5)."""
    return Cause.GIFT if form.get("cause") == Cause.GIFT else Cause.KIN_GIFT


def read_gift(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """A gift, and what the donors are."""
    return ApplicationFacts(
        cause=gift_cause(form),
        giving=giving_of(DONORS, form),
        has_agent=is_stood_in_for(form, DONORS, DONEES),
        form=form,
        evidence=evidence,
    )


def give(given: EntryInput) -> tuple[Entry, ...]:
    """The title passes to the donees (民法典 657; 细则 38); refuses as `give_whole`."""
    cause = gift_cause(given.form)
    return give_whole(given, DONORS, DONEES, cause, contract_note(given.form, cause, given.page))


def prefill_gift(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The donor who asks, the certificate, and what lies on the home."""
    return prefill_of(DONORS, page, shown)


GIFT: Final = ServiceItem(
    number="S03",
    name_zh="房屋赠与转移登记",
    kind=Registration.TRANSFER,
    subject=Subject.TITLE,
    acts=(Act.TRANSFER,),
    applicants=(PartyRole.TRANSFEROR, PartyRole.TRANSFEREE),
    channels=AT_A_WINDOW,
    fields=_FIELDS,
    materials=(
        APPLICATION_ROW,
        *people_rows(DONORS, DONEES),
        CERTIFICATE_ROW,
        Requirement("gift_paper", m.NOTARIAL, always, how_zh="赠与合同原件，或者赠与公证书，有一样就行。"),
        Requirement(
            "kinship",
            m.KINSHIP,
            answered("cause", Cause.KIN_GIFT.value),
            how_zh="能看出近亲属关系的户口簿、出生医学证明、结婚证等；能共享查到的不用带。",
        ),
        *disposing_rows(DONORS),
        attorney_row(DONEES),
        *ON_IT.rows(),
        TAX_ROW,
    ),
    questions=_QUESTIONS,
    pledge_zh=_PLEDGE_ZH,
    application_facts=read_gift,
    entries=give,
    parties=parties_of(DONORS, DONEES),
    prefill=prefill_gift,
    fees=(FeeRule(FeeClass.STANDARD, PartyRole.TRANSFEREE, STANDARD_FEE_LAW_ZH),),
    issues=(Document.CERTIFICATE,),
    days_target=3,
    days_parameter="item_days.S03",
    law="《不动产登记暂行条例》第十四条第一款；《不动产登记暂行条例实施细则》第二十七条、第三十八条；《民法典》第六百五十七条",
    guide_zh=_GUIDE_ZH,
    departments=frozenset({Department.TAX}),
    opening_fields=("cause", "donor1_kind"),
    claims=ON_IT.claims,
    disposes=True,
    example=Example(
        {
            "cause": Cause.KIN_GIFT.value,
            "donor1_kind": HolderKind.PERSON.value,
            "donor1_phone": "13800138003",
            "donor1_comes": Comes.SELF.value,
            "donor2_also": NO,
            "donee1_kind": HolderKind.PERSON.value,
            "donee1_name": "陶欣怡",
            "donee1_id_kind": IdDocument.ID_CARD.value,
            "donee1_id_no": "410526199607210003",
            "donee1_phone": "13900139003",
            "donee1_comes": Comes.SELF.value,
            "donee2_also": NO,
            "paper_kind": m.GIFT_CONTRACT.key,
            "contract_no": "无",
            "contract_date": "{today}",
        }
    ),
)
