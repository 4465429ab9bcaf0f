"""A notice of a mortgage becomes the mortgage (本登记), with the rank of the notice (担保解释 52)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burden_entries import CloseBurden
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import mortgage_form as f
from tongban.domain.catalogue import notice_form as n
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
from tongban.domain.catalogue.disposal import WARD_QUESTIONS, names_zh, refuse
from tongban.domain.catalogue.example_units import EXAMPLE_OWNER
from tongban.domain.catalogue.item import EntryInput, Example, FoundBy, PartyRole, ServiceItem, Shown
from tongban.domain.catalogue.mortgage import (
    EXAMPLE_MORTGAGEE,
    EXAMPLE_MORTGAGOR,
    EXAMPLE_TERMS,
    MORTGAGE_FEE,
    opened_mortgage,
    read_mortgage,
)
from tongban.domain.catalogue.people import fields_of, parties_of
from tongban.domain.entries import Entry
from tongban.domain.evidence import Evidence
from tongban.domain.terms import Document, Registration, Subject
from tongban.domain.titles import Holder
from tongban.domain.unit_page import UnitPage

_ANNOUNCED: Final = "debt_yuan"
_DEBT_FIELDS: Final = tuple(
    replace(
        field,
        label_zh="现在担保的债权数额（元）",
        help_zh="先填着预告登记的数额。已经还了一部分的，改成还剩的本金；不能比预告登记的数额多。",
    )
    if field.key == _ANNOUNCED
    else field
    for field in f.DEBT_FIELDS
)
_TRUE_DEBT: Final = replace(
    f.TRUE_DEBT,
    text_zh="这笔债是不是真的？申请表上的期限、担保范围同合同一样，数额是合同的数额（还了一部分的，是还剩的本金），对不对？",
)


def final_claims(form: Mapping[str, str]) -> frozenset[str]:
    """The holder of the notice applies himself."""
    return frozenset({Evidence.OWN_FINAL_REGISTRATION})


def notice_to_mortgage(given: EntryInput) -> tuple[Entry, ...]:
    """The notice ends and the mortgage begins in one recording, with the notice's rank.

    Raises InvalidInput when the house is not yet in the name of whoever gave the notice, when the mortgagees are not its
    holders, or when more is secured than the notice announced: its rank is for that and no more (民法典 221; 担保解释 52).
    Less may be secured, since part of the debt may have been paid back meanwhile (民法典 393 ①).
    """
    form = given.form
    notice = n.notice_of(given, Burden.MORTGAGE_NOTICE)
    if given.page.title is None:
        raise refuse("proof_no", "房子还没有办首次登记和转移登记", "请先办房屋的转移登记，再来办抵押权登记")
    mortgagors = f.mortgagors_of(given.title, form, given.today)
    _same_people(notice.private.get("obligor", ""), mortgagors)
    taking = f.mortgagees_of(form, mortgagors)
    if {(one.name, one.id_no) for one in taking} != {(one.name, one.id_no) for one in notice.holders}:
        cure_zh = "债权转给了别人的，先办预告登记的转移"
        raise refuse("mortgagee1_name", f"抵押预告登记的权利人是{names_zh(notice.holders)}", cure_zh)
    f.check_term(form, "debt_from", "debt_until")
    announced = notice.private.get("price_yuan", "")
    if announced and f.fen(form.get(_ANNOUNCED, "")) > f.fen(announced):
        raise refuse(_ANNOUNCED, f"预告登记的债权数额是{announced}元", "不能超过预告登记的数额；增加的部分另办抵押")
    since_zh = notice.burden.since.isoformat() if notice.burden.since else ""
    rank_zh = f"由预告登记（{notice.burden.proof_no}）转来，抵押权自预告登记之日{since_zh}起设立（担保制度司法解释第五十二条）"
    terms = {
        "debt_yuan": f.yuan(form.get("debt_yuan", "")),
        "debt_from": form.get("debt_from", ""),
        "debt_until": form.get("debt_until", ""),
        "note": "；".join(filter(None, (rank_zh, form.get("note", "")))),
    }
    mortgage = opened_mortgage(given, f.GENERAL_ZH, mortgagors, terms, rank=notice.burden.rank)
    return CloseBurden(notice.unit_code, notice.burden_no, "已转为抵押权登记（本登记）"), mortgage


def _same_people(obligors_zh: str, mortgagors: tuple[Holder, ...]) -> None:
    promised = set(obligors_zh.split("、")) - {""}
    if promised - {holder.name for holder in mortgagors}:
        what_zh = f"抵押预告登记的抵押人是{obligors_zh}，房子登记在{names_zh(mortgagors)}名下"
        raise refuse("mortgagor1_name", what_zh, "请先把房子过户到抵押人名下，再办抵押权登记")


def prefill_final(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The notice, its debt and term, and whoever shows its proof: the bank, or the owner."""
    known, opened = {"proof_no": shown.number}, page.by_proof(shown.number)
    if shown.holder is None or opened is None:
        return known
    debt = {
        "debt_yuan": opened.private.get("price_yuan", ""),
        "debt_from": opened.private.get("debt_from", ""),
        "debt_until": opened.private.get("debt_until", ""),
    }
    side = f.MORTGAGEE if shown.holder in opened.holders else f.MORTGAGOR
    return {**known, **side.prefill(shown.holder), **f.filled(debt)}


