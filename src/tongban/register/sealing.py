"""The sealer: grows each ledger's Merkle tree over new entries and has the registry sign its head.

It works behind the recordings and makes none of them wait; a certificate asks for the proof of its entry until there is
one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from tongban.domain.errors import EvidenceBroken, Unavailable
from tongban.register.locks import try_lock_sealing
from tongban.register.models import Entry, LedgerHead, MerkleNode, SignedHead
from tongban.register.proof import merkle
from tongban.register.proof.heads import (
    ConsistencyProof,
    Head,
    InclusionProof,
    check_consistency,
    check_inclusion,
    statement,
)
from tongban.register.writing import tables
from tongban.vault import keys

__all__ = [
    "ConsistencyProof",
    "Head",
    "InclusionProof",
    "check_consistency",
    "check_inclusion",
    "check_signature",
    "consistency_proof",
    "covering_head",
    "inclusion_proof",
    "latest_head",
    "seal",
    "seal_ledger",
    "unsealed",
]

ENTRIES_PER_HEAD_MAX = 5000  # one transaction of the sealer; more entries get more heads

_NODES = """
SELECT level, position, node.hash FROM register_merklenode node
JOIN unnest(%s::int[], %s::bigint[]) AS asked (level, position) USING (level, position)
WHERE node.ledger = %s
"""


@dataclass(frozen=True, slots=True)
class Unsealed:
    """Entries of one ledger that no signed head covers yet; an alarm when `since` is long ago."""

    ledger: str
    entries: int
    since: datetime


def seal(now: datetime) -> int:
    """Sign a head for every ledger with new entries; how many entries came under one.

    A ledger whose registry has no usable key here does not keep the others waiting; then raises `Unavailable`.
    """
    covered, failure = 0, None
    for ledger in _ledgers_behind():
        try:
            covered += seal_ledger(ledger, now)
        except Unavailable as error:
            failure = error
    if failure is not None:
        raise failure
    return covered


def seal_ledger(ledger: str, now: datetime) -> int:
    """Bring at most `ENTRIES_PER_HEAD_MAX` entries under a new head; 0 when there are none or somebody else is at it.

    Raises `EvidenceBroken` when the stored tree is not the one signed last: it is never built upon.
    """
    with transaction.atomic():
        if not try_lock_sealing(ledger):
            return 0
        before = latest_head(ledger)
        size = before.size if before else 0
        fresh = list(_fresh_entries(ledger, size))
        if not fresh:
            return 0
        frontier = _frontier(ledger, size)
        if before and merkle.fold(frontier).hex() != before.root:
            raise EvidenceBroken("merkle_tree_changed", f"登簿树{ledger}与上次签名的树根不符，停止签署。")
        nodes, after = merkle.grow(size, frontier, (merkle.hash_leaf(digest) for _, digest, _ in fresh))
        rows = [{"ledger": ledger, "level": level, "position": at, "hash": digest} for (level, at), digest in nodes]
        tables.execute(tables.insert(MerkleNode, rows))
        at = max([now, fresh[-1][2], *([before.at] if before else [])])
        _sign(ledger, fresh[-1][0], merkle.fold(after), at)
        return len(fresh)


def unsealed() -> tuple[Unsealed, ...]:
    """The ledgers with entries that no signed head covers, by code."""
    found = []
    for ledger in _ledgers_behind():
        head = latest_head(ledger)
        waiting = Entry.objects.filter(ledger=ledger, seq__gt=head.size if head else 0).order_by("seq")
        first = waiting.first()
        if first is not None:
            found.append(Unsealed(ledger, waiting.count(), first.recorded_at))
    return tuple(found)


def latest_head(ledger: str) -> Head | None:
    """The head signed last."""
    row = SignedHead.objects.filter(ledger=ledger).order_by("-size").first()
    return None if row is None else read_head(row)


def covering_head(ledger: str, seq: int) -> Head | None:
    """The first head that covers the entry; always the same one, once there is one."""
    row = SignedHead.objects.filter(ledger=ledger, size__gte=seq).order_by("size").first()
    return None if row is None else read_head(row)


def inclusion_proof(ledger: str, seq: int, *, size: int | None = None) -> InclusionProof | None:
    """The proof that the entry lies under its first covering head, or under the head of `size` entries.

    None while there is no such head.  Reads at most 2·log2(size) nodes.
    """
    head = covering_head(ledger, seq) if size is None else _head_of(ledger, size)
    if head is None or not 1 <= seq <= head.size:
        return None
    return InclusionProof(ledger, seq, _path(ledger, merkle.inclusion_ranges(seq - 1, head.size)), head)


def consistency_proof(ledger: str, first: int, second: int) -> ConsistencyProof | None:
    """The proof that the head of `second` entries only adds to that of `first`; None when one was never signed."""
    if not 0 < first <= second or _head_of(ledger, first) is None or _head_of(ledger, second) is None:
        return None
    return ConsistencyProof(ledger, first, second, _path(ledger, merkle.consistency_ranges(first, second)))


def check_signature(head: Head) -> None:
    """Return if the head bears its registry's signature by a key in force then; raises `BadSignature` else."""
    value = bytes.fromhex(head.signature)
    keys.check(head.registry, head.key_id, head.algorithm, head.statement(), value, head.at)


