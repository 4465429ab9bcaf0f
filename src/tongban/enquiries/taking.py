"""Taking in an application to query at a window, and putting it to the home registry.

The application is kept before anybody is asked, so a registry that cannot be reached is asked again under the same
number.  Every answer is kept with the evidence of its signature.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.timezone import localdate

from tongban.access.actors import Actor
from tongban.access.audit import OK, audit
from tongban.access.audit import REFUSED as AUDIT_REFUSED
from tongban.access.require import Scope, require
from tongban.directory import lookup
from tongban.domain import numbering
from tongban.domain.codes import institution_division
from tongban.domain.decision import Refusal
from tongban.domain.errors import BadReply, InvalidInput, NotFound, OutsideError, Problem, WrongState
from tongban.domain.identity import IdDocument, check_document, check_name, normal_name, normal_number
from tongban.domain.messages import REGISTER_QUERY, REGISTER_QUERY_PAPER
from tongban.domain.numbering import normal_certificate_no
from tongban.domain.query_rules import QUERY_RULES
from tongban.domain.query_terms import QUERY_SERVICE, Acting, Asker, Index, Paper, Part, Wanted
from tongban.domain.terms import Channel
from tongban.domain.unit_code import parse_unit_code
from tongban.enquiries.answering import copies_due_on
from tongban.enquiries.models import ANSWERED, ASKED, DENIED, Enquiry
from tongban.enquiries.wording import paper_zh
from tongban.exchange import questions
from tongban.exchange.contract.register_query import (
    REFUSED,
    PersonBody,
    QueryPaperAnswer,
    QueryPaperRequest,
    RegisterQueryAnswer,
    RegisterQueryRequest,
)
from tongban.exchange.questions import Answer
from tongban.register import numbers
from tongban.register.numbers import NumberKind
from tongban.vault import blobs
from tongban.vault.sm3 import sm3_hex

PURPOSE_CHARS: Final = (2, 200)
ADDRESS_CHARS: Final = (4, 200)
PDF: Final = "application/pdf"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody an application names; empty when there is nobody."""

    name: str = ""
    id_kind: str = IdDocument.ID_CARD.value
    id_no: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """What the clerk takes in: `person` asks, `agent` came for him, `subject` is whose property it is about."""

    asker: Asker
    acting: Acting
    wanted: Wanted
    index: Index
    papers: frozenset[Paper]
    purpose_zh: str
    home: str
    person: Person
    agent: Person = Person()
    subject: Person = Person()
    claimed_holder: str = ""
    reference: str = ""  # unit code, certificate number or address
    agreed: frozenset[Part] = frozenset()


def may_take(actor: Actor) -> None:
    """Return if the actor may take in applications to query; else raises NotPermitted with the reason."""
    require(actor, "enquiry.take", Scope(frozenset({actor.institution})))


def needs_subject(asker: Asker, index: Index) -> bool:
    """Whether somebody else than the asker must be named: the dead, the ward, the dissolved, or who is inquired into."""
    if asker is Asker.HOLDER:
        return False
    return QUERY_RULES[asker].holds_for or index is Index.IDENTITY


def take(application: Application, actor: Actor, *, key: str, now: datetime) -> str:
    """Keep the application and ask the home registry; gives its number.  The same key again gives the same number.

    Raises NotPermitted and InvalidInput.  What the home registry says, or that it did not answer, stands in the row.
    """
    if known := Enquiry.objects.filter(opening_key=key).first():
        require(actor, "enquiry.take", Scope(frozenset({known.receiving}), known.number))
        return known.number
    may_take(actor)
    home, checked = _checked(application, now)
    with transaction.atomic():
        row = _create(checked, home, actor, key=key, now=now)
        detail = {"asker": row.asker, "home": home, "index": application.index.value, "wanted": row.wanted}
        audit(actor, "enquiry.take", row.number, purpose=application.purpose_zh, detail=detail, now=now)
    _ask(row, actor, now)
    return row.number


def ask_again(number: str, actor: Actor, now: datetime) -> None:
    """Put an application to the home registry again that it has not answered.  Raises NotPermitted, OutsideError."""
    row = permitted(number, actor, "enquiry.take")
    if row.state == ASKED and (error := _ask(row, actor, now)):
        raise error


def paper(number: str, actor: Actor, now: datetime) -> tuple[bytes, str]:
    """The sealed paper with its file name, fetched from the home registry once; each print is audited.

    Raises NotPermitted, WrongState before there is an answer in writing, OutsideError.
    """
    row = permitted(number, actor, "enquiry.read")
    if not row.paper_no:
        raise WrongState("query_without_paper", "这份查询还没有书面结果，不能打印。")
    data = blobs.read(row.receiving, row.paper_digest) if row.paper_digest else _fetched(row, now)
    audit(actor, "enquiry.print", row.number, purpose="打印查询结果", detail={"paper": row.paper_no}, now=now)
    return data, f"{paper_zh(row.wanted, _said(row).outcome)}-{row.number}.pdf"


