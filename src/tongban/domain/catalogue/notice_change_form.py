"""What the items about a notice that stands share, and what the transfer, the change and the end of one ask."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tongban.domain.burden_entries import AlterBurden, OpenBurden
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import notice_form as n
from tongban.domain.catalogue.item import NO, YES, Choice, EntryInput, Field, FieldKind, PartyRole, When
from tongban.domain.catalogue.people import Group
from tongban.domain.evidence import Evidence
from tongban.domain.terms import Cause
from tongban.domain.titles import Holder

TAKER: Final = Group("taker", PartyRole.NOTICE_HOLDER, "接手的权利人", most=4, takes=True, may_presign=True)
OBLIGOR: Final = Group("obligor", PartyRole.NOTICE_OBLIGOR, "预告登记义务人", most=4, may_presign=True)

CLAIM: Final = "claim"
CONTRACT: Final = "contract"
DIVORCE: Final = "divorce"
INHERITANCE: Final = "inheritance"
COURT: Final = "court"
DEED: Final = "deed"
BY_AGREEMENT: Final = (CLAIM, CONTRACT, DIVORCE)  # the holder himself takes part
TRANSFER_CAUSES: Final[Mapping[str, Cause]] = MappingProxyType(
    {
        CLAIM: Cause.OTHER,
        CONTRACT: Cause.OTHER,
        DIVORCE: Cause.DIVORCE,
        INHERITANCE: Cause.INHERITANCE,
        COURT: Cause.COURT_RULING,
    }
)
GROUNDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "waived": "预告登记权利人放弃预告登记",
        "claim_ended": "债权消灭（合同解除、撤销、无效，或者债已还清）",
        "fulfilled": "已经办了本登记",
        "lapsed": "能够办理本登记之日起90日内没有申请，预告登记失效",
        "other": "法律规定的其他情形",
    }
)

BANK_FIELD: Final = Field(
    "bank_agrees",
    "房子上有没有银行的抵押预告登记，银行书面同意了吗",
    "银行的抵押预告建立在买房人的预告登记上；没有的选第一个。办的就是银行自己的抵押预告，也选第一个。",
    FieldKind.CHOICE,
    choices=(Choice("none", "没有，或者办的就是它"), Choice("agreed", "有，银行已经书面同意")),
    heading_zh=h.ON_IT,
)
TRANSFER_FIELDS: Final = h.under(
    h.MATTER,
    Field(
        "why", "为什么转给别人", "新建商品房的预购人不能把没建好的房再转卖给别人（城市房地产管理法第四十六条）。",
        FieldKind.CHOICE,
        choices=(
            Choice(CLAIM, "主债权转让，抵押预告跟着转"),
            Choice(CONTRACT, "买卖合同的权利义务一并转让，义务人书面同意"),
            Choice(DIVORCE, "离婚分割"),
            Choice(INHERITANCE, "继承、受遗赠"),
            Choice(COURT, "法院判决、裁定、调解"),
        ),
    ),
    Field(
        "inherited_by", "继承凭什么办", "外地窗口只收经过公证的，或者法院文书确定的继承。", FieldKind.CHOICE,
        choices=(Choice(DEED, "公证书"), Choice(COURT, "法院生效文书")), when=When("why", (INHERITANCE,)),
    ),
    BANK_FIELD,
)  # fmt: skip


def changes(key: str) -> When:
    """While this part of the notice is changed."""
    return When(f"change_{key}", (YES,))


CHANGES: Final = ("price", "term", "contract", "name")
CHANGE_FIELDS: Final = h.under(
    h.CHANGED,
    Field("change_price", "价款（债权数额）变不变", "买卖预告是房价，抵押预告是担保的债权数额。", FieldKind.YES_NO),
    Field("new_price_yuan", "变更后的数额（元）", "照着变更协议填。", FieldKind.YUAN, when=changes("price"), is_personal=True),
    Field("change_term", "债务履行期限变不变", "只有抵押预告才有；买卖预告选“否”。", FieldKind.YES_NO),
    Field("new_from", "变更后从哪天起", "照着变更协议填。", FieldKind.FUTURE_DAY, when=changes("term"), is_personal=True),
    Field("new_until", "变更后到哪天止", "照着变更协议填。", FieldKind.FUTURE_DAY, when=changes("term"), is_personal=True),
    Field("change_contract", "合同编号变不变", "重新网签、重签合同的选“是”。", FieldKind.YES_NO),
    Field("new_contract_no", "变更后的合同编号", "照着新合同抄。", FieldKind.TEXT, when=changes("contract"), longest=60),
    Field("change_name", "权利人的姓名（名称）变不变", "人没有换，只是改了名。换了人的，要办转移。", FieldKind.YES_NO),
    Field("new_name", "变更后的姓名（名称）", "照着身份证、营业执照填。", FieldKind.NAME, when=changes("name"),
          is_personal=True),
)  # fmt: skip


def bank_claims(form: Mapping[str, str]) -> frozenset[str]:
    """The contract behind the notice was signed online; the bank whose notice rests on it agrees."""
    agreed = {Evidence.NOTICE_HOLDER_CONSENT} if form.get("bank_agrees") == "agreed" else set()
    return frozenset({Evidence.ONLINE_SIGNED_CONTRACT, *agreed})


def transfer_claims(form: Mapping[str, str]) -> frozenset[str]:
    """The same, and by what a right that passed by law is proved."""
    proved = set()
    if form.get("why") == INHERITANCE and form.get("inherited_by") == DEED:
        proved.add(Evidence.NOTARIAL_DEED_VERIFIED)
    if form.get("why") == COURT or form.get("inherited_by") == COURT:
        proved.add(Evidence.COURT_PAPER_IN_FORCE)
    return bank_claims(form) | proved


def altered_notice(
    given: EntryInput, opened: OpenBurden, details: Mapping[str, str], holders: tuple[Holder, ...]
) -> AlterBurden:
    """The same notice with other content, under a new proof; its day and its rank stay."""
    said = {key: text for key, text in {**opened.private, **details}.items() if text}
    burden = n.with_proof(opened.burden, given.proof_no())
    return AlterBurden(opened.unit_code, opened.burden, burden, said, holders)


EXAMPLE_NO_CHANGE: Final[Mapping[str, str]] = MappingProxyType({f"change_{key}": NO for key in CHANGES})
