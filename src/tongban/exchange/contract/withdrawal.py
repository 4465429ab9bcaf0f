"""`case.withdrawal`: the applicants take their application back before it is recorded (撤回申请, 条例 15)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tongban.exchange.contract.body import ROWS_MAX, Body, Instant
from tongban.exchange.contract.handover import ClerkBody, SignatureBody


class Withdrawal(Body):
    """Subject of the message: `application_no`.  `signatures` refer to the parties of the handed-over package."""

    application_no: str
    case_no: str = ""
    reason: str
    signatures: Annotated[tuple[SignatureBody, ...], Field(min_length=1, max_length=ROWS_MAX)]
    requested_at: Instant
    clerk: ClerkBody = ClerkBody()
