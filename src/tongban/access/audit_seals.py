"""Seals over the audit: a keyed hash chain that covers every row, however late its transaction committed.

A trigger notes each new row in `access_auditpending` within the row's own transaction.  The sealer takes what is
pending and visible, seals it, and strikes it off; a row whose transaction is still open is left for the next seal.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from math import inf
from typing import Final

from django.db import connection, transaction

from tongban.access.audit import mac_of
from tongban.access.models import AuditPending, AuditRow, AuditSeal
from tongban.directory.turns import take_turns
from tongban.domain.canonical import canonical_json
from tongban.vault import seal
from tongban.vault.sm3 import same, sm3

ROWS_PER_SEAL_MAX: Final = 5000
SEALS_PER_CALL_MAX: Final = 200
VERIFY_BATCH: Final = 2000
FAULTS_MAX: Final = 100  # after so many a report is cut: the trail is broken anyway
SEAL_DOMAIN: Final = "access.audit.seal"
_FIRST: Final = bytes(32)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: which row or seal, and what about it."""

    subject: str
    what_zh: str


@dataclass(frozen=True, slots=True)
class Report:
    """What `verify_audit` found.  `unsealed` rows are not a fault; `is_cut`: there were more faults than are listed."""

    rows: int
    seals: int
    unsealed: int
    faults: tuple[Fault, ...]
    is_cut: bool = False

    @property
    def is_sound(self) -> bool:
        return not self.faults


@dataclass(frozen=True, slots=True)
class SealHead:
    """The end of the chain, to be kept elsewhere: without an outside copy the newest seals could be cut off unseen."""

    sequence: int
    hash_hex: str
    sealed_at: datetime


def seal_audit(now: datetime) -> int:
    """Seal every row not yet sealed; how many rows.  Any number of workers may call it at once."""
    total = 0
    for _ in range(SEALS_PER_CALL_MAX):
        count = _seal_batch(now)
        total += count
        if count < ROWS_PER_SEAL_MAX:
            break
    return total


def unsealed_age_s(now: datetime) -> int:
    """Seconds since the oldest unsealed row was written, 0 when all are; above `unsealed_seconds` is an alarm."""
    oldest = AuditPending.objects.order_by("row_id").values_list("at", flat=True).first()
    return 0 if oldest is None else max(0, int((now - oldest).total_seconds()))


def seal_head() -> SealHead | None:
    """The newest seal; None before the first."""
    row = AuditSeal.objects.order_by("-sequence").first()
    return None if row is None else SealHead(row.sequence, bytes(row.hash).hex(), row.sealed_at)


def verify_audit() -> Report:
    """Recompute every row's digest and every seal; names each row and seal that was changed, removed or added.

    Sees one moment of the database, so rows written and sealed meanwhile do not disturb it.
    """
    if connection.in_atomic_block:
        return _verify()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _verify()


def _seal_batch(now: datetime) -> int:
    with transaction.atomic():
        take_turns("access audit seal")
        pending = list(AuditPending.objects.order_by("row_id").values_list("row_id", flat=True)[:ROWS_PER_SEAL_MAX])
        macs = dict(AuditRow.objects.filter(pk__in=pending).values_list("pk", "mac"))
        pending = [row_id for row_id in pending if row_id in macs]  # a row that vanished stays pending: an alarm
        if not pending:
            return 0
        last = AuditSeal.objects.order_by("-sequence").first()
        row = AuditSeal(
            sequence=last.sequence + 1 if last else 1,
            previous=bytes(last.hash) if last else _FIRST,
            rows=ranges(pending),
            row_count=len(pending),
            digest=digest_of((row_id, bytes(macs[row_id])) for row_id in pending),
            sealed_at=now,
        )
        row.hash = hash_of(row)
        row.save(force_insert=True)
        AuditPending.objects.filter(pk__in=pending).delete()
    return len(pending)


def hash_of(row: AuditSeal) -> bytes:
    """The keyed hash of a seal, over everything it says and its predecessor's hash."""
    return seal.hmac_sm3(
        SEAL_DOMAIN,
        canonical_json(
            {
                "sequence": row.sequence,
                "previous": bytes(row.previous).hex(),
                "rows": row.rows,
                "row_count": row.row_count,
                "digest": bytes(row.digest).hex(),
                "sealed_at": row.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
            }
        ),
    )


