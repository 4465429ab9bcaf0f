"""How units stand at this moment: their place in the sequence of events, and what lies on them.

One statement each, whatever the number of units: the recording transaction and the restriction check live on these.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from tongban.domain.burdens import Burden, BurdenFact
from tongban.register.proof import leaf

_TAILS = """
SELECT asked.code, unit.ledger, event.seq, event.hash, event.at
FROM unnest(%s::varchar[]) AS asked (code)
LEFT JOIN register_baunit unit ON unit.unit_code = asked.code
LEFT JOIN LATERAL (
    SELECT seq, hash, at FROM register_unitevent WHERE unit_code = asked.code ORDER BY seq DESC LIMIT 1
) event ON true
"""
_LYING = """
SELECT unit_code, from_entry, burden, burden_no, since, until, organ_zh, reference, rank
FROM register_registeredburden WHERE unit_code = ANY(%s::varchar[]) AND to_entry IS NULL
UNION ALL
SELECT note.unit_code, note.unit_seq, %s, note.order_id, NULL, NULL, note.organ, '', 0
FROM register_ordernote note WHERE note.unit_code = ANY(%s::varchar[])
AND NOT EXISTS (SELECT 1 FROM register_ordersettlement done WHERE done.order_id = note.order_id)
ORDER BY 1, 2
"""


@dataclass(slots=True)
class Tail:
    """The last event of a unit; `ledger` is empty while the register does not know the unit."""

    ledger: str
    seq: int
    hash: bytes
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Lying:
    """One burden on one unit; `place` orders it: the entry that opened it, or an unread order's place in the unit."""

    unit_code: str
    place: int
    fact: BurdenFact

    @property
    def is_unread_order(self) -> bool:
        return self.fact.burden is Burden.UNREAD_ORDER


def tails(codes: Iterable[str]) -> dict[str, Tail]:
    """Where each unit's sequence of events ends.  Only under the units' locks does it stay so."""
    with connection.cursor() as cursor:
        cursor.execute(_TAILS, [list(codes)])
        return {
            code: Tail(ledger or "", seq or 0, leaf.unit_start(code) if last is None else bytes(last), at)
            for code, ledger, seq, last, at in cursor.fetchall()
        }


def lying_on(codes: Iterable[str]) -> tuple[Lying, ...]:
    """Every burden not closed and every order not settled; dates are for the reader to compare."""
    asked = list(codes)
    with connection.cursor() as cursor:
        cursor.execute(_LYING, [asked, Burden.UNREAD_ORDER.value, asked])
        return tuple(
            Lying(code, place, BurdenFact(Burden(kind), number, since, until, organ_zh, reference, rank))
            for code, place, kind, number, since, until, organ_zh, reference, rank in cursor.fetchall()
        )
