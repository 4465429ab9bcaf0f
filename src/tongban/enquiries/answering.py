"""The home registry's answer to an application to query: decided by the table, read from the book, logged for good.

The caller (`exchange`) has checked the signature, the authorization and the agreement of the asking institution.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.timezone import localdate

from tongban.access.actors import sender
from tongban.access.audit import OK, audit
from tongban.access.audit import REFUSED as AUDIT_REFUSED
from tongban.directory import lookup
from tongban.directory.time_limits import calendar_from
from tongban.domain import numbering
from tongban.domain.codes import UnitCode, institution_division
from tongban.domain.decision import Fact, Refusal
from tongban.domain.errors import BadReply, NotFound
from tongban.domain.query_answers import Subject, UnitAnswer, UnitRecord
from tongban.domain.query_answers import answer as answer_of
from tongban.domain.query_reasons import QueryReasons
from tongban.domain.query_rules import Found, Permission, Query, may_ask, may_see
from tongban.domain.query_terms import Acting, Asker, Index, Paper, Part, Wanted
from tongban.enquiries import alarms, searching
from tongban.enquiries.models import QueryRecord
from tongban.exchange.contract.register_query import (
    EMPTY,
    REFUSED,
    SHOWN,
    FactBody,
    PersonBody,
    QueriedUnitBody,
    RegisterQueryAnswer,
    RegisterQueryRequest,
    SectionBody,
)
from tongban.exchange.wires import Question
from tongban.register import numbers
from tongban.register.numbers import NumberKind
from tongban.vault.sm3 import sm3_hex

NAME_SEARCH_SPAN: Final = timedelta(hours=1)
AUDITED_UNITS_MAX: Final = 500  # of one answer; `reading.FOUND_MAX` is no larger


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of one query, before it has a number."""

    allowed: Permission | None = None
    units: tuple[UnitAnswer, ...] = ()
    refusal: Refusal | None = None

    @property
    def word(self) -> str:
        return REFUSED if self.refusal else SHOWN if self.units else EMPTY


def answer(question: Question) -> RegisterQueryAnswer:
    """Show what the law allows, or refuse in writing; either has a number and a line in the log (查询办法 10, 11, 13).

    The same application again gives the same answer under the same number; raises BadReply for another one under a
    number that was used.
    """
    request = question.body
    assert isinstance(request, RegisterQueryRequest), "the question has this body"
    digest = sm3_hex(request.to_bytes())
    known = QueryRecord.objects.filter(receiving=question.source, enquiry_no=request.enquiry_no).first()
    if known is not None:
        if known.request_digest != digest:
            raise BadReply("enquiry_no_used", "这个查询编号已经用于另一份申请。")
        return RegisterQueryAnswer.model_validate(known.answer)
    outcome = _decided(request, question)
    said = _said(request, outcome, question)
    _log(request, outcome, said, question, digest)
    _audit(request, outcome, said, question)
    return said


def _decided(request: RegisterQueryRequest, question: Question) -> _Outcome:
    today = localdate(question.now)
    query, subject = _query(request, question.to, today), _subject(request)
    allowed = may_ask(query)
    if isinstance(allowed, Refusal):
        return _Outcome(refusal=_with_place(allowed, request, question.to, today))
    if query.index is Index.IDENTITY and _searches_too_much(request, question):
        alarms.too_many_names(question.to, question.source, request.clerk, question.now)
        return _Outcome(refusal=Refusal(QueryReasons.TOO_MANY_SEARCHES))
    records = _records(searching.found(request, subject, question.to, today))
    if refusal := may_see(query.asker, _found(records, subject)):
        return _Outcome(refusal=refusal)
    return _Outcome(allowed, tuple(answer_of(record, allowed, subject, today) for record in records))


def _query(request: RegisterQueryRequest, registry: str, today: date) -> Query:
    try:
        index = Index(request.index)
        return Query(
            asker=Asker(request.asker),
            acting=Acting(request.acting),
            index=index,
            wanted=Wanted(request.wanted),
            papers=frozenset(Paper(paper) for paper in request.papers),
            purpose_zh=request.purpose,
            agreed=frozenset(Part(part) for part in request.agreed),
            is_here=index is not Index.UNIT_CODE or searching.is_of(registry, request.unit_code, today),
        )
    except ValueError as error:
        raise BadReply("body_invalid", f"查询申请里有本机构不认识的内容：{error}") from None


def _subject(request: RegisterQueryRequest) -> Subject:
    """Whose property is asked about: the holder himself, or whoever the asker stands for or inquires into."""
    own = Asker(request.asker) is Asker.HOLDER
    person = (request.person if own else request.subject) or PersonBody()
    return Subject(person.name, person.id_no, request.claimed_holder)


def _with_place(refusal: Refusal, request: RegisterQueryRequest, registry: str, today: date) -> Refusal:
    """The refusal with where to go when the unit is in another registry's book."""
    if refusal.reason != QueryReasons.NOT_THIS_REGISTRY:
        return refusal
    try:
        home = lookup.registry_of_unit(request.unit_code, today)
    except NotFound:
        return refusal
    return Refusal(refusal.reason, (Fact("登记机构", lookup.institution(home).name_zh),), lookup.place_of(home))


