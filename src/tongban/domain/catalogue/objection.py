"""Objections (民法典 220; 细则 82–84): raised by somebody concerned (S37), kept up by a suit (S37A), cancelled (S37N)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burden_entries import AlterBurden, OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.catalogue import applying
from tongban.domain.catalogue import building_blocks as b
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.applying import facts_from, old_proof, people_and_papers
from tongban.domain.catalogue.disposal import all_together, refuse
from tongban.domain.catalogue.ending import APPLICANT, HOLDER, OWNER, Ending, Ground, of_kind
from tongban.domain.catalogue.item import (
    NO,
    YES,
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
)
from tongban.domain.catalogue.people import Group, parties_of
from tongban.domain.evidence import Evidence
from tongban.domain.fees.terms import FeeClass
from tongban.domain.identity import normal_name
from tongban.domain.terms import Cause, Document, Registration, Subject
from tongban.domain.unit_page import UnitPage

CLAIMANT: Final = Group("claimant", PartyRole.CLAIMANT, "申请人")

_OBJECTION_FIELDS: Final = (
    *CLAIMANT.fields(),
    *h.under(
        h.OBJECTION,
        Field("matter", "登记簿上哪里记错了", "写清楚哪一项、错成什么、应该是什么。", FieldKind.TEXT, longest=200),
        Field("ground", "理由和证据", "写清楚为什么说它错了、有什么证据。", FieldKind.TEXT, longest=500),
        Field("raised_before", "就这件事、用这个理由，以前申请过异议登记、后来失效了吗",
              "失效以后，同一件事、同一个理由不能再申请。", FieldKind.YES_NO),
    ),
)  # fmt: skip

_OBJECTION_QUESTIONS: Final = b.inquiry(
    Question(
        "owner_refuses",
        "您是不是先问过登记簿上的权利人，他不同意更正？",
        must_be=YES,
        otherwise_zh="权利人同意更正的，请和他一起办更正登记，不用办异议登记（民法典第二百二十条）。",
    ),
    Question(
        "knows_15_days",
        "您知不知道：登记以后15天内不起诉、不申请仲裁，或者没有把受理材料交来，异议登记就失效？",
        must_be=YES,
        otherwise_zh="请先给申请人讲清楚：15天按日历天算，登记的当天不算，最后一天放假的顺延到上班第一天（民法典第二百零三条、第二百二十条）。",
    ),
    Question(
        "knows_damages",
        "您知不知道：异议没有道理、给权利人造成损失的，要赔偿？",
        must_be=YES,
        otherwise_zh="请先给申请人讲清楚赔偿责任。",
    ),
)


def object_to(given: EntryInput) -> tuple[OpenBurden, ...]:
    """The objection stands from today; without a suit it lapses after the days of the parameter, today not counted,
    and a last day of rest moving on (民法典 201, 203).

    Raises InvalidInput when the claimant holds the title himself, or has raised the same matter on the same ground
    before (R06; 细则 83).
    """
    form, claimants = given.form, CLAIMANT.read(given.form)
    if not claimants:
        raise refuse(CLAIMANT.key(1, "name"), "没有填申请人", "请填写利害关系人的姓名（名称）和证件号码")
    if any(claimants[0].is_same(holder) for holder in given.title.holders):
        raise refuse(CLAIMANT.key(1, "name"), "申请人就是登记簿上的权利人", "自己的登记记错了的，请申请更正登记")
    if form.get("raised_before") == YES or any(_is_same(form, one) for one in given.page.of_kind((Burden.OBJECTION,))):
        raise refuse(
            "matter",
            "同一件事、同一个理由已经申请过异议登记，不能再申请",
            "有别的事项或者新的理由的，写清楚再申请；要追回权利的，请直接向法院起诉",
        )
    number = given.proof_no()
    until = given.last_of_days(given.figure("objection_days"))
    fact = BurdenFact(Burden.OBJECTION, number, since=given.today, until=until, proof_no=number)
    details = {key: form.get(key, "") for key in ("matter", "ground")}
    return (OpenBurden(given.page.unit_code, fact, details, CLAIMANT.holders(form)),)


def _is_same(form: Mapping[str, str], earlier: OpenBurden) -> bool:
    """The same person, matter and ground, however the blanks are set."""
    by_the_same = any(one.is_same(holder) for one in CLAIMANT.read(form) for holder in earlier.holders)
    return by_the_same and all(
        normal_name(form.get(key, "")) == normal_name(earlier.private.get(key, "")) for key in ("matter", "ground")
    )


def claims_of_objection(form: Mapping[str, str]) -> frozenset[str]:
    """That it is not an objection that lapsed before, raised again."""
    return frozenset({Evidence.OTHER_OBJECTION.value}) if form.get("raised_before") == NO else frozenset()


OBJECTION: Final = ServiceItem(
    number="S37",
    name_zh="异议登记",
    kind=Registration.OBJECTION,
    subject=Subject.OBJECTION,
    acts=(Act.OBJECT,),
    applicants=(PartyRole.CLAIMANT,),
    channels=b.AT_A_WINDOW,
    fields=_OBJECTION_FIELDS,
    materials=(
        *people_and_papers(CLAIMANT),
        Requirement(
            "objection_papers",
            m.OBJECTION_PAPERS,
            b.always,
            whose=PartyRole.CLAIMANT,
            how_zh="证明您和这处房产有利害关系、登记簿可能记错了的材料，例如出资的凭证、合同。",
        ),
    ),
    questions=_OBJECTION_QUESTIONS,
    pledge_zh=b.pledge("和这处房产有利害关系，异议有根据；异议不当造成损失的，由我（本单位）赔偿"),
    application_facts=facts_from(CLAIMANT, cause=Cause.OBJECTION),
    entries=object_to,
    parties=parties_of(CLAIMANT),
    prefill=lambda page, shown: {},
    applicant=CLAIMANT.first,
    fees=(
        FeeRule(
            FeeClass.OBJECTION,
            PartyRole.CLAIMANT,
            "财税〔2016〕79号；发改价格规〔2016〕2559号",
            subject=Subject.OBJECTION,
        ),
    ),
    issues=(Document.PROOF,),
    days_target=1,
    days_parameter="item_days.S37",
    law="《中华人民共和国民法典》第二百二十条；《不动产登记暂行条例实施细则》第八十二条、第八十三条",
    guide_zh=b.guide(
        when_zh="您认为登记簿把别人的房产记错了、应当是您的（或者有您的份），登记簿上的权利人又不同意更正。",
        bring_zh="带身份证，和证明有利害关系、登记簿记错了的材料。",
        days=1,
        cost_zh="住宅40元、非住宅275元，由申请人交。",
        steps_zh=applying.PROOF_STEPS_ZH,
        after_zh="登记后15天内要起诉或者申请仲裁，并把受理材料交来，不然就失效。"
        "异议登记不禁止卖房，但是买的人会被告知有异议。",
    ),
    found_by=FoundBy.UNIT,
    claims=claims_of_objection,
    example=Example(
        {
            "claimant1_kind": "person",
            "claimant1_name": "姜海涛",
            "claimant1_id_kind": "id_card",
            "claimant1_id_no": "410526197802140005",
            "claimant1_phone": "13800138037",
            "claimant1_comes": "self",
            "matter": "登记簿只写了一个权利人，应当还有我，各占一半",
            "ground": "买房的钱是我们两个人一起出的，有转账凭证和当时的约定",
            "raised_before": NO,
        }
    ),
)

_SUIT_FIELDS: Final = (
    Field("proof_no", "异议登记证明号", "照着登记证明抄，例如 豫（2026）滑县不动产证明第0001234号。", FieldKind.PROOF_NO,
          heading_zh=h.HELD),
    *CLAIMANT.fields(),
    *h.under(
        h.COURT_PAPERS,
        Field("suit", "法院（仲裁机构）和案号", "照着受理通知书写，例如 滑县人民法院（2026）豫0526民初137号。", FieldKind.TEXT),
        Field("suit_date", "受理的日期", "受理通知书上的日期，例如 2026-11-20。", FieldKind.DAY),
    ),
)  # fmt: skip


def keep_objection(given: EntryInput) -> tuple[AlterBurden, ...]:
    """A suit was filed in time: the objection no longer lapses by itself (民法典 220②; 细则 83).

    Raises InvalidInput when its days are over, somebody else applies, or the suit is known already.
    """
    opened = of_kind(given.page, given.form, (Burden.OBJECTION,))
    all_together(CLAIMANT.key(1, "name"), CLAIMANT.read(given.form), opened.holders, "异议登记的申请人")
    before = opened.burden
    if before.until is None:
        raise refuse("suit", "起诉的材料以前已经交过了", "不用再办；官司结束以后，再来注销或者更正")
    if given.today > before.until:
        raise refuse(
            "suit_date",
            f"异议登记到{before.until.isoformat()}已经失效",
            "失效的异议登记不能恢复；判决以后，可以凭生效判决办更正登记",
        )
    number = given.proof_no()
    details = {**opened.private, "suit": given.form.get("suit", "")}
    fact = replace(before, until=None, proof_no=number)
    return (AlterBurden(opened.unit_code, before, fact, details, opened.holders),)


def _prefill_suit(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    return {} if shown.holder is None else {"proof_no": shown.number, **CLAIMANT.prefill(shown.holder)}


OBJECTION_KEPT: Final = ServiceItem(
    number="S37A",
    name_zh="异议登记提交起诉、仲裁材料",
    kind=Registration.ALTERATION,
    subject=Subject.OBJECTION,
    acts=(Act.OBJECT,),
    applicants=(PartyRole.CLAIMANT,),
    channels=b.AT_A_WINDOW,
    fields=_SUIT_FIELDS,
    materials=(
        *people_and_papers(CLAIMANT),
        old_proof(PartyRole.CLAIMANT),
        Requirement(
            "suit",
            m.SUIT,
            b.always,
            whose=PartyRole.CLAIMANT,
            how_zh="法院的受理案件通知书，或者仲裁机构的受理通知书。",
        ),
    ),
    questions=b.inquiry(),
    pledge_zh=b.pledge("官司撤回、败诉的，马上来注销异议登记"),
    application_facts=facts_from(CLAIMANT, cause=Cause.SUIT_FILED),
    entries=keep_objection,
    parties=parties_of(CLAIMANT),
    prefill=_prefill_suit,
    fees=(FeeRule(FeeClass.ALTERATION, PartyRole.CLAIMANT, "财税〔2019〕45号", subject=Subject.OBJECTION),),
    issues=(Document.PROOF,),
    days_target=1,
    days_parameter="item_days.S37A",
    law="《中华人民共和国民法典》第二百二十条第二款；《不动产登记暂行条例实施细则》第八十三条",
    guide_zh=b.guide(
        when_zh="办了异议登记，15天内已经向法院起诉或者申请仲裁，人家受理了。",
        bring_zh="带身份证、异议登记证明，和法院或者仲裁机构的受理通知书。",
        days=1,
        cost_zh=applying.FREE_ZH,
        steps_zh=applying.PROOF_STEPS_ZH,
        after_zh="异议登记继续有效，到官司有结果为止。换发新的登记证明，旧的作废。",
    ),
    found_by=FoundBy.PROOF,
    example=Example(
        {
            "claimant1_phone": "13800138037",
            "claimant1_comes": "self",
            "suit": "滑县人民法院（2026）豫0526民初137号",
            "suit_date": "2026-11-02",
        },
        after=("S37",),
    ),
)

_END: Final = Ending(
    Burden.OBJECTION,
    PartyRole.CLAIMANT,
    (
        Ground(Cause.RIGHT_WAIVED, "异议人自己撤回", (HOLDER,), all_holders=True),
        Ground(Cause.RIGHT_EXPIRED, "15天内没有起诉，已经失效", (HOLDER, OWNER), is_over=True),
        Ground(Cause.COURT_RULING, "法院、仲裁机构没有支持", (HOLDER, OWNER)),
    ),
)

END_OF_OBJECTION: Final = ServiceItem(
    number="S37N",
    name_zh="异议登记注销",
    kind=Registration.CANCELLATION,
    subject=Subject.OBJECTION,
    acts=(Act.RELEASE,),
    applicants=(PartyRole.CLAIMANT, PartyRole.OWNER),
    channels=b.AT_A_WINDOW,
    fields=_END.fields(),
    materials=(
        *people_and_papers(APPLICANT),
        old_proof(PartyRole.CLAIMANT, b.answered("who", HOLDER)),
        Requirement(
            "court_paper",
            m.COURT_PAPER,
            b.answered("cause", Cause.COURT_RULING),
            how_zh="判决书、裁定书（仲裁裁决书），和生效证明；撤诉的带准许撤诉的裁定书。",
        ),
    ),
    questions=b.inquiry(
        Question(
            "knows_no_repeat",
            "您知不知道：注销以后，同一件事、同一个理由不能再申请异议登记？",
            must_be=YES,
            otherwise_zh="请先给申请人讲清楚：同一件事、同一个理由不能再来一次。",
        )
    ),
    pledge_zh=b.pledge("异议确实已经撤回、失效，或者没有得到支持"),
    application_facts=facts_from(APPLICANT, cause=Cause.RIGHT_WAIVED, asked="cause"),
    entries=_END.entries,
    parties=_END.parties,
    prefill=_END.prefill,
    fees=(FeeRule(FeeClass.CANCELLATION, PartyRole.CLAIMANT, "发改价格规〔2016〕2559号", subject=Subject.OBJECTION),),
    issues=(),
    days_target=1,
    days_parameter="item_days.S37N",
    law="《不动产登记暂行条例实施细则》第八十三条",
    guide_zh=b.guide(
        when_zh="提异议的人自己撤回，15天内没有起诉已经失效，或者法院没有支持。",
        bring_zh="带身份证；提异议的人带登记证明；法院判了的，带判决书和生效证明。",
        days=1,
        cost_zh=applying.FREE_ZH,
        steps_zh=applying.ENDING_STEPS_ZH,
        after_zh="登记簿上不再有这项异议。",
    ),
    found_by=FoundBy.PROOF,
    example=Example(
        {
            "cause": Cause.RIGHT_WAIVED.value,
            "who": HOLDER,
            "applicant1_phone": "13800138037",
            "applicant1_comes": "self",
            "applicant2_also": NO,
        },
        after=("S37",),
    ),
)
