"""Two homes change places (互换): each side gives one and gets one, both recorded in one moment (民法典 647; 条例 14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    disposing_rows,
    guide,
    inquiry,
    people_rows,
    pledge,
)
from tongban.domain.catalogue.item import (
    NO,
    YES,
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
from tongban.domain.catalogue.lying_on_it import Lying
from tongban.domain.catalogue.people import Comes, Group, fields_of, parties_of
from tongban.domain.catalogue.transferring import (
    CERTIFICATE_FIELD,
    MOST,
    TAX_ROW,
    contract_note,
    disposing_problems,
    giving_of,
    is_stood_in_for,
    people_problems,
    prefill_of,
    refuse_if_any,
    replaced_by,
    retitled,
    taking_problems,
)
from tongban.domain.codes import UnitCode
from tongban.domain.entries import Entry
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.facts import ApplicationFacts
from tongban.domain.fees.terms import FeeClass
from tongban.domain.identity import IdDocument, modern_number, plain_name
from tongban.domain.numbering import normal_certificate_no
from tongban.domain.terms import Cause, Document, HolderKind, Registration, Subject
from tongban.domain.titles import Title
from tongban.domain.unit_page import UnitPage

FIRST: Final = Group("first", PartyRole.TRANSFEROR, "甲方（第一套的权利人）", most=MOST, takes=True)
SECOND: Final = Group("second", PartyRole.TRANSFEREE, "乙方（第二套的权利人）", most=MOST, takes=True)
ON_FIRST: Final = Lying(unit_zh="第一套房")
ON_SECOND: Final = Lying(prefix="other_", unit_zh="第二套房")

_FIELDS: Final = (
    CERTIFICATE_FIELD,
    *fields_of(FIRST),
    *h.under(
        h.SECOND_HOME,
        Field("other_unit_code", "第二套的不动产单元号", "照着第二套的证书抄，28位。两套要归同一家登记机构管。", FieldKind.UNIT_CODE),
        Field("other_certificate_no", "第二套的不动产权证号", "照着第二套的证书抄。", FieldKind.CERTIFICATE_NO),
    ),
    *fields_of(SECOND),
    *h.under(
        h.CONTRACT,
        Field("contract_no", "互换合同编号", "照着合同抄；没有编号的填“无”。", FieldKind.TEXT, longest=60),
        Field("contract_date", "互换合同签订日期", "例如 2026-11-20。", FieldKind.DAY),
        Field("difference_yuan", "差价", "两套价钱不一样，补了多少钱就填多少元；没有补钱的不填。", FieldKind.YUAN, required=False,
              is_personal=True),
    ),
    *ON_FIRST.fields(),
    *ON_SECOND.fields(),
)  # fmt: skip
_QUESTIONS: Final = inquiry(
    Question("true_exchange", "是不是真的用房换房，差价写的是真的？", must_be=YES,
             otherwise_zh="不是真的换房的，请按真实情况办买卖转移登记。"),
    Question("spouse_agrees", "房产是夫妻两人的（包括只写了一个人名字）时，配偶知不知道、同不同意换？没有配偶的答“是”。"),
    OLD_CERTIFICATE_VOID,
)  # fmt: skip
_PLEDGE_ZH: Final = pledge(
    "互换是真实的，差价是真的",
    "双方都有权处分自己的房产，共有人、配偶该同意的已经同意",
    "替未成年人等被监护人处分房产的，是为了被监护人的利益",
    "两套房上登记着的抵押、居住权、异议，得到它的一方都已经看过、知道，并且愿意接受",
)
_GUIDE_ZH: Final = guide(
    when_zh="两家用房换房，各自的证书改到对方名下。两套房要归同一家登记机构管。",
    bring_zh="双方都带身份证和自己的不动产权证书，带互换合同（网签备案的不用带）。托人来的，委托书要公证，或者一起来当面签。",
    days=3,
    cost_zh="两套各收登记费：住宅80元、其他550元，谁得到哪套谁交；契税按差价，由税务部门核定。",
    after_zh="两本旧证书同时作废，各发一本新证。原来登记的抵押权、居住权还在各自的房子上。",
    not_elsewhere_zh="两套房归两家登记机构管的，要分别到房产所在地办。集体土地、只有土地没有房屋的，也要到房产所在地办。",
)


def read_exchange(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """Both sides give."""
    return ApplicationFacts(
        cause=Cause.EXCHANGE,
        giving=(*giving_of(FIRST, form), *giving_of(SECOND, form)),
        has_agent=is_stood_in_for(form, FIRST, SECOND),
        form=form,
        evidence=evidence,
    )


def second_unit(form: Mapping[str, str]) -> tuple[UnitCode, ...]:
    """The other home, once it is named."""
    code = form.get("other_unit_code", "")
    return (UnitCode(code),) if code else ()


def claims_of_both(form: Mapping[str, str]) -> frozenset[str]:
    """The statements about objections on either home."""
    return ON_FIRST.claims(form) | ON_SECOND.claims(form)


def exchange(given: EntryInput) -> tuple[Entry, ...]:
    """Each home passes to the other side under a certificate of its own.

    Raises InvalidInput when the second home is not in this register or its certificate is another, when a side may not
    give its home, or has not said that it knows what lies on the one it gets.
    """
    form, first = given.form, given.title
    other_page, second = _second_home(given.page, given.pages[1:], form)
    refuse_if_any(
        [
            *disposing_problems(first, FIRST, form),
            *disposing_problems(second, SECOND, form),
            *people_problems((FIRST, SECOND), form, given.today),
            *taking_problems(first, SECOND, form),
            *taking_problems(second, FIRST, form),
            *ON_FIRST.problems(given.page, form, given.today),
            *ON_SECOND.problems(other_page, form, given.today),
        ]
    )
    first_holding, second_holding = FIRST.holding(form), SECOND.holding(form)
    note_zh = contract_note(form, Cause.EXCHANGE, given.page)
    other_note_zh = contract_note(form, Cause.EXCHANGE, other_page)
    return (
        replaced_by(given, *second_holding, Cause.EXCHANGE, note_zh),
        retitled(second, given.certificate_no(), first_holding, Cause.EXCHANGE, other_note_zh),
    )


def _second_home(first: UnitPage, others: Sequence[UnitPage], form: Mapping[str, str]) -> tuple[UnitPage, Title]:
    code, number = form.get("other_unit_code", ""), form.get("other_certificate_no", "")
    if code == first.unit_code:
        raise InvalidInput([Problem("other_unit_code", "两套填了同一个不动产单元号", "请填另一套房的不动产单元号")])
    page = next((one for one in others if one.unit_code == code), None)
    if page is None or page.title is None:
        what_zh = "这家登记机构的登记簿上没有第二套房"
        cure_zh = "请核对不动产单元号；两套归两家登记机构管的，要分别到房产所在地办"
        raise InvalidInput([Problem("other_unit_code", what_zh, cure_zh)])
    if normal_certificate_no(page.title.certificate_no) != normal_certificate_no(number):
        what_zh = "第二套的不动产权证号和登记簿上的不一样，可能已经换过证"
        raise InvalidInput([Problem("other_certificate_no", what_zh, "请照着现在有效的证书填")])
    return page, page.title


def prefill_exchange(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """What the register knows of both homes, each to whoever shows its certificate and is its holder.

    Raises InvalidInput when the second certificate or its holder is not that of the register.
    """
    known, facts = prefill_of(FIRST, page, shown, ON_FIRST), shown.facts
    if not known or not facts.get("other_unit_code"):
        return known
    other, title = _second_home(page, shown.more, facts)
    name, id_no = plain_name(facts.get("second1_name", "")), modern_number(facts.get("second1_id_no", ""))
    asking = (one for one in title.holders if plain_name(one.name) == name and modern_number(one.id_no) == id_no)
    holder = next(asking, None)
    if holder is None:
        what_zh = f"第二套房的登记簿上没有“{name}”这个权利人，或者证件号码对不上"
        cure_zh = "请对照第二套房的证书核对姓名（名称）和证件号码；登记簿记错的，请先申请更正登记"
        raise InvalidInput([Problem("second1_name", what_zh, cure_zh)])
    named = {key: facts[key] for key in ("other_unit_code", "other_certificate_no")}
    return {**known, **named, **SECOND.prefill(holder), **ON_SECOND.known(other)}


EXCHANGE: Final = ServiceItem(
    number="S10",
    name_zh="房屋互换转移登记",
    kind=Registration.TRANSFER,
    subject=Subject.TITLE,
    acts=(Act.TRANSFER,),
    applicants=(PartyRole.TRANSFEROR, PartyRole.TRANSFEREE),
    channels=AT_A_WINDOW,
    fields=_FIELDS,
    materials=(
        APPLICATION_ROW,
        *people_rows(FIRST, SECOND),
        CERTIFICATE_ROW,
        Requirement(
            "other_certificate",
            m.TITLE_CERTIFICATE,
            always,
            keeps_original=True,
            whose=PartyRole.TRANSFEREE,
            how_zh="第二套的证书：有电子证照的不用带；只有纸质证书的，带原件来，窗口收走，换发新证。",
        ),
        Requirement(
            "contract",
            m.RESALE_CONTRACT,
            always,
            how_zh="互换合同原件；在住建部门网签备案的，能共享查到，不用带。",
        ),
        *disposing_rows(FIRST, SECOND),
        *ON_FIRST.rows(),
        *ON_SECOND.rows(),
        TAX_ROW,
    ),
    questions=_QUESTIONS,
    pledge_zh=_PLEDGE_ZH,
    application_facts=read_exchange,
    entries=exchange,
    parties=parties_of(FIRST, SECOND),
    prefill=prefill_exchange,
    fees=(  # whoever becomes holder of a unit pays for it (2559号 五): the second party gets the first unit
        FeeRule(FeeClass.STANDARD, PartyRole.TRANSFEREE, STANDARD_FEE_LAW_ZH, place=0),
        FeeRule(FeeClass.STANDARD, PartyRole.TRANSFEROR, STANDARD_FEE_LAW_ZH, place=1),
    ),
    issues=(Document.CERTIFICATE,),
    days_target=3,
    days_parameter="item_days.S10",
    law="《不动产登记暂行条例》第十四条第一款；《不动产登记暂行条例实施细则》第二十七条、第三十八条；《民法典》第六百四十七条",
    guide_zh=_GUIDE_ZH,
    departments=frozenset({Department.HOUSING, Department.TAX}),
    opening_fields=("first1_kind", "other_unit_code", "other_certificate_no", "second1_name", "second1_id_no"),
    claims=claims_of_both,
    more_units=second_unit,
    disposes=True,
    example=Example(
        {
            "first1_kind": HolderKind.PERSON.value,
            "first1_phone": "13800138010",
            "first1_comes": Comes.SELF.value,
            "first2_also": NO,
            "other_unit_code": "410526001900GB00900F00090006",
            "other_certificate_no": "豫（2025）滑县不动产权第0009006号",
            "second1_kind": HolderKind.PERSON.value,
            "second1_name": "邹晓芳",
            "second1_id_kind": IdDocument.ID_CARD.value,
            "second1_id_no": "410526197901210005",
            "second1_phone": "13900139010",
            "second1_comes": Comes.SELF.value,
            "second2_also": NO,
            "contract_no": "无",
            "contract_date": "{today}",
            "difference_yuan": "30000",
            "other_mortgage": NO,
            "other_habitation": NO,
            "other_objection": NO,
            "other_notice": NO,
        }
    ),
)
