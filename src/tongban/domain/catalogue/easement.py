"""Easements (民法典 372–385) lie on the servient unit: first registration S39, change S39A, transfer S39T, end S39N."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burden_entries import AlterBurden, OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.catalogue import building_blocks as b
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.applying import facts_from, old_proof, people_and_papers, prefill_of, shown_certificate
from tongban.domain.catalogue.consents import Consent, claimed_consents, consent_fields, consent_rows
from tongban.domain.catalogue.disposal import all_together, disposing, names_zh, refuse
from tongban.domain.catalogue.easement_form import (
    BENEFITED_FIELD,
    CHANGE_GUIDE_ZH,
    CHANGE_QUESTIONS,
    CONTENT_FIELDS,
    END_GUIDE_ZH,
    END_PLEDGE_ZH,
    END_QUESTIONS,
    FIRST_GUIDE_ZH,
    FIRST_QUESTIONS,
    GIVERS,
    HOLDERS,
    OWNERS,
    PLEDGE_ZH,
    PROOF_FIELD,
    TAKERS,
    TRANSFER_GUIDE_ZH,
    TRANSFER_PLEDGE_ZH,
    TRANSFER_QUESTIONS,
    UNTIL_DAY,
    day_or_none,
)
from tongban.domain.catalogue.ending import APPLICANT, HOLDER, OWNER, Ending, Ground, of_kind
from tongban.domain.catalogue.item import (
    NO,
    EntryInput,
    Example,
    FeeRule,
    Field,
    FieldKind,
    FoundBy,
    PartyRole,
    Requirement,
    ServiceItem,
    Shown,
)
from tongban.domain.catalogue.people import fields_of, parties_of
from tongban.domain.fees.terms import FeeClass
from tongban.domain.terms import Cause, Document, Registration, Subject
from tongban.domain.titles import Title
from tongban.domain.unit_code import normal_unit_code
from tongban.domain.unit_page import UnitPage

_CONSENTS: Final = (Consent.DWELLER, Consent.NOTICE_HOLDER, Consent.OBJECTION)
_FEE_LAW_ZH: Final = b.STANDARD_FEE_LAW_ZH


def _checked_until(form: Mapping[str, str], title: Title, today: date) -> date | None:
    """The last day; raises InvalidInput when it has passed or lies beyond the land-use right (民法典 377)."""
    until = day_or_none(form)
    if until is None:
        return None
    if until < today:
        raise refuse("until", "地役权的截止日期已经过了", "请核对合同上写的期限")
    if title.unit.land_use_until and until > date.fromisoformat(title.unit.land_use_until):
        raise refuse(
            "until",
            f"超过了土地使用权的期限（{title.unit.land_use_until}）",
            "地役权的期限不能超过土地使用权剩下的期限",
        )
    return until


def _content(form: Mapping[str, str], until: date | None) -> dict[str, str]:
    told = {key: form.get(key, "") for key in ("purpose", "content", "contract_no")}
    return {**told, "term": "合同没有约定期限" if until is None else f"至{until.isoformat()}"}


def found_easement(given: EntryInput) -> tuple[OpenBurden, ...]:
    """The easement on the servient unit, its benefited unit in the details.

    Raises InvalidInput when those who may dispose of the servient unit do not apply, both units are the same, or the
    term is too long.
    """
    form, title = given.form, given.title
    disposing(OWNERS.key(1, "name"), OWNERS.read(form), title, "供役地权利人")
    holders = HOLDERS.holders(form)
    if not holders:
        raise refuse(HOLDERS.key(1, "name"), "没有填地役权人", "请填写需役地权利人的姓名（名称）")
    benefited = normal_unit_code(form.get("benefited_unit", ""))
    if benefited == given.page.unit_code:
        raise refuse("benefited_unit", "需役地和供役地是同一处", "请填得到方便的那一处的不动产单元号")
    until = _checked_until(form, title, given.today)
    number = given.proof_no()
    fact = BurdenFact(Burden.EASEMENT, number, since=given.today, until=until, proof_no=number)
    details = {"servient_owner": names_zh(title.holders), "benefited_unit": benefited, **_content(form, until)}
    return (OpenBurden(given.page.unit_code, fact, details, holders),)


def change_easement(given: EntryInput) -> tuple[AlterBurden, ...]:
    """Other content or term, agreed by both sides (细则 60).

    Raises InvalidInput when a side is missing, the term is too long, or nothing changes.
    """
    form, title = given.form, given.title
    opened = of_kind(given.page, form, (Burden.EASEMENT,))
    disposing(OWNERS.key(1, "name"), OWNERS.read(form), title, "供役地权利人")
    all_together(HOLDERS.key(1, "name"), HOLDERS.read(form), opened.holders, "地役权人")
    until = _checked_until(form, title, given.today)
    details = {**opened.private, **_content(form, until)}
    if details == dict(opened.private) and until == opened.burden.until:
        raise refuse("content", "内容和期限都和登记簿上的一样", "没有改的不用办；填错的请改正")
    fact = replace(opened.burden, until=until, proof_no=given.proof_no())
    return (AlterBurden(opened.unit_code, opened.burden, fact, details, opened.holders),)


def transfer_easement(given: EntryInput) -> tuple[AlterBurden, ...]:
    """The easement goes to whoever has the benefited land now (民法典 380, 382); its content stays.

    Raises InvalidInput when the holders so far do not all take part, or nobody new takes it.
    """
    form = given.form
    opened = of_kind(given.page, form, (Burden.EASEMENT,))
    all_together(GIVERS.key(1, "name"), GIVERS.read(form), opened.holders, "原地役权人")
    takers = TAKERS.holders(form)
    if not takers:
        raise refuse(TAKERS.key(1, "name"), "没有填新地役权人", "请填写需役地现在的权利人")
    if [one.identity for one in takers] == [one.identity for one in opened.holders]:
        raise refuse(TAKERS.key(1, "name"), "新地役权人和登记簿上的一样", "没有换人的不用办；改了名字的，请办变更登记")
    note_zh = f"需役地证号：{form.get('benefited_certificate', '')}"
    fact = replace(opened.burden, proof_no=given.proof_no())
    return (AlterBurden(opened.unit_code, opened.burden, fact, {**opened.private, "note": note_zh}, takers),)


def _prefill_change(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The proof, and whoever shows it, on his side; what may change is left to be filled in."""
    opened = page.by_proof(shown.number)
    if opened is None or shown.holder is None:
        return {}
    side = HOLDERS if shown.holder in opened.holders else OWNERS
    return {"proof_no": shown.number, **side.prefill(shown.holder)}


