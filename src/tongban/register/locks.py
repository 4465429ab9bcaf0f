"""The locks of units: whoever records about a unit or notes an order for it holds its lock until the end."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from tongban.domain.unit_code import land_of
from tongban.vault.sm3 import sm3

# First keys of the register's advisory locks ("UNIT", "SEAL"); no other two-key lock of the product uses them.
UNIT_LOCKS = 0x554E4954
SEALING_LOCKS = 0x5345414C
_LOCK = """
SELECT CASE WHEN is_own THEN pg_advisory_xact_lock(%s, key) ELSE pg_advisory_xact_lock_shared(%s, key) END
FROM unnest(%s::int[], %s::boolean[]) AS wanted (key, is_own)
"""


def lock_key(code: str) -> int:
    """The signed 32-bit second key of the lock of a unit or ledger."""
    return int.from_bytes(sm3(code.encode())[:4], "big", signed=True)


def lock(codes: Iterable[str]) -> None:
    """Hold the locks of these units until the transaction ends, whether or not the units have rows.

    With a unit goes the shared lock of the land under it: what is written about the land, whose seizure covers the houses
    of its holder (查扣冻规定 21), is entirely before or after, while houses of one parcel do not wait for each other.
    Everybody takes them in the order of their keys, so nobody waits in a circle, not even when two codes share a key.
    Lock all units of one transaction in one call; locking some of them again is free.
    """
    assert connection.in_atomic_block, "a lock outside a transaction would be gone at once"
    asked = set(codes)
    own = {lock_key(code) for code in asked}
    keys = sorted(own | {lock_key(land_of(code)) for code in asked})
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [UNIT_LOCKS, UNIT_LOCKS, keys, [key in own for key in keys]])


def try_lock_sealing(ledger: str) -> bool:
    """Hold the right to seal this ledger until the transaction ends; False while somebody else does."""
    assert connection.in_atomic_block, "a lock outside a transaction would be gone at once"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [SEALING_LOCKS, lock_key(ledger)])
        row = cursor.fetchone()
    return row is not None and bool(row[0])
