"""Receiving: `receive` verifies one signed message, stores it and lets it arrive; `process_next` handles it later.

What is stored and verified are the bytes as they came.  A message we already have is answered with the receipt we
gave then; the same id or the same place in its line with other bytes is refused as forged.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pydantic import ValidationError

from tongban.directory import lookup
from tongban.domain.errors import BadReply, BadSignature, NotFound, TongbanError, Unavailable
from tongban.domain.messages import MESSAGE_KINDS
from tongban.exchange import attachments, authorizations, envelope, http_auth, receipts
from tongban.exchange.contract.body import Body
from tongban.exchange.contract.kinds import subject_of
from tongban.exchange.contract.limits import CLOCK_AHEAD_MAX
from tongban.exchange.envelope import Envelope, Signed
from tongban.exchange.models import InboxMessage, RefusedMessage
from tongban.exchange.processing import process_next as process_next
from tongban.exchange.processing import retry_parked as retry_parked
from tongban.exchange.processing import stored_message
from tongban.exchange.receipts import About, Later, No, Receipt, RefusalCode
from tongban.exchange.wires import Wire, wire_of
from tongban.vault.keys import Signature

_KNOWN = "SELECT id FROM exchange_inboxmessage WHERE source = %s AND message_id = %s"

# The line is made with its first message, and never waited for while a worker holds it.
_ENQUEUE = """
WITH made AS (
    INSERT INTO exchange_inboxsubject (source, receiver, subject, processed_seq)
    VALUES (%(source)s, %(receiver)s, %(subject)s, 0) ON CONFLICT DO NOTHING RETURNING id),
line AS (
    SELECT id FROM made UNION ALL SELECT id FROM exchange_inboxsubject
    WHERE source = %(source)s AND receiver = %(receiver)s AND subject = %(subject)s)
INSERT INTO exchange_inboxprocessing
    (message_id, line_id, seq, state, attempts, next_attempt_at, reason_code, reason_zh)
SELECT %(message)s, line.id, %(seq)s, 'waiting', 0, %(now)s, '', '' FROM line
"""

log = logging.getLogger(__name__)


class _Refused(Exception):  # noqa: N818 - leaves this module as a value
    def __init__(self, code: RefusalCode, message_zh: str, no: No | None = None) -> None:
        super().__init__(code, message_zh)
        self.no = no or No(code, message_zh)


def receive(content: bytes, signature: Signature, now: datetime) -> Receipt:
    """Verify, store and let arrive, in one transaction of its own; returns the signed receipt, stored or refused.

    Raises `Unavailable` when the same message may be accepted later (attachments missing, clock ahead), and whatever
    `arrive` raises; then nothing of the message is stored.
    """
    signed = Signed(content, signature)
    try:
        parsed = envelope.parse(content)
    except BadReply as error:
        return _refuse(signed, None, No(RefusalCode.MALFORMED, error.message_zh), now)
    earlier = _earlier(parsed)
    if earlier is not None and earlier.digest == signed.digest:
        return _receipt_of(earlier)
    try:
        accepted = _examine(signed, parsed, earlier, now)
        if attachments.mismatched(parsed):
            raise _Refused(RefusalCode.ATTACHMENT_MISMATCH, "附件大小与信封所列不符。")
        return _store(accepted, now)
    except _Refused as refused:
        return _refuse(signed, parsed, refused.no, now)


def take(signed: Signed, now: datetime) -> Receipt | Later:
    """`receive` at the edge of a worker or request: every failure becomes a `Later`, and is logged."""
    try:
        return receive(signed.content, signed.signature, now)
    except TongbanError as error:
        log.warning("message not taken: %s", error)
        return Later(error.code, error.message_zh)
    except Exception:
        log.exception("message not taken")
        return Later("receiver_failed", "收件方处理时出错,稍后重试。")


@dataclass(frozen=True, slots=True)
class _Accepted:
    """A message that may be stored."""

    signed: Signed
    parsed: Envelope
    body: Body
    wire: Wire


def _earlier(parsed: Envelope) -> InboxMessage | None:
    """What is stored under the message's name; the look that every new message pays for is a bare one."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [parsed.source, parsed.id])
        found = cursor.fetchone()
    return None if found is None else InboxMessage.objects.defer("content").get(pk=found[0])


def _receipt_of(row: InboxMessage) -> Receipt:
    """The receipt that was given when the message was stored."""
    given = Signature(row.receipt_algorithm, row.receipt_key_id, bytes(row.receipt_signature))
    return receipts.read(Signed(bytes(row.receipt_content), given))


def _examine(signed: Signed, parsed: Envelope, earlier: InboxMessage | None, now: datetime) -> _Accepted:
    """Everything that can be wrong for good; the signature comes before all that depends on the content."""
    if not lookup.hosted_here(parsed.to):
        raise _Refused(RefusalCode.WRONG_RECEIVER, f"{parsed.to} 不在本站点。")
    _check_sender(signed, parsed, now)
    if earlier is not None:
        raise _Refused(RefusalCode.FORGED_DUPLICATE, "同一编号已收到另一份内容。")
    wire = _wire_for(parsed)
    try:
        body = wire.model.model_validate(parsed.data)
    except ValidationError as error:
        raise _Refused(RefusalCode.BODY_INVALID, envelope.malformed("body", error).message_zh) from None
    if parsed.subject != subject_of(parsed.type, body):
        raise _Refused(RefusalCode.BODY_INVALID, "报文的主题与内容不符。")
    _check_authorized(parsed, body, now)
    return _Accepted(signed, parsed, body, wire)


