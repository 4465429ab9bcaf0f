"""Several registrations in one recording: a sale with the buyer's mortgage, and the sale of a mortgaged house.

The order is transfer, new mortgage behind the old, then the end or the change of the old (自然资发〔2023〕29号).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burden_entries import CloseBurden, OpenBurden
from tongban.domain.catalogue import combined_form as c
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue import mortgage_form as f
from tongban.domain.catalogue.building_blocks import (
    EVERYWHERE,
    answered,
    attorney_row,
    guide,
    people_rows,
    pledge,
)
from tongban.domain.catalogue.disposal import all_together, names_zh, refuse
from tongban.domain.catalogue.item import EntryInput, Example, PartyRole, Requirement, ServiceItem, Shown, When
from tongban.domain.catalogue.lying_on_it import ON_IT
from tongban.domain.catalogue.mortgage import EXAMPLE_MORTGAGEE, EXAMPLE_TERMS, MORTGAGE_FEE, opened_mortgage
from tongban.domain.catalogue.mortgage_in_force import altered, is_undetermined
from tongban.domain.catalogue.people import Comes, parties_of
from tongban.domain.catalogue.sale import BUYER_PAYS, RESALE, prefill_resale, read_resale
from tongban.domain.catalogue.sale_words import BUYERS, RESALE_FIELDS, RESALE_QUESTIONS, SELLERS
from tongban.domain.catalogue.transferring import contract_note, give_whole, is_stood_in_for
from tongban.domain.entries import Entry, ReplaceTitle
from tongban.domain.evidence import Evidence
from tongban.domain.facts import ApplicationFacts
from tongban.domain.terms import Cause, Document, Registration, Subject
from tongban.domain.titles import Holder
from tongban.domain.unit_page import MORTGAGES, UnitPage

MODES_ZH: Final = {c.COMBINED: "抵押权组合", c.SEGMENTS: "新旧抵押权分段", c.CHANGE: "抵押权变更"}


def read_combined(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """A sale, with banks beside buyer and seller."""
    has_agent = is_stood_in_for(form, SELLERS, BUYERS, f.MORTGAGEE, c.OLD_BANK)
    return replace(read_resale(form, evidence), has_agent=has_agent)


def sell_and_mortgage(given: EntryInput) -> tuple[Entry, ...]:
    """The title passes to the buyers, who mortgage it to their bank in the same recording; refuses as a sale does."""
    title = _sold(given, given.page, "")
    return title, _buyers_mortgage(given, title.title.holders)


def sell_mortgaged(given: EntryInput) -> tuple[Entry, ...]:
    """带押过户: the title passes, and the old mortgage ends, stays or becomes the buyers', as the mode says.

    Raises InvalidInput when the old mortgage or its mortgagees are not those of the register, or when the mortgage to be
    changed secures claims that are not determined yet (民法典 423).
    """
    form = given.form
    old = given.page.by_proof(form.get("old_proof_no", ""))
    if old is None or old.burden.burden not in MORTGAGES:
        raise refuse("old_proof_no", "这处房产上没有这个登记证明号的抵押权", "请核对证明号；没有抵押的，按普通买卖办")
    all_together("old1_name", c.OLD_BANK.read(form), old.holders, c.OLD_BANK.who_zh)
    mode = form.get("mode", "")
    left = tuple(one for one in given.page.burdens if one is not old) if mode == c.COMBINED else given.page.burdens
    title = _sold(given, replace(given.page, burdens=left), f"；带押过户（{MODES_ZH.get(mode, '')}）")
    buyers = title.title.holders
    if mode == c.CHANGE:
        return title, _old_changed(given, old, buyers)
    mortgage = _buyers_mortgage(given, buyers)
    if mode == c.SEGMENTS:
        return title, mortgage
    return title, mortgage, CloseBurden(old.unit_code, old.burden_no, "注销抵押：带押过户，旧抵押权随新抵押权登记注销")


def _sold(given: EntryInput, left: UnitPage, mode_zh: str) -> ReplaceTitle:
    note_zh = contract_note(given.form, Cause.SALE, left) + mode_zh
    (title,) = give_whole(given, SELLERS, BUYERS, Cause.SALE, note_zh)
    assert isinstance(title, ReplaceTitle), "a sale of the whole replaces the title"
    return title


def _buyers_mortgage(given: EntryInput, buyers: tuple[Holder, ...]) -> OpenBurden:
    f.check_term(given.form, "debt_from", "debt_until")
    return opened_mortgage(given, f.GENERAL_ZH, buyers, _debt(given.form))


def _debt(form: Mapping[str, str]) -> dict[str, str]:
    return {
        "debt_yuan": f.yuan(form.get("debt_yuan", "")),
        "debt_from": form.get("debt_from", ""),
        "debt_until": form.get("debt_until", ""),
        "contract_no": form.get("mortgage_contract_no", ""),
    }


def _old_changed(given: EntryInput, old: OpenBurden, buyers: tuple[Holder, ...]) -> Entry:
    form = given.form
    if is_undetermined(old):
        cure_zh = "请先办最高额抵押权确定登记，或者换一种带押过户的办法"
        raise refuse("mode", "旧抵押是债权还没有确定的最高额抵押权，不能直接改成买方的借款", cure_zh)
    f.check_term(form, "debt_from", "debt_until")
    no_transfer_zh = f.no_transfer_zh(form)
    details = {
        **_debt(form),
        "mortgagor": names_zh(buyers),
        "debtor": f.debtor_zh(form, buyers),
        "scope": form.get("scope", ""),
        "no_transfer": no_transfer_zh,
        "maximum_yuan": "",
        "determined_yuan": "",
        "determined_fact": "",
        "way": f.GENERAL_ZH,
    }
    fact = replace(old.burden, burden=f.kind_of_mortgage(f.GENERAL_ZH, no_transfer_zh))
    return altered(given, old, details, fact=fact, holders=f.mortgagees_of(form, buyers))


_MODE_ACTS: Final = {
    c.COMBINED: (Act.TRANSFER, Act.MORTGAGE, Act.CANCEL_MORTGAGE),
    c.SEGMENTS: (Act.TRANSFER, Act.MORTGAGE),
    c.CHANGE: (Act.TRANSFER, Act.ALTER_MORTGAGE),
}


def acts_of_mode(form: Mapping[str, str]) -> tuple[Act, ...]:
    """What each mode does beside the transfer; before the mode is chosen only the transfer is certain (自然资发〔2023〕29号)."""
    return _MODE_ACTS.get(form.get("mode", ""), (Act.TRANSFER,))


def carrying_claims(form: Mapping[str, str]) -> frozenset[str]:
    """The old bank applies with the others, which is its consent (民法典 406; 54号文)."""
    return frozenset({Evidence.MORTGAGEE_CONSENT, *ON_IT.claims(form)})


def prefill_carrying(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """As for a sale; the owner's only mortgage and its mortgagee as well."""
    known, mortgages = dict(prefill_resale(page, shown)), page.of_kind(MORTGAGES)
    if shown.holder is None or len(mortgages) != 1:
        return known
    (old,) = mortgages
    return {**known, "old_proof_no": old.burden.proof_no, **c.OLD_BANK.prefill(old.holders[0])}


