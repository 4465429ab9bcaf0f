"""Advance notices (预告登记): of sales and of mortgages, before the house is finished or before its transfer (民法典 221)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue import mortgage_form as f
from tongban.domain.catalogue import notice_form as n
from tongban.domain.catalogue.building_blocks import (
    APPLICATION_ROW,
    EVERYWHERE,
    always,
    attorney_row,
    disposing_rows,
    guide,
    inquiry,
    people_rows,
    pledge,
)
from tongban.domain.catalogue.disposal import (
    WARD_QUESTIONS,
    all_together,
    disposing,
    in_register,
    names_zh,
    refuse,
    shares_zh,
)
from tongban.domain.catalogue.example_units import EXAMPLE_DEVELOPER, EXAMPLE_OWNER
from tongban.domain.catalogue.item import (
    NO,
    YES,
    Choice,
    Department,
    EntryInput,
    Example,
    ExampleUnit,
    Field,
    FieldKind,
    FoundBy,
    PartyInput,
    PartyRole,
    Question,
    Requirement,
    ServiceItem,
    Shown,
    When,
)
from tongban.domain.catalogue.mortgage import EXAMPLE_MORTGAGEE, EXAMPLE_MORTGAGOR, read_mortgage
from tongban.domain.catalogue.people import Applicant, Comes, fields_of, kinds_of, parties_of, someone_comes_as
from tongban.domain.catalogue.transferring import people_problems, refuse_if_any
from tongban.domain.entries import Entry
from tongban.domain.evidence import Evidence
from tongban.domain.facts import ApplicationFacts
from tongban.domain.identity import IdDocument
from tongban.domain.terms import Cause, Document, HolderKind, Registration, Subject
from tongban.domain.titles import Holder
from tongban.domain.unit_page import UnitPage

BOTH: Final = "both"
BUYER_ALONE: Final = "buyer_alone"
OWNER: Final = "owner"
NOTICE: Final = "notice"
_TOGETHER = When("applies", (BOTH,))
_STOOD_IN = tuple(someone_comes_as(one, n.BUYER, n.SELLER, n.DEVELOPER) for one in (Comes.AGENT, Comes.GUARDIAN))

_CONTRACT_FIELDS: Final = h.under(
    h.CONTRACT,
    Field("contract_no", "合同网签备案号", "照着网签备案的买卖合同抄。", FieldKind.TEXT, longest=60),
    Field("price_yuan", "房屋总价（元）", "照着合同填，例如 860000。", FieldKind.YUAN, is_personal=True),
)
_NOTE_FIELD: Final = f.NOTE_FIELD
_PLEDGE_ZH: Final = pledge("合同是真的，申请表和合同一致", "没有把同一套房另外卖给、抵押给别人")


def read_presale(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """A developer gives a claim to the house away."""
    has_agent = any(found(form) for found in _STOOD_IN)
    giving = kinds_of(n.DEVELOPER, form)
    return ApplicationFacts(Cause.DEVELOPER_SALE, giving=giving, has_agent=has_agent, form=form, evidence=evidence)


def read_sale(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """The owners give a claim to the house away."""
    has_agent = any(found(form) for found in _STOOD_IN)
    giving = kinds_of(n.SELLER, form)
    return ApplicationFacts(Cause.SALE, giving=giving, has_agent=has_agent, form=form, evidence=evidence)


def presale_claims(form: Mapping[str, str]) -> frozenset[str]:
    """The form names the contract that was signed online."""
    return frozenset({Evidence.ONLINE_SIGNED_CONTRACT})


def presale_mortgage_claims(form: Mapping[str, str]) -> frozenset[str]:
    """The same, and the holder of the buyer's notice is the one who mortgages."""
    return frozenset({Evidence.ONLINE_SIGNED_CONTRACT, Evidence.NOTICE_HOLDER_CONSENT})


def mortgage_notice_claims(form: Mapping[str, str]) -> frozenset[str]:
    """A buyer who mortgages what his own notice secures agrees by applying."""
    return frozenset({Evidence.NOTICE_HOLDER_CONSENT}) if form.get("basis") == NOTICE else frozenset()


