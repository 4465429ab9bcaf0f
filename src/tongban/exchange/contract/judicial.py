"""`judicial.order` and `judicial.receipt`: what a court orders and what the registry answers (协助执行通知, 回执)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from tongban.exchange.contract.body import ROWS_MAX, Body, Day, Instant, RefusalBody
from tongban.exchange.contract.register_query import SectionBody


def _plain(text: object) -> object:
    """A code without the blanks that papers print in it, in capitals."""
    return "".join(text.split()).upper() if isinstance(text, str) else text


# As the paper has it: one that is no unit of this register is for people to answer, and holds up no other.
UnitText = Annotated[str, BeforeValidator(_plain), Field(min_length=1, max_length=28, pattern=r"^[^\x00-\x1f]+$")]


class OfficerBody(Body):
    """One executing officer: name and the numbers of the two papers that must be shown (工作证, 执行公务证)."""

    name: str
    work_permit_no: str = ""
    execution_permit_no: str = ""
    phone: str = ""


class CourtDocument(Body):
    """One legal document (裁定书, 协助执行通知书); `digest` names the attachment that holds its scan."""

    kind: str
    number: str
    digest: str = ""
    name: str = ""


class JudicialOrder(Body):
    """One order.  Subject of the message: `order_no`.

    `court_case_no` is kept as written: a form this product does not know is queued, never refused.  A period is given by
    its days, or by its length, which a seizure that waits counts from the day it comes into force.  `organ` is what kind
    of organ orders; `persons` are the debtors (被执行人); `refers_to` is the `order_no` of the same organ's earlier order
    that this one goes on with.
    """

    order_no: Annotated[str, Field(min_length=1, max_length=64)]
    court: str
    court_case_no: Annotated[str, Field(min_length=1, max_length=80)]
    kind: Annotated[str, Field(min_length=1, max_length=24)]
    units: Annotated[tuple[UnitText, ...], Field(min_length=1, max_length=ROWS_MAX)]
    period_from: Day | None = None
    period_until: Day | None = None
    period_months: Annotated[int, Field(ge=1, le=1200)] | None = None
    officers: Annotated[tuple[OfficerBody, ...], Field(max_length=ROWS_MAX)] = ()
    documents: Annotated[tuple[CourtDocument, ...], Field(max_length=ROWS_MAX)] = ()
    delivered_at: Instant
    persons: Annotated[tuple[str, ...], Field(max_length=ROWS_MAX)] = ()
    refers_to: str = ""
    note: str = ""
    organ: Annotated[str, Field(max_length=24)] = "court"


class OrderEffect(Body):
    """What the order did to one unit: `place` is its number in the one order of court orders and recordings.

    `sections` is what the register then says of the unit, as to a court that looks it up: address, holders, mortgages,
    seizures.
    """

    unit_code: str
    result: str
    result_zh: str
    place: int | None = None
    effective_at: Instant | None = None
    expires_on: Day | None = None
    waiting_rank: int | None = None
    sections: Annotated[tuple[SectionBody, ...], Field(max_length=ROWS_MAX)] = ()


class OrderReceipt(Body):
    """The registry's answer.  Subject of the message: `order_no`.  `recorder_zh` is who wrote it into the book (登簿人)."""

    order_no: str
    court_case_no: str
    state: str
    state_zh: str
    received_at: Instant
    happened_at: Instant
    effects: Annotated[tuple[OrderEffect, ...], Field(max_length=ROWS_MAX)] = ()
    refusal: RefusalBody | None = None
    note_zh: str = ""
    recorder_zh: str = ""