def _searches_too_much(request: RegisterQueryRequest, question: Question) -> bool:
    allowed = lookup.parameter_count("query_names_hourly", institution_division(question.to), localdate(question.now))
    made = QueryRecord.objects.filter(
        receiving=question.source, clerk=request.clerk, index=Index.IDENTITY.value,
        at__gt=question.now - NAME_SEARCH_SPAN,
    )  # fmt: skip
    return made.count() >= allowed


def _records(codes: tuple[UnitCode, ...]) -> tuple[UnitRecord, ...]:
    read = (searching.record_of(code) for code in codes)
    return tuple(record for record in read if record is not None)


def _found(records: tuple[UnitRecord, ...], subject: Subject) -> Found:
    return Found(
        units=len(records),
        names_subject=all(record.names(subject.name, subject.id_no) for record in records),
        has_secret=any(record.is_secret for record in records),
    )


def _said(request: RegisterQueryRequest, outcome: _Outcome, question: Question) -> RegisterQueryAnswer:
    with_copies = outcome.word == SHOWN and outcome.allowed and Part.ORIGINALS in outcome.allowed.parts
    return RegisterQueryAnswer(
        enquiry_no=request.enquiry_no,
        outcome=outcome.word,
        paper_no=_paper_no(outcome, question.to, question.now),
        answered_at=question.now,
        scope_zh=_scope_zh(question.to, localdate(question.now)),
        units=tuple(unit_body(unit) for unit in outcome.units),
        refusal=outcome.refusal,
        place=lookup.place_of(question.to),
        copies_due_on=copies_due_on(question.to, question.now) if with_copies else None,
    )


def copies_due_on(registry: str, now: datetime) -> date:
    """The last day on which what cannot be given on the spot is given: five working days (查询办法 10)."""
    today = localdate(now)
    days = lookup.parameter_count("query_workdays", institution_division(registry), today)
    return calendar_from(today).add_workdays(today, days)


def _scope_zh(registry: str, today: date) -> str:
    """Which book was searched: the registry and the districts it keeps the book of."""
    districts = (one for one in lookup.counties() if _serves(registry, one.code, today))
    return f"{lookup.institution(registry).name_zh}登记簿（{'、'.join(one.name_zh for one in districts)}）"


def _serves(registry: str, division: str, today: date) -> bool:
    try:
        return lookup.registry_of_division(division, today) == registry
    except NotFound:
        return False


def _paper_no(outcome: _Outcome, registry: str, now: datetime) -> str:
    """The next number of the registry's year; its counter is locked until the answer is stored, so none is lost."""
    year, name_zh = localdate(now).year, lookup.institution(registry).short_zh
    if outcome.refusal:
        return numbering.query_refusal_no(year, name_zh, numbers.draw(NumberKind.QUERY_REFUSAL, registry, year))
    return numbering.query_result_no(year, name_zh, numbers.draw(NumberKind.QUERY_RESULT, registry, year))


def unit_body(unit: UnitAnswer) -> QueriedUnitBody:
    """The answer about one unit as it travels."""
    return QueriedUnitBody(
        unit_code=unit.unit_code,
        sections=tuple(
            SectionBody(
                part=section.part.value,
                name_zh=section.part.name_zh,
                facts=tuple(FactBody(name_zh=fact.name_zh, value_zh=fact.value_zh) for fact in section.facts),
            )
            for section in unit.sections
        ),
        notes_zh=unit.notes_zh,
    )


def _log(
    request: RegisterQueryRequest, outcome: _Outcome, said: RegisterQueryAnswer, question: Question, digest: str
) -> None:
    shown = outcome.word != REFUSED and outcome.allowed
    QueryRecord.objects.create(
        registry=question.to,
        receiving=question.source,
        enquiry_no=request.enquiry_no,
        question_id=question.id,
        request_digest=digest,
        clerk=request.clerk,
        at=question.now,
        asker=request.asker,
        acting=request.acting,
        index=request.index,
        wanted=request.wanted,
        papers=list(request.papers),
        parts=sorted(outcome.allowed.parts) if shown and outcome.allowed else [],
        masks=sorted(outcome.allowed.masks) if shown and outcome.allowed else [],
        unit_codes=[unit.unit_code for unit in outcome.units],
        outcome=outcome.word,
        reason_code=outcome.refusal.reason.code if outcome.refusal else "",
        paper_no=said.paper_no,
        copies_due_on=said.copies_due_on,
        request=request.to_wire(),
        answer=said.to_wire(),
    )


def _audit(request: RegisterQueryRequest, outcome: _Outcome, said: RegisterQueryAnswer, question: Question) -> None:
    """One row for every unit that was read, and one for a query that came to none."""
    asker = sender(question.source, lookup.institution(question.source).name_zh)
    detail = {"enquiry": request.enquiry_no, "asker": request.asker, "clerk": request.clerk, "paper": said.paper_no}
    detail["parts"] = " ".join(sorted(outcome.allowed.parts)) if outcome.units and outcome.allowed else ""
    read = [unit.unit_code for unit in outcome.units][:AUDITED_UNITS_MAX] or [request.enquiry_no]
    for object_id in read:
        audit(
            asker, "register.query", object_id, purpose=request.purpose, now=question.now,
            outcome=AUDIT_REFUSED if outcome.refusal else OK, detail=detail,
        )  # fmt: skip
