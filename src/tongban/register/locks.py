"""The locks of units: whoever records about a unit or notes an order for it holds its lock until the end."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from tongban.vault.sm3 import sm3

# First keys of the register's advisory locks ("UNIT", "SEAL"); no other two-key lock of the product uses them.
UNIT_LOCKS = 0x554E4954
SEALING_LOCKS = 0x5345414C


def lock_key(code: str) -> int:
    """The signed 32-bit second key of the lock of a unit or ledger."""
    return int.from_bytes(sm3(code.encode())[:4], "big", signed=True)


def lock(codes: Iterable[str]) -> None:
    """Hold the locks of these units until the transaction ends, whether or not the units have rows.

    Everybody takes them in the order of their keys, so nobody waits in a circle, not even when two codes share a key.
    Lock all units of one transaction in one call; locking some of them again is free.
    """
    assert connection.in_atomic_block, "a lock outside a transaction would be gone at once"
    keys = sorted({lock_key(code) for code in codes})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, key) FROM unnest(%s::int[]) AS key", [UNIT_LOCKS, keys])


def try_lock_sealing(ledger: str) -> bool:
    """Hold the right to seal this ledger until the transaction ends; False while somebody else does."""
    assert connection.in_atomic_block, "a lock outside a transaction would be gone at once"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [SEALING_LOCKS, lock_key(ledger)])
        row = cursor.fetchone()
    return row is not None and bool(row[0])
