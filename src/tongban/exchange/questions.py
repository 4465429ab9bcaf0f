"""Questions answered at once: a signed question, a signed answer, and evidence of both on both sides.

An institution hosted here is asked through the same steps in process; only the way between the two differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from pydantic import ValidationError

from tongban.directory import lookup
from tongban.domain.decision import Refusal
from tongban.domain.errors import BadReply, BadSignature, NotFound, OutsideError, TongbanError, Unavailable
from tongban.domain.messages import MESSAGE_KINDS
from tongban.exchange import authorizations, envelope, transport
from tongban.exchange.contract.body import Body
from tongban.exchange.contract.kinds import ANSWERS, BODIES, subject_of
from tongban.exchange.contract.limits import QUESTION_AGE_MAX
from tongban.exchange.envelope import Envelope, Heading, Signed
from tongban.exchange.models import ANSWERED, ASKED, QuestionEvidence
from tongban.exchange.wires import Question, answering_of

ANSWER_SUFFIX = ".answer"
REFUSAL_SUFFIX = ".refusal"
DONE = "answered"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: either `body` or, when the other side may not answer us, its `refusal`.

    `question_id`, `answered_at` and `digest` (SM3 of the signed answer) name the evidence in later messages.
    """

    question_id: str
    answered_at: datetime
    digest: str
    body: Body | None
    refusal: Refusal | None


def ask(kind: str, *, sender: str, to: str, body: Body, now: datetime) -> Answer:
    """Ask and wait for the answer.

    Raises `Unavailable` when none came in time (`limits.QUESTION_TIMEOUT_S`) and `BadReply` when it cannot be
    understood or trusted; a missing authorization is no exception but the answer's `refusal`.  Never call it inside a
    transaction: the evidence must stay when the caller fails, and no socket is opened under a lock.
    """
    row = MESSAGE_KINDS.get(kind)
    assert row is not None and row.is_question, f"{kind} is not a kind of question"
    assert isinstance(body, BODIES[kind]), f"the body of {kind} is {BODIES[kind].__name__}"
    assert lookup.hosted_here(sender), f"{sender} is not hosted here and cannot ask from here"
    with transaction.atomic(durable=True):
        pass  # refuses a caller's transaction
    peer = lookup.site_of(to)
    heading = Heading(uuid4().hex, kind, sender, to, subject_of(kind, body), 0, now)
    question = envelope.sign(sender, envelope.build(heading, body.to_wire()), now)
    exchange = _Exchange(ASKED, heading, question)
    try:
        signed = _carry(peer, question, now)
        answer = _read_answer(heading, question, signed, now)
    except OutsideError as error:
        _keep(exchange, None, error.code, None)
        raise
    _keep(exchange, signed, _outcome(answer.refusal), answer.answered_at)
    return answer


def answer(question: Signed, now: datetime) -> Signed:
    """Check a question, have it answered by `wiring.QUESTIONS`, keep the evidence, return the signed answer.

    Raises `BadReply` for a question that is malformed, not signed by its asker, for nobody here, out of time, or asked
    before; `Unavailable` when it cannot be answered now.
    """
    parsed = _read_question(question, now)
    heading = Heading(parsed.id, parsed.type, parsed.source, parsed.to, parsed.subject, parsed.seq, parsed.time)
    body = _read_body(parsed)
    refusal = _refusal(parsed, body, now)
    exchange = _Exchange(ANSWERED, heading, question)
    with _asked_once(), transaction.atomic(durable=True):
        said: Body | Refusal = refusal if refusal is not None else _said(parsed, body, question.digest, now)
        signed = _sign_answer(heading, question, said, now)
        _keep(exchange, signed, _outcome(said if isinstance(said, Refusal) else None), now)
    return signed


@dataclass(frozen=True, slots=True)
class _Exchange:
    """One question from one side's view."""

    side: str
    heading: Heading
    question: Signed


def _carry(peer: str, question: Signed, now: datetime) -> Signed:
    """To the other institution and back, in process or over the wire, with the same failures."""
    if peer != lookup.self_site().code:
        return transport.post_question(peer, question, now)
    try:
        return answer(question, now)
    except OutsideError:
        raise
    except TongbanError as error:
        raise Unavailable(error.code, error.message_zh) from error


