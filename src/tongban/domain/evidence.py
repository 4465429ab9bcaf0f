"""Keys of the proofs that lift a condition or let an exclusion pass; each was checked by a named person or source."""

from __future__ import annotations

from typing import Final

from tongban.domain.terms import Term


class Evidence(Term):
    """A proof that is there and was checked.  Members are text, so a `frozenset[str]` of wire values works too."""

    NOTICE_HOLDER_CONSENT = "notice_holder_consent", "预告登记权利人书面同意"
    NOTICE_LAPSE_CONFIRMED = "notice_lapse_confirmed", "经核实，预告登记权利人90日内能申请本登记而没有申请"
    OWN_FINAL_REGISTRATION = "own_final_registration", "预告登记权利人本人办理本登记"
    MORTGAGEE_CONSENT = "mortgagee_consent", "抵押权人书面同意"
    MORTGAGE_NOT_ENLARGED = "mortgage_not_enlarged", "抵押变更不增加担保数额、不延长期限"
    OTHER_MORTGAGEES_CONSENT = "other_mortgagees_consent", "其他抵押权人书面同意"
    MAXIMUM_MORTGAGE_MAY_MOVE = "maximum_mortgage_may_move", "最高额抵押的债权全部转让，或者约定抵押权一并转让"
    OWNER_CONSENT = "owner_consent", "登记簿权利人书面同意"
    HEIR_OR_LEGATEE = "heir_or_legatee", "申请人是继承人或者受遗赠人"
    OBJECTION_RISK_STATEMENT = "objection_risk_statement", "知道有异议登记并自担风险的书面承诺"
    OTHER_OBJECTION = "other_objection", "异议人不同，或者事项、理由与失效的异议不同"
    HABITANT_CONSENT = "habitant_consent", "居住权人书面同意"
    SEIZING_ORGAN_TOLD = "seizing_organ_told", "已书面告知查封机关"
    SEIZING_COURT_AGREES = "seizing_court_agrees", "查封法院办理、同意或者移送处置"
    COURT_ADDRESSED = "court_addressed", "法院通知书已写明如何处理"
    CORRECTION_KEEPS_RIGHT = "correction_keeps_right", "更正不改变权利归属"
    PENDING_CASE_SETTLED = "pending_case_settled", "已确认与另一件登记不冲突"
    SAME_COMBINED_CASE = "same_combined_case", "属于同一件合并办理的业务"
    ORDERS_IN_SEQUENCE = "orders_in_sequence", "先到的协助执行通知都已处理"
    LIMITING_ORGAN_CONSENT = "limiting_organ_consent", "作出限制的机关书面同意"
    LIQUIDATOR_ACTS = "liquidator_acts", "清算组或者破产管理人凭证明办理"
    DISPUTE_ENDED = "dispute_ended", "争议已有生效法律文书"
    TAX_SETTLED = "tax_settled", "税款已缴清、免税或者已由法院处理"
    NOTARIAL_DEED_VERIFIED = "notarial_deed_verified", "经出具机构核实的公证书"
    COURT_PAPER_IN_FORCE = "court_paper_in_force", "已生效的法律文书"
    LAND_PREMIUM_RECEIPT = "land_premium_receipt", "土地价款缴款凭证"
    ONLINE_SIGNED_CONTRACT = "online_signed_contract", "网签备案的商品房买卖合同"
    NEEDS_HOME_CHECK = "needs_home_check", "窗口认定需要属地核实"


# What one holder or organ says about his own right, or an officer has seen about one order or case: it speaks for no
# other (民法典 221, 406, 408, 409; 查扣冻规定 23).
OF_ONE_BURDEN: Final = frozenset(
    {
        Evidence.NOTICE_HOLDER_CONSENT,
        Evidence.NOTICE_LAPSE_CONFIRMED,
        Evidence.MORTGAGEE_CONSENT,
        Evidence.OTHER_MORTGAGEES_CONSENT,
        Evidence.HABITANT_CONSENT,
        Evidence.LIMITING_ORGAN_CONSENT,
        Evidence.ORDERS_IN_SEQUENCE,
        Evidence.PENDING_CASE_SETTLED,
    }
)
_OF = "@"


def key_of(proof: str, burden_no: str) -> str:
    """The key of that proof for the burden with this number and no other."""
    return f"{proof}{_OF}{burden_no}"


def proof_in(key: str) -> str:
    """The proof a key speaks of, without the burden it is for."""
    return key.partition(_OF)[0]


def of_same_burden(proof: str, key: str) -> str:
    """That proof for the burden `key` is for, when it is about one burden and `key` names it."""
    _, _, burden_no = key.partition(_OF)
    return key_of(proof, burden_no) if burden_no and proof in OF_ONE_BURDEN else proof


def proof_name_zh(key: str) -> str:
    """What a key is called, with the number of the burden it is for."""
    proof, _, burden_no = key.partition(_OF)
    return Evidence(proof).name_zh + (f"（{burden_no}）" if burden_no else "")


def proofs_about(burden_no: str, evidence: frozenset[str], *, only_own: bool) -> frozenset[str]:
    """The proofs that count for one burden: those for it by its number, and the others.

    `only_own`: what is said of one burden without its number does not count, since it is not known of which.
    """
    mine = {proof.value for proof in OF_ONE_BURDEN if key_of(proof, burden_no) in evidence}
    return (evidence - OF_ONE_BURDEN if only_own else evidence) | mine
