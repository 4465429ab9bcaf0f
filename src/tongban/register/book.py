"""The only writer of the book: recordings (登簿) and the arrival of orders, both under the locks of their units.

Lock order: units → number counters → ledger heads.  The order of a court's order and a recording is the place both draw
under the unit's lock, never a clock; the times they carry follow that order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from tongban.directory import lookup
from tongban.domain.burdens import BurdenFact, standing_together
from tongban.domain.codes import UnitCode
from tongban.domain.decision import Refusal
from tongban.domain.errors import InvalidInput, NotFound, NotPermitted, Problem, WrongState
from tongban.domain.facts import UNIT_FLAGS
from tongban.domain.restrictions import LAW, decide_all
from tongban.register import standing
from tongban.register.locks import lock
from tongban.register.models import BAUnit, Entry, LedgerHead, OrderNote, OrderSettlement, UnitEvent
from tongban.register.proof import leaf
from tongban.register.requests import UNITS_MAX, EntryRef, OrderPlace, Recording, RecordRequest
from tongban.register.standing import Tail
from tongban.register.writing import projection, tables
from tongban.register.writing.appending import Quill, event_row

__all__ = [
    "EntryRef",
    "OrderPlace",
    "RecordRequest",
    "Recording",
    "flag_unit",
    "lock",
    "note_order",
    "reassign_ledger",
    "record",
    "recorded",
    "settle_order",
]

# Two events of one unit never carry the same time unless one recording wrote both.
TICK = timedelta(microseconds=1)
ORDER_ID_LENGTH_MAX = 100
OUTCOME_LENGTH_MAX = 40


def record(request: RecordRequest) -> Recording | Refusal:
    """Write the entries into the book, all or nothing; from this moment the rights are changed (条例 21).

    Under the units' locks it reads again what lies on them and which orders have arrived, and refuses as a value, with
    nothing written, what the law refuses then.  The same key gives the same recording.  Raises `WrongState` for a key
    that was used for something else, `Stale` when the register no longer is what the entries start from,
    `NotPermitted` when another registry keeps the ledger.
    """
    with _transaction():
        lock(request.unit_codes)
        digest = request.digest()
        tails, is_known = standing.tails_and_key(request.unit_codes, request.key)
        if is_known and (done := _recorded(request.key, digest)):
            return done
        today = timezone.localdate(request.now)
        if refusal := _refusal(request, today):
            return refusal
        fresh = _new_units(request, tails, today)
        ledgers = sorted({tails[entry.unit_code].ledger for entry in request.entries})
        page = projection.load(request.entries, ledgers, [unit.unit_code for unit in fresh])
        page.expect(request.entries)
        heads = _locked_heads(ledgers, request.registry)
        at = _moment(request.now, [*tails.values(), *heads.values()])
        quill = Quill(request, digest, at, today, heads, tails, fresh)
        with transaction.atomic(savepoint=False):
            quill.write(page)
        return Recording(tuple(quill.refs))


def recorded(key: str) -> Recording | None:
    """What was recorded with this key, if anything."""
    return _recorded(key, None)


def note_order(codes: Iterable[str], *, order_id: str, organ: str, now: datetime) -> tuple[OrderPlace, ...]:
    """An order has arrived: draw its place in the sequence of each unit, in the order of the codes given.

    From then on `record` refuses whatever the law refuses under an unread order, until `settle_order`.  Units without
    a row have their sequence all the same.  Called again with the same order and units it returns the same places;
    with other units it raises `InvalidInput`.
    """
    units = list(dict.fromkeys(codes))
    assert 0 < len(units) <= UNITS_MAX, f"an order is noted for 1 to {UNITS_MAX} units at a time"
    assert 0 < len(order_id) <= ORDER_ID_LENGTH_MAX, "an order has an id"
    with _transaction():
        lock(units)
        if known := _noted(order_id):
            if set(known) != set(units):
                problem = Problem("order_id", "同一文书编号已对应其他不动产单元", "请核对文书编号后重新发送")
                raise InvalidInput([problem])
            return tuple(known[code] for code in units)
        tails = standing.tails(units)
        at = _moment(now, tails.values())
        events = [leaf.Event(code, tails[code].seq + 1, leaf.ORDER, order_id, at, tails[code].hash) for code in units]
        notes = [
            OrderNote(order_id=order_id, unit_code=event.unit_code, unit_seq=event.seq, organ=organ, noted_at=at)
            for event in events
        ]
        with transaction.atomic(savepoint=False):
            tables.execute(
                tables.insert(UnitEvent, [event_row(event, event.hash()) for event in events]),
                tables.insert(OrderNote, notes),
            )
        return tuple(OrderPlace(event.unit_code, event.seq, event.at, event.hash().hex()) for event in events)


def settle_order(order_id: str, outcome: str, now: datetime) -> None:
    """The order was dealt with; call it in the transaction that records what the order demands.

    Settling again with the same outcome changes nothing; with another it raises `WrongState`.
    """
    assert 0 < len(outcome) <= OUTCOME_LENGTH_MAX, "a settlement says what came of the order"
    with _transaction():
        units = list(OrderNote.objects.filter(order_id=order_id).values_list("unit_code", flat=True))
        if not units:
            raise NotFound("order_unknown", "登记簿没有收到过这份协助执行通知。")
        lock(units)
        known = OrderSettlement.objects.filter(order_id=order_id).first()
        if known is None:
            OrderSettlement.objects.create(order_id=order_id, outcome=outcome, settled_at=now)
        elif known.outcome != outcome:
            raise WrongState("order_settled_otherwise", f"该协助执行通知已按“{known.outcome}”办结。")


def flag_unit(unit_code: UnitCode | str, flags: frozenset[str]) -> None:
    """Set the registry's own marks on a unit (历史遗留问题 …); they are advice for checks, not entries of the book."""
    assert flags <= UNIT_FLAGS, f"unknown flags {sorted(flags - UNIT_FLAGS)}"
    if not BAUnit.objects.filter(unit_code=unit_code).update(flags=sorted(flags)):
        raise NotFound("unit_unknown", f"登记簿没有不动产单元{unit_code}。")


