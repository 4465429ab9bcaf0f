"""The right of habitation (民法典 366–371): by contract (S34), by will or court paper (S35), and its end (S36)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.catalogue import applying
from tongban.domain.catalogue import building_blocks as b
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.applying import facts_from, old_proof, people_and_papers, prefill_of, shown_certificate
from tongban.domain.catalogue.consents import Consent, claimed_consents, consent_fields, consent_rows
from tongban.domain.catalogue.disposal import disposing, names_zh, refuse
from tongban.domain.catalogue.ending import APPLICANT, HOLDER, OWNER, Ending, Ground
from tongban.domain.catalogue.habitation_form import (
    CONTRACT_FIELD,
    CONTRACT_GUIDE_ZH,
    CONTRACT_PLEDGE_ZH,
    CONTRACT_QUESTIONS,
    COURT,
    DWELLERS,
    END_GUIDE_ZH,
    END_PLEDGE_ZH,
    END_QUESTIONS,
    FOR_LIFE,
    OWNERS,
    TERM_FIELDS,
    WILL_FIELDS,
    WILL_GUIDE_ZH,
    WILL_NOTARISED,
    WILL_PLAIN,
    WILL_PLEDGE_ZH,
    WILL_QUESTIONS,
    day_or_none,
)
from tongban.domain.catalogue.item import (
    NO,
    YES,
    EntryInput,
    Example,
    FeeRule,
    FoundBy,
    PartyRole,
    Requirement,
    ServiceItem,
)
from tongban.domain.catalogue.people import fields_of, parties_of
from tongban.domain.evidence import Evidence
from tongban.domain.facts import ApplicationFacts
from tongban.domain.fees.terms import FeeClass
from tongban.domain.terms import Cause, Document, Registration, Subject

_CONTRACT_CONSENTS: Final = (Consent.MORTGAGEE, Consent.DWELLER, Consent.NOTICE_HOLDER, Consent.OBJECTION)
_WAYS_ZH: Final = {WILL_NOTARISED: "遗嘱", WILL_PLAIN: "遗嘱", COURT: "生效法律文书"}
_FEE: Final = FeeRule(
    FeeClass.HABITATION, PartyRole.DWELLER, "民法典第二百二十三条；当地收费参数", subject=Subject.HABITATION
)


def _habitation(given: EntryInput, way_zh: str) -> OpenBurden:
    """The right as the form describes it, on the proof drawn for it; raises InvalidInput when it is over already."""
    form, dwellers = given.form, DWELLERS.holders(given.form)
    if not dwellers:
        raise refuse(DWELLERS.key(1, "name"), "没有填居住权人", "请填写居住权人的姓名和身份证号")
    until = day_or_none(form)
    if until is not None and until < given.today:
        raise refuse("until", "居住权的截止日期已经过了", "请核对合同（文书）上写的期限")
    number = given.proof_no()
    fact = BurdenFact(Burden.HABITATION, number, since=given.today, until=until, proof_no=number)
    details = {
        "owner": names_zh(given.title.holders),
        "way": way_zh,
        "scope": form.get("scope", ""),
        "term": FOR_LIFE_ZH if until is None else f"至{until.isoformat()}",
        "conditions": form.get("conditions", ""),
        "may_let": "约定可以出租" if form.get("may_let") == YES else "不得出租",
        "contract_no": form.get("contract_no", ""),
    }
    return OpenBurden(given.page.unit_code, fact, details, dwellers)


FOR_LIFE_ZH: Final = "居住权人终身"


def by_contract(given: EntryInput) -> tuple[OpenBurden, ...]:
    """Owners and dwellers agreed in writing (民法典 367).

    Raises InvalidInput when those who may dispose of the home do not apply, or it is no home, since habitation serves
    living (民法典 366).
    """
    disposing(OWNERS.key(1, "name"), OWNERS.read(given.form), given.title, "权利人")
    if not given.title.unit.is_residential:
        raise refuse("scope", "登记簿上这处房产的用途不是住宅", "居住权只能设在住宅上；用途改了的，请先办房屋用途变更")
    return (_habitation(given, "合同"),)


def by_will_or_court(given: EntryInput) -> tuple[OpenBurden, ...]:
    """By a will that has taken effect, or by a court (民法典 371, 229, 230); the dweller applies alone."""
    if not given.title.unit.is_residential:
        raise refuse("scope", "登记簿上这处房产的用途不是住宅", "居住权只能设在住宅上")
    return (_habitation(given, _WAYS_ZH.get(given.form.get("paper", ""), "遗嘱")),)


def read_will(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """The cause follows from the paper."""
    cause = Cause.COURT_RULING if form.get("paper") == COURT else Cause.HABITATION_WILL
    return facts_from(DWELLERS, cause=cause)(form, evidence)


def claims_of_will(form: Mapping[str, str]) -> frozenset[str]:
    """A notarised will or a court paper, to be confirmed at home; whoever takes by a will is its legatee."""
    proofs = {
        WILL_NOTARISED: {Evidence.NOTARIAL_DEED_VERIFIED.value, Evidence.HEIR_OR_LEGATEE.value},
        WILL_PLAIN: {Evidence.HEIR_OR_LEGATEE.value},
        COURT: {Evidence.COURT_PAPER_IN_FORCE.value},
    }
    return frozenset(proofs.get(form.get("paper", ""), set())) | claimed_consents(form)


HABITATION_BY_CONTRACT: Final = ServiceItem(
    number="S34",
    name_zh="居住权首次登记（合同设立）",
    kind=Registration.FIRST,
    subject=Subject.HABITATION,
    acts=(Act.HABITATION,),
    applicants=(PartyRole.OWNER, PartyRole.DWELLER),
    channels=b.AT_A_WINDOW,
    fields=(*fields_of(OWNERS, DWELLERS), CONTRACT_FIELD, *TERM_FIELDS, *consent_fields(*_CONTRACT_CONSENTS)),
    materials=(
        *people_and_papers(OWNERS, DWELLERS),
        *b.disposing_rows(OWNERS),
        shown_certificate(),
        Requirement(
            "habitation_contract",
            m.HABITATION_CONTRACT,
            b.always,
            whose=PartyRole.DWELLER,
            how_zh="双方签名的书面居住权合同，写明住谁的房、住哪些房间、住到什么时候。",
        ),
        *consent_rows(*_CONTRACT_CONSENTS),
    ),
    questions=CONTRACT_QUESTIONS,
    pledge_zh=CONTRACT_PLEDGE_ZH,
    application_facts=facts_from(OWNERS, DWELLERS, cause=Cause.HABITATION_CONTRACT, giving=OWNERS),
    entries=by_contract,
    parties=parties_of(OWNERS, DWELLERS),
    prefill=prefill_of(OWNERS),
    fees=(_FEE,),
    issues=(Document.PROOF,),
    days_target=3,
    days_parameter="item_days.S34",
    law="《中华人民共和国民法典》第三百六十六条至第三百六十八条",
    guide_zh=CONTRACT_GUIDE_ZH,
    claims=claimed_consents,
    disposes=True,
    example=Example(
        {
            "owner1_phone": "13800138034",
            "owner1_comes": "self",
            "owner2_also": NO,
            "dweller1_name": "谢秀兰",
            "dweller1_id_kind": "id_card",
            "dweller1_id_no": "410526195203080005",
            "dweller1_phone": "13800138134",
            "dweller1_comes": "self",
            "dweller2_also": NO,
            "contract_no": "居字2026-34号",
            "scope": "整套房屋",
            "term": FOR_LIFE,
            "conditions": "自己居住，水电费自己承担",
            "may_let": NO,
            **{one.value: "none" for one in _CONTRACT_CONSENTS},
        }
    ),
)

_WILL_CONSENTS: Final = (Consent.MORTGAGEE, Consent.DWELLER, Consent.NOTICE_HOLDER, Consent.OBJECTION)

HABITATION_BY_WILL: Final = ServiceItem(
    number="S35",
    name_zh="居住权首次登记（遗嘱、裁判设立）",
    kind=Registration.FIRST,
    subject=Subject.HABITATION,
    acts=(Act.HABITATION,),
    applicants=(PartyRole.DWELLER,),
    channels=applying.AT_THE_COUNTER,
    fields=(*WILL_FIELDS, *DWELLERS.fields(), *TERM_FIELDS, *consent_fields(*_WILL_CONSENTS)),
    materials=(
        *people_and_papers(DWELLERS),
        Requirement(
            "notarial_deed",
            m.NOTARIAL,
            b.answered("paper", WILL_NOTARISED),
            how_zh="遗嘱公证书，窗口向公证处核实；有公证书的，不用再带死亡证明。",
        ),
        Requirement("will", m.WILL, b.answered("paper", WILL_PLAIN), how_zh="遗嘱原件。"),
        Requirement(
            "death",
            m.DEATH,
            b.answered("paper", WILL_PLAIN),
            how_zh="立遗嘱的人的死亡证明；公安、卫生健康、民政部门能查到的不用带。",
        ),
        Requirement(
            "court_paper", m.COURT_PAPER, b.answered("paper", COURT), how_zh="判决书、裁定书或者调解书，和生效证明。"
        ),
        *consent_rows(*_WILL_CONSENTS),
    ),
    questions=WILL_QUESTIONS,
    pledge_zh=WILL_PLEDGE_ZH,
    application_facts=read_will,
    entries=by_will_or_court,
    parties=parties_of(DWELLERS),
    prefill=lambda page, shown: {},
    applicant=DWELLERS.first,
    fees=(_FEE,),
    issues=(Document.PROOF,),
    days_target=3,
    days_parameter="item_days.S35",
    law="《中华人民共和国民法典》第三百七十一条、第二百二十九条、第二百三十条",
    guide_zh=WILL_GUIDE_ZH,
    found_by=FoundBy.UNIT,
    opening_fields=("paper",),
    claims=claims_of_will,
    disposes=True,
    example=Example(
        {
            "paper": COURT,
            "contract_no": "（2026）豫0526民初35号",
            "dweller1_name": "谢秀兰",
            "dweller1_id_kind": "id_card",
            "dweller1_id_no": "410526195203080005",
            "dweller1_phone": "13800138035",
            "dweller1_comes": "self",
            "dweller2_also": NO,
            "scope": "朝南的一间卧室，厨房、卫生间共用",
            "term": FOR_LIFE,
            "conditions": "自己居住",
            "may_let": NO,
            **{one.value: "none" for one in _WILL_CONSENTS},
        },
        confirmed=frozenset({Evidence.COURT_PAPER_IN_FORCE}),
    ),
)

_END: Final = Ending(
    Burden.HABITATION,
    PartyRole.DWELLER,
    (
        Ground(Cause.RIGHT_EXPIRED, "期限到了", (HOLDER, OWNER), is_over=True),
        Ground(Cause.RIGHT_HOLDER_DEAD, "居住权人去世了", (OWNER,)),
        Ground(Cause.RIGHT_WAIVED, "居住权人放弃", (HOLDER,), all_holders=True),
        Ground(Cause.RIGHT_ENDED_BY_CONTRACT, "双方解除了居住权合同", (HOLDER,), all_holders=True),
        Ground(Cause.COURT_RULING, "法院判决消灭", (HOLDER, OWNER)),
    ),
)

END_OF_HABITATION: Final = ServiceItem(
    number="S36",
    name_zh="居住权注销登记",
    kind=Registration.CANCELLATION,
    subject=Subject.HABITATION,
    acts=(Act.RELEASE,),
    applicants=(PartyRole.DWELLER, PartyRole.OWNER),
    channels=b.AT_A_WINDOW,
    fields=_END.fields(),
    materials=(
        *people_and_papers(APPLICANT),
        old_proof(PartyRole.DWELLER, b.answered("who", HOLDER)),
        Requirement(
            "death",
            m.DEATH,
            b.answered("cause", Cause.RIGHT_HOLDER_DEAD),
            how_zh="居住权人的死亡证明，有几位的每一位都要；公安、卫生健康、民政部门能查到的不用带。",
        ),
        Requirement(
            "end_of_right",
            m.END_OF_RIGHT,
            b.answered("cause", Cause.RIGHT_WAIVED, Cause.RIGHT_ENDED_BY_CONTRACT),
            whose=PartyRole.DWELLER,
            how_zh="放弃居住权的声明，或者双方签名的解除协议。",
        ),
        Requirement(
            "court_paper",
            m.COURT_PAPER,
            b.answered("cause", Cause.COURT_RULING),
            how_zh="判决书、裁定书或者调解书，和生效证明。",
        ),
    ),
    questions=END_QUESTIONS,
    pledge_zh=END_PLEDGE_ZH,
    application_facts=facts_from(APPLICANT, cause=Cause.RIGHT_EXPIRED, asked="cause"),
    entries=_END.entries,
    parties=_END.parties,
    prefill=_END.prefill,
    fees=(FeeRule(FeeClass.CANCELLATION, PartyRole.DWELLER, "发改价格规〔2016〕2559号", subject=Subject.HABITATION),),
    issues=(),
    days_target=1,
    days_parameter="item_days.S36",
    law="《中华人民共和国民法典》第三百七十条；《不动产登记暂行条例实施细则》第二十八条",
    guide_zh=END_GUIDE_ZH,
    found_by=FoundBy.PROOF,
    example=Example(
        {
            "cause": Cause.RIGHT_WAIVED.value,
            "who": HOLDER,
            "applicant1_phone": "13800138036",
            "applicant1_comes": "self",
            "applicant2_also": NO,
        },
        after=("S34",),
    ),
)