def read_head(row: SignedHead) -> Head:
    """The value of one stored head."""
    return Head(
        ledger=row.ledger,
        size=row.size,
        registry=row.registry,
        root=bytes(row.root).hex(),
        at=row.at,
        algorithm=row.algorithm,
        key_id=row.key_id,
        signature=bytes(row.signature).hex(),
    )


def nodes_at(ledger: str, places: Iterable[merkle.Place]) -> dict[merkle.Place, bytes]:
    """The stored nodes at these places, in one statement."""
    asked = sorted(places)
    with connection.cursor() as cursor:
        cursor.execute(_NODES, [[level for level, _ in asked], [position for _, position in asked], ledger])
        return {(level, position): bytes(digest) for level, position, digest in cursor.fetchall()}


def _ledgers_behind() -> list[str]:
    signed = SignedHead.objects.filter(ledger=OuterRef("ledger")).values("ledger").annotate(last=Max("size"))
    heads = LedgerHead.objects.annotate(size=Coalesce(Subquery(signed.values("last")), 0))
    return list(heads.filter(seq__gt=F("size")).order_by("ledger").values_list("ledger", flat=True))


def _fresh_entries(ledger: str, size: int) -> Iterable[tuple[int, bytes, datetime]]:
    """Number, hash and time of the entries after `size`.  The head row's lock makes them visible without gaps."""
    rows = Entry.objects.filter(ledger=ledger, seq__gt=size).order_by("seq")
    for number, (seq, digest, at) in enumerate(
        rows.values_list("seq", "hash", "recorded_at")[:ENTRIES_PER_HEAD_MAX], size + 1
    ):
        if seq != number:
            raise EvidenceBroken("entry_missing", f"登簿记载{ledger}/{number}不存在，停止签署。")
        yield seq, bytes(digest), at


def _frontier(ledger: str, size: int) -> list[bytes]:
    places = merkle.full_subtrees(0, size)
    nodes = nodes_at(ledger, places) if places else {}
    return [_node(ledger, nodes, place) for place in places]


def _path(ledger: str, ranges: tuple[merkle.Range, ...]) -> tuple[str, ...]:
    nodes = nodes_at(ledger, merkle.places_of(ranges))
    return tuple(root.hex() for root in merkle.roots_of(ranges, lambda place: _node(ledger, nodes, place)))


def _node(ledger: str, nodes: dict[merkle.Place, bytes], place: merkle.Place) -> bytes:
    if place not in nodes:
        raise EvidenceBroken("merkle_node_missing", f"登簿树{ledger}缺少节点{place[0]}:{place[1]}。")
    return nodes[place]


def _sign(ledger: str, size: int, root: bytes, at: datetime) -> None:
    registry = LedgerHead.objects.get(ledger=ledger).registry
    signed = keys.sign(registry, statement(ledger, size, registry, root=root.hex(), at=at), at)
    SignedHead.objects.create(
        ledger=ledger,
        size=size,
        registry=registry,
        root=root,
        at=at,
        algorithm=signed.algorithm,
        key_id=signed.key_id,
        signature=signed.value,
    )


def _head_of(ledger: str, size: int) -> Head | None:
    row = SignedHead.objects.filter(ledger=ledger, size=size).first()
    return None if row is None else read_head(row)
