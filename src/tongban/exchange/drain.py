"""Delivery: one drain loop per peer site (the locally hosted institutions are one more), several workers at once.

A batch is leased, delivered outside any transaction, then settled in one.  Whoever dies in between leaves a lease that
runs out; the receiver knows a message it already has and answers with the same receipt.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import connection, transaction
from django.db.models import F, Q

from tongban.directory import lookup
from tongban.domain.errors import BadReply, OutsideError
from tongban.exchange import attachments, inbox, receipts, transport
from tongban.exchange.contract.limits import BACKOFF_MAX_S, BATCH_MAX, LEASE_S
from tongban.exchange.envelope import Signed
from tongban.exchange.models import (
    DELIVERED,
    PARKED,
    REASON_CHARS,
    WAITING,
    OutboxDelivery,
    OutboxMessage,
    OutboxReceipt,
    PeerState,
)
from tongban.exchange.receipts import About, Later, Receipt
from tongban.vault.keys import Signature

CALL_MAX = timedelta(seconds=20)  # then `drain` returns, and its loop calls again
PROBE_MESSAGES = 1  # what is sent to a peer that failed last time

log = logging.getLogger(__name__)

# The head of every line, and what follows it as long as nothing before it waits for another time or worker.
_LEASE = """
WITH due AS MATERIALIZED (
    SELECT d.message_id FROM exchange_outboxdelivery d
    WHERE d.peer_site = %(peer)s AND d.state = 'waiting' AND d.next_attempt_at <= %(now)s
      AND (d.lease_until IS NULL OR d.lease_until <= %(now)s)
      AND NOT EXISTS (
          SELECT 1 FROM exchange_outboxdelivery e
          WHERE e.line_id = d.line_id AND e.seq < d.seq AND e.state <> 'delivered'
            AND (e.state = 'parked' OR e.next_attempt_at > %(now)s OR e.lease_until > %(now)s))
    ORDER BY d.message_id LIMIT %(most)s FOR UPDATE OF d SKIP LOCKED)
UPDATE exchange_outboxdelivery SET lease_until = %(until)s FROM due
WHERE exchange_outboxdelivery.message_id = due.message_id
RETURNING exchange_outboxdelivery.message_id
"""
_PEERS = """
WITH RECURSIVE peers (site) AS (
    (SELECT peer_site FROM exchange_outboxdelivery WHERE state = 'waiting' ORDER BY peer_site LIMIT 1)
    UNION ALL
    SELECT (SELECT d.peer_site FROM exchange_outboxdelivery d
            WHERE d.state = 'waiting' AND d.peer_site > peers.site ORDER BY d.peer_site LIMIT 1)
    FROM peers WHERE peers.site IS NOT NULL)
SELECT site FROM peers WHERE site IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One leased message."""

    row_id: int
    attempts: int
    sender: str
    receiver: str
    about: About
    signed: Signed


Answer = Receipt | Later


def drain(peer_site: str, now: datetime) -> int:
    """Deliver what is due to one site; returns how many messages were settled (delivered, or parked by a refusal).

    Never raises for reasons of the peer: what failed is tried again later, at most `BACKOFF_MAX_S` apart, for ever.
    """
    settled, began, moment = 0, monotonic(), now
    while moment - now < CALL_MAX:
        most = _may_send(peer_site, moment)
        batch = _lease(peer_site, moment, most) if most else []
        if not batch:
            break
        try:
            answers = _deliver(peer_site, batch, moment)
        except OutsideError as error:
            _release(batch)
            _peer_failed(peer_site, error, moment)
            break
        moment = now + timedelta(seconds=monotonic() - began)
        _peer_answered(peer_site, moment)
        settled += _settle(peer_site, batch, answers, moment)
    return settled


def due_peers(now: datetime) -> tuple[str, ...]:
    """Sites something is waiting for, whether or not it is due; for the duty that starts a loop per site.

    Jumps from site to site along the index, so a long backlog costs no more than a short one.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PEERS)
        return tuple(row[0] for row in cursor.fetchall())


def backoff(attempts: int) -> timedelta:
    """1, 2, 4 … seconds, at most `BACKOFF_MAX_S`."""
    return timedelta(seconds=min(BACKOFF_MAX_S, 2 ** min(max(attempts - 1, 0), 10)))


def _lease(peer_site: str, now: datetime, most: int) -> list[Outgoing]:
    until = now + timedelta(seconds=LEASE_S)
    with connection.cursor() as cursor:
        cursor.execute(_LEASE, {"until": until, "peer": peer_site, "now": now, "most": most})
        ids = [row[0] for row in cursor.fetchall()]
    rows = OutboxMessage.objects.filter(pk__in=ids).annotate(attempts=F("delivery__attempts")).order_by("pk")
    return [
        Outgoing(
            row_id=row.pk,
            attempts=row.attempts,
            sender=row.sender,
            receiver=row.receiver,
            about=About(row.message_id, row.digest, row.sender, row.subject, row.seq),
            signed=Signed(row.content, Signature(row.algorithm, row.key_id, bytes(row.signature))),
        )
        for row in rows
    ]


def _deliver(peer_site: str, batch: Sequence[Outgoing], now: datetime) -> list[Answer]:
    if peer_site == lookup.self_site().code:
        return [_deliver_here(message, now) for message in batch]
    return _deliver_there(peer_site, batch, now)


def _deliver_here(message: Outgoing, now: datetime) -> Answer:
    return attachments.share_here(message.signed) or inbox.take(message.signed, now)


