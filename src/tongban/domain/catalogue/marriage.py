"""Homes of couples: a change between spouses while they are married, and what each gets when they part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.building_blocks import (
    APPLICATION_ROW,
    AT_A_WINDOW,
    CERTIFICATE_ROW,
    EVERYWHERE,
    STANDARD_FEE_LAW_ZH,
    always,
    answered,
    disposing_rows,
    people_rows,
)
from tongban.domain.catalogue.item import (
    Department,
    EntryInput,
    Example,
    ExampleUnit,
    FeeRule,
    PartyInput,
    PartyRole,
    Requirement,
    ServiceItem,
    Shown,
)
from tongban.domain.catalogue.lying_on_it import ON_IT, ON_WHAT_PASSES_BY_LAW
from tongban.domain.catalogue.marriage_words import (
    AGREEMENT,
    COURT,
    DIVORCE_FIELDS,
    DIVORCE_GUIDE_ZH,
    DIVORCE_PLEDGE_ZH,
    DIVORCE_QUESTIONS,
    FORMER,
    HOLDER_SPOUSE,
    OTHER_SPOUSE,
    SPOUSES_FIELDS,
    SPOUSES_GUIDE_ZH,
    SPOUSES_PLEDGE_ZH,
    SPOUSES_QUESTIONS,
    TAKER,
    Becomes,
)
from tongban.domain.catalogue.people import Applicant, Comes, parties_of
from tongban.domain.catalogue.transferring import (
    TAX_ROW,
    is_stood_in_for,
    people_problems,
    prefill_of,
    refuse_if_any,
    replaced_by,
)
from tongban.domain.entries import Entry
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.evidence import Evidence
from tongban.domain.facts import ApplicationFacts
from tongban.domain.fees.terms import FeeClass
from tongban.domain.identity import IdDocument
from tongban.domain.terms import Cause, CoOwnership, Document, HolderKind, Registration, Subject
from tongban.domain.titles import Holder, Title, parse_share
from tongban.domain.unit_page import UnitPage

_TAX = frozenset({Department.TAX})


def couple_holding(
    becomes: Becomes, first: Applicant, second: Applicant, shares_zh: str
) -> tuple[CoOwnership, tuple[Holder, ...]]:
    """How the two hold from now on; raises InvalidInput when there are not two shares that make one."""
    one = Holder(1, first.kind, first.identity)
    other = Holder(2, second.kind, second.identity)
    match becomes:
        case Becomes.FIRST:
            return CoOwnership.SOLE, (one,)
        case Becomes.SECOND:
            return CoOwnership.SOLE, (Holder(1, second.kind, second.identity),)
        case Becomes.JOINT:
            return CoOwnership.JOINT, (one, other)
        case Becomes.SHARES:
            parts = [parse_share(part) for part in shares_zh.split("、")]
            if len(parts) != 2 or sum(parts) != 1:
                raise InvalidInput(
                    [Problem("couple_shares", "两个人的份额加起来不等于1", "请写两个份额，例如 1/2、1/2")]
                )
            return CoOwnership.BY_SHARES, (
                Holder(1, first.kind, first.identity, parts[0]),
                Holder(2, second.kind, second.identity, parts[1]),
            )


def couple_problems(title: Title, people: Sequence[Applicant], field: str) -> list[Problem]:
    """Everybody in the register is one of the two; others first settle their own shares."""
    strangers = [holder for holder in title.holders if not any(one.is_same(holder) for one in people)]
    if not strangers:
        return []
    what_zh = f"登记簿上还有{len(strangers)}位权利人不是这两个人，或者姓名、证件号码对不上"
    return [Problem(field, what_zh, "请核对两个人的姓名和证件号码；确实另有共有人的，请办“共有份额转让”")]


def change_problems(title: Title, co_ownership: CoOwnership, holders: Sequence[Holder], field: str) -> list[Problem]:
    """Something passes from one to the other; joint to shares among the same two is an alteration (细则 26)."""
    before = {(one.name, one.id_no): one.share for one in title.holders}
    now = {(one.name, one.id_no): one.share for one in holders}
    if before == now and title.co_ownership is co_ownership:
        return [Problem(field, "登记簿上本来就是这样", "没有变化的不用办；选错的请改正")]
    if set(before) == set(now) and title.co_ownership is not co_ownership:
        what_zh = "还是这两个人，只是共同共有和按份共有之间改一改"
        return [Problem(field, what_zh, "这是变更登记，请办“共有性质变更登记”，不收登记费")]
    return []


# --- between spouses -------------------------------------------------------------------------------------------------


def read_spouses(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """A change between spouses: no deed tax (契税法 6), no land VAT (amendment L5)."""
    return ApplicationFacts(
        cause=Cause.SPOUSES,
        giving=(HolderKind.PERSON,),
        has_agent=is_stood_in_for(form, HOLDER_SPOUSE, OTHER_SPOUSE),
        form=form,
        evidence=evidence,
    )


def change_between_spouses(given: EntryInput) -> tuple[Entry, ...]:
    """The couple holds as it agreed (民法典 1065); both apply, and nobody else is in the register.

    Raises InvalidInput when somebody else is, when nothing changes, or when it is an alteration.
    """
    form, title = given.form, given.title
    first, second = _both(form)
    becomes = Becomes(form["becomes"])
    co_ownership, holders = couple_holding(becomes, first, second, form.get("couple_shares", ""))
    refuse_if_any(
        [
            *couple_problems(title, (first, second), "spouse1_name"),
            *people_problems((HOLDER_SPOUSE, OTHER_SPOUSE), form, given.today),
            *change_problems(title, co_ownership, holders, "becomes"),
            *ON_IT.problems(given.page, form, given.today),
        ]
    )
    return (replaced_by(given, co_ownership, holders, Cause.SPOUSES, f"登记原因：{Cause.SPOUSES.name_zh}"),)


def _both(form: Mapping[str, str]) -> tuple[Applicant, Applicant]:
    people = (*HOLDER_SPOUSE.read(form), *OTHER_SPOUSE.read(form))
    if len(people) != 2 or people[0].identity.id_no == people[1].identity.id_no:
        raise InvalidInput([Problem("spouse1_name", "夫妻两个人没有填全，或者填了同一个人", "请分别填写两个人")])
    return people[0], people[1]


def prefill_spouses(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The spouse in the register, the certificate, and what lies on the home."""
    return prefill_of(HOLDER_SPOUSE, page, shown)


