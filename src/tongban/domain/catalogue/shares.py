"""Shares of co-owners: one sells his own (民法典 305), or all change between joint and by shares (民法典 297–299)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
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
    attorney_row,
    disposing_rows,
    people_rows,
)
from tongban.domain.catalogue.item import (
    NO,
    YES,
    Department,
    EntryInput,
    Example,
    ExampleUnit,
    FeeRule,
    PartyRole,
    Requirement,
    ServiceItem,
    Shown,
)
from tongban.domain.catalogue.lying_on_it import ON_IT
from tongban.domain.catalogue.people import Applicant, Comes, parties_of
from tongban.domain.catalogue.share_sums import Part, holding_of
from tongban.domain.catalogue.share_words import (
    BUYER_IS_OWNER,
    KIND_FIELDS,
    KIND_GUIDE_ZH,
    KIND_PLEDGE_ZH,
    KIND_QUESTIONS,
    NOTIFIED,
    OWNERS,
    SHARE_BUYERS,
    SHARE_FIELDS,
    SHARE_GUIDE_ZH,
    SHARE_PLEDGE_ZH,
    SHARE_QUESTIONS,
    SHARE_SELLER,
    WAIVED,
)
from tongban.domain.catalogue.transferring import (
    TAX_ROW,
    contract_note,
    giving_of,
    is_stood_in_for,
    people_problems,
    prefill_of,
    refuse_if_any,
    replaced_by,
    same_people,
)
from tongban.domain.entries import Entry
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.facts import ApplicationFacts
from tongban.domain.fees.terms import FeeClass
from tongban.domain.identity import IdDocument
from tongban.domain.terms import Cause, CoOwnership, Document, HolderKind, Registration, Subject
from tongban.domain.titles import Holder, Title, parse_share
from tongban.domain.unit_page import UnitPage

# --- a share is sold -------------------------------------------------------------------------------------------------


def read_share_sale(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """A sale of a share."""
    return ApplicationFacts(
        cause=Cause.SALE,
        giving=giving_of(SHARE_SELLER, form),
        has_agent=is_stood_in_for(form, SHARE_SELLER, SHARE_BUYERS),
        form=form,
        evidence=evidence,
    )


def sell_share(given: EntryInput) -> tuple[Entry, ...]:
    """Only the sold part moves; the other co-owners need not sign, they have the first refusal (民法典 305, 306).

    Raises InvalidInput when the home is not held by shares, the seller has no such part, or an outsider buys and the
    others neither waived nor were told.
    """
    form, title = given.form, given.title
    seller = _seller_of(title, form)
    part = _part_sold(seller, form)
    buyers = SHARE_BUYERS.read(form)
    refuse_if_any(
        [
            *people_problems((SHARE_SELLER, SHARE_BUYERS), form, given.today),
            *_buyer_problems(seller, buyers),
            *_first_refusal_problems(title, buyers, form),
            *ON_IT.problems(given.page, form, given.today),
        ]
    )
    co_ownership, taking = SHARE_BUYERS.holding(form)
    if co_ownership is CoOwnership.JOINT:
        what_zh = "房产是按份共有的，几个买方不能只写共同共有"
        raise InvalidInput([Problem("buyer_co_ownership", what_zh, "请改成按份共有，写明各占这次买的份额的几分之几")])
    kept = [_less(holder, part) if holder is seller else Part.of(holder) for holder in title.holders]
    bought = [Part(one.kind, one.identity, part * (one.share or 1)) for one in taking]
    after, holders = holding_of([*kept, *bought])
    note_zh = f"{contract_note(form, Cause.SALE, given.page)}；转让份额：{part}"
    return (replaced_by(given, after, holders, Cause.SALE, note_zh),)


def _less(holder: Holder, part: Fraction) -> Part:
    own = Part.of(holder)
    return Part(own.kind, own.identity, own.share - part)


def _seller_of(title: Title, form: Mapping[str, str]) -> Holder:
    if title.co_ownership is not CoOwnership.BY_SHARES:
        what_zh = f"登记簿上是{title.co_ownership.name_zh}，没有份额可以单独转让"
        cure_zh = "共同共有的，请全体共有人先办“共有性质变更”改成按份共有；单独所有的，请办买卖转移登记"
        raise InvalidInput([Problem("certificate_no", what_zh, cure_zh)])
    for one in SHARE_SELLER.read(form):
        for holder in title.holders:
            if one.is_same(holder):
                return holder
    what_zh = "登记簿上没有这个共有人，或者证件号码对不上"
    raise InvalidInput([Problem("seller1_name", what_zh, "请对照不动产权证书核对姓名（名称）和证件号码")])


def _part_sold(seller: Holder, form: Mapping[str, str]) -> Fraction:
    own = Part.of(seller).share
    if form.get("sells") != "part":
        return own
    try:
        part = parse_share(form.get("part", ""))
    except InvalidInput as error:
        raise InvalidInput([Problem("part", error.problems[0].what_zh, error.problems[0].cure_zh)]) from error
    if part > own:
        what_zh = f"要转让{part}，可是卖方在登记簿上只占{own}"
        raise InvalidInput([Problem("part", what_zh, f"请填不超过{own}的份额")])
    return part


def _buyer_problems(seller: Holder, buyers: Sequence[Applicant]) -> list[Problem]:
    return [
        Problem(SHARE_BUYERS.key(place, "name"), "买方和卖方是同一个人", "没有换人的不用办转移登记")
        for place, one in enumerate(buyers, 1)
        if one.is_same(seller)
    ]


def _first_refusal_problems(title: Title, buyers: Sequence[Applicant], form: Mapping[str, str]) -> list[Problem]:
    """A sale among co-owners leaves nobody out; before an outsider buys, the others were asked (民法典 306)."""
    all_owners = all(any(one.is_same(holder) for holder in title.holders) for one in buyers)
    if form.get("first_refusal") != BUYER_IS_OWNER or all_owners:
        return []
    what_zh = "买方不是登记簿上的共有人，其他共有人在同等条件下可以优先买（民法典第三百零五条、第三百零六条）"
    return [Problem("first_refusal", what_zh, "请先书面通知其他共有人，或者请他们写放弃优先购买的声明，再改选")]


def prefill_share_sale(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The co-owner who asks, the certificate, and what lies on the home."""
    return prefill_of(SHARE_SELLER, page, shown)


