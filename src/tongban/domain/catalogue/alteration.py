"""Alterations (变更登记): the right stays with the same holder, something about him or the unit is written anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.catalogue import materials as m
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
from tongban.domain.catalogue.name_change_form import (
    ENTERPRISE,
    GUIDE_ZH,
    NAME_FIELDS,
    NAME_QUESTIONS,
    PERSON,
    PLEDGE_ZH,
)
from tongban.domain.entries import AlterHolder, Entry, ReplaceCertificate
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.facts import ApplicationFacts
from tongban.domain.fees.terms import FeeClass
from tongban.domain.identity import (
    IdDocument,
    modern_number,
    normal_name,
)
from tongban.domain.terms import Cause, Channel, Document, HolderKind, Registration, Subject
from tongban.domain.titles import Holder, HolderIdentity, Title
from tongban.domain.unit_page import UnitPage


def always(facts: ApplicationFacts) -> bool:
    return True


def owner_is_person(facts: ApplicationFacts) -> bool:
    return facts.form.get("owner_kind") == PERSON


def owner_is_enterprise(facts: ApplicationFacts) -> bool:
    return facts.form.get("owner_kind") == ENTERPRISE


def someone_else_comes(facts: ApplicationFacts) -> bool:
    return facts.has_agent


def agent_comes(facts: ApplicationFacts) -> bool:
    return facts.has_agent and facts.form.get("agent_kind") != PartyRole.GUARDIAN


def guardian_comes(facts: ApplicationFacts) -> bool:
    return facts.has_agent and facts.form.get("agent_kind") == PartyRole.GUARDIAN


_NAME_MATERIALS: Final = (
    Requirement(
        "application",
        m.APPLICATION,
        always,
        original=False,
        made_by_system=True,
        how_zh="不用自己写，系统按您填的内容生成，您看过以后签名。",
    ),
    Requirement(
        "identity",
        m.IDENTITY,
        owner_is_person,
        how_zh="带身份证原件，不用带复印件：窗口读卡、扫描存档，原件当面还。",
    ),
    Requirement(
        "licence", m.LICENCE, owner_is_enterprise, how_zh="带营业执照原件或者电子营业执照；能共享查到的不用带。"
    ),
    Requirement(
        "certificate",
        m.TITLE_CERTIFICATE,
        always,
        keeps_original=True,
        how_zh="有电子证照的不用带；只有纸质证书的，带原件来，窗口收走，换发新证。",
    ),
    Requirement(
        "change_evidence",
        m.CHANGE_EVIDENCE,
        always,
        how_zh="个人带户口簿（有曾用名的那一页）或者派出所开的证明；单位带变更登记通知书。",
    ),
    Requirement(
        "attorney",
        m.POWER_OF_ATTORNEY,
        agent_comes,
        whose=PartyRole.AGENT,
        how_zh="权利人签名的授权委托书；权利人在境外的，委托书要公证。",
    ),
    Requirement(
        "guardianship",
        m.KINSHIP,
        guardian_comes,
        whose=PartyRole.GUARDIAN,
        how_zh="户口簿、出生医学证明能看出是父母子女的就行；其他监护人带指定监护的文件。",
    ),
    Requirement(
        "agent_identity",
        m.IDENTITY,
        someone_else_comes,
        whose=PartyRole.AGENT,
        how_zh="带代办人的身份证原件，不用带复印件：窗口读卡、扫描存档，原件当面还。",
    ),
)


def read_name_change(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """What the law sees in a change of name.  Nobody gives anything away, so `giving` is empty."""
    cause = form.get("cause", Cause.NAME_CHANGE.value)
    return ApplicationFacts(
        cause=Cause(cause) if cause in set(Cause) else Cause.OTHER,
        has_agent=form.get("has_agent") == YES,
        form=form,
        evidence=evidence,
    )


def parties_of_name_change(form: Mapping[str, str]) -> tuple[PartyInput, ...]:
    """The owner, and whoever comes for the owner: an agent, a guardian, or the representative of a body."""
    has_agent = form.get("has_agent") == YES
    is_person = form.get("owner_kind") == PERSON
    phone = form.get("phone", "")
    owner = PartyInput(
        PartyRole.OWNER, form.get("new_name", ""), form.get("id_kind", ""), form.get("id_no", ""), phone,
        is_present=is_person and not has_agent,
    )  # fmt: skip
    if has_agent:
        agent_papers = form.get("agent_id_kind", ""), form.get("agent_id_no", "")
        is_guardian = form.get("agent_kind") == PartyRole.GUARDIAN
        role = PartyRole.GUARDIAN if is_guardian else PartyRole.AGENT
        agent = PartyInput(role, form.get("agent_name", ""), *agent_papers, form.get("agent_phone", ""), stands_for=0)
        return owner, agent
    if is_person:
        return (owner,)
    representative = form.get("representative_name", "")
    return owner, PartyInput(
        PartyRole.REPRESENTATIVE, representative, IdDocument.ID_CARD.value, "", phone, stands_for=0
    )


def holders_named(title: Title, form: Mapping[str, str]) -> tuple[Holder, ...]:
    """The holders of the title that the form speaks of: same kind, same name as registered, same ID number.

    An old 15-digit ID number in the register counts as the same as its 18-character form.
    """
    is_person = form.get("owner_kind") == PERSON
    name = normal_name(form.get("previous_name", ""))
    number = modern_number(form.get("id_no", ""))
    return tuple(
        holder
        for holder in title.holders
        if (holder.kind is HolderKind.PERSON) == is_person
        and normal_name(holder.name) == name
        and modern_number(holder.id_no) == number
    )


def alter_name(given: EntryInput) -> tuple[Entry, ...]:
    """One AlterHolder per holder that changes, then the new certificate.

    Raises InvalidInput when the form names nobody in the title, or changes nothing (N04f at the registrar's desk).
    """
    form = given.form
    new_name = normal_name(form.get("new_name", ""))
    holders = holders_named(given.title, form)
    if not holders:
        raise InvalidInput(
            [
                Problem(
                    "previous_name",
                    "登记簿上没有这个姓名（名称）和证件号码的权利人",
                    "请对照不动产权证书核对原来的姓名（名称）和证件号码；登记簿记错的，请申请更正登记",
                )
            ]
        )
    if not new_name or all(normal_name(holder.name) == new_name for holder in holders):
        raise InvalidInput([Problem("new_name", "新的姓名（名称）和登记簿上的一样", "没有改名的不用办；填错的请改正")])
    unit_code = given.title.unit.unit_code
    changes = tuple(
        AlterHolder(
            unit_code=unit_code,
            holder_no=holder.holder_no,
            cause=read_name_change(form, frozenset()).cause,
            before=holder.identity,
            after=HolderIdentity(new_name, holder.id_kind, holder.id_no),
            evidence_kind=form.get("evidence_kind", ""),
            evidence_no=form.get("evidence_no", ""),
        )
        for holder in holders
    )
    return (*changes, ReplaceCertificate(unit_code, given.title.certificate_no, given.certificate_no()))


def prefill_name_change(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """What the register knows and the form asks: never asked twice (B5, I4)."""
    asking = shown.holder
    if page.title is None or asking is None:
        return {}
    return {
        "owner_kind": PERSON if asking.kind is HolderKind.PERSON else ENTERPRISE,
        "certificate_no": page.title.certificate_no,
        "previous_name": asking.name,
        "id_kind": asking.id_kind.value,
        "id_no": asking.id_no,
    }


NAME_CHANGE: Final = ServiceItem(
    number="S13",
    name_zh="权利人姓名（名称）变更登记",
    kind=Registration.ALTERATION,
    subject=Subject.TITLE,
    acts=(Act.ALTER_NAME,),
    applicants=(PartyRole.OWNER,),
    channels=frozenset({Channel.WINDOW, Channel.PRECHECKED, Channel.ONLINE}),
    fields=NAME_FIELDS,
    materials=_NAME_MATERIALS,
    questions=NAME_QUESTIONS,
    pledge_zh=PLEDGE_ZH,
    application_facts=read_name_change,
    entries=alter_name,
    parties=parties_of_name_change,
    prefill=prefill_name_change,
    fees=(FeeRule(FeeClass.ALTERATION, PartyRole.OWNER, "财税〔2019〕45号（2019年7月1日起，变更登记免收登记费）"),),
    issues=(Document.CERTIFICATE,),
    days_target=1,
    days_parameter="item_days.S13",
    law="《不动产登记暂行条例》第十四条第二款第四项；《不动产登记暂行条例实施细则》第二十六条第一项",
    guide_zh=GUIDE_ZH,
    example=Example(
        {
            "new_name": "韩雨桐",
            "cause": Cause.NAME_CHANGE.value,
            "evidence_kind": m.HOUSEHOLD_FORMER_NAME.key,
            "evidence_no": "滑公户字第2026-118号",
            "evidence_issuer": "滑县公安局城关派出所",
            "evidence_date": "2026-11-02",
            "phone": "13800138013",
            "has_agent": NO,
        }
    ),
)