def digest_of(rows: Iterable[tuple[int, bytes]]) -> bytes:
    """SM3 over (row number, row digest) in the order of numbers."""
    return sm3(b"".join(row_id.to_bytes(8, "big") + mac for row_id, mac in sorted(rows)))


def ranges(numbers: Sequence[int]) -> list[list[int]]:
    """Ascending numbers as inclusive ranges: 1 2 3 7 → [[1, 3], [7, 7]]."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def members(found: Iterable[Sequence[int]]) -> Iterator[int]:
    """The numbers of inclusive ranges."""
    for first, last in found:
        yield from range(first, last + 1)


def _verify() -> Report:
    faults: list[Fault] = []
    seals, covered = _verify_seals(faults)
    pending = set(AuditPending.objects.values_list("row_id", flat=True))
    rows, loose = 0, []
    for row_id in AuditRow.objects.order_by("pk").values_list("pk", flat=True).iterator(VERIFY_BATCH):
        rows += 1
        if not _is_covered(row_id, covered):
            loose.append(row_id)
            if row_id not in pending:
                faults.append(Fault(f"row {row_id}", f"审计记录第{row_id}行不在任何封存里，也不在待封存名单里"))
    _verify_rows(loose, faults)
    for row_id in sorted(pending - set(loose)):
        faults.append(Fault(f"row {row_id}", f"审计记录第{row_id}行在封存以前不见了，或者待封存名单被改动"))
    return Report(rows, seals, len(loose), tuple(faults[:FAULTS_MAX]), is_cut=len(faults) > FAULTS_MAX)


def _verify_seals(faults: list[Fault]) -> tuple[int, list[tuple[int, int]]]:
    """Check the chain and every seal's rows; how many seals, and the ranges of rows they cover, ascending."""
    covered: list[tuple[int, int]] = []
    previous, count = _FIRST, 0
    for row in AuditSeal.objects.order_by("sequence").iterator(VERIFY_BATCH):
        count += 1
        name = f"seal {row.sequence}"
        if row.sequence != count or not same(bytes(row.previous), previous):
            faults.append(Fault(name, f"封存第{row.sequence}号接不上前一号，中间有封存被删除或改动"))
            count = row.sequence
        if not same(hash_of(row), bytes(row.hash)):
            faults.append(Fault(name, f"封存第{row.sequence}号的内容被改动"))
        _verify_members(row, faults)
        covered += [(first, last) for first, last in row.rows]
        previous = bytes(row.hash)
    covered.sort()
    for before, after in pairwise(covered):
        if after[0] <= before[1]:
            faults.append(Fault(f"row {after[0]}", f"审计记录第{after[0]}行被封存了两次"))
    return count, covered


def _verify_members(row: AuditSeal, faults: list[Fault]) -> None:
    numbers = list(members(row.rows))
    macs = _verify_rows(numbers, faults)
    missing = [number for number in numbers if number not in macs]
    for number in missing:
        faults.append(Fault(f"row {number}", f"审计记录第{number}行不见了，封存第{row.sequence}号里有它"))
    if not missing and not same(digest_of(macs.items()), bytes(row.digest)):
        faults.append(Fault(f"seal {row.sequence}", f"封存第{row.sequence}号里的记录和封存时不一样"))


def _verify_rows(numbers: Sequence[int], faults: list[Fault]) -> dict[int, bytes]:
    """Recompute the digests of these rows; the stored digest by number, of those that are there."""
    macs: dict[int, bytes] = {}
    for start in range(0, len(numbers), VERIFY_BATCH):
        for row in AuditRow.objects.filter(pk__in=numbers[start : start + VERIFY_BATCH]).order_by("pk"):
            macs[row.pk] = bytes(row.mac)
            if not same(mac_of(row), bytes(row.mac)):
                faults.append(Fault(f"row {row.pk}", f"审计记录第{row.pk}行（{row.action}）的内容被改动"))
    return macs


def _is_covered(number: int, covered: Sequence[tuple[int, int]]) -> bool:
    place = bisect_right(covered, (number, inf)) - 1
    return place >= 0 and covered[place][1] >= number
