"""First registration of mortgages: for one debt (民法典 394), and for debts to come up to a maximum (民法典 420)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import BurdenFact
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import mortgage_form as f
from tongban.domain.catalogue.building_blocks import (
    APPLICATION_ROW,
    EVERYWHERE,
    attorney_row,
    disposing_rows,
    guide,
    inquiry,
    people_rows,
    pledge,
)
from tongban.domain.catalogue.disposal import WARD_QUESTIONS, names_zh
from tongban.domain.catalogue.item import (
    NO,
    YES,
    EntryInput,
    Example,
    FeeRule,
    Field,
    FieldKind,
    PartyRole,
    ServiceItem,
    Shown,
)
from tongban.domain.catalogue.people import Comes, fields_of, kinds_of, parties_of, someone_comes_as
from tongban.domain.entries import Entry
from tongban.domain.facts import ApplicationFacts
from tongban.domain.fees.terms import FeeClass
from tongban.domain.identity import IdDocument
from tongban.domain.terms import Cause, Document, HolderKind, Registration, Subject
from tongban.domain.titles import Holder
from tongban.domain.unit_page import UnitPage

MORTGAGE_FEE: Final = FeeRule(FeeClass.STANDARD, PartyRole.MORTGAGEE, f.FEE_LAW_ZH, Subject.MORTGAGE)
_AGENT = someone_comes_as(Comes.AGENT, f.MORTGAGOR, f.MORTGAGEE)
_GUARDIAN = someone_comes_as(Comes.GUARDIAN, f.MORTGAGOR, f.MORTGAGEE)
_AFTER_ZH: Final = (
    "抵押权从登簿的时候设立。先登记的先受偿。债还清以后，由抵押权人申请注销抵押，不注销，抵押就一直记在登记簿上。"
)
_ELSEWHERE_ZH: Final = "在建建筑物抵押、只有土地没有房屋的、集体土地上的，要到房产所在地办。"

MAXIMUM_FIELDS: Final = h.under(
    h.DEBT,
    Field("maximum_yuan", "最高债权数额（元）", "照着最高额抵押合同填，例如 2000000。", FieldKind.YUAN, is_personal=True),
    Field("claim_from", "债权确定期间从哪天起", "这段期间里发生的债都由这套房担保。", FieldKind.FUTURE_DAY, is_personal=True),
    Field("claim_until", "债权确定期间到哪天止", "合同没有约定的空着；没有约定的，设立满两年可以请求确定（民法典第四百二十三条）。",
          FieldKind.FUTURE_DAY, required=False, is_personal=True),
    Field("has_prior_debts", "以前的债要不要一起担保", "设立抵押以前已经有的债，双方同意的可以一起担保（民法典第四百二十条）。",
          FieldKind.YES_NO),
)  # fmt: skip


def read_mortgage(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """What the law sees in a mortgage: the mortgagors give a right away."""
    return ApplicationFacts(
        cause=Cause.MORTGAGE_CONTRACT,
        giving=kinds_of(f.MORTGAGOR, form),
        has_agent=_AGENT(form) or _GUARDIAN(form),
        form=form,
        evidence=evidence,
    )


def prefill_mortgagor(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The owner who shows the certificate is the first mortgagor."""
    return {} if shown.holder is None else f.MORTGAGOR.prefill(shown.holder)


def open_general_mortgage(given: EntryInput) -> tuple[Entry, ...]:
    """The mortgage, behind those that are there (民法典 414).

    Raises InvalidInput when the owners of the register do not all take part, or the term runs backwards.
    """
    form = given.form
    mortgagors = f.mortgagors_of(given.title, form, given.today)
    f.check_term(form, "debt_from", "debt_until")
    terms = {
        "debt_yuan": f.yuan(form.get("debt_yuan", "")),
        "debt_from": form.get("debt_from", ""),
        "debt_until": form.get("debt_until", ""),
    }
    return (opened_mortgage(given, f.GENERAL_ZH, mortgagors, terms),)


