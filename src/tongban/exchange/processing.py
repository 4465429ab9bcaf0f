"""Handling received messages: the next one of each line, once, in order, each in a transaction of its own."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.permissions import Permission
from tongban.access.require import Scope, require
from tongban.domain.errors import BadReply, NotFound, TongbanError
from tongban.exchange import envelope
from tongban.exchange.contract.body import Body
from tongban.exchange.contract.limits import BACKOFF_MAX_S, PROCESS_ATTEMPTS_MAX
from tongban.exchange.envelope import Envelope
from tongban.exchange.models import (
    PARKED,
    REASON_CHARS,
    WAITING,
    InboxMessage,
    InboxProcessing,
)
from tongban.exchange.wires import StoredMessage, wire_of

BATCH_MAX = 100  # messages per call of `process_next`

log = logging.getLogger(__name__)

# The next message of a line; the lock on the line is what makes the message run once.
_NEXT = """
SELECT m.* FROM exchange_inboxprocessing p
JOIN exchange_inboxsubject s ON s.id = p.line_id JOIN exchange_inboxmessage m ON m.id = p.message_id
WHERE p.state = 'waiting' AND p.next_attempt_at <= %s AND p.seq = s.processed_seq + 1
ORDER BY p.message_id LIMIT 1 FOR UPDATE OF s SKIP LOCKED
"""
_DONE = """
WITH done AS (
    UPDATE exchange_inboxprocessing SET state = 'processed', settled_at = %(now)s, reason_code = '', reason_zh = ''
    WHERE message_id = %(message)s AND state = 'waiting' RETURNING line_id, seq)
UPDATE exchange_inboxsubject s SET processed_seq = done.seq FROM done
WHERE s.id = done.line_id AND s.processed_seq = done.seq - 1
"""


def process_next(now: datetime) -> int:
    """Handle what is due, at most `BATCH_MAX` messages; returns how many were taken up, done or failed.

    A failure undoes everything the message did and is tried again later; after `PROCESS_ATTEMPTS_MAX` of them, or at once for
    a body that makes no sense, the message is parked: visible, and holding what follows in its line.
    """
    for count in range(BATCH_MAX):
        if not _process_one(now):
            return count
    return BATCH_MAX


def retry_parked(message_id: str, actor: Actor, *, now: datetime) -> None:
    """Let a parked message be handled again; raises `NotFound` when none of this id is parked.  Audited."""
    with transaction.atomic():
        rows = InboxProcessing.objects.filter(message__message_id=message_id, state=PARKED)
        row = rows.select_related("message").select_for_update(of=("self",)).first()
        if row is None:
            raise NotFound("parked_not_found", "没有这份搁置的报文。")
        require(actor, Permission.MESSAGES_RETRY, Scope(frozenset({row.message.receiver}), message_id))
        row.state, row.attempts, row.next_attempt_at, row.settled_at = WAITING, 0, now, None
        row.save(update_fields=["state", "attempts", "next_attempt_at", "settled_at"])
        audit(actor, "exchange.retry_received", message_id, detail={"reason": row.reason_code})


def stored_message(row: InboxMessage, parsed: Envelope, body: Body) -> StoredMessage:
    """What `arrive` and `process` are given."""
    return StoredMessage(
        id=row.message_id,
        kind=row.kind,
        source=row.source,
        to=row.receiver,
        subject=row.subject,
        seq=row.seq,
        signed_at=row.signed_at,
        received_at=row.received_at,
        body=body,
        attachments=parsed.refs(),
        digest=row.digest,
    )


def _process_one(now: datetime) -> bool:
    with transaction.atomic(durable=True):
        row = next(iter(InboxMessage.objects.raw(_NEXT, [now])), None)
        if row is None:
            return False
        try:
            with transaction.atomic():
                _run(row, now)
        except Exception as error:  # noqa: BLE001 - the worker's edge: any failure becomes visible on the message
            _failed(row, error, now)
        else:
            _processed(row, now)
    return True


def _run(row: InboxMessage, now: datetime) -> None:
    wire = wire_of(row.kind)
    if wire is None:
        raise BadReply("kind_unknown", f"本站点不再处理“{row.kind}”类报文。")
    parsed = envelope.parse(row.content)
    wire.process(stored_message(row, parsed, wire.model.model_validate(parsed.data)), now)


def _processed(row: InboxMessage, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DONE, {"now": now, "message": row.pk})
        assert cursor.rowcount == 1, "a message is processed once, as the next of its line"


def _failed(row: InboxMessage, error: Exception, now: datetime) -> None:
    code = error.code if isinstance(error, TongbanError) else type(error).__name__
    text = error.message_zh if isinstance(error, TongbanError) else "处理时出错,详见日志。"
    log.error("message %s (%s) failed", row.message_id, row.kind, exc_info=error)
    rows = InboxProcessing.objects.filter(pk=row.pk)
    rows.update(attempts=F("attempts") + 1, reason_code=code[:64], reason_zh=text[:REASON_CHARS])
    attempts = rows.values_list("attempts", flat=True).get()
    if attempts >= PROCESS_ATTEMPTS_MAX or isinstance(error, BadReply):
        rows.update(state=PARKED, settled_at=now)
        log.error("message %s parked after %d attempts: %s", row.message_id, attempts, code)
    else:
        rows.update(next_attempt_at=now + _backoff(attempts))


def _backoff(attempts: int) -> timedelta:
    return timedelta(seconds=min(BACKOFF_MAX_S, 2 ** min(attempts, 10)))