def notice_presale(given: EntryInput) -> tuple[Entry, ...]:
    """The buyers' notice; raises InvalidInput when the unit is unknown or registered to another than the developer."""
    form, page = given.form, given.page
    refuse_if_any(people_problems((n.BUYER,), form, given.today))
    developer = n.DEVELOPER.read(form)
    if page.state is None:
        raise refuse("unit_code", "楼盘表里没有这套房", "请核对不动产单元号；还没有预测绘的，请开发企业先办")
    if not developer:
        raise refuse("developer1_name", "没有填开发企业", "请照着合同填写")
    if page.title is not None:
        in_register("developer1_name", developer, page.title.holders, n.DEVELOPER.who_zh)
    details = {"obligor": names_zh(developer), "notice_kind": n.PRESALE_ZH}
    return (_sale_notice(given, details, developer),)


def notice_sale(given: EntryInput) -> tuple[Entry, ...]:
    """The buyers' notice; raises InvalidInput when the owners of the register do not all promise the sale."""
    refuse_if_any(people_problems((n.SELLER, n.BUYER), given.form, given.today))
    sellers = disposing("seller1_name", n.SELLER.read(given.form), given.title, n.SELLER.who_zh)
    details = {"obligor": names_zh(sellers), "notice_kind": n.SALE_ZH}
    return (_sale_notice(given, details, n.SELLER.read(given.form)),)


def _sale_notice(given: EntryInput, details: Mapping[str, str], sellers: tuple[Applicant, ...]) -> Entry:
    form = given.form
    co_ownership, buyers = n.BUYER.holding(form)
    if any(seller.is_same(buyer) for seller in sellers for buyer in buyers):
        raise refuse("buyer1_name", "买房人和卖房人是同一个人", "请核对买卖双方")
    more = {
        "price_yuan": f.yuan(form.get("price_yuan", "")),
        "contract_no": form.get("contract_no", ""),
        "co_ownership": shares_zh(co_ownership, buyers),
        "note": form.get("note", ""),
    }
    return n.opened_notice(given, Burden.PRIORITY_NOTICE, buyers, {**details, **more})


def notice_presale_mortgage(given: EntryInput) -> tuple[Entry, ...]:
    """The bank's notice, resting on the buyers' own; raises InvalidInput unless all the buyers take part."""
    buyers = n.notice_of(given, Burden.PRIORITY_NOTICE).holders
    mortgagors = all_together("mortgagor1_name", f.MORTGAGOR.read(given.form), buyers, "买房人")
    return (_mortgage_notice(given, mortgagors, n.PRESALE_MORTGAGE_ZH),)


def notice_mortgage(given: EntryInput) -> tuple[Entry, ...]:
    """The notice of a mortgage by the owners, or by those whom a notice promises the house."""
    form, people = given.form, f.MORTGAGOR.read(given.form)
    if form.get("basis") == NOTICE:
        buyers = n.notice_of(given, Burden.PRIORITY_NOTICE).holders
        mortgagors = all_together("mortgagor1_name", people, buyers, "买房人")
    else:
        mortgagors = disposing("mortgagor1_name", people, given.title, f.MORTGAGOR.who_zh)
    return (_mortgage_notice(given, mortgagors, n.MORTGAGE_ZH),)


def _mortgage_notice(given: EntryInput, mortgagors: tuple[Holder, ...], kind_zh: str) -> Entry:
    form = given.form
    refuse_if_any(people_problems((f.MORTGAGOR,), form, given.today))
    f.check_term(form, "debt_from", "debt_until")
    mortgagees = f.mortgagees_of(form, mortgagors)
    details = {
        "obligor": names_zh(mortgagors),
        "notice_kind": kind_zh,
        "price_yuan": f.yuan(form.get("debt_yuan", "")),
        "contract_no": form.get("contract_no", ""),
        "debt_from": form.get("debt_from", ""),
        "debt_until": form.get("debt_until", ""),
        "note": form.get("note", ""),
    }
    return n.opened_notice(given, Burden.MORTGAGE_NOTICE, mortgagees, details)


def parties_of_presale(form: Mapping[str, str]) -> tuple[PartyInput, ...]:
    """The buyers, and the developer unless they apply alone (细则 86)."""
    groups = (n.BUYER,) if form.get("applies") == BUYER_ALONE else (n.BUYER, n.DEVELOPER)
    return parties_of(*groups)(form)