def open_maximum_mortgage(given: EntryInput) -> tuple[Entry, ...]:
    """The same for debts to come, up to a maximum (民法典 420–424)."""
    form = given.form
    mortgagors = f.mortgagors_of(given.title, form, given.today)
    f.check_term(form, "claim_from", "claim_until")
    prior_zh = "设立前已经存在的债权，经当事人同意转入担保范围" if form.get("has_prior_debts") == YES else ""
    terms = {
        "maximum_yuan": f.yuan(form.get("maximum_yuan", "")),
        "claim_from": form.get("claim_from", ""),
        "claim_until": form.get("claim_until", ""),
        "note": "；".join(filter(None, (prior_zh, form.get("note", "")))),
    }
    return (opened_mortgage(given, f.MAXIMUM_ZH, mortgagors, terms),)


def opened_mortgage(
    given: EntryInput, way_zh: str, mortgagors: Sequence[Holder], terms: Mapping[str, str], *, rank: int = 0
) -> OpenBurden:
    """One mortgage with every column of its page; behind what is there unless it brings its own rank."""
    form = given.form
    mortgagees = f.mortgagees_of(form, mortgagors)
    no_transfer_zh = f.no_transfer_zh(form)
    details = {
        "mortgagor": names_zh(mortgagors),
        "way": way_zh,
        "object": f.object_zh(given.title, mortgagors, form),
        "debtor": f.debtor_zh(form, mortgagors),
        "scope": form.get("scope", ""),
        "no_transfer": no_transfer_zh,
        "contract_no": form.get("contract_no", ""),
        "note": form.get("note", ""),
        **terms,
    }
    proof_no = given.proof_no()
    fact = BurdenFact(
        f.kind_of_mortgage(way_zh, no_transfer_zh),
        proof_no,
        since=given.today,
        rank=rank or given.page.next_rank(),
        proof_no=proof_no,
    )
    return OpenBurden(given.page.unit_code, fact, f.filled(details), mortgagees)


_PEOPLE: Final = fields_of(f.MORTGAGOR, f.MORTGAGEE)
_MATERIALS: Final = (
    APPLICATION_ROW,
    *people_rows(f.MORTGAGOR, f.MORTGAGEE),
    *disposing_rows(f.MORTGAGOR),
    attorney_row(f.MORTGAGEE),
    f.CERTIFICATE_SHOWN,
    f.LOAN_ROW,
    f.MORTGAGE_ROW,
)
_QUESTIONS: Final = inquiry(f.TRUE_DEBT, f.MAY_BE_SOLD, f.PUBLIC_FACILITY, *WARD_QUESTIONS)
_PLEDGE_ZH: Final = pledge(
    "债是真的，申请表上的数额、期限、担保范围和转让的约定同合同一致",
    "这处房产不是依法不得抵押的财产",
    "登记费由抵押权人交，不转给借款人",
)

EXAMPLE_MORTGAGEE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "mortgagee1_kind": HolderKind.ENTERPRISE.value,
        "mortgagee1_name": "豫北示例银行股份有限公司滑县支行",
        "mortgagee1_id_kind": IdDocument.USCC.value,
        "mortgagee1_id_no": "91410526MA9000019R",
        "mortgagee1_phone": "0372-8100019",
        "mortgagee1_comes": Comes.AGENT.value,
        "mortgagee1_acting_name": "魏思源",
        "mortgagee1_acting_id_kind": IdDocument.ID_CARD.value,
        "mortgagee1_acting_id_no": "410526197408260009",
        "mortgagee1_acting_phone": "13800138019",
        "mortgagee2_also": NO,
    }
)
EXAMPLE_MORTGAGOR: Final[Mapping[str, str]] = MappingProxyType(
    {"mortgagor1_phone": "13800138020", "mortgagor1_comes": Comes.SELF.value, "mortgagor2_also": NO}
)
EXAMPLE_TERMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "contract_no": "豫北抵字2026第0119号",
        "extent": f.WHOLE,
        "debtor_is": f.MORTGAGORS,
        "scope": "主债权及其利息、违约金、损害赔偿金、实现抵押权的费用",
        "no_transfer": f.FREE,
    }
)

