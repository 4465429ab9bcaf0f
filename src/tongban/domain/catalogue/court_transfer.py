"""What courts have decided or sold: the taker applies alone with the papers in force (条例 14; 民法典 229)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burden_entries import CloseBurden
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.building_blocks import (
    APPLICATION_ROW,
    AT_A_WINDOW,
    STANDARD_FEE_LAW_ZH,
    always,
    attorney_row,
    people_rows,
)
from tongban.domain.catalogue.court_words import (
    COURT_SALE_FIELDS,
    COURT_SALE_GUIDE_ZH,
    COURT_SALE_PLEDGE_ZH,
    COURT_SALE_QUESTIONS,
    ON_A_COURT_SALE,
    RULING_FIELDS,
    RULING_GUIDE_ZH,
    RULING_PLEDGE_ZH,
    RULING_QUESTIONS,
    TAKERS,
)
from tongban.domain.catalogue.item import (
    NO,
    Department,
    EntryInput,
    Example,
    FeeRule,
    FoundBy,
    PartyRole,
    Requirement,
    ServiceItem,
    Shown,
)
from tongban.domain.catalogue.lying_on_it import ON_WHAT_PASSES_BY_LAW, Lying
from tongban.domain.catalogue.people import Comes, parties_of
from tongban.domain.catalogue.share_sums import Part, holding_of
from tongban.domain.catalogue.transferring import (
    TAX_ROW,
    is_stood_in_for,
    people_problems,
    refuse_if_any,
    replaced_by,
    taking_problems,
)
from tongban.domain.entries import Entry
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.evidence import Evidence
from tongban.domain.facts import ApplicationFacts
from tongban.domain.fees.terms import FeeClass
from tongban.domain.identity import IdDocument, normal_name, plain_name
from tongban.domain.terms import Cause, Channel, CoOwnership, Document, HolderKind, Registration, Subject
from tongban.domain.titles import Holder, Title
from tongban.domain.unit_page import UnitPage

_SEIZURES: Final = frozenset({Burden.SEIZURE, Burden.PRE_SEIZURE})
_TAX = frozenset({Department.TAX})


def read_court(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """The court's paper moves the right; nobody gives it of his own will, so no land VAT exclusion looks at a giver."""
    return ApplicationFacts(
        Cause.COURT_RULING, (), has_agent=is_stood_in_for(form, TAKERS), form=form, evidence=evidence
    )


def court_claims(form: Mapping[str, str]) -> frozenset[str]:
    """The court paper in force that the form names."""
    return ON_WHAT_PASSES_BY_LAW.claims(form) | {Evidence.COURT_PAPER_IN_FORCE.value}


def losers_of(title: Title, form: Mapping[str, str]) -> tuple[Holder, ...]:
    """The holders whose right the paper moves; raises InvalidInput when one is not in the register.

    Joint owners have no parts of their own: the paper moves the right of all of them, or divides it first.
    """
    names = [plain_name(one) for one in form.get("losers", "").replace("，", "、").replace(",", "、").split("、")]
    unknown = [name for name in names if name not in {plain_name(holder.name) for holder in title.holders}]
    if unknown:
        what_zh = f"登记簿上没有“{'、'.join(unknown)}”这个权利人"
        raise InvalidInput(
            [Problem("losers", what_zh, "请照着法院文书和不动产权证书核对姓名（名称），几个人用顿号隔开")]
        )
    found = tuple(holder for holder in title.holders if plain_name(holder.name) in names)
    if title.co_ownership is CoOwnership.JOINT and len(found) < len(title.holders):
        what_zh = "房产是共同共有的，文书只写了其中一部分人的权利"
        raise InvalidInput(
            [Problem("losers", what_zh, "共同共有的没有分出各人的份额：请补写全体共有人，或者先按文书办析产")]
        )
    return found


def move_by_court(given: EntryInput) -> tuple[Entry, ...]:
    """The right of the persons the paper names passes to the takers; other owners by shares keep theirs.

    Raises InvalidInput when the paper does not fit the register.
    """
    form, title = given.form, given.title
    losers = losers_of(title, form)
    refuse_if_any(
        [
            *people_problems((TAKERS,), form, given.today),
            *taking_problems(title, TAKERS, form),
            *ON_WHAT_PASSES_BY_LAW.problems(given.page, form, given.today),
        ]
    )
    note_zh = f"登记原因：{Cause.COURT_RULING.name_zh}；{form.get('court', '')}{form.get('case_no', '')}"
    co_ownership, holders = _held_after(title, losers, form)
    return (replaced_by(given, co_ownership, holders, Cause.COURT_RULING, note_zh),)