def _prefill_transfer(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    opened = page.by_proof(shown.number)
    if opened is None or shown.holder is None:
        return {}
    is_giver = shown.holder in opened.holders
    return {"proof_no": shown.number, **(GIVERS.prefill(shown.holder) if is_giver else {})}


def _contract_row(how_zh: str) -> Requirement:
    return Requirement("easement_contract", m.EASEMENT, b.always, whose=PartyRole.EASEMENT_HOLDER, how_zh=how_zh)


_TAKER_IN_EXAMPLE: Final = {
    "id_kind": "id_card", "id_no": "410526198509230006", "phone": "13800138039", "comes": "self",
}  # fmt: skip
_CONTENT_IN_EXAMPLE: Final = {
    "purpose": "从院内东侧通行，人和小车可以过",
    "content": "东侧3米宽的通道供需役地通行，不得堵塞",
    "term": UNTIL_DAY,
    "until": "2046-12-31",
    "contract_no": "地役2026-39号",
}

EASEMENT: Final = ServiceItem(
    number="S39",
    name_zh="地役权首次登记",
    kind=Registration.FIRST,
    subject=Subject.EASEMENT,
    acts=(Act.EASEMENT,),
    applicants=(PartyRole.OWNER, PartyRole.EASEMENT_HOLDER),
    channels=b.AT_A_WINDOW,
    fields=(*fields_of(OWNERS, HOLDERS), BENEFITED_FIELD, *CONTENT_FIELDS, *consent_fields(*_CONSENTS)),
    materials=(
        *people_and_papers(OWNERS, HOLDERS),
        *b.disposing_rows(OWNERS),
        shown_certificate(),
        _contract_row("双方签名盖章的书面地役权合同。"),
        *consent_rows(*_CONSENTS),
    ),
    questions=FIRST_QUESTIONS,
    pledge_zh=PLEDGE_ZH,
    application_facts=facts_from(OWNERS, HOLDERS, cause=Cause.EASEMENT_CONTRACT, giving=OWNERS),
    entries=found_easement,
    parties=parties_of(OWNERS, HOLDERS),
    prefill=prefill_of(OWNERS),
    fees=(FeeRule(FeeClass.STANDARD, PartyRole.EASEMENT_HOLDER, _FEE_LAW_ZH, subject=Subject.EASEMENT),),
    issues=(Document.PROOF,),
    days_target=3,
    days_parameter="item_days.S39",
    law="《中华人民共和国民法典》第三百七十二条至第三百七十四条；《不动产登记暂行条例实施细则》第六十条",
    guide_zh=FIRST_GUIDE_ZH,
    claims=claimed_consents,
    disposes=True,
    example=Example(
        {
            "owner1_phone": "13800138139",
            "owner1_comes": "self",
            "owner2_also": NO,
            "holder1_kind": "person",
            "holder1_name": "何嘉禾",
            **{
                f"holder1_{what}": value for what, value in {**_TAKER_IN_EXAMPLE, "id_no": "410526196005170004"}.items()
            },
            "holder2_also": NO,
            "benefited_unit": "410526001900GB00901F00010001",
            **_CONTENT_IN_EXAMPLE,
            **{one.value: "none" for one in _CONSENTS},
        }
    ),
)

EASEMENT_CHANGE: Final = ServiceItem(
    number="S39A",
    name_zh="地役权变更登记",
    kind=Registration.ALTERATION,
    subject=Subject.EASEMENT,
    acts=(Act.EASEMENT,),
    applicants=(PartyRole.OWNER, PartyRole.EASEMENT_HOLDER),
    channels=b.AT_A_WINDOW,
    fields=(PROOF_FIELD, *fields_of(OWNERS, HOLDERS), *CONTENT_FIELDS, *consent_fields(*_CONSENTS)),
    materials=(
        *people_and_papers(OWNERS, HOLDERS),
        *b.disposing_rows(OWNERS),
        old_proof(PartyRole.EASEMENT_HOLDER),
        _contract_row("双方签名盖章的变更协议。"),
        *consent_rows(*_CONSENTS),
    ),
    questions=CHANGE_QUESTIONS,
    pledge_zh=PLEDGE_ZH,
    application_facts=facts_from(OWNERS, HOLDERS, cause=Cause.EASEMENT_CONTRACT),
    entries=change_easement,
    parties=parties_of(OWNERS, HOLDERS),
    prefill=_prefill_change,
    fees=(FeeRule(FeeClass.ALTERATION, PartyRole.EASEMENT_HOLDER, "财税〔2019〕45号", subject=Subject.EASEMENT),),
    issues=(Document.PROOF,),
    days_target=3,
    days_parameter="item_days.S39A",
    law="《中华人民共和国民法典》第三百八十五条；《不动产登记暂行条例实施细则》第六十一条",
    guide_zh=CHANGE_GUIDE_ZH,
    found_by=FoundBy.PROOF,
    claims=claimed_consents,
    example=Example(
        {
            "owner1_kind": "person",
            "owner1_name": "陶建国",
            **{f"owner1_{what}": value for what, value in {**_TAKER_IN_EXAMPLE, "id_no": "410526196804120003"}.items()},
            "owner2_also": NO,
            "holder1_phone": "13800138039",
            "holder1_comes": "self",
            "holder2_also": NO,
            **_CONTENT_IN_EXAMPLE,
            "content": "东侧4米宽的通道供需役地通行，不得堵塞",
            **{one.value: "none" for one in _CONSENTS},
        },
        after=("S39",),
    ),
)

EASEMENT_TRANSFER: Final = ServiceItem(
    number="S39T",
    name_zh="地役权转移登记",
    kind=Registration.TRANSFER,
    subject=Subject.EASEMENT,
    acts=(Act.EASEMENT,),
    applicants=(PartyRole.TRANSFEROR, PartyRole.EASEMENT_HOLDER),
    channels=b.AT_A_WINDOW,
    fields=(
        PROOF_FIELD,
        *fields_of(GIVERS, TAKERS),
        Field(
            "benefited_certificate",
            "需役地现在的不动产权证号",
            "新地役权人名下的证书号。",
            FieldKind.CERTIFICATE_NO,
            heading_zh=h.BENEFITED,
        ),
        *consent_fields(*_CONSENTS),
    ),
    materials=(
        *people_and_papers(GIVERS, TAKERS),
        old_proof(PartyRole.TRANSFEROR),
        Requirement(
            "benefited_certificate",
            m.TITLE_CERTIFICATE,
            b.always,
            whose=PartyRole.EASEMENT_HOLDER,
            how_zh="需役地的新不动产权证书，看完还给您；有电子证照的不用带。",
        ),
        _contract_row("需役地转让的合同里写明地役权一并转让的，带那份合同。"),
        *consent_rows(*_CONSENTS),
    ),
    questions=TRANSFER_QUESTIONS,
    pledge_zh=TRANSFER_PLEDGE_ZH,
    application_facts=facts_from(GIVERS, TAKERS, cause=Cause.BENEFITED_LAND_TRANSFER, giving=GIVERS),
    entries=transfer_easement,
    parties=parties_of(GIVERS, TAKERS),
    prefill=_prefill_transfer,
    fees=(FeeRule(FeeClass.STANDARD, PartyRole.EASEMENT_HOLDER, _FEE_LAW_ZH, subject=Subject.EASEMENT),),
    issues=(Document.PROOF,),
    days_target=3,
    days_parameter="item_days.S39T",
    law="《中华人民共和国民法典》第三百八十条、第三百八十五条；《不动产登记暂行条例实施细则》第六十二条",
    guide_zh=TRANSFER_GUIDE_ZH,
    found_by=FoundBy.PROOF,
    claims=claimed_consents,
    example=Example(
        {
            "giver1_phone": "13800138039",
            "giver1_comes": "self",
            "giver2_also": NO,
            "taker1_kind": "person",
            "taker1_name": "金思源",
            **{f"taker1_{what}": value for what, value in _TAKER_IN_EXAMPLE.items()},
            "taker2_also": NO,
            "benefited_certificate": "豫（2026）滑县不动产权第0000390号",
            **{one.value: "none" for one in _CONSENTS},
        },
        after=("S39",),
    ),
)

_END: Final = Ending(
    Burden.EASEMENT,
    PartyRole.EASEMENT_HOLDER,
    (
        Ground(Cause.RIGHT_EXPIRED, "期限到了", (HOLDER, OWNER), is_over=True),
        Ground(Cause.RIGHT_WAIVED, "地役权人放弃", (HOLDER,), all_holders=True),
        Ground(Cause.RIGHT_ENDED_BY_CONTRACT, "双方解除了地役权合同", (HOLDER,), all_holders=True),
        Ground(Cause.COURT_RULING, "法院判决消灭", (HOLDER, OWNER)),
    ),
)

END_OF_EASEMENT: Final = ServiceItem(
    number="S39N",
    name_zh="地役权注销登记",
    kind=Registration.CANCELLATION,
    subject=Subject.EASEMENT,
    acts=(Act.RELEASE,),
    applicants=(PartyRole.EASEMENT_HOLDER, PartyRole.OWNER),
    channels=b.AT_A_WINDOW,
    fields=_END.fields(),
    materials=(
        *people_and_papers(APPLICANT),
        old_proof(PartyRole.EASEMENT_HOLDER, b.answered("who", HOLDER)),
        Requirement(
            "end_of_right",
            m.END_OF_RIGHT,
            b.answered("cause", Cause.RIGHT_WAIVED, Cause.RIGHT_ENDED_BY_CONTRACT),
            whose=PartyRole.EASEMENT_HOLDER,
            how_zh="放弃地役权的声明，或者双方签名盖章的解除协议。",
        ),
        Requirement(
            "court_paper",
            m.COURT_PAPER,
            b.answered("cause", Cause.COURT_RULING),
            how_zh="判决书、裁定书或者调解书，和生效证明。",
        ),
    ),
    questions=END_QUESTIONS,
    pledge_zh=END_PLEDGE_ZH,
    application_facts=facts_from(APPLICANT, cause=Cause.RIGHT_EXPIRED, asked="cause"),
    entries=_END.entries,
    parties=_END.parties,
    prefill=_END.prefill,
    fees=(
        FeeRule(FeeClass.CANCELLATION, PartyRole.EASEMENT_HOLDER, "发改价格规〔2016〕2559号", subject=Subject.EASEMENT),
    ),
    issues=(),
    days_target=3,
    days_parameter="item_days.S39N",
    law="《中华人民共和国民法典》第三百八十四条、第三百八十五条；《不动产登记暂行条例实施细则》第六十三条",
    guide_zh=END_GUIDE_ZH,
    found_by=FoundBy.PROOF,
    example=Example(
        {
            "cause": Cause.RIGHT_WAIVED.value,
            "who": HOLDER,
            "applicant1_phone": "13800138039",
            "applicant1_comes": "self",
            "applicant2_also": NO,
        },
        after=("S39",),
    ),
)
