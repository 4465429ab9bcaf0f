"""Everything stored about some units, read in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from tongban.register import models

UNITS_PER_READ = 500


@dataclass(slots=True)
class UnitRows:
    """One unit with all its rows, past ones too."""

    unit_code: str
    entries: list[models.Entry] = field(default_factory=list)
    secrets: dict[int, bytes] = field(default_factory=dict)
    events: list[models.UnitEvent] = field(default_factory=list)
    notes: list[models.OrderNote] = field(default_factory=list)
    rights: list[models.RegisteredRight] = field(default_factory=list)
    holders: list[models.RightHolder] = field(default_factory=list)
    burdens: list[models.RegisteredBurden] = field(default_factory=list)
    burden_holders: list[models.BurdenHolder] = field(default_factory=list)
    described: list[models.DescribedUnit] = field(default_factory=list)


def of_ledger(ledger: str) -> Iterator[UnitRows]:
    """Every unit of a ledger, by code."""
    return _in_batches(models.BAUnit.objects.filter(ledger=ledger).values_list("unit_code", flat=True))


def of_unit(unit_code: str) -> UnitRows:
    """One unit; without any rows when nothing ever reached it."""
    return _read([unit_code])[0]


def without_ledger() -> Iterator[UnitRows]:
    """Every unit that an order reached but no entry ever did, by code."""
    known = models.BAUnit.objects.filter(unit_code=OuterRef("unit_code"))
    firsts = models.UnitEvent.objects.filter(~Exists(known)).values_list("unit_code", flat=True)
    return _in_batches(firsts.distinct())


def _in_batches(codes: QuerySet[Any, str]) -> Iterator[UnitRows]:
    last = ""
    while batch := list(codes.filter(unit_code__gt=last).order_by("unit_code")[:UNITS_PER_READ]):
        last = batch[-1]
        yield from _read(batch)


def _read(codes: list[str]) -> list[UnitRows]:
    found = {code: UnitRows(code) for code in codes}
    for entry in models.Entry.objects.filter(unit_code__in=codes).order_by("unit_seq"):
        found[entry.unit_code].entries.append(entry)
    for event in models.UnitEvent.objects.filter(unit_code__in=codes).order_by("seq"):
        found[event.unit_code].events.append(event)
    for note in models.OrderNote.objects.filter(unit_code__in=codes):
        found[note.unit_code].notes.append(note)
    for right in models.RegisteredRight.objects.filter(unit_code__in=codes):
        found[right.unit_code].rights.append(right)
    for holder in models.RightHolder.objects.filter(unit_code__in=codes):
        found[holder.unit_code].holders.append(holder)
    for burden in models.RegisteredBurden.objects.filter(unit_code__in=codes):
        found[burden.unit_code].burdens.append(burden)
    for held in models.BurdenHolder.objects.filter(unit_code__in=codes):
        found[held.unit_code].burden_holders.append(held)
    for state in models.DescribedUnit.objects.filter(unit_code__in=codes):
        found[state.unit_code].described.append(state)
    _read_secrets(found)
    return list(found.values())


def _read_secrets(found: dict[str, UnitRows]) -> None:
    unit_of = {(row.ledger, row.seq): unit for unit in found.values() for row in unit.entries}
    wanted = models.EntrySecret.objects.filter(
        ledger__in={ledger for ledger, _ in unit_of}, seq__in=[seq for _, seq in unit_of]
    )
    for secret in wanted:
        if unit := unit_of.get((secret.ledger, secret.seq)):
            unit.secrets[secret.seq] = bytes(secret.ciphertext)
