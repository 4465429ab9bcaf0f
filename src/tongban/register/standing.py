"""How units stand at this moment: their place in the sequence of events, and what lies on them.

One statement each, whatever the number of units: the recording transaction and the restriction check live on these.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, product
from operator import attrgetter

from django.db import DEFAULT_DB_ALIAS, connection

from tongban.domain.burdens import SEIZURES, Burden, BurdenFact
from tongban.domain.unit_code import NO_FIXTURE, PARCEL_CHARACTERS, land_of
from tongban.register.models import LedgerHead, RegisteredRight, RightHolder
from tongban.register.notice_days import with_final_days
from tongban.register.proof import leaf

PAIRS_MAX = 100_000  # land with every house of one holder on it; no parcel of a county has so many
_TAILS = """
SELECT asked.code, unit.ledger, event.seq, event.hash, event.at,
    EXISTS (SELECT 1 FROM register_entry WHERE request_key = %s)
FROM unnest(%s::varchar[]) AS asked (code)
LEFT JOIN register_baunit unit ON unit.unit_code = asked.code
LEFT JOIN LATERAL (
    SELECT seq, hash, at FROM register_unitevent WHERE unit_code = asked.code ORDER BY seq DESC LIMIT 1
) event ON true
"""
_LYING = """
SELECT unit_code, from_entry, burden, burden_no, since, until, organ_zh, reference, rank, proof_no
FROM register_registeredburden WHERE unit_code = ANY(%s::varchar[]) AND to_entry IS NULL
UNION ALL
SELECT note.unit_code, note.unit_seq, %s, note.order_id, NULL, NULL, note.organ, '', 0, ''
FROM register_ordernote note WHERE note.unit_code = ANY(%s::varchar[])
AND NOT EXISTS (SELECT 1 FROM register_ordersettlement done WHERE done.order_id = note.order_id)
ORDER BY 1, 2
"""
# Land and house of one holder: the seizure of either covers both (查扣冻规定 21).
_TOGETHER = """
SELECT DISTINCT own.unit_code, other.unit_code FROM register_rightholder own
JOIN register_rightholder other ON other.id_no_index = own.id_no_index AND other.to_entry IS NULL
    AND left(other.unit_code, %(parcel)s) = left(own.unit_code, %(parcel)s)
    AND substr(other.unit_code, %(parcel)s + 1, 1) = CASE WHEN right(own.unit_code, 9) = %(land)s THEN 'F' ELSE 'W' END
WHERE own.unit_code = ANY(%(codes)s::varchar[]) AND own.to_entry IS NULL
    AND substr(own.unit_code, %(parcel)s + 1, 1) IN ('F', 'W')
ORDER BY 1, 2 LIMIT %(many)s
"""
_USED = """
SELECT certificate_no FROM register_registeredright
WHERE certificate_no = ANY(%(numbers)s::varchar[]) AND ledger = ANY(%(ledgers)s::varchar[])
UNION ALL
SELECT proof_no FROM register_registeredburden
WHERE proof_no = ANY(%(numbers)s::varchar[]) AND ledger = ANY(%(ledgers)s::varchar[])
"""
_HEAD_FIELDS = [field.attname for field in LedgerHead._meta.concrete_fields]
_HEADS = f"""
SELECT {", ".join(_HEAD_FIELDS)} FROM register_ledgerhead WHERE ledger = ANY(%s::varchar[]) ORDER BY ledger FOR UPDATE
"""  # noqa: S608 - column names of our own
_RIGHT_FIELDS = [field.attname for field in RegisteredRight._meta.concrete_fields]
_HOLDER_FIELDS = [field.attname for field in RightHolder._meta.concrete_fields]
_TITLES = f"""
SELECT {", ".join(f"title.{name}" for name in _RIGHT_FIELDS)}, {", ".join(f"holder.{name}" for name in _HOLDER_FIELDS)}
FROM register_registeredright title
JOIN register_rightholder holder ON holder.unit_code = title.unit_code AND holder.title_seq = title.title_seq
WHERE title.unit_code = ANY(%s::varchar[]) AND title.to_entry IS NULL AND holder.to_entry IS NULL
ORDER BY holder.unit_code, holder.holder_no
"""  # noqa: S608 - column names of our own


@dataclass(slots=True)
class Tail:
    """The last event of a unit; `ledger` is empty while the register does not know the unit."""

    ledger: str
    seq: int
    hash: bytes
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Lying:
    """One burden on one unit; `place` orders it: the entry that opened it, or an unread order's place in the unit.

    An order unread on the land under a house, or on a house on the land, is one more burden here, not an order of the
    unit: it has no place in this unit's sequence.
    """

    unit_code: str
    place: int
    fact: BurdenFact

    @property
    def is_unread_order(self) -> bool:
        return self.fact.burden is Burden.UNREAD_ORDER and not self.fact.from_unit

    @property
    def reaches(self) -> bool:
        """Whether it is of the kind that covers the other half of land and house."""
        return self.fact.burden in SEIZURES or self.fact.burden is Burden.UNREAD_ORDER


def tails(codes: Iterable[str]) -> dict[str, Tail]:
    """Where each unit's sequence of events ends.  Only under the units' locks does it stay so."""
    return tails_and_key(codes, "")[0]


def tails_and_key(codes: Iterable[str], key: str) -> tuple[dict[str, Tail], bool]:
    """The same, and whether something was recorded with this key."""
    with connection.cursor() as cursor:
        cursor.execute(_TAILS, [key, list(codes)])
        found = cursor.fetchall()
    ends = {
        code: Tail(ledger or "", seq or 0, leaf.unit_start(code) if last is None else bytes(last), at)
        for code, ledger, seq, last, at, _ in found
    }
    return ends, any(is_known for *_, is_known in found)


def lock_heads(ledgers: Sequence[str]) -> dict[str, LedgerHead]:
    """The heads of those of these ledgers that exist, locked in the order of their codes until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, [list(ledgers)])
        rows = cursor.fetchall()
    return {row[0]: LedgerHead.from_db(DEFAULT_DB_ALIAS, _HEAD_FIELDS, row) for row in rows}


