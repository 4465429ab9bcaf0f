"""`restriction.check`: the one look a receiving institution gets into the home register (限制情况核验)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tongban.domain.decision import Verdict
from tongban.exchange.contract.body import ROWS_MAX, Body, FindingBody, Instant, PlaceBody


class RestrictionCheckRequest(Body):
    """The question.  Subject: `unit_code`.  Holder and certificate must match the register before anything is told.

    `facts` are the application's own facts by name, for rules that depend on them.  `form` is the whole form once it
    is filled in: then the home registry also says what in it would keep it from being recorded.
    """

    unit_code: str
    certificate_no: str
    holder_name: str
    holder_id_no: str
    service_item: str
    channel: str
    purpose: str
    application_no: str
    facts: dict[str, str] = Field(default_factory=dict)
    form: dict[str, str] = Field(default_factory=dict)


class ProblemBody(Body):
    """One thing wrong with the form: the field it is about, what, and what to do."""

    field: str
    what_zh: str
    cure_zh: str


class UnitSummary(Body):
    """The least about a unit that a window needs to see; `area` is square metres as text."""

    address: str
    use: str = ""
    area: str = ""


class HolderSummary(Body):
    """One holder.  Name and number are masked unless `is_asking`: then they are the ones the request brought."""

    name: str
    id_no: str = ""
    share_zh: str = ""
    is_asking: bool = False


class RestrictionCheckAnswer(Body):
    """The answer.  With `matched` false nothing but the verdict and its findings is filled in.

    `prefill` fills the form, `dropped_materials` need not be brought, `register_position` names ledger and sequence the
    answer was read at, `place` is where to go instead when the verdict is REFUSE.  `problems` answer a question that
    brought the whole form.
    """

    matched: bool
    verdict: Verdict
    findings: Annotated[tuple[FindingBody, ...], Field(max_length=ROWS_MAX)] = ()
    unit: UnitSummary | None = None
    holders: Annotated[tuple[HolderSummary, ...], Field(max_length=ROWS_MAX)] = ()
    co_ownership_zh: str = ""
    certificate_no: str = ""
    prefill: dict[str, str] = Field(default_factory=dict)
    dropped_materials: Annotated[tuple[str, ...], Field(max_length=ROWS_MAX)] = ()
    checked_at: Instant
    register_position: str = ""
    place: PlaceBody | None = None
    problems: Annotated[tuple[ProblemBody, ...], Field(max_length=ROWS_MAX)] = ()
