"""Inheritance and legacy (民法典 230, 1121–1163): whoever succeeds applies alone, on a notarial deed or a court paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.building_blocks import (
    APPLICATION_ROW,
    AT_A_WINDOW,
    CERTIFICATE_ROW,
    STANDARD_FEE_LAW_ZH,
    answered,
    attorney_row,
    people_rows,
)
from tongban.domain.catalogue.item import (
    NO,
    Department,
    EntryInput,
    Example,
    FeeRule,
    NoticeRule,
    PartyRole,
    Requirement,
    ServiceItem,
    Shown,
    When,
)
from tongban.domain.catalogue.lying_on_it import ON_WHAT_PASSES_BY_LAW
from tongban.domain.catalogue.people import Comes, Group, parties_of
from tongban.domain.catalogue.share_sums import Part, holding_of, remaining
from tongban.domain.catalogue.succession_words import (
    COURT,
    DEED,
    HEIRS,
    INHERITANCE_GUIDE_ZH,
    INHERITANCE_PLEDGE_ZH,
    INHERITANCE_QUESTIONS,
    LEGACY_GUIDE_ZH,
    LEGACY_PLEDGE_ZH,
    LEGACY_QUESTIONS,
    LEGATEES,
    NEITHER,
    notice_words,
    succession_fields,
)
from tongban.domain.catalogue.transferring import (
    TAX_ROW,
    is_stood_in_for,
    people_problems,
    refuse_if_any,
    replaced_by,
)
from tongban.domain.entries import Entry
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.evidence import Evidence
from tongban.domain.facts import ApplicationFacts
from tongban.domain.fees.terms import FeeClass
from tongban.domain.identity import IdDocument, modern_number, plain_name
from tongban.domain.terms import Cause, CoOwnership, Document, HolderKind, Registration, Subject
from tongban.domain.titles import Holder, Title, parse_share
from tongban.domain.unit_page import UnitPage

_WITHOUT_DEED = answered("way", NEITHER)
_ROWS = (
    CERTIFICATE_ROW,
    Requirement(
        "deed",
        m.NOTARIAL,
        answered("way", DEED),
        how_zh="公证书原件；公证系统能共享核验的，报编号就行。有了公证书，死亡证明、亲属关系证明、遗嘱都不用带。",
    ),
    Requirement(
        "court_paper",
        m.COURT_PAPER,
        answered("way", COURT),
        how_zh="判决书和法院的生效证明，或者调解书（不用生效证明）。",
    ),
    Requirement(
        "death", m.DEATH, _WITHOUT_DEED, how_zh="医院的死亡证明、派出所的销户证明或者火化证明；能共享查到的不用带。"
    ),
)


def notice_of(group: Group, what_zh: str) -> NoticeRule:
    """Without deed or court paper what will be recorded is published first (操作规范 1.8.6; 细则 17)."""
    return NoticeRule(
        needed=When("way", (NEITHER,)),
        what_zh=lambda form: notice_words(group, what_zh, form),
        days_parameter="public_notice_workdays",
        law_zh="《不动产登记暂行条例实施细则》第十四条、第十七条；《不动产登记操作规范（试行）》1.8.6",
        when_zh="没有公证书，也没有法院文书",
    )


def read_succession(cause: Cause, group: Group) -> Callable[[Mapping[str, str], frozenset[str]], ApplicationFacts]:
    """Reads the form for the law: the right has passed with the death, nobody gives it (民法典 230)."""

    def read(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
        return ApplicationFacts(cause, (), has_agent=is_stood_in_for(form, group), form=form, evidence=evidence)

    return read


def succession_claims(form: Mapping[str, str]) -> frozenset[str]:
    """Who applies is heir or legatee; and the deed or the court paper that the form names (amendment L6)."""
    papers = {DEED: Evidence.NOTARIAL_DEED_VERIFIED, COURT: Evidence.COURT_PAPER_IN_FORCE}
    proof = papers.get(form.get("way", ""))
    own = {Evidence.HEIR_OR_LEGATEE.value, *({proof.value} if proof else ())}
    return ON_WHAT_PASSES_BY_LAW.claims(form) | own


def deceased_of(title: Title, form: Mapping[str, str]) -> Holder:
    """The holder who has died; raises InvalidInput when the register does not know him."""
    name, number = plain_name(form.get("deceased_name", "")), modern_number(form.get("deceased_id_no", ""))
    for holder in title.holders:
        if plain_name(holder.name) == name and modern_number(holder.id_no) == number:
            return holder
    what_zh = f"登记簿上没有“{name}”这个权利人，或者证件号码对不上"
    raise InvalidInput([Problem("deceased_name", what_zh, "请对照不动产权证书核对去世的人的姓名和证件号码")])


def succeed(cause: Cause, group: Group) -> Callable[[EntryInput], tuple[Entry, ...]]:
    """What succession writes: the deceased's part goes to those who succeed, the others keep theirs.

    Raises InvalidInput when the deceased is not in the register, is named as successor himself, or parts do not fit.
    """

    def entries(given: EntryInput) -> tuple[Entry, ...]:
        form, title = given.form, given.title
        deceased = deceased_of(title, form)
        problems = people_problems((group,), form, given.today)
        problems += [
            Problem(group.key(place, "name"), "去世的人不能又是得到房子的人", "请核对姓名和证件号码")
            for place, one in enumerate(group.read(form), 1)
            if one.is_same(deceased)
        ]
        refuse_if_any([*problems, *_day_problems(form), *ON_WHAT_PASSES_BY_LAW.problems(given.page, form, given.today)])
        co_ownership, holders = _held_after(title, deceased, group, form)
        note_zh = f"登记原因：{cause.name_zh}；依据：{_ground_zh(cause, form)}"
        return (replaced_by(given, co_ownership, holders, cause, note_zh),)

    return entries


def _day_problems(form: Mapping[str, str]) -> list[Problem]:
    """Nothing is inherited before the death (民法典 1121), so no deed or court paper can say so."""
    died, paper = form.get("died_on", ""), form.get("paper_date", "")
    if not died or not paper or paper >= died:
        return []
    what_zh = f"公证书（法院文书）的日期{paper}比去世的日期{died}还早（民法典第一千一百二十一条）"
    return [Problem("paper_date", what_zh, "请对照死亡证明和公证书、法院文书核对这两个日期")]


def _ground_zh(cause: Cause, form: Mapping[str, str]) -> str:
    """The deed or court paper; without one, what was examined and made public (细则 14、17)."""
    named = form.get("paper_issuer", "") + form.get("paper_no", "")
    return named or f"{cause.name_zh}材料，经审核并公告"


def _held_after(
    title: Title, deceased: Holder, group: Group, form: Mapping[str, str]
) -> tuple[CoOwnership, tuple[Holder, ...]]:
    co_ownership, successors = group.holding(form)
    if title.co_ownership is CoOwnership.SOLE:
        return co_ownership, successors
    if co_ownership is CoOwnership.JOINT:
        what_zh = f"房产还有别的共有人，{group.who_zh}之间不能只写共同共有"
        raise InvalidInput([Problem(f"{group.prefix}_co_ownership", what_zh, "请照着公证书、法院文书改成按份共有")])
    estate, others = _parts(title, deceased, form)
    taken = [Part(one.kind, one.identity, estate.share * (one.share or 1)) for one in successors]
    return holding_of([*others, *taken])


def _parts(title: Title, deceased: Holder, form: Mapping[str, str]) -> tuple[Part, list[Part]]:
    """The part of the deceased, and those of the others; joint owners divide first, as the paper says (民法典 1153)."""
    others = [holder for holder in title.holders if holder is not deceased]
    if title.co_ownership is CoOwnership.BY_SHARES:
        return Part.of(deceased), remaining(title, deceased)
    shares = [parse_share(part) for part in form.get("parts", "").split("、")]
    if len(shares) != len(title.holders) or sum(shares) != 1:
        what_zh = f"登记簿上有{len(title.holders)}位共有人，各占多少没有写全，或者加起来不等于1"
        cure_zh = "第一个写去世的人的，后面按证书上的顺序写其他共有人的，例如 1/2、1/2"
        raise InvalidInput([Problem("parts", what_zh, cure_zh)])
    own, *rest = shares
    divided = [Part(one.kind, one.identity, share) for one, share in zip(others, rest, strict=True)]
    return Part(deceased.kind, deceased.identity, own), divided


def prefill_succession(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The deceased as the register names him, how he held, and what lies on the home."""
    if page.title is None or shown.holder is None:
        return {}
    return {
        "certificate_no": page.title.certificate_no,
        "deceased_name": shown.holder.name,
        "deceased_id_kind": shown.holder.id_kind.value,
        "deceased_id_no": shown.holder.id_no,
        "held": page.title.co_ownership.value,
        **ON_WHAT_PASSES_BY_LAW.known(page),
    }