SHARE_SALE: Final = ServiceItem(
    number="S11",
    name_zh="共有份额转让转移登记",
    kind=Registration.TRANSFER,
    subject=Subject.TITLE,
    acts=(Act.TRANSFER,),
    applicants=(PartyRole.TRANSFEROR, PartyRole.TRANSFEREE),
    channels=AT_A_WINDOW,
    fields=SHARE_FIELDS,
    materials=(
        APPLICATION_ROW,
        *people_rows(SHARE_SELLER, SHARE_BUYERS),
        CERTIFICATE_ROW,
        Requirement(
            "contract",
            m.RESALE_CONTRACT,
            always,
            how_zh="在住建部门网签备案的，能共享查到，不用带；查不到的带合同原件，写明转让多少份额。",
        ),
        Requirement(
            "first_refusal",
            m.INTERESTED,
            answered("first_refusal", WAIVED, NOTIFIED),
            whose=PartyRole.CO_OWNER,
            how_zh="其他共有人签名的放弃优先购买声明；没有声明的，带已经书面通知他们的凭证（例如邮寄单、送达回证）。",
        ),
        *disposing_rows(SHARE_SELLER),
        attorney_row(SHARE_BUYERS),
        *ON_IT.rows(),
        TAX_ROW,
    ),
    questions=SHARE_QUESTIONS,
    pledge_zh=SHARE_PLEDGE_ZH,
    application_facts=read_share_sale,
    entries=sell_share,
    parties=parties_of(SHARE_SELLER, SHARE_BUYERS),
    prefill=prefill_share_sale,
    fees=(FeeRule(FeeClass.STANDARD, PartyRole.TRANSFEREE, STANDARD_FEE_LAW_ZH),),
    issues=(Document.CERTIFICATE,),
    days_target=3,
    days_parameter="item_days.S11",
    law="《不动产登记暂行条例实施细则》第十条、第二十七条、第三十八条；《民法典》第三百零五条、第三百零六条",
    guide_zh=SHARE_GUIDE_ZH,
    departments=frozenset({Department.HOUSING, Department.TAX}),
    opening_fields=("seller1_kind",),
    claims=ON_IT.claims,
    disposes=True,
    example=Example(
        {
            "seller1_kind": HolderKind.PERSON.value,
            "seller1_phone": "13800138011",
            "seller1_comes": Comes.SELF.value,
            "sells": "all",
            "buyer1_kind": HolderKind.PERSON.value,
            "buyer1_name": "魏桂英",
            "buyer1_id_kind": IdDocument.ID_CARD.value,
            "buyer1_id_no": "410526198209270006",
            "buyer1_phone": "13900139011",
            "buyer1_comes": Comes.SELF.value,
            "buyer2_also": NO,
            "first_refusal": BUYER_IS_OWNER,
            "contract_no": "滑房存2026-004711",
            "contract_date": "{today}",
            "price_yuan": "260000",
        },
        ExampleUnit.COUPLES_FLAT,
        after=("S12",),
    ),
)