def prefill_nothing(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """Whoever applies holds no paper of the unit, or may be either side."""
    return {}


def prefill_seller(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The owner who shows the certificate is the first seller."""
    return {} if shown.holder is None else n.SELLER.prefill(shown.holder)


def prefill_buyer(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The buyer's notice, and the buyer who shows its proof as the first mortgagor."""
    known, opened = {"proof_no": shown.number}, page.by_proof(shown.number)
    if shown.holder is None or opened is None or shown.holder not in opened.holders:
        return known
    return {**known, **f.MORTGAGOR.prefill(shown.holder)}


EXAMPLE_BUYER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "buyer1_kind": HolderKind.PERSON.value,
        "buyer1_name": "谢雨桐",
        "buyer1_id_kind": IdDocument.ID_CARD.value,
        "buyer1_id_no": "410526197408270004",
        "buyer1_phone": "13800138025",
        "buyer1_comes": Comes.SELF.value,
        "buyer2_also": NO,
    }
)
_EXAMPLE_DEBT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "contract_no": "豫北预抵字2026第0026号",
        "debt_yuan": "520000",
        "debt_from": "2026-11-20",
        "debt_until": "2051-11-19",
        "note": "",
    }
)
_RESALE_ROW: Final = Requirement("contract", m.MATERIALS[8], always, whose=PartyRole.NOTICE_HOLDER,
                                 how_zh="网签备案的买卖合同；住建部门能查到的不用带。")  # fmt: skip
_TRUE_SALE: Final = Question(
    "true_sale", "买卖是不是真的？价款、房号是不是和合同一样？", must_be=YES,
    otherwise_zh="申请表要和合同一致，不一样的请先改正。",
)  # fmt: skip

PRESALE_NOTICE: Final = ServiceItem(
    number="S25",
    name_zh="预购商品房买卖预告登记",
    kind=Registration.PRIORITY_NOTICE,
    subject=Subject.PRIORITY_NOTICE,
    acts=(Act.PRIORITY_NOTICE,),
    applicants=(PartyRole.DEVELOPER, PartyRole.NOTICE_HOLDER),
    channels=EVERYWHERE,
    found_by=FoundBy.UNIT,
    is_presale=True,
    fields=(
        *n.BUYER.fields(),
        Field("applies", "谁来申请", "一般由开发企业和买房人一起申请；约定了要办、开发企业不来的，买房人可以自己申请。",
              FieldKind.CHOICE, heading_zh=h.WHO_APPLIES,
              choices=(Choice(BOTH, "开发企业和买房人一起"), Choice(BUYER_ALONE, "开发企业没有按约定来，买房人自己申请"))),
        *n.known_only(n.DEVELOPER, _TOGETHER),
        *_CONTRACT_FIELDS,
        _NOTE_FIELD,
    ),
    materials=(
        APPLICATION_ROW,
        *people_rows(n.BUYER, n.DEVELOPER),
        attorney_row(n.BUYER, n.DEVELOPER),
        Requirement("contract", m.MATERIALS[7], always, whose=PartyRole.NOTICE_HOLDER,
                    how_zh="网签备案的商品房买卖合同；住建部门能查到的不用带。"),
        n.AGREEMENT_ROW,
    ),
    questions=inquiry(_TRUE_SALE, n.KNOWS_LAPSE),
    pledge_zh=_PLEDGE_ZH,
    application_facts=read_presale,
    claims=presale_claims,
    entries=notice_presale,
    parties=parties_of_presale,
    prefill=prefill_nothing,
    fees=(n.NOTICE_FEE,),
    issues=(Document.PROOF,),
    departments=frozenset({Department.HOUSING}),
    days_target=1,
    days_parameter="item_days.S25",
    by_rows=True,
    law="《民法典》第二百二十一条；《不动产登记暂行条例实施细则》第八十五条、第八十六条",
    guide_zh=guide(
        when_zh="买了还没建好（还没办首次登记）的新房，为了防止开发企业再卖、再抵押，先办预告登记。",
        bring_zh="买房人带身份证和网签备案的商品房买卖合同；开发企业带营业执照，已经备案签章的不用来。",
        days=1, cost_zh="不要钱。", after_zh="发不动产登记证明。" + n.LAPSE_ZH, not_elsewhere_zh=n.ELSEWHERE_ZH,
    ),
    disposes=True,
    example=Example(
        {
            **EXAMPLE_BUYER,
            "applies": BOTH,
            **n.DEVELOPER.prefill(EXAMPLE_DEVELOPER),
            "developer1_phone": "0372-8100004",
            "developer1_comes": Comes.PRESIGNED.value,
            "contract_no": "滑预售网签2026110025",
            "price_yuan": "746000",
            "note": "",
        },
        unit=ExampleUnit.PRESALE_FLAT,
        confirmed=frozenset({Evidence.ONLINE_SIGNED_CONTRACT}),
    ),
)  # fmt: skip

