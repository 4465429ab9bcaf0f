"""Reads for the message pages: what waits, what is parked, what came and went.  Bodies are never shown here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import Count, Min, Q, QuerySet

from tongban.access.actors import Actor
from tongban.access.permissions import Permission
from tongban.access.require import institutions_for
from tongban.domain.errors import NotFound
from tongban.domain.messages import MESSAGE_KINDS
from tongban.exchange.models import (
    PARKED,
    WAITING,
    Authorization,
    InboxMessage,
    InboxProcessing,
    OutboxDelivery,
    OutboxMessage,
    PeerState,
    RefusedMessage,
)

PAGE_ROWS = 50
PARKED_ROWS_MAX = 200

Direction = Literal["sent", "received"]


@dataclass(frozen=True, slots=True)
class PeerRow:
    """One peer site: what waits for it and since when, and whether it rests after failures."""

    site: str
    waiting: int
    parked: int
    oldest_at: datetime | None
    failures: int
    failed_since: datetime | None
    next_try_at: datetime | None
    reason_zh: str


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message as a list shows it; `row` is the key of the next page."""

    row: int
    direction: Direction
    message_id: str
    kind: str
    kind_zh: str
    source: str
    to: str
    subject: str
    seq: int
    signed_at: datetime
    state: str
    attempts: int
    next_attempt_at: datetime | None
    reason_code: str
    reason_zh: str


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A message this site refused for good."""

    row: int
    source: str
    message_id: str
    code: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class AuthorizationRow:
    """One grant with its items and where it stands."""

    number: int
    grantor: str
    grantee: str
    items: tuple[str, ...]
    channels: tuple[str, ...]
    valid_from: str
    valid_until: str
    document_no: str
    suspended_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Backlog:
    """For alarms: how much waits or is parked on the whole site, and how old the oldest is."""

    to_send: int
    to_process: int
    parked_sent: int
    parked_received: int
    oldest_to_send_at: datetime | None
    oldest_to_process_at: datetime | None


def peers(actor: Actor) -> tuple[PeerRow, ...]:
    """Every site something of the actor's institutions waits for or is parked at, and every one that rests."""
    counts = (
        _sent(actor)
        .filter(state__in=[WAITING, PARKED])
        .values("peer_site")
        .annotate(
            waiting=Count("pk", filter=Q(state=WAITING)),
            parked=Count("pk", filter=Q(state=PARKED)),
            oldest_at=Min("message__signed_at", filter=Q(state=WAITING)),
        )
    )
    found: dict[str, dict[str, Any]] = {row["peer_site"]: dict(row) for row in counts}
    states = {state.pk: state for state in PeerState.objects.filter(Q(failures__gt=0) | Q(pk__in=list(found)))}
    nothing = PeerState()
    rows = []
    for site in sorted(set(found) | set(states)):
        state, count = states.get(site, nothing), found.get(site, {})
        rows.append(
            PeerRow(
                site=site,
                waiting=count.get("waiting", 0),
                parked=count.get("parked", 0),
                oldest_at=count.get("oldest_at"),
                failures=state.failures,
                failed_since=state.failed_since,
                next_try_at=state.next_try_at,
                reason_zh=state.reason_zh,
            )
        )
    return tuple(rows)


def parked(actor: Actor) -> tuple[MessageRow, ...]:
    """Parked messages of the actor's institutions, sent and received, oldest first; at most `PARKED_ROWS_MAX` each."""
    sent = _sent(actor).filter(state=PARKED).select_related("message").defer("message__content")
    received = _received(actor).filter(state=PARKED).select_related("message").defer("message__content")
    return (
        *(_sent_row(row) for row in sent.order_by("message_id")[:PARKED_ROWS_MAX]),
        *(_received_row(row) for row in received.order_by("message_id")[:PARKED_ROWS_MAX]),
    )


def messages(actor: Actor, direction: Direction, *, before: int | None = None) -> tuple[MessageRow, ...]:
    """Newest first, `PAGE_ROWS` at a time; `before` is the last `row` of the page before."""
    older = Q() if before is None else Q(message_id__lt=before)
    if direction == "sent":
        sent = _sent(actor).filter(older).select_related("message").defer("message__content")
        return tuple(_sent_row(row) for row in sent.order_by("-message_id")[:PAGE_ROWS])
    received = _received(actor).filter(older).select_related("message").defer("message__content")
    return tuple(_received_row(row) for row in received.order_by("-message_id")[:PAGE_ROWS])


