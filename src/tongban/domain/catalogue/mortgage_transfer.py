"""The transfer of a mortgage together with the claim it secures (民法典 407); a maximum mortgage only as 421 allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue import mortgage_form as f
from tongban.domain.catalogue.building_blocks import (
    APPLICATION_ROW,
    EVERYWHERE,
    always,
    answered,
    attorney_row,
    guide,
    inquiry,
    people_rows,
    pledge,
)
from tongban.domain.catalogue.disposal import all_together, refuse
from tongban.domain.catalogue.item import (
    NO,
    YES,
    Choice,
    EntryInput,
    Example,
    FeeRule,
    Field,
    FieldKind,
    FoundBy,
    PartyRole,
    Question,
    Requirement,
    ServiceItem,
    Shown,
    When,
)
from tongban.domain.catalogue.mortgage_in_force import (
    PROOF_FIELD,
    PROOF_ROW,
    altered,
    is_undetermined,
    mortgage_of,
)
from tongban.domain.catalogue.people import Comes, Group, parties_of, someone_comes_as
from tongban.domain.entries import Entry
from tongban.domain.evidence import Evidence
from tongban.domain.facts import ApplicationFacts
from tongban.domain.fees.terms import FeeClass
from tongban.domain.identity import IdDocument
from tongban.domain.terms import Cause, Document, HolderKind, Registration, Subject
from tongban.domain.unit_page import UnitPage

ASSIGNOR: Final = Group("assignor", PartyRole.OLD_MORTGAGEE, "原抵押权人（债权出让人）", most=3, may_presign=True)
ASSIGNEE: Final = Group("mortgagee", PartyRole.MORTGAGEE, "新抵押权人（债权受让人）", most=3, may_presign=True)
ALL: Final = "all"
PART: Final = "part"
_ACTING = tuple(someone_comes_as(one, ASSIGNOR, ASSIGNEE) for one in (Comes.AGENT, Comes.GUARDIAN))


def read_assignment(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """The claim moves and the mortgage with it; the thing itself is not disposed of."""
    has_agent = any(found(form) for found in _ACTING)
    return ApplicationFacts(cause=Cause.OTHER, has_agent=has_agent, form=form, evidence=evidence)


def assignment_claims(form: Mapping[str, str]) -> frozenset[str]:
    """All claims move, or it was agreed that the mortgage moves with a part of them (民法典 421)."""
    moves = form.get("how_much") == ALL or form.get("agreed_to_move") == YES
    return frozenset({Evidence.MAXIMUM_MORTGAGE_MAY_MOVE}) if moves else frozenset()


def assign(given: EntryInput) -> tuple[Entry, ...]:
    """The assignees hold the mortgage; with a part of the claim they hold it beside those who had it.

    Raises InvalidInput when the assignors are not the register's mortgagees, when an assignee is one of them already, or
    when part of the claims of a maximum mortgage moves before they are determined and nobody agreed to that.
    """
    form, opened = given.form, mortgage_of(given)
    all_together("assignor1_name", ASSIGNOR.read(form), opened.holders, ASSIGNOR.who_zh)
    people = ASSIGNEE.read(form)
    if not people:
        raise refuse("mortgagee1_name", "没有填新抵押权人", "请填写受让债权的人的姓名（名称）")
    if any(one.is_same(holder) for one in people for holder in opened.holders):
        raise refuse("mortgagee1_name", "新抵押权人已经是登记簿上的抵押权人", "请核对债权转给了谁")
    is_part = form.get("how_much") == PART
    if is_part and is_undetermined(opened) and form.get("agreed_to_move") != YES:
        cure_zh = "请先办确定登记；合同约定抵押权跟着一起转的，选“是”并带合同（民法典第四百二十一条）"
        raise refuse("agreed_to_move", "最高额抵押的债权还没有确定，转让一部分债权，抵押权不跟着转", cure_zh)
    staying = opened.holders if is_part else ()
    joined = [*staying, *ASSIGNEE.holders(form)]
    holders = tuple(replace(holder, holder_no=place) for place, holder in enumerate(joined, 1))
    part_zh = f"转让部分债权{f.yuan(form.get('moved_yuan', ''))}元，{form['agreement_no']}" if is_part else ""
    note_zh = "；".join(filter(None, (opened.private.get("note", ""), part_zh)))
    return (altered(given, opened, {"note": note_zh}, holders=holders),)


def prefill_assignment(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The proof, and the mortgagee who shows it."""
    known, opened = {"proof_no": shown.number}, page.by_proof(shown.number)
    if shown.holder is None or opened is None or shown.holder not in opened.holders:
        return known
    return {**known, **ASSIGNOR.prefill(shown.holder)}