_LOAN_ROWS: Final = (f.LOAN_ROW, f.MORTGAGE_ROW)
_SALE_ROWS: Final = tuple(one for one in RESALE.materials if one.key not in ("identity", "licence", "guardianship",
                          "acting_identity", "attorney"))  # fmt: skip
_QUESTIONS: Final = (*RESALE_QUESTIONS, f.TRUE_DEBT, f.MAY_BE_SOLD, f.PUBLIC_FACILITY)
_EXAMPLE_LOAN: Final = {
    **EXAMPLE_MORTGAGEE,
    "mortgage_contract_no": "豫北抵字2026第0132号",
    **{key: text for key, text in EXAMPLE_TERMS.items() if key not in ("contract_no", "extent")},
    "debt_yuan": "500000",
    "debt_from": "2026-11-20",
    "debt_until": "2046-11-19",
    "note": "",
}
_DEPARTMENTS: Final = RESALE.departments
_PROMISES: Final = (
    "成交价是真实的，债是真的，申请表同合同一致",
    "房产上登记着的抵押、居住权、异议，买方都已经看过、知道，并且愿意接受",
    "抵押权登记费由银行交，不转给借款人",
)
_ELSEWHERE_ZH: Final = "卖方是单位的，个人卖商铺、办公室等不是住宅的，集体土地、没有测绘的房屋，要到房产所在地办。"

SALE_WITH_MORTGAGE: Final = ServiceItem(
    number="S32",
    name_zh="存量房买卖转移登记和抵押权登记合并办理",
    kind=Registration.TRANSFER,
    subject=Subject.TITLE,
    acts=(Act.TRANSFER, Act.MORTGAGE),
    applicants=(PartyRole.TRANSFEROR, PartyRole.TRANSFEREE, PartyRole.MORTGAGEE),
    channels=EVERYWHERE,
    fields=(*RESALE_FIELDS, *c.MORTGAGE_FIELDS),
    materials=(
        *_SALE_ROWS,
        *people_rows(SELLERS, BUYERS, f.MORTGAGEE),
        attorney_row(BUYERS, f.MORTGAGEE),
        *_LOAN_ROWS,
    ),
    questions=_QUESTIONS,
    pledge_zh=pledge(*_PROMISES),
    application_facts=read_combined,
    claims=ON_IT.claims,
    entries=sell_and_mortgage,
    parties=parties_of(SELLERS, BUYERS, f.MORTGAGEE),
    prefill=prefill_resale,
    fees=(*BUYER_PAYS, MORTGAGE_FEE),
    issues=(Document.CERTIFICATE, Document.PROOF),
    days_target=3,
    days_parameter="item_days.S32",
    law=f"{RESALE.law}；《民法典》第三百九十四条、第四百零二条；《不动产登记暂行条例实施细则》第六十六条",
    guide_zh=guide(
        when_zh="贷款买二手房，过户和抵押一次申请、一次登簿：买方拿证，银行拿登记证明。",
        bring_zh="卖方、买方带身份证，卖方带不动产权证书；银行带营业执照、借款合同、抵押合同。买卖合同网签备案的不用带。",
        days=3,
        cost_zh="过户：住宅80元、其他550元，买方交；抵押：住宅80元、其他550元，银行交。税由税务部门核定。",
        after_zh="旧证书作废。先过户、再抵押，同一次登簿，中间插不进别的登记。",
        not_elsewhere_zh=_ELSEWHERE_ZH,
    ),
    departments=_DEPARTMENTS,
    opening_fields=RESALE.opening_fields,
    disposes=True,
    example=Example({**RESALE.example.answers, **_EXAMPLE_LOAN}),
)

