"""Reading the register: titles now and then, burdens, who holds what, and the history of a unit.

Nothing here checks permission or masks names: the caller asks `access` first and shows only what the reader may see.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import JSONObject

from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import BurdenFact
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.entries import Entry as DomainEntry
from tongban.domain.entries import entry_from_parts
from tongban.domain.errors import EvidenceBroken
from tongban.domain.facts import UnitFacts, UnitState
from tongban.domain.titles import Title
from tongban.domain.unit_page import NOTICES, UnitPage
from tongban.domain.wires import as_mapping, as_text
from tongban.register import models, notice_days, rows, standing
from tongban.register.proof import leaf
from tongban.register.requests import EntryRef

HISTORY_MAX = 1000  # events of one unit shown at once; real units have dozens
FOUND_MAX = 500  # units of one holder given at once


@dataclass(frozen=True, slots=True)
class TitlePlace:
    """Where a title stands in the book.  `from_entry` began this version; `is_current` while no later one ended it."""

    unit_code: UnitCode
    ledger: str
    from_entry: int
    certificate_no: CertificateNo
    is_current: bool


@dataclass(frozen=True, slots=True)
class BurdenPlace:
    """Where a burden stands in the book; `is_current` while no later entry ended this version."""

    unit_code: UnitCode
    burden_no: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event of a unit: a recording with its entry, or an order with its outcome (empty while unread)."""

    unit_seq: int
    at: datetime
    kind: str
    ref: EntryRef | None = None
    entry: DomainEntry | None = None
    act: str = ""
    recorder: str = ""
    recorder_zh: str = ""
    registry: str = ""
    case_no: str = ""
    order_id: str = ""
    organ_zh: str = ""
    outcome: str = ""


def title(unit_code: str, as_of: datetime | None = None) -> Title | None:
    """The title in force now, or as it was at that moment; None when there was none."""
    if as_of is None:
        now = standing.titles_of([unit_code])
        return rows.read_title(*now[0]) if now else None
    seq = _last_entry(unit_code, as_of)
    if seq is None:
        return None
    right = models.RegisteredRight.objects.filter(_in_force(seq), unit_code=unit_code).first()
    if right is None:
        return None
    held = models.RightHolder.objects.filter(_in_force(seq), unit_code=unit_code, title_seq=right.title_seq)
    return rows.read_title(right, held)


def burdens(unit_code: str, *, today: date | None = None) -> tuple[BurdenFact, ...]:
    """What lies on the unit now, an order not yet read included; with `today`, only what is in force on that day."""
    found = (one.fact for one in standing.lying_on([unit_code]))
    return tuple(fact for fact in found if today is None or fact.is_in_force(today))


def burdens_of(unit_codes: Iterable[str], *, today: date | None = None) -> Mapping[str, tuple[BurdenFact, ...]]:
    """The same for many units in one statement; every unit asked for is a key."""
    found: dict[str, tuple[BurdenFact, ...]] = {code: () for code in unit_codes}
    for one in standing.lying_on(found):
        if today is None or one.fact.is_in_force(today):
            found[one.unit_code] = (*found[one.unit_code], one.fact)
    return found


def burdens_as_of(unit_code: str, as_of: datetime) -> tuple[BurdenFact, ...]:
    """The burdens the book showed at that moment, whatever their dates; orders not yet recorded are not among them."""
    seq = _last_entry(unit_code, as_of)
    if seq is None:
        return ()
    lay = models.RegisteredBurden.objects.filter(_in_force(seq), unit_code=unit_code).order_by("from_entry")
    return tuple(rows.read_burden(row) for row in lay)


def ended_by(unit_code: str, burden_no: str) -> str:
    """The case whose recording ended the burden last; empty while it lies there, never did, or ended without a case."""
    versions = models.RegisteredBurden.objects.filter(unit_code=unit_code, burden_no=burden_no)
    last = versions.order_by("-from_entry").values("ledger", "to_entry").first()
    if last is None or last["to_entry"] is None:
        return ""
    return models.Entry.objects.values_list("case_no", flat=True).get(ledger=last["ledger"], seq=last["to_entry"])


def earlier_orders(order_id: str, unit_codes: Iterable[str]) -> frozenset[str]:
    """Orders not settled that reached one of these units before this one did."""
    unread = [one for one in standing.lying_on(unit_codes) if one.is_unread_order]
    own = {one.unit_code: one.place for one in unread if one.fact.burden_no == order_id}
    return frozenset(one.fact.burden_no for one in unread if one.place < own.get(one.unit_code, 0))


