"""Numbers without gaps: certificates, proofs and papers about queries of one registry in one year."""

from __future__ import annotations

from enum import StrEnum

from django.db import connection


class NumberKind(StrEnum):
    """What is numbered; each kind has its own sequence per registry and year."""

    CERTIFICATE = "certificate"
    PROOF = "proof"
    QUERY_RESULT = "query_result"
    QUERY_REFUSAL = "query_refusal"
    ENQUIRY = "enquiry"


def draw(kind: NumberKind | str, registry: str, year: int) -> int:
    """The next number, from 1.  It is the caller's only if the caller's transaction commits, so none is ever lost.

    The counter stays locked until then: draw after `book.lock` and before `book.record`.
    """
    assert connection.in_atomic_block, "a number drawn outside a transaction could be lost"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO register_numbercounter (kind, registry, year, last) VALUES (%s, %s, %s, 1) "
            "ON CONFLICT (kind, registry, year) DO UPDATE SET last = register_numbercounter.last + 1 RETURNING last",
            [NumberKind(kind).value, registry, year],
        )
        row = cursor.fetchone()
    assert row is not None, "a counter always gives a number"
    return int(row[0])