SPOUSES: Final = ServiceItem(
    number="S04",
    name_zh="夫妻间变更权利人转移登记",
    kind=Registration.TRANSFER,
    subject=Subject.TITLE,
    acts=(Act.TRANSFER,),
    applicants=(PartyRole.TRANSFEROR, PartyRole.TRANSFEREE),
    channels=EVERYWHERE,
    fields=SPOUSES_FIELDS,
    materials=(
        APPLICATION_ROW,
        *people_rows(HOLDER_SPOUSE, OTHER_SPOUSE),
        CERTIFICATE_ROW,
        Requirement("marriage", m.MARRIAGE, always, how_zh="结婚证；民政部门能共享查到的不用带。"),
        Requirement(
            "agreement",
            m.MARRIAGE,
            always,
            how_zh="夫妻两人签名的财产约定（写明房子归谁、怎么占），窗口有样本，可以当面签。",
        ),
        *disposing_rows(HOLDER_SPOUSE, OTHER_SPOUSE),
        *ON_IT.rows(),
        TAX_ROW,
    ),
    questions=SPOUSES_QUESTIONS,
    pledge_zh=SPOUSES_PLEDGE_ZH,
    application_facts=read_spouses,
    entries=change_between_spouses,
    parties=parties_of(HOLDER_SPOUSE, OTHER_SPOUSE),
    prefill=prefill_spouses,
    fees=(FeeRule(FeeClass.SPOUSES, PartyRole.TRANSFEREE, "财税〔2016〕79号（夫妻间变更权利人，只收证书工本费）"),),
    issues=(Document.CERTIFICATE,),
    days_target=1,
    days_parameter="item_days.S04",
    law="《不动产登记暂行条例实施细则》第二十七条；《民法典》第一千零六十五条；《契税法》第六条",
    guide_zh=SPOUSES_GUIDE_ZH,
    departments=_TAX,
    claims=ON_IT.claims,
    disposes=True,
    example=Example(
        {
            "holder1_phone": "13800138004",
            "holder1_comes": Comes.SELF.value,
            "spouse1_name": "严秀兰",
            "spouse1_id_kind": IdDocument.ID_CARD.value,
            "spouse1_id_no": "410526197203290001",
            "spouse1_phone": "13900139004",
            "spouse1_comes": Comes.SELF.value,
            "becomes": Becomes.JOINT.value,
            "marriage_no": "J410526-1996-000318",
            "agreement_date": "{today}",
        }
    ),
)


# --- after divorce ---------------------------------------------------------------------------------------------------


