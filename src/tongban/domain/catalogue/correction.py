"""Corrections on application (民法典 220①; 细则 79, 80): S38.

The owner applies, or somebody concerned with the owner's written consent or proof.  What only writes the same right
rightly passes where a disposal would not (CORRECTION_KEEPS_RIGHT); shares or another holder are more than that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.catalogue import building_blocks as b
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.applying import facts_from, people_and_papers
from tongban.domain.catalogue.consents import Consent, claimed_consents, consent_rows
from tongban.domain.catalogue.correction_form import (
    ADDRESS,
    APPLICANT,
    AREA,
    CLAIMANT,
    CONSENT,
    FIELDS,
    GUIDE_ZH,
    HOLDER,
    OWNER,
    PLEDGE_ZH,
    PROOF,
    QUESTIONS,
    SHARES,
    USE,
)
from tongban.domain.catalogue.disposal import all_together, in_register, is_named, refuse
from tongban.domain.catalogue.item import (
    NO,
    YES,
    EntryInput,
    Example,
    FeeRule,
    PartyInput,
    PartyRole,
    Requirement,
    ServiceItem,
    Shown,
)
from tongban.domain.catalogue.people import parties_of
from tongban.domain.entries import AlterHolder, Entry, ReplaceCertificate, ReplaceTitle
from tongban.domain.evidence import Evidence
from tongban.domain.fees.terms import FeeClass
from tongban.domain.house_uses import HOUSE_USES
from tongban.domain.identity import IdDocument, modern_number, normal_name, normal_number
from tongban.domain.terms import Cause, CoOwnership, Document, Registration, Subject
from tongban.domain.titles import Holder, HolderIdentity, Title, parse_share
from tongban.domain.unit_page import UnitPage

_Form = Mapping[str, str]


def correct(given: EntryInput) -> tuple[Entry, ...]:
    """What was wrong is written rightly, under a new certificate.

    Raises InvalidInput when the applicants may not, the wrong holder is not in the register, or nothing changes.
    """
    form, title = given.form, given.title
    _check_applicants(form, title)
    what = form.get("what", "")
    if what == HOLDER and form.get("same_holder") == YES:
        return _same_holder(given)
    if what not in _RIGHTLY:
        raise refuse("what", "没有选哪里记错了", "请选一项")
    rightly = _RIGHTLY[what](title, form)
    if rightly == title:
        raise refuse(_FIELD_OF[what], "和登记簿上的一样", "没有错的不用更正；填错的请改正")
    return (ReplaceTitle(title.certificate_no, _numbered(rightly, given), Cause.CORRECTION),)


def _check_applicants(form: _Form, title: Title) -> None:
    field, people = APPLICANT.key(1, "name"), APPLICANT.read(form)
    if form.get("who") == OWNER:
        everybody = form.get("what") == SHARES or (form.get("what") == HOLDER and form.get("same_holder") == NO)
        check = all_together if everybody else in_register
        check(field, people, title.holders, "权利人")
        return
    if not people:
        raise refuse(field, "没有填申请人", "请填写利害关系人的姓名（名称）和证件号码")
    if any(is_named(holder, people) for holder in title.holders):
        raise refuse("who", "申请人就是登记簿上的权利人", "请把“谁来申请”改成权利人")
    if form.get("support") not in (CONSENT, PROOF):
        raise refuse(
            "support", "没有权利人的书面同意，也没有证明登记错误的材料", "权利人不同意、又没有证据的，可以申请异议登记"
        )


def _wrong_holder(title: Title, form: _Form) -> Holder:
    """The holder as the register wrongly has it."""
    name, number = normal_name(form.get("wrong_name", "")), modern_number(form.get("wrong_id_no", ""))
    named = [one for one in title.holders if normal_name(one.name) == name and modern_number(one.id_no) == number]
    if not named:
        raise refuse("wrong_name", "登记簿上没有这个姓名（名称）和证件号码的权利人", "请照着登记簿（证书）现在写的填")
    return named[0]


def _right_identity(form: _Form) -> HolderIdentity:
    kind = IdDocument(form.get("right_id_kind") or IdDocument.OTHER.value)
    return HolderIdentity(normal_name(form.get("right_name", "")), kind, normal_number(form.get("right_id_no", "")))


def _same_holder(given: EntryInput) -> tuple[Entry, ...]:
    """Name or number of the same holder was miswritten."""
    title, form = given.title, given.form
    wrong, right = _wrong_holder(title, form), _right_identity(form)
    if wrong.identity == right:
        raise refuse("right_name", "和登记簿上的一样", "没有错的不用更正；填错的请改正")
    unit_code = title.unit.unit_code
    altered = AlterHolder(
        unit_code, wrong.holder_no, Cause.CORRECTION, wrong.identity, right,
        evidence_kind=m.ERROR_PROOF.key, evidence_no=form.get("evidence_no", ""),
    )  # fmt: skip
    return altered, ReplaceCertificate(unit_code, title.certificate_no, given.certificate_no())


def _another_holder(title: Title, form: _Form) -> Title:
    wrong, right = _wrong_holder(title, form), _right_identity(form)
    holders = tuple(replace(one, identity=right) if one is wrong else one for one in title.holders)
    return replace(title, holders=holders)


def _shares(title: Title, form: _Form) -> Title:
    """Other shares of the same people, in the order of the register; raises InvalidInput when they do not make one."""
    if title.co_ownership is not CoOwnership.BY_SHARES:
        raise refuse(
            "right_shares", f"登记簿上是{title.co_ownership.name_zh}，没有份额可以更正", "请核对登记簿上的共有情况"
        )
    shares = [parse_share(one) for one in form.get("right_shares", "").split("、")]
    if len(shares) != len(title.holders):
        raise refuse(
            "right_shares",
            f"权利人有{len(title.holders)}位，份额写了{len(shares)}个",
            "请照登记簿的顺序给每个人写一个份额",
        )
    pairs = zip(title.holders, shares, strict=True)
    return replace(title, holders=tuple(replace(holder, share=share) for holder, share in pairs))


def _address(title: Title, form: _Form) -> Title:
    return replace(title, unit=replace(title.unit, address_zh=form.get("right_address", "")))


def _area(title: Title, form: _Form) -> Title:
    return replace(title, unit=replace(title.unit, area_m2=form.get("right_area", "")))


def _use(title: Title, form: _Form) -> Title:
    code = form.get("right_use", "")
    return replace(title, unit=replace(title.unit, use_code=code, use_zh=HOUSE_USES.get(code, "")))


_RIGHTLY: Final[Mapping[str, Callable[[Title, _Form], Title]]] = MappingProxyType(
    {HOLDER: _another_holder, SHARES: _shares, ADDRESS: _address, AREA: _area, USE: _use}
)
_FIELD_OF: Final = {
    HOLDER: "right_name",
    SHARES: "right_shares",
    ADDRESS: "right_address",
    AREA: "right_area",
    USE: "right_use",
}


def _numbered(title: Title, given: EntryInput) -> Title:
    return replace(title, certificate_no=given.certificate_no())


def claims_of_correction(form: _Form) -> frozenset[str]:
    """That the right stays, when only its words are put right; and the consents on paper."""
    what = form.get("what", "")
    keeps = what in (ADDRESS, AREA, USE) or (what == HOLDER and form.get("same_holder") == YES)
    claimed = {Evidence.CORRECTION_KEEPS_RIGHT.value} if keeps else set()
    if form.get("who") == CLAIMANT and form.get("support") == CONSENT:
        claimed.add(Evidence.OWNER_CONSENT.value)
    return frozenset(claimed) | claimed_consents(form)


def _parties(form: _Form) -> tuple[PartyInput, ...]:
    role = PartyRole.CLAIMANT if form.get("who") == CLAIMANT else PartyRole.OWNER
    return parties_of(replace(APPLICANT, role=role))(form)


def _prefill(page: UnitPage, shown: Shown) -> _Form:
    """The certificate only: who applies, and whose name is wrong, is for the form, and what is filled in stays."""
    return {} if page.title is None else {"certificate_no": page.title.certificate_no}


CORRECTION: Final = ServiceItem(
    number="S38",
    name_zh="更正登记（依申请）",
    kind=Registration.CORRECTION,
    subject=Subject.TITLE,
    acts=(Act.CORRECT,),
    applicants=(PartyRole.OWNER, PartyRole.CLAIMANT),
    channels=b.AT_A_WINDOW,
    fields=FIELDS,
    materials=(
        *people_and_papers(APPLICANT),
        b.CERTIFICATE_ROW,
        Requirement(
            "correction_papers",
            m.CORRECTION_PAPERS,
            b.always,
            how_zh="证明登记簿记错了的材料：户口簿、原来的合同、测绘成果、规划批准文件、法院判决等；别人申请的，带权利人的书面同意。",
        ),
        Requirement("survey", m.SURVEY, b.answered("what", AREA), how_zh="测绘成果报告；登记机构自己有的不用带。"),
        *consent_rows(Consent.NOTICE_HOLDER),
    ),
    questions=QUESTIONS,
    pledge_zh=PLEDGE_ZH,
    application_facts=facts_from(APPLICANT, cause=Cause.CORRECTION),
    entries=correct,
    parties=_parties,
    prefill=_prefill,
    fees=(
        FeeRule(
            FeeClass.CORRECTION, PartyRole.OWNER, "财税〔2019〕45号（更正登记免收登记费；登记机构弄错的本来就不收）"
        ),
    ),
    issues=(Document.CERTIFICATE,),
    days_target=3,
    days_parameter="item_days.S38",
    law="《中华人民共和国民法典》第二百二十条第一款；《不动产登记暂行条例实施细则》第七十九条、第八十条",
    guide_zh=GUIDE_ZH,
    opening_fields=("what", "same_holder"),
    claims=claims_of_correction,
    example=Example(
        {
            "what": AREA,
            "right_area": "118.62",
            "evidence_no": "测2026-38",
            "who": OWNER,
            "applicant1_kind": "person",
            "applicant1_name": "陶建国",
            "applicant1_id_kind": "id_card",
            "applicant1_id_no": "410526196804120003",
            "applicant1_phone": "13800138038",
            "applicant1_comes": "self",
            "applicant2_also": NO,
            Consent.NOTICE_HOLDER.value: "none",
        },
        confirmed=frozenset({Evidence.CORRECTION_KEEPS_RIGHT}),
    ),
)