def _check_sender(signed: Signed, parsed: Envelope, now: datetime) -> None:
    try:
        lookup.institution(parsed.source)
    except NotFound:
        raise _Refused(RefusalCode.SENDER_UNKNOWN, f"目录中没有 {parsed.source}。") from None
    try:
        envelope.check(parsed.source, signed, parsed.time, now)
    except BadSignature as error:
        raise _Refused(RefusalCode.BAD_SIGNATURE, error.message_zh) from None
    if parsed.time > now + CLOCK_AHEAD_MAX:
        raise Unavailable("clock_ahead", "发件方的时钟快于本站点。")


def _wire_for(parsed: Envelope) -> Wire:
    kind, wire = MESSAGE_KINDS.get(parsed.type), wire_of(parsed.type)
    if kind is None or wire is None or kind.is_question or parsed.seq < 1:
        raise _Refused(RefusalCode.KIND_UNKNOWN, f"本站点不接收“{parsed.type}”类报文。")
    if not envelope.may_carry(kind, parsed.source, parsed.to):
        raise _Refused(RefusalCode.KIND_NOT_ALLOWED, f"{parsed.source} 不能向 {parsed.to} 发“{kind.name_zh}”。")
    return wire


def _check_authorized(parsed: Envelope, body: Body, now: datetime) -> None:
    if not MESSAGE_KINDS[parsed.type].needs_authorization:
        return
    scope = authorizations.scope_of(body)
    refusal = authorizations.authorized(parsed.to, parsed.source, scope.item, scope.channel, timezone.localdate(now))
    if refusal is not None:
        no = No(RefusalCode.NOT_AUTHORIZED, refusal.reason.what_zh, refusal)
        raise _Refused(no.code, no.message_zh, no)


def _store(accepted: _Accepted, now: datetime) -> Receipt:
    """Evidence, place in the line and `arrive`: all of it or nothing."""
    parsed = accepted.parsed
    receipt = receipts.issue(parsed.to, _about(accepted.signed, parsed), None, now)
    try:
        with transaction.atomic(durable=True):
            row = _evidence(accepted, receipt, now)
            row.save(force_insert=True)
            _enqueue(row, now)
            accepted.wire.arrive(stored_message(row, parsed, accepted.body), now)
    except IntegrityError:
        return _settle_conflict(accepted)
    return receipt


def _settle_conflict(accepted: _Accepted) -> Receipt:
    """Somebody stored the same id or the same place in between; anything else is a failure of `arrive`."""
    earlier = _earlier(accepted.parsed)
    if earlier is not None and earlier.digest == accepted.signed.digest:
        return _receipt_of(earlier)
    parsed = accepted.parsed
    place = {"source": parsed.source, "receiver": parsed.to, "subject": parsed.subject, "seq": parsed.seq}
    if earlier is not None or InboxMessage.objects.filter(**place).exists():
        raise _Refused(RefusalCode.SEQ_TAKEN, "同一编号或同一序号已收到另一份内容。") from None
    raise


def _enqueue(row: InboxMessage, now: datetime) -> None:
    """Give the message its place in its line."""
    line: dict[str, str | int | datetime] = {"source": row.source, "receiver": row.receiver, "subject": row.subject}
    facts = line | {"message": row.pk, "seq": row.seq, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_ENQUEUE, facts)
        if cursor.rowcount == 0:  # somebody else began the line in this very moment
            cursor.execute(_ENQUEUE, facts)
        assert cursor.rowcount == 1, "a message has one place in one line"


def _evidence(accepted: _Accepted, receipt: Receipt, now: datetime) -> InboxMessage:
    parsed, signed = accepted.parsed, accepted.signed
    return InboxMessage(
        message_id=parsed.id,
        kind=parsed.type,
        source=parsed.source,
        receiver=parsed.to,
        subject=parsed.subject,
        seq=parsed.seq,
        signed_at=parsed.time,
        received_at=now,
        digest=signed.digest,
        content=signed.content,
        algorithm=signed.signature.algorithm,
        key_id=signed.signature.key_id,
        signature=signed.signature.value,
        receipt_content=receipt.signed.content,
        receipt_algorithm=receipt.signed.signature.algorithm,
        receipt_key_id=receipt.signed.signature.key_id,
        receipt_signature=receipt.signed.signature.value,
    )


def _about(signed: Signed, parsed: Envelope | None) -> About:
    if parsed is None:
        return About("", signed.digest, "")
    return About(parsed.id, signed.digest, parsed.source, parsed.subject, parsed.seq)


def _refuse(signed: Signed, parsed: Envelope | None, no: No, now: datetime) -> Receipt:
    """Sign the refusal and keep it with the refused bytes; nothing else of the message stays."""
    is_here = parsed is not None and lookup.hosted_here(parsed.to)
    issuer = parsed.to if parsed is not None and is_here else http_auth.operator()
    about = _about(signed, parsed)
    receipt = receipts.issue(issuer, about, no, now)
    row = RefusedMessage(
        source=about.sender,
        message_id=about.message_id,
        code=no.code.value,
        digest=about.digest,
        content=signed.content,
        algorithm=signed.signature.algorithm,
        key_id=signed.signature.key_id,
        signature=signed.signature.value,
        received_at=now,
        receipt_content=receipt.signed.content,
        receipt_algorithm=receipt.signed.signature.algorithm,
        receipt_key_id=receipt.signed.signature.key_id,
        receipt_signature=receipt.signed.signature.value,
    )
    RefusedMessage.objects.bulk_create([row], ignore_conflicts=True)
    log.warning("message %s of %s refused: %s", about.message_id, about.sender, no.code)
    return receipt
