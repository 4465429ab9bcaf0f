"""The unit is described anew, its holders stay (变更登记: 细则 26): another address S15, another use S16.

Natural facts may be put right by one of several co-owners (操作规范 9.2.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.catalogue import applying
from tongban.domain.catalogue import building_blocks as b
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.applying import facts_from, people_and_papers, prefill_of
from tongban.domain.catalogue.consents import Consent, claimed_consents, consent_fields, consent_rows
from tongban.domain.catalogue.disposal import in_register, refuse
from tongban.domain.catalogue.item import (
    YES,
    Choice,
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
    When,
)
from tongban.domain.catalogue.people import Group, parties_of
from tongban.domain.entries import ReplaceTitle
from tongban.domain.evidence import Evidence
from tongban.domain.facts import UnitState
from tongban.domain.fees.terms import FeeClass
from tongban.domain.house_uses import HOUSE_USES
from tongban.domain.terms import Cause, Document, Registration, Subject
from tongban.domain.unit_page import UnitPage

_OWNER: Final = Group("owner", PartyRole.OWNER, "权利人", most=2)
_PAID: Final = "paid"
_NOT_DUE: Final = "not_due"
_USE_CONSENTS: Final = (Consent.MORTGAGEE, Consent.DWELLER, Consent.NOTICE_HOLDER)

_CERTIFICATE_FIELD: Final = Field(
    "certificate_no",
    "现在的不动产权证号",
    "照着证书抄，例如 豫（2026）滑县不动产权第0001234号。",
    FieldKind.CERTIFICATE_NO,
    heading_zh=h.HELD,
)
_EVIDENCE_FIELDS: Final = h.under(
    h.PAPERS,
    Field("evidence_no", "证明文件的编号", "上面没有编号的填“无”。", FieldKind.TEXT, longest=60),
    Field("evidence_issuer", "出具文件的单位", "例如 滑县公安局城关派出所、滑县自然资源和规划局。", FieldKind.TEXT),
    Field("evidence_date", "文件的日期", "文件上写的日期，例如 2026-11-20。", FieldKind.DAY),
)  # fmt: skip

ADDRESS_FIELDS: Final = (
    _CERTIFICATE_FIELD,
    *_OWNER.fields(),
    Field("new_address", "现在的坐落（地址）", "照着门牌证明写全，例如 滑县道口镇文明路88号锦绣花园9号楼1单元101。", FieldKind.TEXT,
          heading_zh=h.CHANGED),
    Field("evidence_kind", "用什么证明改了地址", "街道改名、门牌改号的，派出所、民政部门能开证明；能查到的不用带。",
          FieldKind.CHOICE, heading_zh=h.PAPERS, choices=tuple(Choice(kind.key, kind.name_zh) for kind in (m.DOOR_PLATE, m.PLACE_NAME))),
    *_EVIDENCE_FIELDS,
)  # fmt: skip

USE_FIELDS: Final = (
    _CERTIFICATE_FIELD,
    *_OWNER.fields(),
    Field("new_use", "现在批准的用途", "照着规划批准文件选。", FieldKind.CHOICE, heading_zh=h.CHANGED,
          choices=tuple(Choice(code, name_zh) for code, name_zh in HOUSE_USES.items()), can_wait=True),
    *_EVIDENCE_FIELDS,
    *h.under(
        h.LAND_PRICE,
        Field("land_price", "土地价款要不要补缴", "看批准文件上怎么写；写了要补缴的，缴清以后才能办。", FieldKind.CHOICE, choices=(
            Choice(_PAID, "要补缴，已经缴清"),
            Choice(_NOT_DUE, "批准文件写明不用补缴"),
        )),
        Field("land_price_receipt", "缴款凭证号", "照着缴款凭证抄。", FieldKind.TEXT, when=When("land_price", (_PAID,)),
              longest=60),
    ),
    *consent_fields(*_USE_CONSENTS),
)  # fmt: skip


def move_address(given: EntryInput) -> tuple[ReplaceTitle, ...]:
    """The same unit at its new address.  Raises InvalidInput when a stranger applies or the address is the old one."""
    new = given.form.get("new_address", "")
    if not new or new == given.title.unit.address_zh:
        raise refuse("new_address", "新的坐落和登记簿上的一样", "没有改的不用办；填错的请改正")
    return _described(given, replace(given.title.unit, address_zh=new), Cause.ADDRESS_CHANGE)


def change_use(given: EntryInput) -> tuple[ReplaceTitle, ...]:
    """The same house for another use, as planned and paid for (民法典 350; 房地产管理法 44).

    Raises InvalidInput when a stranger applies, the use is the old one, there is no house, or nothing is said of the
    land price.
    """
    form, unit = given.form, given.title.unit
    code = form.get("new_use", "")
    if not unit.use_code:
        raise refuse("new_use", "登记簿上没有房屋用途", "登记簿漏记的，请申请更正登记")
    if code not in HOUSE_USES or code == unit.use_code:
        raise refuse("new_use", "新的用途和登记簿上的一样", "没有改的不用办；填错的请改正")
    if form.get("land_price") not in (_PAID, _NOT_DUE):
        raise refuse("land_price", "没有说明土地价款缴清没有", "请看批准文件；要补缴的，缴清以后再办")
    if form.get("land_price") == _PAID and not form.get("land_price_receipt"):
        raise refuse("land_price_receipt", "没有填土地价款的缴款凭证号", "请照着缴款凭证填")
    return _described(given, replace(unit, use_code=code, use_zh=HOUSE_USES[code]), Cause.USE_CHANGE)


def _described(given: EntryInput, unit: UnitState, cause: Cause) -> tuple[ReplaceTitle, ...]:
    title = given.title
    in_register(_OWNER.key(1, "name"), _OWNER.read(given.form), title.holders, "权利人")
    after = replace(title, unit=unit, certificate_no=given.certificate_no())
    return (ReplaceTitle(title.certificate_no, after, cause),)


def claims_of_use(form: Mapping[str, str]) -> frozenset[str]:
    """The receipt of the land price, and the consents on paper."""
    paid = {Evidence.LAND_PREMIUM_RECEIPT.value} if form.get("land_price") == _PAID else set()
    return frozenset(paid) | claimed_consents(form)


def _prefill(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The certificate, and the holder who asks."""
    if page.title is None:
        return {}
    return {"certificate_no": page.title.certificate_no, **prefill_of(_OWNER)(page, shown)}


