"""What the forms of advance notices share: buyers, sellers, contracts, and the proof of a notice that stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.building_blocks import always
from tongban.domain.catalogue.disposal import refuse
from tongban.domain.catalogue.item import (
    EntryInput,
    FeeRule,
    Field,
    FieldKind,
    PartyRole,
    Question,
    Requirement,
    Shown,
    When,
)
from tongban.domain.catalogue.people import Group
from tongban.domain.fees.terms import FeeClass
from tongban.domain.terms import HolderKind, Subject
from tongban.domain.titles import Holder
from tongban.domain.unit_page import NOTICES, UnitPage

BUYER: Final = Group("buyer", PartyRole.NOTICE_HOLDER, "买房人", most=4, takes=True)
DEVELOPER: Final = Group("developer", PartyRole.DEVELOPER, "开发企业", kinds=(HolderKind.ENTERPRISE,), may_presign=True)
SELLER: Final = Group("seller", PartyRole.NOTICE_OBLIGOR, "卖房人", most=4)
HOLDER: Final = Group("holder", PartyRole.NOTICE_HOLDER, "预告登记权利人", most=4, may_presign=True)

PRESALE_ZH: Final = "预售商品房买卖预告登记"
SALE_ZH: Final = "其他不动产买卖预告登记"
PRESALE_MORTGAGE_ZH: Final = "预售商品房抵押权预告登记"
MORTGAGE_ZH: Final = "其他不动产抵押权预告登记"

NOTICE_FEE: Final = FeeRule(
    FeeClass.PRIORITY_NOTICE, PartyRole.NOTICE_HOLDER, "发改价格规〔2016〕2559号（预告登记不收登记费）",
    Subject.PRIORITY_NOTICE,
)  # fmt: skip
PROOF_FIELD: Final = Field(
    "proof_no",
    "预告登记的不动产登记证明号",
    "照着登记证明抄，例如 豫（2026）滑县不动产证明第0001234号。",
    FieldKind.PROOF_NO,
    heading_zh=h.HELD,
)
PROOF_ROW: Final = Requirement(
    "proof",
    m.MATERIALS[6],
    always,
    keeps_original=True,
    whose=PartyRole.NOTICE_HOLDER,
    how_zh="有电子证明的不用带；只有纸质证明的，带原件来，窗口收走，登簿后作废。",
)
AGREEMENT_ROW: Final = Requirement(
    "notice_agreement", m.MATERIALS[17], always, whose=PartyRole.NOTICE_HOLDER,
    how_zh="约定办预告登记的协议；合同里已经写了的，就用合同。",
)  # fmt: skip
KNOWS_LAPSE: Final = Question(
    "knows_lapse",
    "您知不知道：能办正式登记以后90天内不申请正式登记，或者债权消灭的，预告登记就失效？（民法典第二百二十一条）",
    must_be="yes",
    otherwise_zh="请先给申请人讲清楚预告登记的期限。",
)
LAPSE_ZH: Final = "能办正式登记（本登记）之日起90天内要来办，过期预告登记就失效。"
ELSEWHERE_ZH: Final = "集体土地、只有土地没有房屋的、经认定的问题楼盘，要到房产所在地办。"


def known_only(group: Group, when: When) -> tuple[Field, ...]:
    """The group's fields; how the first of it comes is asked only in this case."""
    left_out = {group.key(1, "comes"), group.key(1, "phone")}
    return tuple(replace(one, when=when) if one.key in left_out else one for one in group.fields())


def notice_of(given: EntryInput, *kinds: Burden) -> OpenBurden:
    """The notice whose proof the form names; raises InvalidInput when there is none of these kinds."""
    opened = given.page.by_proof(given.form.get("proof_no", ""))
    if opened is None or opened.burden.burden not in (kinds or tuple(NOTICES)):
        cure_zh = "请核对证明号；已经换过证明的，填最新的那一个"
        raise refuse("proof_no", "这处房产上没有这个登记证明号的预告登记", cure_zh)
    return opened


def opened_notice(
    given: EntryInput, burden: Burden, holders: tuple[Holder, ...], details: Mapping[str, str]
) -> OpenBurden:
    """One notice under a new proof; a notice of a mortgage takes its rank now (担保解释 52)."""
    proof_no = given.proof_no()
    rank = given.page.next_rank() if burden is Burden.MORTGAGE_NOTICE else 0
    fact = BurdenFact(burden, proof_no, since=given.today, rank=rank, proof_no=proof_no)
    return OpenBurden(given.page.unit_code, fact, {key: text for key, text in details.items() if text}, holders)


def prefill_notice(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The proof, and the holder of the notice who shows it."""
    known, opened = {"proof_no": shown.number}, page.by_proof(shown.number)
    if shown.holder is None or opened is None or shown.holder not in opened.holders:
        return known
    return {**known, **HOLDER.prefill(shown.holder)}


def with_proof(burden: BurdenFact, proof_no: str) -> BurdenFact:
    """The same notice under another proof."""
    return replace(burden, proof_no=proof_no)