def _deliver_there(peer_site: str, batch: Sequence[Outgoing], now: datetime) -> list[Answer]:
    answers: dict[int, Answer] = {}
    ready: list[Outgoing] = []
    for message in batch:
        problem = attachments.push(peer_site, message.signed, now)
        if problem is None:
            ready.append(message)
        else:
            answers[message.row_id] = problem
    if ready:
        replies = transport.post_messages(peer_site, [message.signed for message in ready], now)
        answers |= {message.row_id: reply for message, reply in zip(ready, replies, strict=True)}
    return [answers[message.row_id] for message in batch]


def _release(batch: Sequence[Outgoing]) -> None:
    """The peer did not answer: nothing is said about the messages, so they go first when it is back."""
    OutboxDelivery.objects.filter(pk__in=[message.row_id for message in batch], state=WAITING).update(lease_until=None)


def _settle(peer_site: str, batch: Sequence[Outgoing], answers: Sequence[Answer], now: datetime) -> int:
    """Write what came of a batch, in one transaction; lost with its worker, it is simply asked again."""
    delivered: list[tuple[Outgoing, Receipt]] = []
    refused: list[tuple[Outgoing, Receipt]] = []
    later: list[tuple[Outgoing, Later]] = []
    for message, answer in zip(batch, answers, strict=True):
        checked = _checked(peer_site, message, answer, now)
        if isinstance(checked, Later):
            later.append((message, checked))
        elif checked.is_stored:
            delivered.append((message, checked))
        else:
            refused.append((message, checked))
    with transaction.atomic():
        for message, reason in later:
            _postpone(message, reason, now)
        for message, receipt in refused:
            _park(message, receipt, now)
        _mark_delivered([message.row_id for message, _ in delivered], now)
        OutboxReceipt.objects.bulk_create(_evidence(message, receipt, now) for message, receipt in delivered + refused)
    return len(delivered) + len(refused)


def _checked(peer_site: str, message: Outgoing, answer: Answer, now: datetime) -> Answer:
    if isinstance(answer, Later):
        return answer
    try:
        receipts.check(answer, message.about, receiver=message.receiver, site=peer_site, now=now)
    except BadReply as error:
        log.error("message %s: %s", message.about.message_id, error)
        return Later(error.code, error.message_zh)
    return answer


def _postpone(message: Outgoing, later: Later, now: datetime) -> None:
    OutboxDelivery.objects.filter(pk=message.row_id, state=WAITING).update(
        attempts=message.attempts + 1,
        next_attempt_at=now + backoff(message.attempts + 1),
        lease_until=None,
        reason_code=later.code[:64],
        reason_zh=later.message_zh[:REASON_CHARS],
    )


def _mark_delivered(rows: Sequence[int], now: datetime) -> None:
    """A message another worker settled before stays settled: a stored message is stored, whoever asked."""
    OutboxDelivery.objects.filter(pk__in=rows).update(
        state=DELIVERED, lease_until=None, reason_code="", reason_zh="", settled_at=now
    )


def _park(message: Outgoing, receipt: Receipt, now: datetime) -> None:
    OutboxDelivery.objects.filter(pk=message.row_id, state=WAITING).update(
        state=PARKED,
        lease_until=None,
        reason_code=receipt.code[:64],
        reason_zh=receipt.message_zh[:REASON_CHARS],
        settled_at=now,
    )
    log.error("message %s parked: %s %s", message.about.message_id, receipt.code, receipt.message_zh)


def _evidence(message: Outgoing, receipt: Receipt, now: datetime) -> OutboxReceipt:
    return OutboxReceipt(
        message_id=message.row_id,
        outcome=receipt.outcome,
        issuer=receipt.issuer,
        content=receipt.signed.content,
        algorithm=receipt.signed.signature.algorithm,
        key_id=receipt.signed.signature.key_id,
        signature=receipt.signed.signature.value,
        received_at=now,
    )


# --- the circuit breaker of a peer, kept in the database so that all workers share it ---


def _may_send(peer_site: str, now: datetime) -> int:
    """How many messages may go to the peer now: 0 while it rests, one as a probe after a failure, else `BATCH_MAX`.

    Of several workers one gets the probe; the others wait as if it had failed.
    """
    state = PeerState.objects.filter(pk=peer_site).first()
    if state is None or state.failures == 0:
        return BATCH_MAX
    rested = PeerState.objects.filter(Q(next_try_at__lte=now), pk=peer_site, failures=state.failures)
    return PROBE_MESSAGES if rested.update(next_try_at=now + backoff(state.failures + 1)) else 0


def _peer_failed(peer_site: str, error: OutsideError, now: datetime) -> None:
    """The peer as a whole did not answer: let it rest, longer each time."""
    with transaction.atomic():
        PeerState.objects.get_or_create(pk=peer_site)
        state = PeerState.objects.select_for_update().get(pk=peer_site)
        state.failures += 1
        state.failed_since = state.failed_since or now
        state.next_try_at = now + backoff(state.failures)
        state.reason_code, state.reason_zh = error.code[:64], error.message_zh[:REASON_CHARS]
        state.save()
    log.warning("peer %s rests after %d failures: %s", peer_site, state.failures, error)


def _peer_answered(peer_site: str, now: datetime) -> None:
    """The peer answered: close the circuit."""
    open_again = PeerState.objects.filter(pk=peer_site, failures__gt=0)
    if open_again.update(failures=0, next_try_at=None, failed_since=None, reason_code="", reason_zh="", last_ok_at=now):
        log.info("peer %s answers again", peer_site)