ASSIGNMENT: Final = ServiceItem(
    number="S23",
    name_zh="抵押权转移登记",
    kind=Registration.TRANSFER,
    subject=Subject.MORTGAGE,
    acts=(Act.TRANSFER_MORTGAGE,),
    applicants=(PartyRole.OLD_MORTGAGEE, PartyRole.MORTGAGEE),
    channels=EVERYWHERE,
    found_by=FoundBy.PROOF,
    fields=(
        PROOF_FIELD,
        *h.under(
            h.MATTER,
            Field("how_much", "债权转让了多少", "全部转让的选第一个。", FieldKind.CHOICE,
                  choices=(Choice(ALL, "全部债权"), Choice(PART, "一部分债权"))),
            Field("agreed_to_move", "最高额抵押的，有没有约定抵押权跟着一起转",
                  "最高额抵押的债权确定以前，转让部分债权，抵押权不跟着转，另有约定的除外；一般抵押选“否”。",
                  FieldKind.YES_NO, when=When("how_much", (PART,))),
        ),
        *ASSIGNOR.fields(),
        *ASSIGNEE.fields(),
        *h.under(
            h.AGREEMENT,
            Field("moved_yuan", "转让的债权数额（元）", "照着转让协议填。", FieldKind.YUAN, when=When("how_much", (PART,)),
                  is_personal=True),
            Field("agreement_no", "债权转让协议编号", "照着协议抄；没有编号的填签订日期。", FieldKind.TEXT, longest=60),
            Field("debtor_told_on", "哪天通知债务人的", "没有通知债务人的，转让对债务人不发生效力（民法典第五百四十六条）。",
                  FieldKind.DAY),
        ),
    ),
    opening_fields=("how_much", "agreed_to_move"),
    materials=(
        APPLICATION_ROW,
        *people_rows(ASSIGNOR, ASSIGNEE),
        attorney_row(ASSIGNOR, ASSIGNEE),
        PROOF_ROW,
        Requirement("assignment", m.MATERIALS[14], always, whose=PartyRole.OLD_MORTGAGEE,
                    how_zh="债权转让协议，和已经通知债务人的材料；银行在线传来的不用带。"),
        Requirement("agreed_to_move", m.MATERIALS[15], answered("agreed_to_move", YES), whose=PartyRole.OLD_MORTGAGEE,
                    how_zh="约定部分债权转让时抵押权一并转让的最高额抵押合同。"),
    ),
    questions=inquiry(
        Question(
            "debtor_told",
            "债权转让的事，通知债务人了没有？",
            must_be=YES,
            otherwise_zh="请先通知债务人，并带上通知的材料（民法典第五百四十六条）。",
        ),
    ),
    pledge_zh=pledge("债权转让是真的，抵押权没有单独转让", "转让的债权和抵押权没有被法院冻结"),
    application_facts=read_assignment,
    claims=assignment_claims,
    entries=assign,
    parties=parties_of(ASSIGNOR, ASSIGNEE),
    prefill=prefill_assignment,
    fees=(FeeRule(FeeClass.STANDARD, PartyRole.MORTGAGEE, f.FEE_LAW_ZH, Subject.MORTGAGE),),
    issues=(Document.PROOF,),
    days_target=1,
    days_parameter="item_days.S23",
    law="《民法典》第四百零七条、第四百二十一条、第五百四十七条；《不动产登记暂行条例实施细则》第六十九条、第七十四条",
    guide_zh=guide(
        when_zh="银行等把债权转让给别人，抵押权跟着转，要把登记簿上的抵押权人改成新的。抵押权不能和债权分开单独转让。",
        bring_zh="原抵押权人、新抵押权人带营业执照（个人带身份证）、抵押权的不动产登记证明、债权转让协议和通知债务人的材料。",
        days=1,
        cost_zh="住宅80元，其他550元，由新抵押权人交。",
        after_zh="登簿以后，原来的登记证明作废，给新抵押权人发登记证明，顺位不变。",
        not_elsewhere_zh="在建建筑物抵押、只有土地没有房屋的、集体土地上的，要到房产所在地办。",
    ),
    example=Example(
        {
            "how_much": ALL,
            "assignor1_phone": "0372-8100019",
            "assignor1_comes": Comes.PRESIGNED.value,
            "assignor2_also": NO,
            "mortgagee1_kind": HolderKind.ENTERPRISE.value,
            "mortgagee1_name": "豫北示例资产管理有限公司",
            "mortgagee1_id_kind": IdDocument.USCC.value,
            "mortgagee1_id_no": "91410526MA90000212",
            "mortgagee1_phone": "0372-8100021",
            "mortgagee1_comes": Comes.REPRESENTATIVE.value,
            "mortgagee1_acting_name": "金桂英",
            "mortgagee1_acting_id_kind": IdDocument.ID_CARD.value,
            "mortgagee1_acting_id_no": "410526197408290005",
            "mortgagee1_acting_phone": "13800138022",
            "mortgagee2_also": NO,
            "agreement_no": "豫北债转2026第0023号",
            "debtor_told_on": "2026-11-18",
        },
        after=("S19",),
        confirmed=frozenset({Evidence.MAXIMUM_MORTGAGE_MAY_MOVE}),
    ),
)  # fmt: skip