GENERAL_MORTGAGE: Final = ServiceItem(
    number="S19",
    name_zh="抵押权首次登记（一般抵押）",
    kind=Registration.FIRST,
    subject=Subject.MORTGAGE,
    acts=(Act.MORTGAGE,),
    applicants=(PartyRole.MORTGAGOR, PartyRole.MORTGAGEE),
    channels=EVERYWHERE,
    fields=(
        *_PEOPLE,
        f.EXTENT_FIELD,
        f.CONTRACT_FIELD,
        *f.DEBTOR_FIELDS,
        *f.DEBT_FIELDS,
        *f.TERMS_FIELDS,
        f.NOTE_FIELD,
    ),
    materials=_MATERIALS,
    questions=_QUESTIONS,
    pledge_zh=_PLEDGE_ZH,
    application_facts=read_mortgage,
    entries=open_general_mortgage,
    parties=parties_of(f.MORTGAGOR, f.MORTGAGEE),
    prefill=prefill_mortgagor,
    fees=(MORTGAGE_FEE,),
    issues=(Document.PROOF,),
    days_target=1,
    days_parameter="item_days.S19",
    by_rows=True,
    law="《民法典》第三百九十四条、第四百条、第四百零二条；《不动产登记暂行条例实施细则》第六十五条、第六十六条；自然资发〔2021〕54号",
    guide_zh=guide(
        when_zh="拿自己的房子替自己或者别人的借款作担保，要把抵押权记到登记簿上。没有登记，抵押权不成立。",
        bring_zh="抵押人（房主，共同共有的全体都要来）带身份证、不动产权证书；抵押权人带营业执照；"
        "再带借款合同、抵押合同。银行在线传来的合同不用带。",
        days=1,
        cost_zh="住宅80元，其他550元，由抵押权人（银行）交，借款人不用交。抵押权人是小微企业的免收。",
        after_zh=_AFTER_ZH,
        not_elsewhere_zh=_ELSEWHERE_ZH,
    ),
    disposes=True,
    example=Example(
        {
            **EXAMPLE_MORTGAGOR,
            **EXAMPLE_MORTGAGEE,
            **EXAMPLE_TERMS,
            "debt_yuan": "600000",
            "debt_from": "2026-11-20",
            "debt_until": "2046-11-19",
            "note": "",
        }
    ),
)

MAXIMUM_MORTGAGE: Final = ServiceItem(
    number="S20",
    name_zh="最高额抵押权首次登记",
    kind=Registration.FIRST,
    subject=Subject.MORTGAGE,
    acts=(Act.MORTGAGE,),
    applicants=(PartyRole.MORTGAGOR, PartyRole.MORTGAGEE),
    channels=EVERYWHERE,
    fields=(
        *_PEOPLE,
        f.EXTENT_FIELD,
        f.CONTRACT_FIELD,
        *f.DEBTOR_FIELDS,
        *MAXIMUM_FIELDS,
        *f.TERMS_FIELDS,
        f.NOTE_FIELD,
    ),
    materials=_MATERIALS,
    questions=_QUESTIONS,
    pledge_zh=_PLEDGE_ZH,
    application_facts=read_mortgage,
    entries=open_maximum_mortgage,
    parties=parties_of(f.MORTGAGOR, f.MORTGAGEE),
    prefill=prefill_mortgagor,
    fees=(MORTGAGE_FEE,),
    issues=(Document.PROOF,),
    days_target=1,
    days_parameter="item_days.S20",
    law="《民法典》第四百二十条至第四百二十四条；《不动产登记暂行条例实施细则》第七十一条；自然资发〔2021〕54号",
    guide_zh=guide(
        when_zh="在约定的一段期间里会连续借款、还款，用一套房在最高数额以内一起担保，只登记一次。",
        bring_zh="抵押人（房主，共同共有的全体都要来）带身份证、不动产权证书；抵押权人带营业执照；"
        "再带最高额抵押合同，和一定期间内会连续发生债权的合同；以前的债要一起担保的，带双方同意的书面材料。",
        days=1,
        cost_zh="住宅80元，其他550元，由抵押权人（银行）交，借款人不用交。抵押权人是小微企业的免收。",
        after_zh=_AFTER_ZH + "债权确定以后，要办确定登记。",
        not_elsewhere_zh=_ELSEWHERE_ZH,
    ),
    disposes=True,
    example=Example(
        {
            **EXAMPLE_MORTGAGOR,
            **EXAMPLE_MORTGAGEE,
            **EXAMPLE_TERMS,
            "contract_no": "豫北高抵字2026第0120号",
            "maximum_yuan": "2000000",
            "claim_from": "2026-11-20",
            "claim_until": "2029-11-19",
            "has_prior_debts": NO,
            "note": "",
        }
    ),
)