PRESALE_MORTGAGE_NOTICE: Final = ServiceItem(
    number="S26",
    name_zh="预购商品房抵押权预告登记",
    kind=Registration.PRIORITY_NOTICE,
    subject=Subject.PRIORITY_NOTICE,
    acts=(Act.PRIORITY_NOTICE,),
    applicants=(PartyRole.MORTGAGOR, PartyRole.MORTGAGEE),
    channels=EVERYWHERE,
    found_by=FoundBy.PROOF,
    is_presale=True,
    fields=(n.PROOF_FIELD, *fields_of(f.MORTGAGOR, f.MORTGAGEE), f.CONTRACT_FIELD, *f.DEBT_FIELDS, _NOTE_FIELD),
    materials=(
        APPLICATION_ROW,
        *people_rows(f.MORTGAGOR, f.MORTGAGEE),
        *disposing_rows(f.MORTGAGOR),
        attorney_row(f.MORTGAGEE),
        Requirement("proof", m.MATERIALS[6], always, whose=PartyRole.MORTGAGOR,
                    how_zh="买房的预告登记证明；有电子证明的不用带，纸质的看过就还。"),
        f.LOAN_ROW,
        f.MORTGAGE_ROW,
        n.AGREEMENT_ROW,
    ),
    questions=inquiry(f.TRUE_DEBT, f.MAY_BE_SOLD, n.KNOWS_LAPSE, *WARD_QUESTIONS),
    pledge_zh=_PLEDGE_ZH,
    application_facts=read_mortgage,
    claims=presale_mortgage_claims,
    entries=notice_presale_mortgage,
    parties=parties_of(f.MORTGAGOR, f.MORTGAGEE),
    prefill=prefill_buyer,
    fees=(n.NOTICE_FEE,),
    issues=(Document.PROOF,),
    departments=frozenset({Department.HOUSING}),
    days_target=1,
    days_parameter="item_days.S26",
    by_rows=True,
    law="《民法典》第二百二十一条；《不动产登记暂行条例实施细则》第八十五条、第八十八条；担保制度司法解释第五十二条",
    guide_zh=guide(
        when_zh="贷款买还没建好的新房，已经办了买卖预告登记，银行要先占住抵押的顺位。",
        bring_zh="买房人带身份证、买卖预告登记证明；银行带营业执照、借款合同、抵押合同。",
        days=1, cost_zh="不要钱。",
        after_zh="给银行发不动产登记证明。房子办好证以后，再办抵押权登记，顺位从现在算起。" + n.LAPSE_ZH,
        not_elsewhere_zh=n.ELSEWHERE_ZH,
    ),
    disposes=True,
    example=Example(
        {**EXAMPLE_MORTGAGOR, **EXAMPLE_MORTGAGEE, **_EXAMPLE_DEBT},
        unit=ExampleUnit.PRESALE_FLAT,
        after=("S25",),
        confirmed=frozenset({Evidence.ONLINE_SIGNED_CONTRACT, Evidence.NOTICE_HOLDER_CONSENT}),
    ),
)  # fmt: skip

SALE_NOTICE: Final = ServiceItem(
    number="S27",
    name_zh="其他不动产买卖预告登记",
    kind=Registration.PRIORITY_NOTICE,
    subject=Subject.PRIORITY_NOTICE,
    acts=(Act.PRIORITY_NOTICE,),
    applicants=(PartyRole.NOTICE_OBLIGOR, PartyRole.NOTICE_HOLDER),
    channels=EVERYWHERE,
    fields=(*fields_of(n.SELLER, n.BUYER), *_CONTRACT_FIELDS, _NOTE_FIELD),
    materials=(
        APPLICATION_ROW,
        *people_rows(n.SELLER, n.BUYER),
        *disposing_rows(n.SELLER),
        attorney_row(n.BUYER),
        Requirement("certificate", m.TITLE_CERTIFICATE, always, whose=PartyRole.NOTICE_OBLIGOR,
                    how_zh="有电子证照的不用带；只有纸质证书的带原件来，窗口看过就还。"),
        _RESALE_ROW,
        n.AGREEMENT_ROW,
    ),
    questions=inquiry(_TRUE_SALE, n.KNOWS_LAPSE, *WARD_QUESTIONS),
    pledge_zh=_PLEDGE_ZH,
    application_facts=read_sale,
    entries=notice_sale,
    parties=parties_of(n.SELLER, n.BUYER),
    prefill=prefill_seller,
    fees=(n.NOTICE_FEE,),
    issues=(Document.PROOF,),
    departments=frozenset({Department.HOUSING}),
    days_target=1,
    days_parameter="item_days.S27",
    law="《民法典》第二百二十一条；《不动产登记暂行条例实施细则》第八十五条、第八十七条",
    guide_zh=guide(
        when_zh="二手房签了合同、还不能马上过户的，先办预告登记；没有买房人同意，卖房人不能再卖给、抵押给别人。",
        bring_zh="卖房人（共同共有的全体都要来）带身份证、不动产权证书；买房人带身份证和网签备案的合同。",
        days=1, cost_zh="不要钱。", after_zh="给买房人发不动产登记证明。" + n.LAPSE_ZH, not_elsewhere_zh=n.ELSEWHERE_ZH,
    ),
    disposes=True,
    example=Example(
        {
            **EXAMPLE_BUYER,
            "seller1_phone": "13800138020",
            "seller1_comes": Comes.SELF.value,
            "seller2_also": NO,
            "contract_no": "滑存量网签2026110027",
            "price_yuan": "860000",
            "note": "",
        }
    ),
)  # fmt: skip