def message(actor: Actor, direction: Direction, row: int) -> MessageRow:
    """One message; raises `NotFound` when there is none the actor may know of."""
    if direction == "sent":
        sent = _sent(actor).filter(pk=row).select_related("message").defer("message__content").first()
        found = None if sent is None else _sent_row(sent)
    else:
        received = _received(actor).filter(pk=row).select_related("message").defer("message__content").first()
        found = None if received is None else _received_row(received)
    if found is None:
        raise NotFound("message_not_found", "没有这份报文。")
    return found


def refused(actor: Actor, *, before: int | None = None) -> tuple[RefusedRow, ...]:
    """Messages refused for good, newest first; only for those who look after every institution."""
    if institutions_for(actor, Permission.MESSAGES_READ) is not None:
        return ()
    rows = RefusedMessage.objects.defer("content")
    rows = rows if before is None else rows.filter(pk__lt=before)
    return tuple(
        RefusedRow(row.pk, row.source, row.message_id, row.code, row.received_at)
        for row in rows.order_by("-pk")[:PAGE_ROWS]
    )


def authorizations(actor: Actor) -> tuple[AuthorizationRow, ...]:
    """Grants given by or to the actor's institutions, newest first."""
    mine = institutions_for(actor, Permission.AUTHORIZATION_MANAGE)
    rows = Authorization.objects.prefetch_related("items").order_by("-pk")
    if mine is not None:
        rows = rows.filter(Q(grantor__in=mine) | Q(grantee__in=mine))
    return tuple(
        AuthorizationRow(
            number=row.pk,
            grantor=row.grantor,
            grantee=row.grantee,
            items=tuple(sorted(item.item for item in row.items.all())),
            channels=tuple(row.channels),
            valid_from=row.valid_from.isoformat(),
            valid_until=row.valid_until.isoformat(),
            document_no=row.document_no,
            suspended_at=row.suspended_at,
            revoked_at=row.revoked_at,
        )
        for row in rows
    )


def backlog() -> Backlog:
    """The whole site's backlog, for the monitor and `doctor`; figures only."""
    to_send, oldest_to_send = _waiting(OutboxDelivery.objects.filter(state=WAITING), "message__signed_at")
    to_process, oldest_to_process = _waiting(InboxProcessing.objects.filter(state=WAITING), "message__received_at")
    return Backlog(
        to_send=to_send,
        to_process=to_process,
        parked_sent=OutboxDelivery.objects.filter(state=PARKED).count(),
        parked_received=InboxProcessing.objects.filter(state=PARKED).count(),
        oldest_to_send_at=oldest_to_send,
        oldest_to_process_at=oldest_to_process,
    )


def _waiting(rows: QuerySet[Any], since: str) -> tuple[int, datetime | None]:
    """How many, and the first one's moment; rows come in the order of their numbers, so no sort is needed."""
    return rows.count(), rows.order_by("message_id").values_list(since, flat=True).first()


def _sent(actor: Actor) -> QuerySet[OutboxDelivery]:
    mine = institutions_for(actor, Permission.MESSAGES_READ)
    rows = OutboxDelivery.objects.all()
    return rows if mine is None else rows.filter(message__sender__in=mine)


def _received(actor: Actor) -> QuerySet[InboxProcessing]:
    mine = institutions_for(actor, Permission.MESSAGES_READ)
    rows = InboxProcessing.objects.all()
    return rows if mine is None else rows.filter(message__receiver__in=mine)


def _sent_row(row: OutboxDelivery) -> MessageRow:
    return _row("sent", row, row.message, (row.message.sender, row.message.receiver))


def _received_row(row: InboxProcessing) -> MessageRow:
    return _row("received", row, row.message, (row.message.source, row.message.receiver))


def _row(
    direction: Direction,
    row: OutboxDelivery | InboxProcessing,
    message: OutboxMessage | InboxMessage,
    ends: tuple[str, str],
) -> MessageRow:
    kind = MESSAGE_KINDS.get(message.kind)
    return MessageRow(
        row=message.pk,
        direction=direction,
        message_id=message.message_id,
        kind=message.kind,
        kind_zh=message.kind if kind is None else kind.name_zh,
        source=ends[0],
        to=ends[1],
        subject=message.subject,
        seq=message.seq,
        signed_at=message.signed_at,
        state=row.state,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at if row.state == WAITING else None,
        reason_code=row.reason_code,
        reason_zh=row.reason_zh,
    )
