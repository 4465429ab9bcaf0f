"""A notice that stands passes to another, changes, or ends (细则 85–89; 民法典 221, 555)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burden_entries import CloseBurden, OpenBurden
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue import notice_change_form as c
from tongban.domain.catalogue import notice_form as n
from tongban.domain.catalogue.building_blocks import (
    APPLICATION_ROW,
    AT_A_WINDOW,
    EVERYWHERE,
    always,
    answered,
    attorney_row,
    guide,
    inquiry,
    people_rows,
    pledge,
)
from tongban.domain.catalogue.disposal import all_together, in_register, is_named, refuse, shares_zh
from tongban.domain.catalogue.example_units import EXAMPLE_OWNER
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
    PartyInput,
    PartyRole,
    Question,
    Requirement,
    ServiceItem,
    When,
)
from tongban.domain.catalogue.mortgage_form import check_term, yuan
from tongban.domain.catalogue.people import Comes, parties_of, someone_comes_as
from tongban.domain.entries import Entry
from tongban.domain.evidence import Evidence
from tongban.domain.facts import ApplicationFacts
from tongban.domain.fees.terms import FeeClass
from tongban.domain.identity import IdDocument
from tongban.domain.terms import Cause, CoOwnership, Document, HolderKind, Registration, Subject
from tongban.domain.titles import Holder

_GROUPS = (n.HOLDER, c.TAKER, c.OBLIGOR)
_STOOD_IN = tuple(someone_comes_as(one, *_GROUPS) for one in (Comes.AGENT, Comes.GUARDIAN))
_BY_HOLDER = When("why", c.BY_AGREEMENT)


def read_change(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """The right stays with whoever has it."""
    return ApplicationFacts(Cause.OTHER, has_agent=_has_agent(form), form=form, evidence=evidence)


def read_transfer(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """The holder gives the notice on; by inheritance or by a court it passes by law."""
    cause = c.TRANSFER_CAUSES.get(form.get("why", ""), Cause.OTHER)
    giving = tuple(one.kind for one in n.HOLDER.read(form))
    return ApplicationFacts(cause, giving=giving, has_agent=_has_agent(form), form=form, evidence=evidence)


def _has_agent(form: Mapping[str, str]) -> bool:
    return any(found(form) for found in _STOOD_IN)


def transfer_notice(given: EntryInput) -> tuple[Entry, ...]:
    """The takers stand in the holders' place, with the day and the rank of the notice.

    Raises InvalidInput when the cause does not fit the notice: a mortgage's notice moves only with its claim, a presale
    cannot be sold on (城市房地产管理法 46); or when the holders of the register do not take part.
    """
    form, opened = given.form, n.notice_of(given)
    why, people = form.get("why", ""), n.HOLDER.read(form)
    _check_cause(given, opened, why)
    check = all_together if why in (c.CLAIM, c.CONTRACT) else in_register
    leaving = check("holder1_name", people, opened.holders, n.HOLDER.who_zh)
    takers = c.TAKER.read(form)
    staying = tuple(holder for holder in opened.holders if holder not in leaving)
    if not takers:
        raise refuse("taker1_name", "没有填接手的人", "请填写姓名（名称）")
    if any(taker.is_same(holder) for taker in takers for holder in leaving):
        raise refuse("taker1_name", "接手的人就是原来的权利人", "请核对转给了谁")
    joined = _joined(form, staying, opened)
    details = {} if opened.burden.burden is Burden.MORTGAGE_NOTICE else {"co_ownership": _sharing_zh(form, joined)}
    return (c.altered_notice(given, opened, details, joined),)


def _check_cause(given: EntryInput, opened: OpenBurden, why: str) -> None:
    is_mortgage = opened.burden.burden is Burden.MORTGAGE_NOTICE
    if is_mortgage and why in (c.CONTRACT, c.DIVORCE):
        raise refuse("why", "抵押预告登记只能跟着它担保的债权转", "债权转让的，请选“主债权转让”")
    if not is_mortgage and why == c.CLAIM:
        raise refuse("why", "这是买卖预告登记，不是抵押预告登记", "请选实际的原因")
    if why == c.CONTRACT and given.page.title is None:
        cure_zh = "请退房后由开发企业另卖；继承、离婚、法院判决的可以转"
        raise refuse("why", "没建好的预购商品房不能再转卖（城市房地产管理法第四十六条）", cure_zh)


def _joined(form: Mapping[str, str], staying: tuple[Holder, ...], opened: OpenBurden) -> tuple[Holder, ...]:
    """Those who stay and those who come, numbered anew; without anybody staying the takers say how they share."""
    if not staying:
        return c.TAKER.holding(form)[1]
    others = [holder for holder in c.TAKER.holders(form) if not any(holder.id_no == one.id_no for one in staying)]
    everybody = [*staying, *others]
    if any(holder.share is not None for holder in opened.holders):
        cure_zh = "请到房产所在地的登记机构办，各人份额要重新写明"
        raise refuse("holder1_name", "按份共有的预告登记，只转其中一位的份额", cure_zh)
    return tuple(replace(holder, holder_no=place) for place, holder in enumerate(everybody, 1))


def _sharing_zh(form: Mapping[str, str], joined: tuple[Holder, ...]) -> str:
    if len(joined) == 1:
        return CoOwnership.SOLE.name_zh
    by_shares = all(holder.share is not None for holder in joined)
    return shares_zh(CoOwnership.BY_SHARES if by_shares else CoOwnership.JOINT, joined)


def change_notice(given: EntryInput) -> tuple[Entry, ...]:
    """The notice with its new content.

    Raises InvalidInput when nothing changes, or when its holders and whoever owes do not all take part.
    """
    form, opened = given.form, n.notice_of(given)
    all_together("holder1_name", n.HOLDER.read(form), opened.holders, n.HOLDER.who_zh)
    owed_by = set(opened.private.get("obligor", "").split("、"))
    if owed_by - {one.identity.name for one in c.OBLIGOR.read(form)}:
        what_zh = f"登记簿上的义务人是{opened.private.get('obligor', '')}，没有都来"
        raise refuse("obligor1_name", what_zh, "请核对姓名（名称），要双方一起申请")
    details: dict[str, str] = {}
    if form.get("change_price") == YES:
        details["price_yuan"] = yuan(form.get("new_price_yuan", ""))
    if form.get("change_term") == YES:
        if opened.burden.burden is not Burden.MORTGAGE_NOTICE:
            raise refuse("change_term", "买卖预告登记没有债务履行期限", "请选“否”")
        check_term(form, "new_from", "new_until")
        details |= {"debt_from": form.get("new_from", ""), "debt_until": form.get("new_until", "")}
    if form.get("change_contract") == YES:
        details["contract_no"] = form.get("new_contract_no", "")
    holders = _renamed(form, opened)
    if holders == opened.holders and all(opened.private.get(key, "") == text for key, text in details.items()):
        raise refuse(
            "change_price", "变更后的内容和登记簿上的一样，或者没有选要变更什么", "没有变的不用办；填错的请改正"
        )
    return (c.altered_notice(given, opened, details, holders),)


def _renamed(form: Mapping[str, str], opened: OpenBurden) -> tuple[Holder, ...]:
    """The first holder the form names has another name from now on."""
    if form.get("change_name") != YES:
        return opened.holders
    first = n.HOLDER.read(form)[:1]
    return tuple(
        replace(holder, identity=replace(holder.identity, name=form.get("new_name", "")))
        if is_named(holder, first)
        else holder
        for holder in opened.holders
    )


def close_notice(given: EntryInput) -> tuple[Entry, ...]:
    """The notice ends; raises InvalidInput unless all its holders apply."""
    form, opened = given.form, n.notice_of(given)
    all_together("holder1_name", n.HOLDER.read(form), opened.holders, n.HOLDER.who_zh)
    cause_zh = f"注销预告登记：{c.GROUNDS[form.get('ground', 'other')]}"
    return (CloseBurden(opened.unit_code, opened.burden_no, cause_zh),)


def by_court(facts: ApplicationFacts) -> bool:
    """A court paper proves how the right passed."""
    return c.COURT in (facts.form.get("why"), facts.form.get("inherited_by"))


def parties_of_transfer(form: Mapping[str, str]) -> tuple[PartyInput, ...]:
    """The takers alone where the right passed by law (条例 14), else both."""
    return parties_of(*((n.HOLDER, c.TAKER) if form.get("why") in c.BY_AGREEMENT else (c.TAKER,)))(form)


_BANK_ROW: Final = Requirement("bank_consent", m.MATERIALS[26], answered("bank_agrees", "agreed"),
                               whose=PartyRole.MORTGAGEE, how_zh="银行（抵押预告登记权利人）的书面同意。")  # fmt: skip
_AFTER_ZH: Final = "登簿以后，原来的登记证明作废，发新的不动产登记证明；预告登记的时间和顺位不变。"
_ACTING: Final = {
    "acting_name": "魏思源",
    "acting_id_kind": IdDocument.ID_CARD.value,
    "acting_id_no": "410526197408260009",
    "acting_phone": "13800138019",
}

NOTICE_TRANSFER: Final = ServiceItem(
    number="S29",
    name_zh="预告登记的转移登记",
    kind=Registration.TRANSFER,
    subject=Subject.PRIORITY_NOTICE,
    acts=(Act.ALTER_NOTICE,),
    applicants=(PartyRole.NOTICE_HOLDER,),
    channels=AT_A_WINDOW,
    found_by=FoundBy.PROOF,
    is_presale=True,
    fields=(n.PROOF_FIELD, *c.TRANSFER_FIELDS, *n.known_only(n.HOLDER, _BY_HOLDER), *c.TAKER.fields()),
    opening_fields=("why", "inherited_by", "bank_agrees"),
    materials=(
        APPLICATION_ROW,
        *people_rows(n.HOLDER, c.TAKER),
        attorney_row(n.HOLDER, c.TAKER),
        n.PROOF_ROW,
        Requirement("assignment", m.MATERIALS[14], answered("why", c.CLAIM), whose=PartyRole.NOTICE_HOLDER,
                    how_zh="债权转让协议，和已经通知债务人的材料。"),
        Requirement("contract_transfer", m.MATERIALS[8], answered("why", c.CONTRACT), whose=PartyRole.NOTICE_HOLDER,
                    how_zh="合同权利义务转让的协议，和卖房人的书面同意（民法典第五百五十五条）。"),
        Requirement("divorce", m.MATERIALS[10], answered("why", c.DIVORCE), whose=PartyRole.NOTICE_HOLDER,
                    how_zh="离婚证和写明怎么分这套房的离婚协议；民政部门能查到的不用带。"),
        Requirement("deed", m.MATERIALS[22], answered("inherited_by", c.DEED), whose=PartyRole.NOTICE_HOLDER,
                    how_zh="继承权公证书；能共享查到的不用带。"),
        Requirement("court_paper", m.MATERIALS[18],
                    by_court,
                    whose=PartyRole.NOTICE_HOLDER, how_zh="判决书、裁定书或者调解书，和已经生效的证明。"),
        _BANK_ROW,
    ),
    questions=inquiry(
        Question("true_transfer", "转移的原因是不是真的？不是借此把没建好的房转卖给别人吧？（是真的、没有转卖，答“是”）",
                 must_be=YES, otherwise_zh="没建好的预购商品房不能转卖（城市房地产管理法第四十六条）。"),
    ),
    pledge_zh=pledge("转移的原因是真的，预告登记没有失效"),
    application_facts=read_transfer,
    claims=c.transfer_claims,
    entries=transfer_notice,
    parties=parties_of_transfer,
    prefill=n.prefill_notice,
    fees=(n.NOTICE_FEE,),
    issues=(Document.PROOF,),
    days_target=1,
    days_parameter="item_days.S29",
    law="《民法典》第二百二十一条、第五百五十五条；《城市房地产管理法》第四十六条；《不动产登记暂行条例实施细则》第八十五条",
    guide_zh=guide(
        when_zh="预告登记的权利人变了：银行转让债权、二手房合同转让、离婚、继承、法院判决。",
        bring_zh="双方带身份证件、预告登记的登记证明，再带转移原因的材料；继承、法院判决的，接手的人自己来就行。",
        days=1, cost_zh="不要钱。", after_zh=_AFTER_ZH, not_elsewhere_zh="没有公证、也没有法院文书的继承，要到房产所在地办。",
    ),
    example=Example(
        {
            "why": c.CLAIM,
            "bank_agrees": "none",
            "holder1_phone": "0372-8100019",
            "holder1_comes": Comes.PRESIGNED.value,
            "holder2_also": NO,
            "taker1_kind": HolderKind.ENTERPRISE.value,
            "taker1_name": "豫北示例资产管理有限公司",
            "taker1_id_kind": IdDocument.USCC.value,
            "taker1_id_no": "91410526MA90000212",
            "taker1_phone": "0372-8100021",
            "taker1_comes": Comes.AGENT.value,
            **{f"taker1_{key}": text for key, text in _ACTING.items()},
            "taker2_also": NO,
        },
        after=("S28",),
        confirmed=frozenset({Evidence.ONLINE_SIGNED_CONTRACT}),
    ),
)  # fmt: skip

NOTICE_CHANGE: Final = ServiceItem(
    number="S29A",
    name_zh="预告登记的变更登记",
    kind=Registration.ALTERATION,
    subject=Subject.PRIORITY_NOTICE,
    acts=(Act.ALTER_NOTICE,),
    applicants=(PartyRole.NOTICE_HOLDER, PartyRole.NOTICE_OBLIGOR),
    channels=AT_A_WINDOW,
    found_by=FoundBy.PROOF,
    is_presale=True,
    fields=(n.PROOF_FIELD, c.BANK_FIELD, *n.HOLDER.fields(), *c.OBLIGOR.fields(), *c.CHANGE_FIELDS),
    opening_fields=("bank_agrees",),
    materials=(
        APPLICATION_ROW,
        *people_rows(n.HOLDER, c.OBLIGOR),
        attorney_row(n.HOLDER, c.OBLIGOR),
        n.PROOF_ROW,
        Requirement("change_agreement", m.MATERIALS[17], always, whose=PartyRole.NOTICE_HOLDER,
                    how_zh="双方签的变更协议；重新网签的，带新合同。"),
        Requirement("name_evidence", m.CHANGE_EVIDENCE, answered("change_name", YES), whose=PartyRole.NOTICE_HOLDER,
                    how_zh="改名的证明；能共享查到的不用带。"),
        _BANK_ROW,
    ),
    questions=inquiry(),
    pledge_zh=pledge("变更是双方自愿的，申请表和变更协议一致，权利人没有换"),
    application_facts=read_change,
    claims=c.bank_claims,
    entries=change_notice,
    parties=parties_of(n.HOLDER, c.OBLIGOR),
    prefill=n.prefill_notice,
    fees=(FeeRule(FeeClass.PRIORITY_NOTICE, PartyRole.NOTICE_HOLDER, "发改价格规〔2016〕2559号（预告登记不收登记费）",
                  Subject.PRIORITY_NOTICE),),
    issues=(Document.PROOF,),
    days_target=1,
    days_parameter="item_days.S29A",
    law="《民法典》第二百二十一条；《不动产登记暂行条例实施细则》第八十五条",
    guide_zh=guide(
        when_zh="预告登记还在、权利人没换，只是价款、债权数额、期限、合同编号或者姓名变了。",
        bring_zh="双方带身份证件、预告登记的登记证明、变更协议（改名的带改名证明）。",
        days=1, cost_zh="不要钱。", after_zh=_AFTER_ZH, not_elsewhere_zh=n.ELSEWHERE_ZH,
    ),
    example=Example(
        {
            "bank_agrees": "none",
            "holder1_phone": "0372-8100019",
            "holder1_comes": Comes.PRESIGNED.value,
            "holder2_also": NO,
            **c.OBLIGOR.prefill(EXAMPLE_OWNER),
            "obligor1_phone": "13800138020",
            "obligor1_comes": Comes.SELF.value,
            "obligor2_also": NO,
            **c.EXAMPLE_NO_CHANGE,
            "change_price": YES,
            "new_price_yuan": "480000",
        },
        after=("S28",),
        confirmed=frozenset({Evidence.ONLINE_SIGNED_CONTRACT}),
    ),
)  # fmt: skip

CANCEL_NOTICE: Final = ServiceItem(
    number="S30",
    name_zh="预告登记注销",
    kind=Registration.CANCELLATION,
    subject=Subject.PRIORITY_NOTICE,
    acts=(Act.CANCEL_NOTICE,),
    applicants=(PartyRole.NOTICE_HOLDER,),
    channels=EVERYWHERE,
    found_by=FoundBy.PROOF,
    is_presale=True,
    fields=(
        n.PROOF_FIELD,
        c.BANK_FIELD,
        *n.HOLDER.fields(),
        *h.under(
            h.ENDED,
            Field("ground", "为什么注销", "不买了、退房的选“债权消灭”；只是不要预告登记的选“放弃”。", FieldKind.CHOICE,
                  choices=tuple(Choice(key, text_zh) for key, text_zh in c.GROUNDS.items())),
            Field("ground_day", "哪天放弃（解除、还清）的", "照着材料上的日期填。", FieldKind.DAY),
        ),
    ),
    opening_fields=("bank_agrees",),
    materials=(
        APPLICATION_ROW,
        *people_rows(n.HOLDER),
        attorney_row(n.HOLDER),
        n.PROOF_ROW,
        Requirement("release", m.MATERIALS[16], always, whose=PartyRole.NOTICE_HOLDER,
                    how_zh="放弃预告登记的声明、解除合同的协议、结清证明，或者法院文书。"),
        _BANK_ROW,
    ),
    questions=inquiry(
        Question("knows_end", "您知不知道：预告登记一注销，义务人再卖、再抵押这套房，就不用您同意了？",
                 must_be=YES, otherwise_zh="请先给申请人讲清楚注销的后果。"),
    ),
    pledge_zh=pledge("注销的原因是真的，是权利人自愿的"),
    application_facts=read_change,
    claims=c.bank_claims,
    entries=close_notice,
    parties=parties_of(n.HOLDER),
    prefill=n.prefill_notice,
    fees=(FeeRule(FeeClass.CANCELLATION, PartyRole.NOTICE_HOLDER, "发改价格规〔2016〕2559号", Subject.PRIORITY_NOTICE),),
    issues=(),
    days_target=1,
    days_parameter="item_days.S30",
    by_rows=True,
    law="《民法典》第二百二十一条；《不动产登记暂行条例实施细则》第八十九条",
    guide_zh=guide(
        when_zh="合同解除了、债还清了，或者权利人不要预告登记了，要把它从登记簿上去掉。权利人自己来就能办。",
        bring_zh="权利人带身份证件、预告登记的登记证明、放弃或者债权消灭的材料；上面还有银行抵押预告的，带银行的书面同意。",
        days=1, cost_zh="不要钱。", after_zh="登簿以后预告登记就没有了，登记证明作废，不发新证。",
        steps_zh="第一步，窗口核对身份和材料，问几句话，权利人签名；第二步，材料马上送到房产所在地；"
        "第三步，那里受理、审核、登簿，每一步都发短信告诉您。",
        not_elsewhere_zh=n.ELSEWHERE_ZH,
    ),
    example=Example(
        {
            "bank_agrees": "none",
            "holder1_phone": "13800138025",
            "holder1_comes": Comes.SELF.value,
            "holder2_also": NO,
            "ground": "claim_ended",
            "ground_day": "2026-11-19",
        },
        after=("S27",),
        confirmed=frozenset({Evidence.ONLINE_SIGNED_CONTRACT}),
    ),
)  # fmt: skip