def reassign_ledger(ledger: str, registry: str) -> None:
    """Another registry keeps this ledger from now on; code, numbers and entries stay as they are."""
    if not LedgerHead.objects.filter(ledger=ledger).update(registry=registry):
        raise NotFound("ledger_unknown", f"没有登记簿{ledger}。")


def _transaction() -> AbstractContextManager[object]:
    """The caller's transaction, or one of our own.

    What is refused before anything is written leaves the caller's transaction usable; a failure while writing does not.
    """
    return nullcontext() if connection.in_atomic_block else transaction.atomic()


def _recorded(key: str, digest: bytes | None) -> Recording | None:
    rows = list(
        Entry.objects.filter(request_key=key)
        .order_by("request_position")
        .values_list("ledger", "seq", "hash", "recorded_at", "unit_code", "unit_seq", "request_digest")
    )
    if digest is not None and any(bytes(row[-1]) != digest for row in rows):
        raise WrongState("recording_key_reused", "同一登簿编号已用于其他内容，未作任何记载。")
    refs = (EntryRef(ledger, seq, bytes(h).hex(), at, unit, place) for ledger, seq, h, at, unit, place, _ in rows)
    return Recording(tuple(refs)) if rows else None


def _refusal(request: RecordRequest, today: date) -> Refusal | None:
    """What the law refuses now, unit by unit: a refusal first, else a condition whose proof is not there."""
    lying = standing.lying_on(request.unit_codes)
    on_units = [
        _in_the_way([one for one in lying if one.unit_code == code], request.order_id, today)
        for code in dict.fromkeys(one.unit_code for one in lying)
    ]
    proofs, own = request.evidence, request.concerns
    apart = LAW.apart(request.acts, [one for burdens in on_units for one in burdens], proofs, on=today, concerns=own)
    for burdens in on_units:
        decision = decide_all(request.acts, burdens, proofs, on=today, concerns=own, apart=apart)
        for finding in (*decision.refusals, *decision.conditions):
            return Refusal(finding.reason, finding.facts)
    return None


def _in_the_way(lying: Sequence[standing.Lying], order_id: str, today: date) -> list[BurdenFact]:
    """Burdens as they stand today, and orders not yet read; an order is not in its own way, nor are those after it."""
    own = next((one.place for one in lying if one.is_unread_order and one.fact.burden_no == order_id), None)
    others = (one.fact for one in lying if not (one.is_unread_order and own is not None and one.place >= own))
    return standing_together(others, today)


def _new_units(request: RecordRequest, tails: Mapping[str, Tail], today: date) -> list[BAUnit]:
    """The units that the register meets for the first time, each with the ledger it belongs to from now on."""
    written_about = dict.fromkeys(entry.unit_code for entry in request.entries)
    fresh = [code for code in written_about if not tails[code].ledger]
    for code in fresh:
        tails[code].ledger = request.ledger or lookup.ledger_of_unit(code, today)
    return [BAUnit(unit_code=code, ledger=tails[code].ledger) for code in fresh]


def _locked_heads(ledgers: Sequence[str], registry: str) -> Mapping[str, LedgerHead]:
    """The heads of these ledgers, locked in the order of their codes; a new ledger begins here."""
    known = standing.lock_heads(ledgers)
    missing = [ledger for ledger in ledgers if ledger not in known]
    if missing:
        begun = [LedgerHead(ledger=ledger, registry=registry, hash=leaf.ledger_start(ledger)) for ledger in missing]
        LedgerHead.objects.bulk_create(begun, ignore_conflicts=True)
        known = standing.lock_heads(ledgers)
    for head in known.values():
        if head.registry != registry:
            raise NotPermitted("ledger_of_another", f"登记簿{head.ledger}由{head.registry}管理，只有它可以登簿。")
    return known


def _moment(now: datetime, before: Iterable[Tail | LedgerHead]) -> datetime:
    """The time of what is written now: the caller's, or just after the latest that stands before it."""
    assert now.tzinfo is not None, "a moment of the book has its time zone"
    latest = [one.at for one in before if one.at is not None]
    return max([now.astimezone(UTC), *(at + TICK for at in latest)])


def _noted(order_id: str) -> dict[str, OrderPlace]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event.unit_code, event.seq, event.at, event.hash FROM register_ordernote note "
            "JOIN register_unitevent event ON event.unit_code = note.unit_code AND event.seq = note.unit_seq "
            "WHERE note.order_id = %s",
            [order_id],
        )
        return {code: OrderPlace(code, seq, at, bytes(digest).hex()) for code, seq, at, digest in cursor.fetchall()}