def _held_after(
    title: Title, losers: tuple[Holder, ...], form: Mapping[str, str]
) -> tuple[CoOwnership, tuple[Holder, ...]]:
    co_ownership, takers = TAKERS.holding(form)
    if len(losers) == len(title.holders):
        return co_ownership, takers
    if co_ownership is CoOwnership.JOINT:
        what_zh = "房产还有别的按份共有人，得到份额的几个人不能只写共同共有"
        raise InvalidInput([Problem("taker_co_ownership", what_zh, "请照着文书写明各占多少")])
    kept = [Part.of(holder) for holder in title.holders if holder not in losers]
    moved = sum((Part.of(holder).share for holder in losers), start=Part.of(losers[0]).share * 0)
    taken = [Part(one.kind, one.identity, moved * (one.share or 1)) for one in takers]
    return holding_of([*kept, *taken])


def sold_by_court(given: EntryInput) -> tuple[Entry, ...]:
    """As `move_by_court`; the selling court's seizure ends with the sale, and so do the mortgages it orders to end.

    The whole thing being disposed of, waiting seizures have nothing left to wait for (法发〔2004〕5号 20; 查扣冻规定 26).
    A right of habitation and an easement stay unless the court's notice says otherwise (民法典 410).
    """
    form, page = given.form, given.page
    code, losers = given.title.unit.unit_code, losers_of(given.title, form)
    is_whole = len(losers) == len(given.title.holders)
    endings: list[Entry] = []
    for opened in page.burdens:
        kind, number = opened.burden.burden, opened.burden.burden_no
        by_this_court = normal_name(opened.burden.organ_zh) == normal_name(form.get("court", ""))
        if kind in _SEIZURES and by_this_court and is_whole:
            endings.append(CloseBurden(code, number, f"处置完毕：{form.get('notice_no', '')}协助执行通知书"))
        elif kind is Burden.WAITING_SEIZURE and is_whole:
            endings.append(CloseBurden(code, number, "房产已经整体处置，轮候查封自动失效（法发〔2004〕5号第二十条）"))
    ordered = {
        number for number in form.get("ended_proofs", "").replace("，", "、").split("、") if number not in ("", "无")
    }
    for number in sorted(ordered):
        burden = page.by_proof(number)
        if burden is None:
            what_zh = f"登记簿上没有证明号是“{number}”的权利"
            raise InvalidInput([Problem("ended_proofs", what_zh, "请照着协助执行通知书核对登记证明号，几个用顿号隔开")])
        endings.append(
            CloseBurden(code, burden.burden_no, f"人民法院处置时注销：{form.get('notice_no', '')}协助执行通知书")
        )
    return (*move_by_court(given), *endings)