_EXAMPLE: Final = {
    "way": DEED,
    "died_on": "2026-03-08",
    "heir1_name": "陶浩然",
    "heir1_id_kind": IdDocument.ID_CARD.value,
    "heir1_id_no": "410526199904180007",
    "heir1_phone": "13900139006",
    "heir1_comes": Comes.SELF.value,
    "heir2_also": NO,
    "paper_no": "（2026）滑证民字第0218号",
    "paper_issuer": "河南省滑县公证处",
    "paper_date": "2026-10-26",
}
_CONFIRMED: Final = frozenset({Evidence.NOTARIAL_DEED_VERIFIED})

INHERITANCE: Final = ServiceItem(
    number="S06",
    name_zh="继承转移登记",
    kind=Registration.TRANSFER,
    subject=Subject.TITLE,
    acts=(Act.TRANSFER,),
    applicants=(PartyRole.HEIR,),
    channels=AT_A_WINDOW,
    fields=succession_fields(HEIRS),
    materials=(
        APPLICATION_ROW,
        *people_rows(HEIRS),
        *_ROWS,
        Requirement(
            "kinship",
            m.KINSHIP,
            _WITHOUT_DEED,
            how_zh="户口簿、结婚证、出生医学证明等，能看出全部继承人和去世的人的关系。",
        ),
        Requirement(
            "division",
            m.WILL,
            _WITHOUT_DEED,
            how_zh="全体继承人签名的遗产分割协议；有遗嘱的带遗嘱；放弃继承的当面写声明。",
        ),
        attorney_row(HEIRS),
        *ON_WHAT_PASSES_BY_LAW.rows(),
        TAX_ROW,
    ),
    questions=INHERITANCE_QUESTIONS,
    pledge_zh=INHERITANCE_PLEDGE_ZH,
    application_facts=read_succession(Cause.INHERITANCE, HEIRS),
    entries=succeed(Cause.INHERITANCE, HEIRS),
    parties=parties_of(HEIRS),
    prefill=prefill_succession,
    fees=(FeeRule(FeeClass.STANDARD, PartyRole.HEIR, STANDARD_FEE_LAW_ZH),),
    issues=(Document.CERTIFICATE,),
    days_target=3,
    days_parameter="item_days.S06",
    law="《不动产登记暂行条例》第十四条第二款第二项；《不动产登记暂行条例实施细则》第十四条；《民法典》第二百三十条",
    guide_zh=INHERITANCE_GUIDE_ZH,
    departments=frozenset({Department.TAX}),
    opening_fields=("way",),
    claims=succession_claims,
    disposes=True,
    public_notice=notice_of(HEIRS, "继承"),
    example=Example(_EXAMPLE, confirmed=_CONFIRMED),
)

