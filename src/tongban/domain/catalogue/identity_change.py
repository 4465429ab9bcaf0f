"""A holder's document changes, the holder does not (变更登记: 细则 26): S14."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.catalogue import building_blocks as b
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.applying import facts_from, people_and_papers
from tongban.domain.catalogue.disposal import refuse
from tongban.domain.catalogue.identity_change_form import (
    IDENTITY_FIELDS,
    IDENTITY_GUIDE_ZH,
    IDENTITY_PLEDGE_ZH,
    IDENTITY_QUESTIONS,
    OLD_NUMBER_GREW,
    OWNER,
    REISSUED,
)
from tongban.domain.catalogue.item import (
    EntryInput,
    Example,
    FeeRule,
    PartyRole,
    Requirement,
    ServiceItem,
    Shown,
)
from tongban.domain.catalogue.people import parties_of
from tongban.domain.entries import AlterHolder, Entry, ReplaceCertificate
from tongban.domain.fees.terms import FeeClass
from tongban.domain.identity import IdDocument, modern_number, normal_name, normal_number
from tongban.domain.terms import Cause, Document, HolderKind, Registration, Subject
from tongban.domain.titles import Holder, HolderIdentity
from tongban.domain.unit_page import UnitPage

_SHORT_ID_NUMBER = 15


def alter_document(given: EntryInput) -> tuple[Entry, ...]:
    """One AlterHolder per line of the title that names the holder by the old document, then the new certificate.

    Raises InvalidInput when nobody in the title has this name and old document, nothing changes, a person would become
    a body, or the number is said to have grown from 15 to 18 digits and has not.
    """
    form, applicants = given.form, OWNER.read(given.form)
    if not applicants:
        raise refuse(OWNER.key(1, "name"), "没有填权利人", "请填写权利人的姓名（名称）")
    now = applicants[0]
    holders = _holders_before(given.title.holders, form, now.identity.name)
    if any((holder.kind is HolderKind.PERSON) != (now.kind is HolderKind.PERSON) for holder in holders):
        raise refuse(
            OWNER.key(1, "kind"), "登记簿上是个人的不能变成单位，是单位的不能变成个人", "换了权利人的，请办转移登记"
        )
    if all(holder.identity == now.identity for holder in holders):
        raise refuse(
            OWNER.key(1, "id_no"), "现在的证件和登记簿上的一样", "证件没有变的不用办；填错的请改正证件种类和号码"
        )
    if form.get("way") == OLD_NUMBER_GREW and not all(_has_grown(holder, now.identity) for holder in holders):
        raise refuse(
            "way",
            "现在的身份证号不是由登记簿上的15位号码升位来的",
            "请核对号码；号码确实改了的，选“换了另一种证件，或者号码改了”，并带派出所的证明",
        )
    unit_code = given.title.unit.unit_code
    changes = tuple(
        AlterHolder(
            unit_code, holder.holder_no, Cause.ID_CHANGE, holder.identity, now.identity,
            evidence_kind=form.get("evidence_kind", ""), evidence_no=form.get("evidence_no", ""),
        )
        for holder in holders
    )  # fmt: skip
    return (*changes, ReplaceCertificate(unit_code, given.title.certificate_no, given.certificate_no()))


def _holders_before(holders: tuple[Holder, ...], form: Mapping[str, str], name: str) -> tuple[Holder, ...]:
    """The holders of the title under the same name and the old document, exactly as the register has it."""
    kind, number = form.get("previous_id_kind", ""), normal_number(form.get("previous_id_no", ""))
    found = tuple(
        holder
        for holder in holders
        if normal_name(holder.name) == name and holder.id_kind == kind and normal_number(holder.id_no) == number
    )
    if not found:
        raise refuse(
            "previous_id_no",
            "登记簿上没有这个姓名（名称）、原来证件种类和号码都对得上的权利人",
            "请对照不动产权证书核对；姓名（名称）也改了的，请先办姓名（名称）变更；登记簿记错的，请申请更正登记",
        )
    return found


def _has_grown(holder: Holder, now: HolderIdentity) -> bool:
    """Whether the new number is the old 15-digit ID number in its 18-character form (GB 11643)."""
    both_cards = holder.id_kind is IdDocument.ID_CARD and now.id_kind is IdDocument.ID_CARD
    old = normal_number(holder.id_no)
    return both_cards and len(old) == _SHORT_ID_NUMBER and modern_number(old) == now.id_no


def prefill_document(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The certificate, the old document, and the name, which stays."""
    asking = shown.holder
    if page.title is None or asking is None:
        return {}
    return {
        "certificate_no": page.title.certificate_no,
        "previous_id_kind": asking.id_kind.value,
        "previous_id_no": asking.id_no,
        OWNER.key(1, "kind"): asking.kind.value,
        OWNER.key(1, "name"): asking.name,
    }


DOCUMENT_CHANGE: Final = ServiceItem(
    number="S14",
    name_zh="身份证件变更登记",
    kind=Registration.ALTERATION,
    subject=Subject.TITLE,
    acts=(Act.ALTER_NAME,),
    applicants=(PartyRole.OWNER,),
    channels=b.EVERYWHERE,
    fields=IDENTITY_FIELDS,
    materials=(
        *people_and_papers(OWNER),
        b.CERTIFICATE_ROW,
        Requirement(
            "change_evidence",
            m.CHANGE_EVIDENCE,
            b.answered("way", REISSUED),
            how_zh="个人带派出所等部门出具的、能看出是同一个人的证明；单位带变更登记通知书。",
        ),
    ),
    questions=IDENTITY_QUESTIONS,
    pledge_zh=IDENTITY_PLEDGE_ZH,
    application_facts=facts_from(OWNER, cause=Cause.ID_CHANGE),
    entries=alter_document,
    parties=parties_of(OWNER),
    prefill=prefill_document,
    fees=(FeeRule(FeeClass.ALTERATION, PartyRole.OWNER, "财税〔2019〕45号（2019年7月1日起，变更登记免收登记费）"),),
    issues=(Document.CERTIFICATE,),
    days_target=1,
    days_parameter="item_days.S14",
    law="《不动产登记暂行条例》第十四条第二款第四项；《不动产登记暂行条例实施细则》第二十六条第一项",
    guide_zh=IDENTITY_GUIDE_ZH,
    example=Example(
        {
            "owner1_id_kind": IdDocument.PASSPORT.value,
            "owner1_id_no": "E00000014",
            "owner1_phone": "13800138014",
            "owner1_comes": "self",
            "way": REISSUED,
            "evidence_kind": m.SAME_PERSON.key,
            "evidence_no": "2026-14",
            "evidence_issuer": "滑县公安局出入境管理大队",
            "evidence_date": "2026-11-02",
        }
    ),
)
