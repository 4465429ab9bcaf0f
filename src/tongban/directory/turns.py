"""Taking turns by name, where there is no row to lock."""

from __future__ import annotations

from django.db import connection


def take_turns(what: str) -> None:
    """Wait until nobody else holds this name, and hold it until the end of the transaction."""
    assert connection.in_atomic_block, "a turn ends with the transaction it was taken in"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