def _read_question(question: Signed, now: datetime) -> Envelope:
    parsed = envelope.parse(question.content)
    kind = MESSAGE_KINDS.get(parsed.type)
    if kind is None or not kind.is_question or answering_of(parsed.type) is None:
        raise BadReply("kind_unknown", f"本站点不回答“{parsed.type}”类询问。")
    if not lookup.hosted_here(parsed.to):
        raise BadReply("wrong_receiver", f"{parsed.to} 不在本站点。")
    try:
        lookup.institution(parsed.source)
        envelope.check(parsed.source, question, parsed.time, now)
    except NotFound as error:
        raise BadReply("sender_unknown", error.message_zh) from None
    except BadSignature as error:
        raise BadReply("bad_signature", error.message_zh) from error
    if not envelope.may_carry(kind, parsed.source, parsed.to):
        raise BadReply("kind_not_allowed", f"{parsed.source} 不能向 {parsed.to} 询问“{kind.name_zh}”。")
    if abs(now - parsed.time) > QUESTION_AGE_MAX:
        raise BadReply("question_out_of_time", "询问的时间与本站点相差超过 5 分钟。")
    return parsed


def _read_body(parsed: Envelope) -> Body:
    try:
        body = BODIES[parsed.type].model_validate(parsed.data)
    except ValidationError as error:
        raise envelope.malformed("body_invalid", error) from None
    if parsed.subject != subject_of(parsed.type, body):
        raise BadReply("body_invalid", "询问的主题与内容不符。")
    return body


def _refusal(parsed: Envelope, body: Body, now: datetime) -> Refusal | None:
    if not MESSAGE_KINDS[parsed.type].needs_authorization:
        return None
    scope = authorizations.scope_of(body)
    return authorizations.authorized(parsed.to, parsed.source, scope.item, scope.channel, timezone.localdate(now))


def _said(parsed: Envelope, body: Body, digest: str, now: datetime) -> Body | Refusal:
    answering = answering_of(parsed.type)
    assert answering is not None, "the kind was checked when the question was read"
    place = (parsed.id, parsed.type, parsed.source, parsed.to, parsed.subject)
    return answering(Question(*place, asked_at=parsed.time, now=now, body=body, digest=digest))


def _sign_answer(asked: Heading, question: Signed, said: Body | Refusal, now: datetime) -> Signed:
    suffix = REFUSAL_SUFFIX if isinstance(said, Refusal) else ANSWER_SUFFIX
    heading = Heading(
        id=f"{asked.id}{suffix}",
        kind=asked.kind + suffix,
        source=asked.to,
        to=asked.source,
        subject=asked.subject,
        seq=0,
        time=now,
        in_reply_to=asked.id,
        question_digest=question.digest,
    )
    return envelope.sign(asked.to, envelope.build(heading, said.to_wire()), now)


def _read_answer(asked: Heading, question: Signed, signed: Signed, now: datetime) -> Answer:
    parsed = envelope.parse(signed.content)
    expected = (asked.to, asked.source, asked.id, question.digest)
    if (parsed.source, parsed.to, parsed.inreplyto, parsed.questiondigest) != expected:
        raise BadReply("answer_of_another", "回答对应的不是这次询问。")
    try:
        envelope.check(asked.to, signed, parsed.time, now)
    except BadSignature as error:
        raise BadReply("answer_signature", f"回答签名不可信：{error.message_zh}") from error
    try:
        if parsed.type == asked.kind + REFUSAL_SUFFIX:
            return Answer(asked.id, parsed.time, signed.digest, None, Refusal.from_wire(parsed.data))
        if parsed.type == asked.kind + ANSWER_SUFFIX:
            body = ANSWERS[asked.kind].model_validate(parsed.data)
            return Answer(asked.id, parsed.time, signed.digest, body, None)
    except (ValidationError, KeyError, TypeError) as error:
        raise envelope.malformed("answer_malformed", error) from None
    raise BadReply("answer_malformed", f"不认识的回答类型 {parsed.type}。")


def _outcome(refusal: Refusal | None) -> str:
    return DONE if refusal is None else f"refused {refusal.reason.code}"


def _keep(exchange: _Exchange, answered: Signed | None, outcome: str, answered_at: datetime | None) -> None:
    """Write one side's evidence."""
    question, asked = exchange.question, exchange.heading
    row = QuestionEvidence(
        side=exchange.side,
        question_id=asked.id,
        kind=asked.kind,
        asker=asked.source,
        answerer=asked.to,
        asked_at=asked.time,
        question=question.content,
        question_digest=question.digest,
        question_algorithm=question.signature.algorithm,
        question_key_id=question.signature.key_id,
        question_signature=question.signature.value,
        outcome=outcome[:64],
        answered_at=answered_at,
    )
    if answered is not None:
        row.answer, row.answer_digest = answered.content, answered.digest
        row.answer_algorithm, row.answer_key_id = answered.signature.algorithm, answered.signature.key_id
        row.answer_signature = answered.signature.value
    row.save(force_insert=True)


@contextmanager
def _asked_once() -> Iterator[None]:
    """Turns the constraint on a question this side has answered before into `BadReply`."""
    try:
        yield
    except IntegrityError as error:
        if "exchange_question_once" not in str(error):
            raise
        raise BadReply("question_replayed", "这次询问已经回答过。") from None