MORTGAGE_NOTICE: Final = ServiceItem(
    number="S28",
    name_zh="其他不动产抵押权预告登记",
    kind=Registration.PRIORITY_NOTICE,
    subject=Subject.PRIORITY_NOTICE,
    acts=(Act.PRIORITY_NOTICE,),
    applicants=(PartyRole.MORTGAGOR, PartyRole.MORTGAGEE),
    channels=EVERYWHERE,
    fields=(
        Field("basis", "抵押人凭什么抵押", "房子已经在抵押人名下的选第一个；还没过户、办了买卖预告登记的选第二个。",
              FieldKind.CHOICE, heading_zh=h.MATTER,
              choices=(Choice(OWNER, "房子登记在抵押人名下"), Choice(NOTICE, "抵押人是买卖预告登记的权利人"))),
        Field("proof_no", "买卖预告登记的登记证明号", "照着登记证明抄。", FieldKind.PROOF_NO, when=When("basis", (NOTICE,)),
              heading_zh=h.HELD),
        *fields_of(f.MORTGAGOR, f.MORTGAGEE),
        f.CONTRACT_FIELD,
        *f.DEBT_FIELDS,
        _NOTE_FIELD,
    ),
    opening_fields=("basis",),
    materials=(
        APPLICATION_ROW,
        *people_rows(f.MORTGAGOR, f.MORTGAGEE),
        *disposing_rows(f.MORTGAGOR),
        attorney_row(f.MORTGAGEE),
        f.CERTIFICATE_SHOWN,
        f.LOAN_ROW,
        f.MORTGAGE_ROW,
        n.AGREEMENT_ROW,
    ),
    questions=inquiry(f.TRUE_DEBT, f.MAY_BE_SOLD, f.PUBLIC_FACILITY, n.KNOWS_LAPSE, *WARD_QUESTIONS),
    pledge_zh=_PLEDGE_ZH,
    application_facts=read_mortgage,
    claims=mortgage_notice_claims,
    entries=notice_mortgage,
    parties=parties_of(f.MORTGAGOR, f.MORTGAGEE),
    prefill=prefill_nothing,
    fees=(n.NOTICE_FEE,),
    issues=(Document.PROOF,),
    days_target=1,
    days_parameter="item_days.S28",
    law="《民法典》第二百二十一条；《不动产登记暂行条例实施细则》第八十五条；担保制度司法解释第五十二条",
    guide_zh=guide(
        when_zh="约定把房子抵押出去、还不能马上办抵押权登记的，先办预告登记占住顺位。",
        bring_zh="抵押人带身份证、不动产权证书（或者买卖预告登记证明）；抵押权人带营业执照、借款合同、抵押合同。",
        days=1, cost_zh="不要钱。", after_zh="给抵押权人发不动产登记证明。" + n.LAPSE_ZH, not_elsewhere_zh=n.ELSEWHERE_ZH,
    ),
    disposes=True,
    example=Example(
        {"basis": OWNER, **f.MORTGAGOR.prefill(EXAMPLE_OWNER), **EXAMPLE_MORTGAGOR, **EXAMPLE_MORTGAGEE, **_EXAMPLE_DEBT}
    ),
)  # fmt: skip
