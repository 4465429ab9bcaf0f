"""`case.supplement`: the applicant's answer to a correction list, sent by the receiving institution (补正材料)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tongban.exchange.contract.body import ROWS_MAX, Body, Instant
from tongban.exchange.contract.handover import ClerkBody, InquiryAnswerBody, MaterialBody, PartyBody, SignatureBody


class CorrectionAnswer(Body):
    """What was done about one line of the correction list."""

    material: str
    answer: str


class Supplement(Body):
    """New or replaced materials and form values.  Subject of the message: `application_no`.

    `form` holds only the fields that changed; a material with a known key replaces the earlier one.
    """

    application_no: str
    case_no: str
    service_item: str
    channel: str
    answers: Annotated[tuple[CorrectionAnswer, ...], Field(max_length=ROWS_MAX)] = ()
    materials: Annotated[tuple[MaterialBody, ...], Field(max_length=ROWS_MAX)] = ()
    form: dict[str, str] = Field(default_factory=dict)
    parties: Annotated[tuple[PartyBody, ...], Field(max_length=ROWS_MAX)] = ()
    inquiry: Annotated[tuple[InquiryAnswerBody, ...], Field(max_length=ROWS_MAX)] = ()
    signatures: Annotated[tuple[SignatureBody, ...], Field(max_length=ROWS_MAX)] = ()
    supplied_at: Instant
    clerk: ClerkBody = ClerkBody()