def used_certificates(numbers: Iterable[str], ledgers: Iterable[str]) -> frozenset[str]:
    """Which of these certificate and proof numbers the ledgers have ever used."""
    with connection.cursor() as cursor:
        cursor.execute(_USED, {"numbers": list(numbers), "ledgers": list(ledgers)})
        return frozenset(number for (number,) in cursor.fetchall())


def together(codes: Iterable[str], many: int) -> list[tuple[str, str]]:
    """Each of these units with every unit of its parcel that a seizure of it covers too; at most so many pairs."""
    given: dict[str, str | int | list[str]] = {
        "codes": list(codes), "parcel": PARCEL_CHARACTERS, "land": NO_FIXTURE, "many": many,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TOGETHER, given)
        return [(own, other) for own, other in cursor.fetchall()]


def titles_of(codes: Iterable[str]) -> list[tuple[RegisteredRight, list[RightHolder]]]:
    """The rights in force of these units, each with its holders in force."""
    with connection.cursor() as cursor:
        cursor.execute(_TITLES, [list(codes)])
        found = cursor.fetchall()
    titles: dict[str, tuple[RegisteredRight, list[RightHolder]]] = {}
    for row in found:
        holder = RightHolder.from_db(DEFAULT_DB_ALIAS, _HOLDER_FIELDS, row[len(_RIGHT_FIELDS) :])
        if holder.unit_code not in titles:
            right = RegisteredRight.from_db(DEFAULT_DB_ALIAS, _RIGHT_FIELDS, row[: len(_RIGHT_FIELDS)])
            right.unit = json.loads(right.unit)  # a cursor of one's own gives JSON as text
            titles[right.unit_code] = (right, [])
        titles[holder.unit_code][1].append(holder)
    return list(titles.values())


def lying_on(codes: Iterable[str]) -> tuple[Lying, ...]:
    """Every burden not closed and every order not settled, from the unit's other half too; dates are for the reader.

    Advance notices come with the last day on which their holders can apply, where the book shows it.  One statement,
    and two more only where the land under a unit, or a unit of land itself, is concerned.
    """
    asked = dict.fromkeys(codes)
    lands = {land_of(code) for code in asked}
    found = _lying_rows([*asked, *(lands - asked.keys())])
    own = [one for one in found if one.unit_code in asked]
    reaching = [one for one in found if one.unit_code in lands and one.reaches]
    by_unit = groupby(sorted([*own, *_reached(asked, reaching)], key=_ordered), key=attrgetter("unit_code"))
    return tuple(one for code, lying in by_unit for one in _with_final_days(code, tuple(lying)))


def reached_by(code: str) -> tuple[BurdenFact, ...]:
    """Of `lying_on` only what reaches the unit from the land under it, or from houses on it."""
    land = land_of(code)
    reaching = [one for one in (_lying_rows([land]) if land != code else ()) if one.reaches]
    return tuple(one.fact for one in _reached([code], reaching))


def _lying_rows(codes: list[str]) -> list[Lying]:
    with connection.cursor() as cursor:
        cursor.execute(_LYING, [codes, Burden.UNREAD_ORDER.value, codes])
        return [
            Lying(code, place, BurdenFact(Burden(kind), number, since, until, organ_zh, reference, rank, proof_no))
            for code, place, kind, number, since, until, organ_zh, reference, rank, proof_no in cursor.fetchall()
        ]


def _reached(asked: Iterable[str], reaching: Sequence[Lying]) -> Iterator[Lying]:
    """What lies on the land under the units, or on houses on the land asked about, where the holder is the same."""
    of_land = [code for code in asked if code.endswith(NO_FIXTURE)]
    if not reaching and not of_land:
        return
    pairs = together(asked, PAIRS_MAX)
    houses = [other for own, other in pairs if own in set(of_land)]
    lying = [*reaching, *(one for one in (_lying_rows(houses) if houses else ()) if one.reaches)]
    for (own, other), one in product(pairs, lying):
        if one.unit_code == other:
            yield Lying(own, one.place, replace(one.fact, from_unit=other))


def _ordered(one: Lying) -> tuple[str, str, int]:
    return one.unit_code, one.fact.from_unit, one.place


def _with_final_days(code: str, lying: Sequence[Lying]) -> Iterable[Lying]:
    facts = with_final_days(code, (one.fact for one in lying))
    return (replace(one, fact=fact) for one, fact in zip(lying, facts, strict=True))