def permitted(number: str, actor: Actor, permission: str) -> Enquiry:
    """The application, if the actor may do this with it; raises NotFound, NotPermitted."""
    row = Enquiry.objects.filter(number=number).first()
    if row is None:
        raise NotFound("enquiry_not_found", "没有这份查询申请。请核对查询编号。")
    require(actor, permission, Scope(frozenset({row.receiving}), number))
    return row


def _said(row: Enquiry) -> RegisterQueryAnswer:
    return RegisterQueryAnswer.model_validate(row.answer)


def _checked(given: Application, now: datetime) -> tuple[str, Application]:
    """The home registry and the application in its normal form; raises InvalidInput with all that is wrong."""
    problems = [*_purpose(given.purpose_zh), *_person("person", given.person, "查询人")]
    if given.acting is not Acting.IN_PERSON:
        problems += _person("agent", given.agent, "代理人")
    if needs_subject(given.asker, given.index):
        problems += _person("subject", given.subject, "被查询的权利人")
    reference, wrong = _reference(given.index, given.reference)
    home, unknown = _home(given, reference, now)
    problems += [*wrong, *unknown]
    if problems:
        raise InvalidInput(problems)
    return home, Application(
        given.asker, given.acting, given.wanted, given.index, given.papers, " ".join(given.purpose_zh.split()), home,
        _normal(given.person), _normal(given.agent), _normal(given.subject), normal_name(given.claimed_holder),
        reference, given.agreed,
    )  # fmt: skip


def _purpose(text: str) -> list[Problem]:
    shortest, longest = PURPOSE_CHARS
    if shortest <= len(text.strip()) <= longest:
        return []
    what_zh = f"查询目的要写清楚（{shortest}到{longest}个字）"
    return [Problem("purpose", what_zh, "请写为什么查，例如“买房前核实有没有抵押和查封”")]


def _person(prefix: str, person: Person, who_zh: str) -> list[Problem]:
    if person.id_kind not in set(IdDocument):
        return [Problem(f"{prefix}_id_kind", f"没有选{who_zh}的证件种类", "请照着证件选")]
    found = (
        check_name(normal_name(person.name)),
        check_document(IdDocument(person.id_kind), normal_number(person.id_no)),
    )
    names = (f"{prefix}_name", f"{prefix}_id_no")
    return [
        Problem(name, f"{who_zh}：{one.what_zh}", one.cure_zh) for name, one in zip(names, found, strict=True) if one
    ]


def _normal(person: Person) -> Person:
    return Person(normal_name(person.name), person.id_kind, normal_number(person.id_no))


def _reference(index: Index, text: str) -> tuple[str, list[Problem]]:
    if index is Index.IDENTITY:
        return "", []
    if index is Index.UNIT_CODE:
        try:
            return parse_unit_code(text).code, []
        except InvalidInput as error:
            return "", [Problem("reference", one.what_zh, one.cure_zh) for one in error.problems]
    if index is Index.CERTIFICATE_NO:
        number = normal_certificate_no(text)
        if numbering.is_certificate_no(number):
            return number, []
        return "", [
            Problem("reference", "不动产权证号的写法不对", "请照着证书填，例如 豫（2026）滑县不动产权第0001234号")
        ]
    address, (shortest, longest) = normal_name(text), ADDRESS_CHARS
    if shortest <= len(address) <= longest:
        return address, []
    return "", [Problem("reference", "坐落要写到门牌、房号", "请照着证书或者合同上的坐落填写，一个字也不要差")]


def _home(given: Application, reference: str, now: datetime) -> tuple[str, list[Problem]]:
    """The registry to ask: the unit code says it, else the clerk chose it."""
    if given.index is Index.UNIT_CODE and reference:
        try:
            return str(lookup.registry_of_unit(reference, localdate(now))), []
        except NotFound as error:
            return "", [Problem("reference", error.message_zh, "请核对不动产单元号的前6位")]
    known = {registry.code for registry in lookup.registries()}
    if given.home in known or given.index is Index.UNIT_CODE:
        return given.home, []
    return "", [Problem("home", "没有选房产在哪个县、市、区", "请选房产所在地的登记机构")]


def _create(given: Application, home: str, actor: Actor, *, key: str, now: datetime) -> Enquiry:
    number = _draw(actor.institution, now)
    body = _body(given, number, actor, now)
    return Enquiry.objects.create(
        number=number,
        receiving=actor.institution,
        home=home,
        clerk=actor.id,
        taken_at=now,
        due_on=copies_due_on(home, now),
        asker=given.asker.value,
        wanted=given.wanted.value,
        request=body.to_wire(),
        opening_key=key,
    )