MORTGAGED_SALE: Final = ServiceItem(
    number="S33",
    name_zh="带押过户（转移登记和抵押权登记组合）",
    kind=Registration.TRANSFER,
    subject=Subject.TITLE,
    acts=(Act.TRANSFER, Act.MORTGAGE, Act.ALTER_MORTGAGE, Act.CANCEL_MORTGAGE),
    acts_by=acts_of_mode,
    applicants=(PartyRole.TRANSFEROR, PartyRole.TRANSFEREE, PartyRole.OLD_MORTGAGEE, PartyRole.MORTGAGEE),
    channels=EVERYWHERE,
    fields=(*RESALE_FIELDS, *c.OLD_FIELDS, *c.MORTGAGE_FIELDS),
    materials=(
        *(one for one in _SALE_ROWS if one.key != "mortgagee_consent"),
        *people_rows(SELLERS, BUYERS, c.OLD_BANK, f.MORTGAGEE),
        attorney_row(BUYERS, c.OLD_BANK, f.MORTGAGEE),
        Requirement(
            "old_proof",
            m.MATERIALS[6],
            answered("mode", c.COMBINED, c.CHANGE),
            keeps_original=True,
            whose=PartyRole.OLD_MORTGAGEE,
            how_zh="旧抵押权的登记证明；有电子证明的不用带，纸质的窗口收走，登簿后作废。",
        ),
        Requirement(
            "old_release",
            m.MATERIALS[16],
            answered("mode", c.COMBINED),
            whose=PartyRole.OLD_MORTGAGEE,
            how_zh="卖方的银行同意随过户注销旧抵押的书面材料（例如资金监管协议）。",
        ),
        Requirement(
            "carrying_consent",
            m.MATERIALS[26],
            answered("mortgage", "consent"),
            whose=PartyRole.OLD_MORTGAGEE,
            how_zh="登记了不准（限制）转让约定的，卖方的银行同意带押过户的书面材料。",
        ),
        *_LOAN_ROWS,
    ),
    questions=_QUESTIONS,
    pledge_zh=pledge(*_PROMISES, "怎样还旧贷款、怎样付房款，买卖双方和两家银行已经说好"),
    application_facts=read_combined,
    claims=carrying_claims,
    entries=sell_mortgaged,
    parties=parties_of(SELLERS, BUYERS, c.OLD_BANK, f.MORTGAGEE),
    prefill=prefill_carrying,
    fees=(*BUYER_PAYS, replace(MORTGAGE_FEE, when=When("mode", (c.COMBINED, c.SEGMENTS)))),
    issues=(Document.CERTIFICATE, Document.PROOF),
    days_target=3,
    days_parameter="item_days.S33",
    law=f"{RESALE.law}；《民法典》第四百零六条、第四百零九条；自然资发〔2023〕29号",
    guide_zh=guide(
        when_zh="卖方的贷款还没还清，不先还钱、不先注销抵押，就把房子过户给买方。有三种办法，和银行商量好选一种。",
        bring_zh="卖方、买方带身份证，卖方带不动产权证书；卖方的银行、买方的银行带营业执照；"
        "再带旧抵押的登记证明、新的借款合同和抵押合同。登记了不准转让约定的，带卖方银行的同意书。",
        days=3,
        cost_zh="过户：住宅80元、其他550元，买方交。新抵押：住宅80元、其他550元，银行交；只变更旧抵押的，抵押不收费。税由税务部门核定。",
        after_zh="先过户，再登记新抵押（排在旧抵押后面），再注销或者变更旧抵押，一次登簿。分段办的，旧贷款还清以后银行再来注销。",
        not_elsewhere_zh=_ELSEWHERE_ZH,
    ),
    departments=_DEPARTMENTS,
    opening_fields=RESALE.opening_fields,
    disposes=True,
    example=Example(
        {
            **RESALE.example.answers,
            "taker_knows_mortgage": "yes",
            "mortgagee_told": "yes",
            "mode": c.COMBINED,
            "old1_phone": "0372-8100019",
            "old1_comes": Comes.PRESIGNED.value,
            "old2_also": "no",
            **_EXAMPLE_LOAN,
            "mortgagee1_name": "豫北第二示例银行股份有限公司",
            "mortgagee1_id_no": "91410526MA9000020Y",
            "mortgagee1_phone": "0372-8100020",
        },
        after=("S19",),
        confirmed=frozenset({Evidence.MORTGAGEE_CONSENT}),
    ),
)