def reached_by(unit_code: str, today: date) -> tuple[BurdenFact, ...]:
    """Seizures in force that day, and unread orders, that cover the unit from the land under it or a house on it."""
    return tuple(fact for fact in standing.reached_by(unit_code) if fact.is_in_force(today))


def covered_by(unit_code: str) -> tuple[str, ...]:
    """The units that a seizure of this one covers too: of land the houses, of a house the land, of a common holder.

    查扣冻规定 21.  At most `FOUND_MAX`, by unit code.
    """
    return tuple(other for _, other in standing.together([unit_code], FOUND_MAX))


def page(unit_code: str, as_of: datetime | None = None) -> UnitPage:
    """Everything in force on one unit now, or at that moment, names and amounts included: what entries are made from."""
    code = UnitCode(unit_code)
    held = title(code, as_of)
    state = None if held else described(code, as_of)
    was_used = held is None and state is None and _has_entries(code, as_of)
    lying = opened_burdens(code, as_of)
    final_days = notice_days.final_days(code, as_of) if any(one.burden.burden in NOTICES for one in lying) else {}
    return UnitPage(code, held, lying, state, was_used, final_days)


def opened_burdens(unit_code: str, as_of: datetime | None = None) -> tuple[OpenBurden, ...]:
    """The burdens not closed, now or at that moment, each with its holders and details, in the order of opening."""
    moment = _at(unit_code, as_of)
    if moment is None:
        return ()
    lying = list(models.RegisteredBurden.objects.filter(moment, unit_code=unit_code).order_by("from_entry"))
    if not lying:
        return ()
    held = list(models.BurdenHolder.objects.filter(moment, unit_code=unit_code))
    return tuple(rows.read_opened(row, [one for one in held if one.burden_no == row.burden_no]) for row in lying)


def described(unit_code: str, as_of: datetime | None = None) -> UnitState | None:
    """The natural state of a unit without a title, now or at that moment, if the register has one."""
    moment = _at(unit_code, as_of)
    row = None if moment is None else models.DescribedUnit.objects.filter(moment, unit_code=unit_code).first()
    return None if row is None else UnitState.from_wire(as_mapping(row.unit))


def unit_facts(unit_code: str) -> UnitFacts | None:
    """The unit as last recorded with the registry's marks; None when the register never described it."""
    rights = models.RegisteredRight.objects.filter(unit_code=OuterRef("pk")).order_by("-from_entry")
    last = Subquery(rights.values(json=JSONObject(unit="unit", to_entry="to_entry"))[:1])
    unit = models.BAUnit.objects.filter(unit_code=unit_code).annotate(last=last).first()
    if unit is None:
        return None
    if unit.last is None:
        state, has_title = described(unit_code), False
    else:
        right = as_mapping(unit.last)
        state, has_title = UnitState.from_wire(as_mapping(right["unit"])), right["to_entry"] is None
    return None if state is None else UnitFacts(state, has_title=has_title, flags=frozenset(unit.flags))


def find(certificate_no: str) -> TitlePlace | None:
    """Where a certificate number stands in the book, in force or not; exact form, as it was recorded."""
    found = models.RegisteredRight.objects.filter(certificate_no=certificate_no).order_by("from_entry").last()
    return None if found is None else _place(found)


def find_proof(proof_no: str) -> BurdenPlace | None:
    """Where a proof number stands in the book, in force or not; exact form, as it was recorded."""
    found = models.RegisteredBurden.objects.filter(proof_no=proof_no).order_by("from_entry").last()
    return None if found is None else BurdenPlace(UnitCode(found.unit_code), found.burden_no, found.to_entry is None)


def find_by_id_no(id_no: str) -> tuple[TitlePlace, ...]:
    """The titles in force of whoever holds this document number, by unit code; at most `FOUND_MAX`."""
    return _held_by(Q(id_no_index=rows.id_no_index(id_no)))


def find_by_name(name: str) -> tuple[TitlePlace, ...]:
    """The titles in force of holders with exactly this name, by unit code; at most `FOUND_MAX`."""
    return _held_by(Q(name_index=rows.name_index(name)))


def find_by_address(address_zh: str) -> tuple[TitlePlace, ...]:
    """The titles in force at exactly this address (坐落), by unit code; at most `FOUND_MAX`."""
    at = models.RegisteredRight.objects.alias(address_zh=KeyTextTransform("address_zh", "unit"))
    found = at.filter(address_zh=address_zh, to_entry=None).order_by("unit_code")
    return tuple(_place(row) for row in found[:FOUND_MAX])