LEGACY: Final = ServiceItem(
    number="S07",
    name_zh="受遗赠转移登记",
    kind=Registration.TRANSFER,
    subject=Subject.TITLE,
    acts=(Act.TRANSFER,),
    applicants=(PartyRole.HEIR,),
    channels=AT_A_WINDOW,
    fields=succession_fields(LEGATEES),
    materials=(
        APPLICATION_ROW,
        *people_rows(LEGATEES),
        *_ROWS,
        Requirement("will", m.WILL, _WITHOUT_DEED, how_zh="遗嘱或者遗赠扶养协议，还有在60天以内表示接受的书面材料。"),
        attorney_row(LEGATEES),
        *ON_WHAT_PASSES_BY_LAW.rows(),
        TAX_ROW,
    ),
    questions=LEGACY_QUESTIONS,
    pledge_zh=LEGACY_PLEDGE_ZH,
    application_facts=read_succession(Cause.LEGACY, LEGATEES),
    entries=succeed(Cause.LEGACY, LEGATEES),
    parties=parties_of(LEGATEES),
    prefill=prefill_succession,
    fees=(FeeRule(FeeClass.STANDARD, PartyRole.HEIR, STANDARD_FEE_LAW_ZH),),
    issues=(Document.CERTIFICATE,),
    days_target=3,
    days_parameter="item_days.S07",
    law="《不动产登记暂行条例》第十四条第二款第二项；《不动产登记暂行条例实施细则》第十四条；《民法典》第一千一百二十四条",
    guide_zh=LEGACY_GUIDE_ZH,
    departments=frozenset({Department.TAX}),
    opening_fields=("way",),
    claims=succession_claims,
    disposes=True,
    public_notice=notice_of(LEGATEES, "受遗赠"),
    example=Example({**_EXAMPLE, "heir1_kind": HolderKind.PERSON.value, "heir1_name": "尤志远"}, confirmed=_CONFIRMED),
)