def _draw(institution: str, now: datetime) -> str:
    """Outlets of one division share its numbers, so that a number says nothing twice."""
    division, year = institution_division(institution), localdate(now).year
    return numbering.enquiry_no(division, year, numbers.draw(NumberKind.ENQUIRY, f"division-{division}", year))


def _body(given: Application, number: str, actor: Actor, now: datetime) -> RegisterQueryRequest:
    is_alone = given.acting is Acting.IN_PERSON
    return RegisterQueryRequest(
        enquiry_no=number,
        service_item=QUERY_SERVICE,
        channel=Channel.WINDOW.value,
        purpose=given.purpose_zh,
        asker=given.asker.value,
        acting=given.acting.value,
        index=given.index.value,
        wanted=given.wanted.value,
        papers=tuple(sorted(given.papers)),
        agreed=tuple(sorted(given.agreed)),
        person=_person_body(given.person),
        agent=None if is_alone else _person_body(given.agent),
        subject=_person_body(given.subject) if needs_subject(given.asker, given.index) else None,
        claimed_holder=given.claimed_holder,
        unit_code=given.reference if given.index is Index.UNIT_CODE else "",
        certificate_no=given.reference if given.index is Index.CERTIFICATE_NO else "",
        address=given.reference if given.index is Index.ADDRESS else "",
        clerk=actor.id,
        taken_at=now,
    )


def _person_body(person: Person) -> PersonBody:
    return PersonBody(name=person.name, id_kind=person.id_kind, id_no=person.id_no)


def _ask(row: Enquiry, actor: Actor, now: datetime) -> OutsideError | None:
    """Ask and keep what was answered; the error when no answer came."""
    body = RegisterQueryRequest.model_validate(row.request)
    try:
        answered = questions.ask(REGISTER_QUERY, sender=row.receiving, to=row.home, body=body, now=now)
    except OutsideError as error:
        return error
    with transaction.atomic():
        kept = Enquiry.objects.select_for_update().get(pk=row.pk)
        if kept.state == ASKED:
            _keep(kept, answered, now)
            detail = {"state": kept.state, "paper": kept.paper_no}
            outcome = OK if kept.state == ANSWERED else AUDIT_REFUSED
            audit(actor, "enquiry.answered", kept.number, outcome=outcome, detail=detail, now=now)
    return None


def _keep(row: Enquiry, answered: Answer, now: datetime) -> None:
    row.answered_at, row.question_id, row.answer_digest = now, answered.question_id, answered.digest
    if answered.refusal is not None:
        row.state, row.refusal = DENIED, answered.refusal.to_wire()
    else:
        said = answered.body
        assert isinstance(said, RegisterQueryAnswer), "the question has this answer"
        row.state = REFUSED if said.refusal else ANSWERED
        row.answer, row.paper_no = said.to_wire(), said.paper_no
        row.refusal = said.refusal.to_wire() if said.refusal else None
    row.save()


def denial_of(row: Enquiry) -> Refusal | None:
    """Why there is no answer in substance, when there is none."""
    return Refusal.from_wire(row.refusal) if row.refusal else None


def _fetched(row: Enquiry, now: datetime) -> bytes:
    body = QueryPaperRequest(
        enquiry_no=row.number, paper_no=row.paper_no, service_item=QUERY_SERVICE, channel=Channel.WINDOW.value,
        purpose="打印查询结果",
    )  # fmt: skip
    answered = questions.ask(REGISTER_QUERY_PAPER, sender=row.receiving, to=row.home, body=body, now=now)
    if answered.refusal is not None:
        raise WrongState("query_paper_denied", answered.refusal.reason.what_zh + answered.refusal.reason.cure_zh)
    found = answered.body
    assert isinstance(found, QueryPaperAnswer), "the question has this answer"
    data = _whole(found)
    with transaction.atomic():
        stored = blobs.store(row.receiving, data, f"{row.paper_no}.pdf", PDF, purpose="enquiry.paper")
        Enquiry.objects.filter(pk=row.pk).update(paper_digest=stored.digest)
    return data


def _whole(found: QueryPaperAnswer) -> bytes:
    try:
        data = b"".join(base64.b64decode(piece, validate=True) for piece in found.pieces)
    except binascii.Error as error:
        raise BadReply("query_paper_broken", "属地送来的证明文件读不出来。") from error
    if sm3_hex(data) != found.digest:
        raise BadReply("query_paper_broken", "属地送来的证明文件与它的摘要不符。")
    return data