def read_divorce(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """A division at divorce, by agreement or by court."""
    return ApplicationFacts(
        cause=Cause.DIVORCE,
        giving=(HolderKind.PERSON,),
        has_agent=is_stood_in_for(form, TAKER, FORMER),
        form=form,
        evidence=evidence,
    )


def parties_of_divorce(form: Mapping[str, str]) -> tuple[PartyInput, ...]:
    """Both; with a court paper only whoever gets the home."""
    return parties_of(TAKER)(form) if form.get("way") == COURT else parties_of(TAKER, FORMER)(form)


def claims_of_divorce(form: Mapping[str, str]) -> frozenset[str]:
    """A court paper in force, where the form says there is one."""
    by_court = form.get("way") == COURT
    return ON_WHAT_PASSES_BY_LAW.claims(form) | ({Evidence.COURT_PAPER_IN_FORCE.value} if by_court else frozenset())


def divide_after_divorce(given: EntryInput) -> tuple[Entry, ...]:
    """The home becomes one's alone, or both hold by shares (民法典 1087; 细则 38).

    By agreement both apply; with a court paper in force whoever gets the home applies alone (条例 14).  Raises
    InvalidInput when somebody else is in the register or nothing changes.
    """
    form, title = given.form, given.title
    takers, formers = TAKER.read(form), FORMER.read(form)
    if len(takers) != 1 or len(formers) != 1 or takers[0].identity.id_no == formers[0].identity.id_no:
        raise InvalidInput([Problem("former1_name", "离婚双方没有填全，或者填了同一个人", "请分别填写两个人")])
    becomes = Becomes(form["becomes"])
    co_ownership, holders = couple_holding(becomes, takers[0], formers[0], form.get("couple_shares", ""))
    lying = ON_WHAT_PASSES_BY_LAW if form.get("way") == COURT else ON_IT
    refuse_if_any(
        [
            *couple_problems(title, (takers[0], formers[0]), "former1_name"),
            *people_problems((TAKER, FORMER), form, given.today),
            *change_problems(title, co_ownership, holders, "becomes"),
            *lying.problems(given.page, form, given.today),
        ]
    )
    papers_zh = f"登记原因：{Cause.DIVORCE.name_zh}；依据：{form.get('paper_no', '')}"
    return (replaced_by(given, co_ownership, holders, Cause.DIVORCE, papers_zh),)


def prefill_divorce(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The certificate and what lies on the home; who gets it, the register does not know."""
    if page.title is None or shown.holder is None:
        return {}
    return {"certificate_no": page.title.certificate_no, **ON_IT.known(page)}


DIVORCE: Final = ServiceItem(
    number="S05",
    name_zh="离婚析产转移登记",
    kind=Registration.TRANSFER,
    subject=Subject.TITLE,
    acts=(Act.TRANSFER,),
    applicants=(PartyRole.TRANSFEREE, PartyRole.TRANSFEROR),
    channels=AT_A_WINDOW,
    fields=DIVORCE_FIELDS,
    materials=(
        APPLICATION_ROW,
        *people_rows(TAKER, FORMER),
        CERTIFICATE_ROW,
        Requirement(
            "divorce_papers",
            m.MARRIAGE,
            answered("way", AGREEMENT),
            how_zh="离婚证和离婚协议（写明房子归谁）；民政部门能共享查到的不用带。",
        ),
        Requirement(
            "court_paper",
            m.COURT_PAPER,
            answered("way", COURT),
            how_zh="离婚判决书或者调解书，还有法院的生效证明（调解书不用生效证明）。",
        ),
        *disposing_rows(TAKER, FORMER),
        *ON_IT.rows(),
        TAX_ROW,
    ),
    questions=DIVORCE_QUESTIONS,
    pledge_zh=DIVORCE_PLEDGE_ZH,
    application_facts=read_divorce,
    entries=divide_after_divorce,
    parties=parties_of_divorce,
    prefill=prefill_divorce,
    fees=(FeeRule(FeeClass.DIVORCE, PartyRole.TRANSFEREE, STANDARD_FEE_LAW_ZH),),
    issues=(Document.CERTIFICATE,),
    days_target=3,
    days_parameter="item_days.S05",
    law="《不动产登记暂行条例》第十四条；《不动产登记暂行条例实施细则》第二十七条、第三十八条；《民法典》第一千零八十七条",
    guide_zh=DIVORCE_GUIDE_ZH,
    departments=_TAX,
    opening_fields=("way",),
    claims=claims_of_divorce,
    disposes=True,
    example=Example(
        {
            "way": AGREEMENT,
            "taker1_name": "魏桂英",
            "taker1_id_kind": IdDocument.ID_CARD.value,
            "taker1_id_no": "410526198209270006",
            "taker1_phone": "13800138005",
            "taker1_comes": Comes.SELF.value,
            "former1_name": "孔志远",
            "former1_id_kind": IdDocument.ID_CARD.value,
            "former1_id_no": "410526198003150009",
            "former1_phone": "13900139005",
            "former1_comes": Comes.SELF.value,
            "becomes": Becomes.FIRST.value,
            "paper_no": "L410526-2026-000221",
            "paper_date": "{today}",
        },
        ExampleUnit.COUPLES_FLAT,
    ),
)
