"""`case.handover`: everything the home registry needs to decide, sealed by the receiving institution (收件移交)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tongban.exchange.contract.body import ROWS_MAX, Body, Instant

SCHEMA_VERSION = "1"

Rows = Field(max_length=ROWS_MAX)


class WindowBody(Body):
    """The window, or the online entrance, where the applicant was received."""

    code: str
    name: str


class ClerkBody(Body):
    """Who at the receiving institution received; empty texts when the applicant applied online."""

    username: str = ""
    name: str = ""


class IdentityCheckBody(Body):
    """How a party's identity was checked (人证核验).

    `score` is text ("0.93") since no float is ever signed; `reason` says why a person decided when a device failed.
    """

    method: str
    result: Literal["passed", "failed", "decided_by_person"]
    by: str
    at: Instant
    score: str = ""
    reason: str = ""


class PartyBody(Body):
    """One applicant, co-owner, or agent.  `agent_for` is the place in `parties` of the person an agent stands for."""

    role: str
    name: str
    id_kind: str
    id_no: str
    phone: str = ""
    address: str = ""
    is_agent: bool = False
    agent_for: int | None = None
    identity_check: IdentityCheckBody | None = None


class MaterialBody(Body):
    """One material.  `digests` are the SM3 digests of its scans, each an attachment of the message.

    `source` and `fetched_at` belong to a material obtained by data sharing; `custody` says who holds the paper.
    """

    key: str
    name: str
    kind: Literal["original", "copy", "shared"]
    pages: int = Field(ge=0, default=0)
    source: str = ""
    fetched_at: Instant | None = None
    digests: Annotated[tuple[str, ...], Rows] = ()
    custody: str = ""


class InquiryAnswerBody(Body):
    """One question of the inquiry record (询问笔录) and its answer."""

    key: str
    question: str
    answer: str


class PledgeBody(Body):
    """The truth pledge (如实申报承诺): SM3 digest of the text that was accepted, and when."""

    text_digest: str
    accepted_at: Instant


class SignatureBody(Body):
    """One party's signature on the application: place in `parties`, kind (drawn …), digest of its image."""

    party_index: int = Field(ge=0)
    kind: str
    digest: str
    signed_at: Instant


class RestrictionCheckRef(Body):
    """The stored answer of the home registry that the receiving institution relied on."""

    question_id: str
    answered_at: Instant
    digest: str


class HandoverPackage(Body):
    """The sealed application.  Subject of the message: `application_no`."""

    schema_version: str = SCHEMA_VERSION
    application_no: str
    service_item: str
    channel: str
    receiving_registry: str
    home_registry: str
    window: WindowBody
    received_at: Instant
    units: Annotated[tuple[str, ...], Field(min_length=1, max_length=ROWS_MAX)]
    certificate_no: str
    parties: Annotated[tuple[PartyBody, ...], Field(min_length=1, max_length=ROWS_MAX)]
    form: dict[str, str]
    materials: Annotated[tuple[MaterialBody, ...], Rows] = ()
    inquiry: Annotated[tuple[InquiryAnswerBody, ...], Rows] = ()
    pledge: PledgeBody | None = None
    signatures: Annotated[tuple[SignatureBody, ...], Rows] = ()
    restriction_check: RestrictionCheckRef | None = None
    clerk: ClerkBody = ClerkBody()
