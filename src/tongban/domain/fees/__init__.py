"""The registration fee 不动产登记费: the bill of one payer, refunds, and recovery of what was wrongly let off."""

from tongban.domain.fees.asked import FeeFigures, FeeInput, FeeUnit
from tongban.domain.fees.bill import FeeBill, registration_fee
from tongban.domain.fees.returns import Refund, recovery, refund
from tongban.domain.fees.tables import fee_class_for, fee_use_of, paid_by
from tongban.domain.fees.terms import FeeClass

__all__ = [
    "FeeBill",
    "FeeClass",
    "FeeFigures",
    "FeeInput",
    "FeeUnit",
    "Refund",
    "fee_class_for",
    "fee_use_of",
    "paid_by",
    "recovery",
    "refund",
    "registration_fee",
]
