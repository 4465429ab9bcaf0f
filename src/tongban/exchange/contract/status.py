"""`case.status`: what happened to the case, told by the home registry (办理进度)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tongban.exchange.contract.body import ROWS_MAX, Body, Day, Instant, RefusalBody


class CorrectionBody(Body):
    """One line of a correction list (补正告知): which material, what is wrong, what cures it."""

    material: str
    what: str
    cure: str
    reason_code: str = ""


class CertificateBody(Body):
    """The e-certificate that was issued; `digest` is the SM3 digest of its PDF."""

    licence_id: str
    certificate_no: str
    digest: str


class StatusReport(Body):
    """One step of the case.  Subject of the message: `application_no`.

    `state` is for machines, `state_zh` and `next_zh` are shown to the applicant.  `legal_clock` and `service_clock` are
    whole working days used so far (the service clock also stops while waiting for the applicant).
    """

    application_no: str
    case_no: str = ""
    state: str
    state_zh: str
    happened_at: Instant
    next_zh: str = ""
    due_on: Day | None = None
    legal_clock: int | None = None
    service_clock: int | None = None
    corrections: Annotated[tuple[CorrectionBody, ...], Field(max_length=ROWS_MAX)] = ()
    refusal: RefusalBody | None = None
    certificate: CertificateBody | None = None
    more_certificates: Annotated[tuple[CertificateBody, ...], Field(max_length=ROWS_MAX)] = ()
    note_zh: str = ""
