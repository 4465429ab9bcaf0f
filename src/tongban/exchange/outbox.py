"""Sending: `send` writes a signed message into the outbox as part of the caller's transaction, `drain` delivers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from django.db import connection, transaction

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.permissions import Permission
from tongban.access.require import Scope, require
from tongban.directory import lookup
from tongban.domain.errors import NotFound, WrongState
from tongban.domain.messages import MESSAGE_KINDS
from tongban.exchange import envelope
from tongban.exchange.contract.body import Body
from tongban.exchange.contract.kinds import BODIES, subject_of
from tongban.exchange.contract.receipt import RefusalCode
from tongban.exchange.drain import drain as drain
from tongban.exchange.envelope import Heading, Signed
from tongban.exchange.models import PARKED, WAITING, OutboxDelivery, OutboxMessage
from tongban.vault import blobs
from tongban.vault.blobs import BlobRef

MessageId = NewType("MessageId", str)

_DRAW = """
INSERT INTO exchange_outboxsubject (sender, receiver, subject, last_seq) VALUES (%s, %s, %s, 1)
ON CONFLICT (sender, receiver, subject) DO UPDATE SET last_seq = exchange_outboxsubject.last_seq + 1
RETURNING id, last_seq
"""


@dataclass(frozen=True, slots=True)
class _Place:
    """The place of a message in its line (from, to, subject)."""

    line_id: int
    seq: int


def send(  # noqa: PLR0913 - the facts of a message; all named, one optional
    kind: str,
    *,
    sender: str,
    to: str,
    subject: str,
    body: Body,
    attachments: Sequence[BlobRef] = (),
    now: datetime,
) -> MessageId:
    """Put one signed message into the outbox; it leaves when, and only when, the caller's transaction commits.

    Messages of one (sender, to, subject) are numbered in the order their transactions take the line, and processed in
    that order.  The attachments must be files of the sender.  Raises `NotFound` for an unknown receiver or file,
    `Unavailable` when the sender has no key here.
    """
    _check_kind(kind, sender, to, body)
    assert subject == subject_of(kind, body), f"the subject of {kind} stands in its body"
    assert connection.in_atomic_block, "send belongs into the transaction whose outcome it tells"
    for ref in attachments:
        assert blobs.find(sender, ref.digest).size == ref.size, "an attachment is a file of the sender"
    peer = lookup.site_of(to)
    place = _draw(sender, to, subject)
    identity = envelope.message_id(sender, to, subject, place.seq)
    heading = Heading(identity, kind, sender, to, subject, place.seq, now)
    signed = envelope.sign(sender, envelope.build(heading, body.to_wire(), attachments), now)
    _write(heading, signed, place, peer)
    return MessageId(identity)


def retry_parked(message_id: str, actor: Actor, *, now: datetime) -> None:
    """Send a parked message again, the same bytes; raises `NotFound` when no parked message has this id.  Audited."""
    with transaction.atomic():
        row = _parked(message_id, actor)
        reason = row.reason_code
        row.state, row.attempts, row.next_attempt_at, row.lease_until = WAITING, 0, now, None
        row.settled_at = None
        row.save(update_fields=["state", "attempts", "next_attempt_at", "lease_until", "settled_at"])
        audit(actor, "exchange.retry_sent", message_id, detail={"reason": reason})


def sign_again(message_id: str, actor: Actor, *, now: datetime) -> None:
    """Sign a parked message anew and send it: same id, place and content, another time and key.  Audited.

    For messages that were refused because their key was revoked as stolen before they arrived.  What was signed first
    stays as evidence.  Raises `NotFound` as `retry_parked` does, `WrongState` for a message parked for another reason.
    """
    with transaction.atomic():
        old = _parked(message_id, actor)
        if old.reason_code != RefusalCode.BAD_SIGNATURE.value:
            raise WrongState("signature_not_refused", "这份报文不是因为签名被拒收的,不能重新签名。")
        first = old.message
        parsed = envelope.parse(first.content)
        heading = Heading(parsed.id, parsed.type, parsed.source, parsed.to, parsed.subject, parsed.seq, now)
        signed = envelope.sign(parsed.source, envelope.build(heading, parsed.data, parsed.refs()), now)
        place, peer = _Place(old.line_id, old.seq), old.peer_site
        old.delete()
        _write(heading, signed, place, peer)
        audit(actor, "exchange.sign_again", message_id, detail={"key": first.key_id, "digest": first.digest})


def _parked(message_id: str, actor: Actor) -> OutboxDelivery:
    """The locked row of a parked message that the actor may retry."""
    rows = OutboxDelivery.objects.filter(message__message_id=message_id, state=PARKED)
    row = rows.select_related("message").select_for_update(of=("self",)).first()
    if row is None:
        raise NotFound("parked_not_found", "没有这份搁置的报文。")
    require(actor, Permission.MESSAGES_RETRY, Scope(frozenset({row.message.sender}), message_id))
    return row


def _check_kind(kind: str, sender: str, to: str, body: Body) -> None:
    row = MESSAGE_KINDS.get(kind)
    assert row is not None and not row.is_question, f"{kind} is not a kind of message to send"
    assert isinstance(body, BODIES[kind]), f"the body of {kind} is {BODIES[kind].__name__}"
    assert envelope.may_carry(row, sender, to), f"{sender} does not send {kind} to {to}"
    assert lookup.hosted_here(sender), f"{sender} is not hosted here and cannot send from here"


def _draw(sender: str, to: str, subject: str) -> _Place:
    """The next number of the line; holds its row until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, [sender, to, subject])
        line_id, seq = cursor.fetchone()
    return _Place(line_id, seq)


def _write(heading: Heading, signed: Signed, place: _Place, peer: str) -> None:
    message = OutboxMessage.objects.create(
        message_id=heading.id,
        kind=heading.kind,
        sender=heading.source,
        receiver=heading.to,
        subject=heading.subject,
        seq=heading.seq,
        signed_at=heading.time,
        digest=signed.digest,
        content=signed.content,
        algorithm=signed.signature.algorithm,
        key_id=signed.signature.key_id,
        signature=signed.signature.value,
    )
    OutboxDelivery.objects.create(
        message=message, line_id=place.line_id, seq=place.seq, peer_site=peer, next_attempt_at=heading.time
    )