def prefill_ruling(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """What lies on the home, for whoever can name those the paper is against; raises InvalidInput as `losers_of`.

    The applicant holds no paper of this register, but the court's paper names its holders; somebody with such an interest
    may know whether there is a mortgage, a notice or an objection (不动产登记资料查询暂行办法 19, 20), here not even more.
    """
    return _known_of(ON_WHAT_PASSES_BY_LAW, page, shown)


def prefill_court_sale(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """As `prefill_ruling`; a notice of somebody else is the selling court's business."""
    return _known_of(ON_A_COURT_SALE, page, shown)


def _known_of(lying: Lying, page: UnitPage, shown: Shown) -> dict[str, str]:
    losers = shown.facts.get("losers", "")
    if page.title is None or not losers:
        return {}
    losers_of(page.title, shown.facts)
    return {"losers": losers, **lying.known(page)}


RULING: Final = ServiceItem(
    number="S08",
    name_zh="生效法律文书转移登记",
    kind=Registration.TRANSFER,
    subject=Subject.TITLE,
    acts=(Act.TRANSFER,),
    applicants=(PartyRole.TRANSFEREE,),
    channels=AT_A_WINDOW,
    fields=RULING_FIELDS,
    materials=(
        APPLICATION_ROW,
        *people_rows(TAKERS),
        Requirement(
            "court_paper",
            m.COURT_PAPER,
            always,
            how_zh="判决书、裁定书和法院的生效证明，或者调解书；仲裁裁决书也可以。能向法院核验的不用生效证明。",
        ),
        attorney_row(TAKERS),
        *ON_WHAT_PASSES_BY_LAW.rows(),
        TAX_ROW,
    ),
    questions=RULING_QUESTIONS,
    pledge_zh=RULING_PLEDGE_ZH,
    application_facts=read_court,
    entries=move_by_court,
    parties=parties_of(TAKERS),
    prefill=prefill_ruling,
    opening_fields=("losers",),
    applicant=TAKERS.first,
    fees=(FeeRule(FeeClass.STANDARD, PartyRole.TRANSFEREE, STANDARD_FEE_LAW_ZH),),
    issues=(Document.CERTIFICATE,),
    days_target=3,
    days_parameter="item_days.S08",
    law="《不动产登记暂行条例》第十四条第二款第三项；《民法典》第二百二十九条",
    guide_zh=RULING_GUIDE_ZH,
    found_by=FoundBy.UNIT,
    departments=_TAX,
    claims=court_claims,
    disposes=True,
    example=Example(
        {
            "losers": "陶建国",
            "taker1_kind": HolderKind.PERSON.value,
            "taker1_name": "姜海洋",
            "taker1_id_kind": IdDocument.ID_CARD.value,
            "taker1_id_no": "410105198911070000",
            "taker1_phone": "13900139008",
            "taker1_comes": Comes.SELF.value,
            "taker2_also": NO,
            "paper_kind": m.JUDGMENT.key,
            "court": "滑县人民法院",
            "case_no": "（2026）豫0526民初1208号",
            "paper_date": "2026-10-12",
            "mortgage": NO,
            "habitation": NO,
            "objection": NO,
            "notice": NO,
        }
    ),
)

COURT_SALE: Final = ServiceItem(
    number="S09",
    name_zh="司法拍卖、以物抵债转移登记",
    kind=Registration.TRANSFER,
    subject=Subject.TITLE,
    acts=(Act.COMPELLED_TRANSFER,),
    applicants=(PartyRole.TRANSFEREE,),
    channels=AT_A_WINDOW | {Channel.JUDICIAL},  # a court's sale is never outside the service (48号文 四)
    fields=COURT_SALE_FIELDS,
    materials=(
        APPLICATION_ROW,
        *people_rows(TAKERS),
        Requirement(
            "court_paper", m.COURT_PAPER, always, how_zh="法院的拍卖成交裁定书、变卖裁定书或者以物抵债裁定书。"
        ),
        Requirement(
            "court_notice", m.COURT_NOTICE, always, how_zh="法院的协助执行通知书；法院已经从网上送来的，不用带。"
        ),
        attorney_row(TAKERS),
        TAX_ROW,
    ),
    questions=COURT_SALE_QUESTIONS,
    pledge_zh=COURT_SALE_PLEDGE_ZH,
    application_facts=read_court,
    entries=sold_by_court,
    parties=parties_of(TAKERS),
    prefill=prefill_court_sale,
    opening_fields=("losers",),
    applicant=TAKERS.first,
    fees=(FeeRule(FeeClass.STANDARD, PartyRole.TRANSFEREE, STANDARD_FEE_LAW_ZH),),
    issues=(Document.CERTIFICATE,),
    days_target=3,
    days_parameter="item_days.S09",
    law="《不动产登记暂行条例实施细则》第十九条；《民法典》第二百二十九条；《民事诉讼法》关于协助执行的规定",
    guide_zh=COURT_SALE_GUIDE_ZH,
    found_by=FoundBy.UNIT,
    departments=frozenset({Department.TAX}),
    claims=court_claims,
    disposes=True,
    example=Example(
        {
            "losers": "陶建国",
            "taker1_kind": HolderKind.PERSON.value,
            "taker1_name": "潘晓明",
            "taker1_id_kind": IdDocument.ID_CARD.value,
            "taker1_id_no": "410102199310240006",
            "taker1_phone": "13900139009",
            "taker1_comes": Comes.SELF.value,
            "taker2_also": NO,
            "paper_kind": m.SALE_RULING.key,
            "court": "滑县人民法院",
            "case_no": "（2026）豫0526执533号之一",
            "paper_date": "2026-11-03",
            "notice_no": "（2026）豫0526执533号",
            "price_yuan": "615000",
            "ended_proofs": "无",
            "mortgage": NO,
            "habitation": NO,
            "objection": NO,
        }
    ),
)