_OWNER_IN_EXAMPLE: Final = {"owner1_comes": "self", "owner2_also": "no"}

ADDRESS_CHANGE: Final = ServiceItem(
    number="S15",
    name_zh="坐落（街道门牌）变更登记",
    kind=Registration.ALTERATION,
    subject=Subject.TITLE,
    acts=(Act.ALTER_NAME,),
    applicants=(PartyRole.OWNER,),
    channels=b.EVERYWHERE,
    fields=ADDRESS_FIELDS,
    materials=(
        *people_and_papers(_OWNER),
        b.CERTIFICATE_ROW,
        Requirement(
            "change_evidence",
            m.CHANGE_EVIDENCE,
            b.always,
            how_zh="派出所出具的门牌号证明，或者民政部门的地名证明、政府改名文件；网上能查到的不用带。",
        ),
    ),
    questions=b.inquiry(
        Question(
            "same_place",
            "改地址前后，是不是同一处房产，房子没有动、没有扩建？",
            must_be=YES,
            otherwise_zh="房子动了的，不是改地址，请找房产所在地登记机构。",
        ),
        b.OLD_CERTIFICATE_VOID,
    ),
    pledge_zh=b.pledge("改地址前后是同一处房产"),
    application_facts=facts_from(_OWNER, cause=Cause.ADDRESS_CHANGE),
    entries=move_address,
    parties=parties_of(_OWNER),
    prefill=_prefill,
    fees=(FeeRule(FeeClass.STATE_RENAMING, PartyRole.OWNER, "财税〔2016〕79号（区划、街道、门牌改名不收费）"),),
    issues=(Document.CERTIFICATE,),
    days_target=1,
    days_parameter="item_days.S15",
    law="《不动产登记暂行条例实施细则》第二十六条第二项",
    guide_zh=b.guide(
        when_zh="房子没有动，只是街道改了名、门牌改了号，要让不动产权证书上的坐落跟着改。",
        bring_zh="带身份证（营业执照）、不动产权证书，和派出所的门牌号证明或者民政部门的地名证明。有共有人的，来一位就行。",
        days=1,
        cost_zh=applying.FREE_ZH,
        steps_zh=applying.CERTIFICATE_STEPS_ZH,
        after_zh="旧证书同时作废。房产上原有的抵押等权利不受影响，仍然有效。",
    ),
    example=Example(
        {
            **_OWNER_IN_EXAMPLE,
            "owner1_phone": "13800138015",
            "new_address": "滑县道口镇文明路88号锦绣花园9号楼1单元101",
            "evidence_kind": m.DOOR_PLATE.key,
            "evidence_no": "滑公门牌2026-15号",
            "evidence_issuer": "滑县公安局城关派出所",
            "evidence_date": "2026-11-02",
        }
    ),
)

