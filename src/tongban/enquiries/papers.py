"""The paper about a query: 查询结果证明, 无房（有房）证明 or 不予查询告知书, sealed by the home registry once and for all."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from tongban.access.actors import Actor, sender
from tongban.access.audit import audit
from tongban.access.require import Scope, require
from tongban.certificates import documents as d
from tongban.certificates import files
from tongban.certificates.documents import Document, Letterhead
from tongban.certificates.signing import SPECIMEN_ZH
from tongban.directory import lookup
from tongban.domain.codes import institution_division
from tongban.domain.decision import Fact
from tongban.domain.errors import BadReply, NotFound
from tongban.domain.query_terms import Acting, Part
from tongban.domain.unit_code import parse_unit_code
from tongban.enquiries import wording
from tongban.enquiries.models import QueryPaper, QueryRecord
from tongban.exchange.contract.register_query import (
    PIECE_BYTES,
    QueriedUnitBody,
    QueryPaperAnswer,
    QueryPaperRequest,
    RegisterQueryAnswer,
    RegisterQueryRequest,
)
from tongban.exchange.wires import Question
from tongban.vault import blobs
from tongban.vault.sm3 import sm3_hex

PDF: Final = "application/pdf"
SEAL_ZH: Final = "查询专用章"


def answer(question: Question) -> QueryPaperAnswer:
    """The sealed paper of a query this institution asked for; audited.  Raises BadReply when there is none."""
    request = question.body
    assert isinstance(request, QueryPaperRequest), "the question has this body"
    record = QueryRecord.objects.filter(
        registry=question.to, receiving=question.source, enquiry_no=request.enquiry_no, paper_no=request.paper_no
    ).first()
    if record is None:
        raise BadReply("query_paper_unknown", "本机构没有为这份申请出具过这个编号的证明。")
    data = sealed(record, question.now)
    asker = sender(question.source, lookup.institution(question.source).name_zh)
    audit(asker, "register.query_paper", record.paper_no, purpose=request.purpose, now=question.now)
    pieces = (data[start : start + PIECE_BYTES] for start in range(0, len(data), PIECE_BYTES))
    return QueryPaperAnswer(
        paper_no=record.paper_no,
        name_zh=wording.paper_zh(record.wanted, record.outcome),
        digest=sm3_hex(data),
        pieces=tuple(base64.b64encode(piece).decode() for piece in pieces),
    )


def of_record(number: int, actor: Actor, now: datetime) -> tuple[bytes, str]:
    """The paper of one line of the log, for the registry's own people; audited.  Raises NotFound, NotPermitted."""
    record = QueryRecord.objects.filter(pk=number).first()
    if record is None:
        raise NotFound("query_not_found", "查询记录簿里没有这一条。")
    require(actor, "enquiry.log", Scope(frozenset({record.registry}), record.paper_no))
    data = sealed(record, now)
    audit(actor, "enquiry.paper", record.paper_no, purpose="打印查询结果", now=now)
    return data, f"{wording.paper_zh(record.wanted, record.outcome)}-{record.enquiry_no}.pdf"


def sealed(record: QueryRecord, now: datetime) -> bytes:
    """The stored paper, or the paper made, sealed and stored now; two who make it at once end with the same one."""
    if (kept := _kept(record)) is not None:
        return kept
    made = files.sealed(_document(record), record.registry, now)
    with transaction.atomic():
        stored = blobs.store(record.registry, made, f"{record.paper_no}.pdf", PDF, purpose="enquiry.paper")
        facts = {"digest": stored.digest, "size": stored.size, "sealed_at": now}
        kept_first, _ = QueryPaper.objects.get_or_create(record=record, defaults=facts)
    return blobs.read(record.registry, kept_first.digest)


def _kept(record: QueryRecord) -> bytes | None:
    known = QueryPaper.objects.filter(pk=record.pk).first()
    return None if known is None else blobs.read(record.registry, known.digest)


def _document(record: QueryRecord) -> Document:
    request = RegisterQueryRequest.model_validate(record.request)
    said = RegisterQueryAnswer.model_validate(record.answer)
    return _result(record, request, said) if said.refusal is None else _refusal(record, request, said)


def _head(record: QueryRecord) -> Letterhead:
    return Letterhead(
        lookup.institution(record.registry).name_zh, record.paper_no, localdate(record.at), SEAL_ZH,
        specimen_zh=SPECIMEN_ZH if settings.TONGBAN_DEMO else "",
    )  # fmt: skip


def _result(record: QueryRecord, request: RegisterQueryRequest, said: RegisterQueryAnswer) -> d.QueryResult:
    return d.QueryResult(
        head=_head(record),
        title_zh=wording.paper_zh(record.wanted, record.outcome),
        asker_zh=wording.person_zh(request.person),
        as_what_zh=wording.asker_zh(request),
        agent_zh=wording.person_zh(request.agent) if request.acting != Acting.IN_PERSON else "",
        purpose_zh=request.purpose,
        address_zh=wording.sought_zh(request),
        scope_zh=said.scope_zh,
        asked_zh=wording.moment_zh(said.answered_at),
        enquiry_no=record.enquiry_no,
        conclusion_zh=wording.conclusion_zh(request, said),
        units=tuple(_unit(unit) for unit in said.units),
        notes_zh=wording.notes_zh(request, said),
    )


def _unit(unit: QueriedUnitBody) -> d.QueriedUnit:
    state = {
        fact.name_zh: fact.value_zh for one in unit.sections if one.part == Part.NATURAL_STATE for fact in one.facts
    }
    parts = (
        d.QueryPart(one.name_zh, tuple(Fact(fact.name_zh, fact.value_zh) for fact in one.facts))
        for one in unit.sections
    )
    return d.QueriedUnit(state.get("坐落") or parse_unit_code(unit.unit_code).grouped, tuple(parts), unit.notes_zh)


def _refusal(record: QueryRecord, request: RegisterQueryRequest, said: RegisterQueryAnswer) -> d.QueryRefusal:
    assert said.refusal is not None, "a notice of refusal says why"
    division, day = institution_division(record.registry), localdate(record.at)
    return d.QueryRefusal(
        head=_head(record),
        asker_zh=request.person.name,
        as_what_zh=wording.asker_zh(request),
        purpose_zh=request.purpose or "没有写明",
        address_zh=wording.sought_zh(request),
        asked_zh=wording.moment_zh(request.taken_at),
        enquiry_no=record.enquiry_no,
        facts=said.refusal.facts,
        reasons=(said.refusal.reason,),
        remedy_zh=lookup.parameter_text("remedy_text", division, day),
        place=said.refusal.where,
    )