# --- joint or by shares ----------------------------------------------------------------------------------------------


def read_kind_change(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """The same people hold otherwise; nobody gives anything away."""
    return ApplicationFacts(Cause.OTHER, (), has_agent=is_stood_in_for(form, OWNERS), form=form, evidence=evidence)


def change_kind(given: EntryInput) -> tuple[Entry, ...]:
    """All co-owners hold jointly from now on, or by the shares they agreed (细则 26).

    Raises InvalidInput when somebody is missing or strange, or the kind stays: other shares are a transfer (细则 27).
    """
    form, title = given.form, given.title
    people = OWNERS.read(form)
    problems = people_problems((OWNERS,), form, given.today)
    if not same_people(title.holders, people):
        what_zh = f"登记簿上有{len(title.holders)}位权利人，和来申请的{len(people)}位对不上"
        cure_zh = "请全体共有人一起来申请，一个不多、一个不少，姓名和证件号码照着证书填"
        problems.append(Problem("owner1_name", what_zh, cure_zh))
    refuse_if_any(problems)
    co_ownership, holders = OWNERS.holding(form)
    if title.co_ownership is co_ownership:
        what_zh = f"登记簿上本来就是{co_ownership.name_zh}"
        cure_zh = "没有变化的不用办；按份共有要改份额的，请办“共有份额转让”，夫妻之间的请办“夫妻间变更权利人”"
        raise InvalidInput([Problem("owner_co_ownership", what_zh, cure_zh)])
    if title.co_ownership is CoOwnership.SOLE:
        raise InvalidInput(
            [Problem("certificate_no", "房产是一个人单独所有的", "要加名字的，请办赠与、买卖或者夫妻间变更")]
        )
    return (replaced_by(given, co_ownership, _as_registered(title, people, holders), Cause.OTHER, _KIND_NOTE_ZH),)


_KIND_NOTE_ZH = "登记原因：共有性质变更"


def _as_registered(title: Title, people: Sequence[Applicant], holders: Sequence[Holder]) -> tuple[Holder, ...]:
    """The new shares with the names and numbers that stand in the register: this registration changes neither."""
    known = [next(holder for holder in title.holders if one.is_same(holder)) for one in people]
    return tuple(replace(now, identity=old.identity, kind=old.kind) for now, old in zip(holders, known, strict=True))


def prefill_kind_change(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The co-owner who asks, and the certificate."""
    if page.title is None or shown.holder is None:
        return {}
    return {"certificate_no": page.title.certificate_no, **OWNERS.prefill(shown.holder)}


KIND_CHANGE: Final = ServiceItem(
    number="S12",
    name_zh="共有性质变更登记",
    kind=Registration.ALTERATION,
    subject=Subject.TITLE,
    acts=(Act.ALTER_SHARES,),
    applicants=(PartyRole.OWNER,),
    channels=EVERYWHERE,
    fields=KIND_FIELDS,
    materials=(
        APPLICATION_ROW,
        *people_rows(OWNERS),
        CERTIFICATE_ROW,
        Requirement(
            "agreement",
            m.CHANGE_EVIDENCE,
            always,
            how_zh="全体共有人签名的协议，写明改成共同共有，还是各占几分之几；窗口有样本，可以当面签。",
        ),
        *disposing_rows(OWNERS),
    ),
    questions=KIND_QUESTIONS,
    pledge_zh=KIND_PLEDGE_ZH,
    application_facts=read_kind_change,
    entries=change_kind,
    parties=parties_of(OWNERS),
    prefill=prefill_kind_change,
    fees=(FeeRule(FeeClass.ALTERATION, PartyRole.OWNER, "财税〔2019〕45号（2019年7月1日起，变更登记免收登记费）"),),
    issues=(Document.CERTIFICATE,),
    days_target=1,
    days_parameter="item_days.S12",
    law="《不动产登记暂行条例实施细则》第二十六条；《民法典》第二百九十七条至第二百九十九条",
    guide_zh=KIND_GUIDE_ZH,
    example=Example(
        {
            "owner1_phone": "13800138012",
            "owner1_comes": Comes.SELF.value,
            "owner2_also": YES,
            "owner2_kind": HolderKind.PERSON.value,
            "owner2_name": "魏桂英",
            "owner2_id_kind": IdDocument.ID_CARD.value,
            "owner2_id_no": "410526198209270006",
            "owner2_phone": "13900139012",
            "owner2_comes": Comes.SELF.value,
            "owner3_also": NO,
            "owner_co_ownership": CoOwnership.BY_SHARES.value,
            "owner_shares": "1/2、1/2",
            "agreement_date": "{today}",
        },
        ExampleUnit.COUPLES_FLAT,
    ),
)
