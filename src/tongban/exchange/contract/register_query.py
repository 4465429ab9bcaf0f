"""`register.query` and `register.query_paper`: a query of another registry's book, and the sealed paper about it.

The home registry decides and shows (《不动产登记资料查询暂行办法》 7); the window that took the application in passes on
what it was told and keeps it with its evidence.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tongban.exchange.contract.body import ROWS_MAX, Body, Day, Instant, PlaceBody, RefusalBody

SHOWN, EMPTY, REFUSED = "shown", "empty", "refused"
PIECE_BYTES = 3000  # of a file; its base64 is one text of a body


class PersonBody(Body):
    """Somebody named in an application to query."""

    name: str = ""
    id_kind: str = ""
    id_no: str = ""


class RegisterQueryRequest(Body):
    """One application to query.  Subject: `enquiry_no`.

    `asker`, `acting`, `index`, `wanted`, `papers` and `agreed` are values of `tongban.domain.query_terms`.  `subject`
    is whose property is asked about, `claimed_holder` a name to be compared.  Of `unit_code`, `certificate_no` and
    `address` the one that `index` names is filled in.
    """

    enquiry_no: str
    service_item: str
    channel: str
    purpose: str
    asker: str
    acting: str
    index: str
    wanted: str
    papers: Annotated[tuple[str, ...], Field(max_length=ROWS_MAX)]
    agreed: Annotated[tuple[str, ...], Field(max_length=ROWS_MAX)] = ()
    person: PersonBody
    agent: PersonBody | None = None
    subject: PersonBody | None = None
    claimed_holder: str = ""
    unit_code: str = ""
    certificate_no: str = ""
    address: str = ""
    clerk: str
    taken_at: Instant


class FactBody(Body):
    """One fact as it is shown."""

    name_zh: str
    value_zh: str


class SectionBody(Body):
    """One part of an answer; `part` is a value of `tongban.domain.query_terms.Part`."""

    part: str
    name_zh: str
    facts: Annotated[tuple[FactBody, ...], Field(max_length=ROWS_MAX)]


class QueriedUnitBody(Body):
    """What is told of one unit."""

    unit_code: str
    sections: Annotated[tuple[SectionBody, ...], Field(max_length=ROWS_MAX)]
    notes_zh: Annotated[tuple[str, ...], Field(max_length=ROWS_MAX)] = ()


class RegisterQueryAnswer(Body):
    """The answer: `outcome` is shown, empty or refused, and a refusal is in writing like a result.

    `paper_no` numbers the result certificate or the notice of refusal, `scope_zh` says which book was searched,
    `copies_due_on` until when original material is provided.
    """

    enquiry_no: str
    outcome: str
    paper_no: str
    answered_at: Instant
    scope_zh: str
    units: Annotated[tuple[QueriedUnitBody, ...], Field(max_length=ROWS_MAX)] = ()
    refusal: RefusalBody | None = None
    place: PlaceBody | None = None
    copies_due_on: Day | None = None


class QueryPaperRequest(Body):
    """Asks for the sealed paper of an answered query.  Subject: `enquiry_no`."""

    enquiry_no: str
    paper_no: str
    service_item: str
    channel: str
    purpose: str


class QueryPaperAnswer(Body):
    """The sealed PDF in base64, piece by piece; `digest` is the SM3 of the whole file in hexadecimal."""

    paper_no: str
    name_zh: str
    digest: str
    pieces: Annotated[tuple[str, ...], Field(max_length=ROWS_MAX)]
