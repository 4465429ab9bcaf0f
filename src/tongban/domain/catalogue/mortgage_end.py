"""The end of a mortgage: the mortgagee alone has it cancelled (民法典 393)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burden_entries import CloseBurden
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.building_blocks import (
    APPLICATION_ROW,
    EVERYWHERE,
    always,
    attorney_row,
    guide,
    inquiry,
    people_rows,
    pledge,
)
from tongban.domain.catalogue.item import (
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
)
from tongban.domain.catalogue.mortgage_form import MORTGAGEE
from tongban.domain.catalogue.mortgage_in_force import (
    PROOF_FIELD,
    PROOF_ROW,
    all_mortgagees,
    mortgage_of,
    prefill_mortgage,
)
from tongban.domain.catalogue.people import Comes, parties_of, someone_comes_as
from tongban.domain.entries import Entry
from tongban.domain.facts import ApplicationFacts
from tongban.domain.fees.terms import FeeClass
from tongban.domain.identity import IdDocument
from tongban.domain.terms import Cause, Registration, Subject

_GROUNDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "paid": "主债权消灭（债已还清）",
        "realised": "抵押权已经实现",
        "waived": "抵押权人放弃抵押权",
        "other": "法律规定抵押权消灭的其他情形",
    }
)
_ACTING = someone_comes_as(Comes.AGENT, MORTGAGEE), someone_comes_as(Comes.GUARDIAN, MORTGAGEE)


def read_cancellation(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """Nobody gives a right away that burdens the thing: it becomes free."""
    has_agent = any(found(form) for found in _ACTING)
    return ApplicationFacts(cause=Cause.OTHER, has_agent=has_agent, form=form, evidence=evidence)


def close_mortgage(given: EntryInput) -> tuple[Entry, ...]:
    """The mortgage ends; raises InvalidInput unless all its mortgagees apply."""
    opened = mortgage_of(given)
    all_mortgagees(given, opened)
    cause_zh = f"注销抵押：{_GROUNDS[given.form.get('ground', 'other')]}（民法典第三百九十三条）"
    return (CloseBurden(opened.unit_code, opened.burden_no, cause_zh),)


CANCEL_MORTGAGE: Final = ServiceItem(
    number="S24",
    name_zh="抵押权注销登记",
    kind=Registration.CANCELLATION,
    subject=Subject.MORTGAGE,
    acts=(Act.CANCEL_MORTGAGE,),
    applicants=(PartyRole.MORTGAGEE,),
    channels=EVERYWHERE,
    found_by=FoundBy.PROOF,
    fields=(
        PROOF_FIELD,
        *MORTGAGEE.fields(),
        *h.under(
            h.ENDED,
            Field(
                "ground",
                "为什么注销",
                "债还清的选第一个；债没有还清、抵押权人自己不要抵押了的，选“放弃”。",
                FieldKind.CHOICE,
                choices=tuple(Choice(key, text_zh) for key, text_zh in _GROUNDS.items()),
            ),
            Field("ground_day", "哪天还清（放弃、实现）的", "照着结清证明、放弃声明上的日期填。", FieldKind.DAY),
        ),
    ),
    materials=(
        APPLICATION_ROW,
        *people_rows(MORTGAGEE),
        attorney_row(MORTGAGEE),
        PROOF_ROW,
        Requirement(
            "release",
            m.MATERIALS[16],
            always,
            whose=PartyRole.MORTGAGEE,
            how_zh="结清证明、同意注销的书面材料，或者放弃抵押权的声明；银行在线传来的不用带。",
        ),
    ),
    questions=inquiry(
        Question(
            "knows_end",
            "抵押权人知不知道：一注销，这套房就不再为这笔债担保，注销以后不能恢复原来的顺位？",
            must_be=YES,
            otherwise_zh="请先给抵押权人讲清楚注销的后果。",
        ),
    ),
    pledge_zh=pledge(
        "抵押权确实已经消灭，或者是本单位（本人）自愿放弃", "抵押权和它担保的债权没有被法院冻结，没有转给别人"
    ),
    application_facts=read_cancellation,
    entries=close_mortgage,
    parties=parties_of(MORTGAGEE),
    prefill=prefill_mortgage,
    fees=(FeeRule(FeeClass.CANCELLATION, PartyRole.MORTGAGEE, "发改价格规〔2016〕2559号", Subject.MORTGAGE),),
    issues=(),
    days_target=1,
    days_parameter="item_days.S24",
    by_rows=True,
    law="《民法典》第三百九十三条；《不动产登记暂行条例实施细则》第七十条",
    guide_zh=guide(
        when_zh="债还清了，或者抵押权人放弃抵押，要把登记簿上的抵押去掉。抵押权人一家来就能办，房主不用来。",
        bring_zh="抵押权人带营业执照（个人带身份证）、抵押权的不动产登记证明、债还清或者同意注销的材料。",
        days=1,
        cost_zh="不要钱。",
        after_zh="登簿以后，这一项抵押就没有了，原来的登记证明同时作废，不发新证。排在后面的抵押权人的顺位依次往前。",
        steps_zh="第一步，窗口核对身份和材料，问几句话，抵押权人签名；第二步，材料马上送到房产所在地；"
        "第三步，那里受理、审核、登簿，每一步都发短信告诉您。",
        not_elsewhere_zh="集体土地、只有土地没有房屋的，要到房产所在地办。",
    ),
    example=Example(
        {
            "mortgagee1_phone": "0372-8100019",
            "mortgagee1_comes": Comes.AGENT.value,
            "mortgagee1_acting_name": "魏思源",
            "mortgagee1_acting_id_kind": IdDocument.ID_CARD.value,
            "mortgagee1_acting_id_no": "410526197408260009",
            "mortgagee1_acting_phone": "13800138019",
            "mortgagee2_also": "no",
            "ground": "paid",
            "ground_day": "2026-11-20",
        },
        after=("S19",),
    ),
)