def history(unit_code: str) -> tuple[HistoryLine, ...]:
    """Everything that reached the unit, in its order; raises `EvidenceBroken` when a private part was changed."""
    entries = {row.unit_seq: row for row in models.Entry.objects.filter(unit_code=unit_code)[:HISTORY_MAX]}
    notes = {row.unit_seq: row for row in models.OrderNote.objects.filter(unit_code=unit_code)[:HISTORY_MAX]}
    tokens = models.EntrySecret.objects.filter(
        ledger__in={row.ledger for row in entries.values()}, seq__in=[row.seq for row in entries.values()]
    )
    secrets = {(row.ledger, row.seq): bytes(row.ciphertext) for row in tokens}
    settled = models.OrderSettlement.objects.filter(order_id__in=[note.order_id for note in notes.values()])
    outcomes = {row.order_id: row.outcome for row in settled}
    lines = [_entry_line(row, secrets.get((row.ledger, row.seq))) for row in entries.values()]
    lines += [_order_line(note, outcomes.get(note.order_id, "")) for note in notes.values()]
    return tuple(sorted(lines, key=lambda line: line.unit_seq))


def open_private(row: models.Entry, token: bytes | None) -> Mapping[str, object]:
    """The private part of an entry, after checking it against the entry's commitment; raises `EvidenceBroken`."""
    if token is None:
        raise EvidenceBroken("entry_secret_missing", f"登簿记载{row.ledger}/{row.seq}的保密部分不存在。")
    opened = rows.opened_secret(token, row.ledger, row.seq)
    salt, private = opened[: leaf.SALT_BYTES], opened[leaf.SALT_BYTES :]
    if leaf.commitment(salt, private).hex() != leaf.Leaf.parse(row.leaf).private:
        raise EvidenceBroken("entry_secret_other", f"登簿记载{row.ledger}/{row.seq}的保密部分与公开部分的承诺不符。")
    return as_mapping(json.loads(private))


def read_entry(row: models.Entry, private: Mapping[str, object]) -> DomainEntry:
    """The entry that this row and its opened private part make."""
    return entry_from_parts(leaf.Leaf.parse(row.leaf).entry, as_mapping(private["entry"]))


def entry_ref(row: models.Entry) -> EntryRef:
    """The public name of an entry."""
    return EntryRef(row.ledger, row.seq, bytes(row.hash).hex(), row.recorded_at, row.unit_code, row.unit_seq)


def _has_entries(unit_code: str, as_of: datetime | None) -> bool:
    entries = models.Entry.objects.filter(unit_code=unit_code)
    return (entries if as_of is None else entries.filter(recorded_at__lte=as_of)).exists()


def _last_entry(unit_code: str, as_of: datetime) -> int | None:
    """The last entry about the unit recorded at or before that moment."""
    found = models.Entry.objects.filter(unit_code=unit_code, recorded_at__lte=as_of).aggregate(last=Max("seq"))
    last: int | None = found["last"]
    return last


def _at(unit_code: str, as_of: datetime | None) -> Q | None:
    """Rows in force now, or after the last entry of that moment; None when there was no entry yet."""
    if as_of is None:
        return Q(to_entry=None)
    seq = _last_entry(unit_code, as_of)
    return None if seq is None else _in_force(seq)


def _in_force(seq: int) -> Q:
    """Rows in force after the entry `seq`."""
    return Q(from_entry__lte=seq) & (Q(to_entry=None) | Q(to_entry__gt=seq))


def _held_by(condition: Q) -> tuple[TitlePlace, ...]:
    held = models.RightHolder.objects.filter(condition, to_entry=None).values_list("unit_code", flat=True)
    found = models.RegisteredRight.objects.filter(unit_code__in=held, to_entry=None).order_by("unit_code")
    return tuple(_place(row) for row in found[:FOUND_MAX])


def _place(row: models.RegisteredRight) -> TitlePlace:
    return TitlePlace(
        UnitCode(row.unit_code), row.ledger, row.from_entry, CertificateNo(row.certificate_no), row.to_entry is None
    )


def _entry_line(row: models.Entry, token: bytes | None) -> HistoryLine:
    private = open_private(row, token)
    return HistoryLine(
        unit_seq=row.unit_seq,
        at=row.recorded_at,
        kind=leaf.ENTRY,
        ref=entry_ref(row),
        entry=read_entry(row, private),
        act=row.act,
        recorder=row.recorder,
        recorder_zh=as_text(private["recorder_zh"]),
        registry=row.registry,
        case_no=row.case_no,
    )


def _order_line(note: models.OrderNote, outcome: str) -> HistoryLine:
    return HistoryLine(
        unit_seq=note.unit_seq,
        at=note.noted_at,
        kind=leaf.ORDER,
        order_id=note.order_id,
        organ_zh=note.organ,
        outcome=outcome,
    )