FINAL_MORTGAGE: Final = ServiceItem(
    number="S31M",
    name_zh="抵押预告登记转抵押权登记",
    kind=Registration.FIRST,
    subject=Subject.MORTGAGE,
    acts=(Act.MORTGAGE,),
    applicants=(PartyRole.MORTGAGOR, PartyRole.MORTGAGEE),
    channels=EVERYWHERE,
    found_by=FoundBy.PROOF,
    fields=(
        n.PROOF_FIELD,
        *fields_of(f.MORTGAGOR, f.MORTGAGEE),
        f.EXTENT_FIELD,
        f.CONTRACT_FIELD,
        *f.DEBTOR_FIELDS,
        *_DEBT_FIELDS,
        *f.TERMS_FIELDS,
        f.NOTE_FIELD,
    ),
    materials=(
        APPLICATION_ROW,
        *people_rows(f.MORTGAGOR, f.MORTGAGEE),
        *disposing_rows(f.MORTGAGOR),
        attorney_row(f.MORTGAGEE),
        n.PROOF_ROW,
        f.CERTIFICATE_SHOWN,
        f.LOAN_ROW,
        f.MORTGAGE_ROW,
    ),
    questions=inquiry(_TRUE_DEBT, f.MAY_BE_SOLD, f.PUBLIC_FACILITY, *WARD_QUESTIONS),
    pledge_zh=pledge(
        "债是真的，申请表上的期限、担保范围同合同一致，数额是现在还担保着的本金",
        "预告登记没有失效",
        "登记费由抵押权人交，不转给借款人",
    ),
    application_facts=read_mortgage,
    claims=final_claims,
    entries=notice_to_mortgage,
    parties=parties_of(f.MORTGAGOR, f.MORTGAGEE),
    prefill=prefill_final,
    at_most=frozenset({_ANNOUNCED}),
    fees=(MORTGAGE_FEE,),
    issues=(Document.PROOF,),
    days_target=1,
    days_parameter="item_days.S31M",
    by_rows=True,
    law="《民法典》第二百二十一条、第四百零二条；担保制度司法解释第五十二条；《不动产登记暂行条例实施细则》第六十六条",
    guide_zh=guide(
        when_zh="买房时办了抵押预告登记，现在房子办好了证，要转成正式的抵押权。能办之日起90天内要来办。",
        bring_zh="房主带身份证、不动产权证书；银行带营业执照、抵押预告登记的登记证明、借款合同、抵押合同。",
        days=1,
        cost_zh="住宅80元，其他550元，由抵押权人（银行）交，借款人不用交。",
        after_zh="给银行发抵押权的不动产登记证明，原来的预告登记证明作废；顺位从预告登记那天算。",
        not_elsewhere_zh=n.ELSEWHERE_ZH,
    ),
    disposes=True,
    example=Example(
        {
            **f.MORTGAGOR.prefill(EXAMPLE_OWNER),
            **EXAMPLE_MORTGAGOR,
            **EXAMPLE_MORTGAGEE,
            **EXAMPLE_TERMS,
            "debt_yuan": "520000",
            "debt_from": "2026-11-20",
            "debt_until": "2051-11-19",
            "note": "",
        },
        after=("S28",),
        confirmed=frozenset({Evidence.OWN_FINAL_REGISTRATION}),
    ),
)
