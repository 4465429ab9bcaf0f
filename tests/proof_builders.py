"""One right of every kind that gets a registration proof, and the title it lies on.  Needs no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from tongban.domain.burden_entries import AlterBurden, OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.facts import UnitState
from tongban.domain.identity import IdDocument
from tongban.domain.numbering import proof_no
from tongban.domain.terms import CoOwnership, HolderKind, RightKind
from tongban.domain.titles import Holder, HolderIdentity, Title

DAY = date(2026, 11, 22)
BANK = Holder(
    1, HolderKind.ENTERPRISE, HolderIdentity("滑县道口农村商业银行股份有限公司", IdDocument.USCC, "91410526MA90000010")
)
PERSON = Holder(1, HolderKind.PERSON, HolderIdentity("李建国", IdDocument.ID_CARD, "410526196503020009"))
OWNER = Holder(1, HolderKind.PERSON, HolderIdentity("张小花", IdDocument.ID_CARD, "410526199001010007"))
FLAT = UnitCode("410526001002GB00015F00030027")
TITLE = Title(
    UnitState(FLAT, "滑县道口镇解放路中段东侧滨河花园3幢2单元502室", RightKind.STATE_LAND_HOUSE, area_m2="118.62"),
    CertificateNo("豫（2024）滑县不动产权第0000218号"),
    CoOwnership.SOLE,
    (OWNER,),
)
_MORTGAGE = {
    "mortgagor": "张小花",
    "way": "一般抵押",
    "object": "土地和房屋",
    "debtor": "张小花",
    "debt_yuan": "650000.00",
    "debt_from": "2026-11-20",
    "debt_until": "2046-11-19",
    "scope": "主债权及其利息、违约金、损害赔偿金和实现抵押权的费用",
    "no_transfer": "否",
    "contract_no": "滑农商抵字2026第0321号",
}
DETAILS: Mapping[Burden, Mapping[str, str]] = {
    Burden.MORTGAGE: _MORTGAGE,
    Burden.MORTGAGE_NO_TRANSFER: {**_MORTGAGE, "no_transfer": "是"},
    Burden.MORTGAGE_MAXIMUM: {
        "mortgagor": "张小花",
        "way": "最高额抵押",
        "object": "土地和房屋",
        "debtor": "滑县小花食品有限公司",
        "maximum_yuan": "1200000.00",
        "claim_from": "2026-11-20",
        "claim_until": "2029-11-19",
        "no_transfer": "否",
        "contract_no": "滑农商最高抵字2026第0045号",
        "note": "最高债权额内的借款可以循环使用。",
    },
    Burden.PRIORITY_NOTICE: {
        "obligor": "滑县滨河置业有限公司",
        "notice_kind": "预售商品房买卖预告登记",
        "price_yuan": "586000.00",
        "contract_no": "滑预售2026第00871号",
        "co_ownership": "单独所有",
    },
    Burden.MORTGAGE_NOTICE: {
        "obligor": "李建国",
        "notice_kind": "预售商品房抵押权预告登记",
        "price_yuan": "400000.00",
        "debt_from": "2026-11-20",
        "debt_until": "2046-11-19",
        "contract_no": "滑农商预抵字2026第0102号",
    },
    Burden.HABITATION: {
        "owner": "张小花",
        "way": "合同",
        "scope": "整套住房",
        "term": "到居住权人去世时止",
        "conditions": "不得转借他人居住；水电费由居住权人负担",
        "may_let": "否",
        "contract_no": "居住权合同（2026年11月18日）",
    },
    Burden.EASEMENT: {
        "servient_owner": "张小花",
        "benefited_unit": "410526001002GB00002F00010001",
        "purpose": "通行",
        "content": "从东侧院门通行到人民路，宽度3米",
        "term": "2026年11月22日起至2046年11月21日止",
        "contract_no": "地役权合同（2026年11月15日）",
    },
    Burden.OBJECTION: {"matter": "登记簿记载的权利人与实际出资人不一致", "ground": "出资协议、转账凭证"},
}
HELD_BY_BANK = (
    Burden.MORTGAGE, Burden.MORTGAGE_NO_TRANSFER, Burden.MORTGAGE_MAXIMUM, Burden.MORTGAGE_NOTICE,
)  # fmt: skip
HALF = Fraction(1, 2)
MATTERS = tuple(DETAILS)


def proof(serial: int) -> CertificateNo:
    return proof_no(2026, "滑县", serial)


def right(unit: UnitCode, kind: Burden = Burden.MORTGAGE, serial: int = 1, **facts: object) -> OpenBurden:
    """A right of this kind on a unit, with the proof of this serial; `facts` change the burden."""
    values: dict[str, object] = {"since": DAY, "burden_no": proof(serial), "proof_no": proof(serial), **facts}
    if kind in (Burden.MORTGAGE, Burden.MORTGAGE_NO_TRANSFER, Burden.MORTGAGE_MAXIMUM):
        values.setdefault("rank", 1)
    if kind is Burden.OBJECTION:
        values.setdefault("until", date(2026, 12, 7))
    burden = BurdenFact(kind, **values)  # type: ignore[arg-type]
    return OpenBurden(unit, burden, DETAILS[kind], (BANK if kind in HELD_BY_BANK else PERSON,))


def changed(before: OpenBurden, serial: int, kind: Burden | None = None, **details: str) -> AlterBurden:
    """The right with other details and the proof of another serial."""
    after = replace(before.burden, burden=kind or before.burden.burden, proof_no=proof(serial))
    return AlterBurden(before.unit_code, before.burden, after, {**before.private, **details}, before.holders)