USE_CHANGE: Final = ServiceItem(
    number="S16",
    name_zh="房屋用途变更登记",
    kind=Registration.ALTERATION,
    subject=Subject.TITLE,
    acts=(Act.ALTER_UNIT,),
    applicants=(PartyRole.OWNER,),
    channels=applying.AT_THE_COUNTER,
    fields=USE_FIELDS,
    materials=(
        *people_and_papers(_OWNER),
        b.CERTIFICATE_ROW,
        Requirement("planning", m.PLANNING, b.always, how_zh="自然资源和规划部门批准改变用途的文件；能查到的不用带。"),
        Requirement(
            "land_price",
            m.LAND_PRICE,
            b.answered("land_price", _PAID),
            how_zh="补缴土地价款的合同和缴款凭证；财政部门能查到的不用带。",
        ),
        *consent_rows(*_USE_CONSENTS),
    ),
    questions=b.inquiry(b.OLD_CERTIFICATE_VOID),
    pledge_zh=b.pledge("改变用途已经依法批准，需要补缴的土地价款已经缴清"),
    application_facts=facts_from(_OWNER, cause=Cause.USE_CHANGE),
    entries=change_use,
    parties=parties_of(_OWNER),
    prefill=_prefill,
    fees=(FeeRule(FeeClass.ALTERATION, PartyRole.OWNER, "财税〔2019〕45号"),),
    issues=(Document.CERTIFICATE,),
    days_target=3,
    days_parameter="item_days.S16",
    law="《不动产登记暂行条例实施细则》第二十六条第三项；《中华人民共和国民法典》第三百五十条",
    guide_zh=b.guide(
        when_zh="规划部门批准了改变房屋用途，例如住宅改成商业，该补的土地价款也补了。",
        bring_zh="带身份证（营业执照）、不动产权证书、规划批准文件；要补缴土地价款的，带缴款凭证。"
        "房子抵押了的，带抵押权人的同意书。",
        days=3,
        cost_zh=applying.FREE_ZH,
        steps_zh=applying.CERTIFICATE_STEPS_ZH,
        after_zh="旧证书同时作废。用途变了，以后卖房的税、登记费按新用途算。",
    ),
    claims=claims_of_use,
    example=Example(
        {
            **_OWNER_IN_EXAMPLE,
            "owner1_phone": "13800138016",
            "new_use": "31",
            "evidence_no": "滑规变2026-16号",
            "evidence_issuer": "滑县自然资源和规划局",
            "evidence_date": "2026-11-02",
            "land_price": _PAID,
            "land_price_receipt": "410526202611020016",
            **{one.value: "none" for one in _USE_CONSENTS},
        }
    ),
)
