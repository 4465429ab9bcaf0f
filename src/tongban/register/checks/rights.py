"""Do rights, holders and burdens follow from the entries: replay each unit and compare after every entry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

from django.db.models import Exists, OuterRef

from tongban.domain.burden_entries import OpenBurden
from tongban.domain.entries import Entry as DomainEntry
from tongban.domain.errors import EvidenceBroken, TongbanError
from tongban.domain.facts import UnitState
from tongban.domain.replay import Titles, apply
from tongban.domain.titles import Holder, Title
from tongban.domain.wires import as_mapping
from tongban.register import models, reading, rows
from tongban.register.checks.chain import name as entry_name
from tongban.register.checks.reports import Check, Findings
from tongban.register.checks.unit_rows import UNITS_PER_READ, UnitRows

Row: TypeAlias = (
    models.RegisteredRight | models.RightHolder | models.RegisteredBurden | models.BurdenHolder | models.DescribedUnit
)
PROJECTED: Final = (
    models.RegisteredRight,
    models.RightHolder,
    models.RegisteredBurden,
    models.BurdenHolder,
    models.DescribedUnit,
)

# What reading a changed row may raise, besides saying itself what is broken.
UNREADABLE: Final = (TongbanError, ValueError, KeyError, TypeError, AssertionError)


def check_rights(ledger: str, unit: UnitRows, findings: Findings) -> None:
    """Secrets open and keep the entry's commitment; entries agree with each other; rows say what entries say."""
    entries = _opened(unit, findings)
    if entries is None:
        return
    written = {seq for seq, _ in entries}
    projected: list[Row] = [*unit.rights, *unit.holders, *unit.burdens, *unit.burden_holders, *unit.described]
    for row in projected:
        if row.ledger != ledger or row.from_entry not in written or not {row.to_entry} <= written | {None}:
            findings.add(Check.PROJECTION, _name(row), "没有开始或者结束这一行的登簿记载")
    state = Titles()
    for seq, entry in entries:
        try:
            state = apply(state, entry)
        except EvidenceBroken as error:
            findings.add(Check.ENTRY_REPLAY, entry_name(ledger, seq), error.message_zh)
            return
        _compare_title(seq, state.title(entry.unit_code), unit, findings)
        _compare_burdens(seq, state.open_burdens.get(entry.unit_code, ()), unit, findings)
        _compare_description(seq, state.described.get(entry.unit_code), unit, findings)


def check_strangers(ledger: str, findings: Findings) -> None:
    """No row of this ledger is about a unit that the ledger does not list."""
    listed = models.BAUnit.objects.filter(ledger=ledger, unit_code=OuterRef("unit_code"))
    for table in (models.Entry, *PROJECTED):
        rows_of = table._default_manager.filter(~Exists(listed), ledger=ledger)
        for code in rows_of.values_list("unit_code", flat=True).distinct()[:UNITS_PER_READ]:
            findings.add(Check.PROJECTION, f"register_baunit {code}", f"登记簿{ledger}没有列出这个单元")


def _opened(unit: UnitRows, findings: Findings) -> list[tuple[int, DomainEntry]] | None:
    """The unit's entries with their private parts; None when one of them cannot be opened."""
    entries: list[tuple[int, DomainEntry]] = []
    for row in unit.entries:
        try:
            private = reading.open_private(row, unit.secrets.get(row.seq))
            entries.append((row.seq, reading.read_entry(row, private)))
        except UNREADABLE as error:
            what_zh = error.message_zh if isinstance(error, TongbanError) else "保密部分无法读出"
            findings.add(Check.ENTRY_SECRET, f"register_entrysecret {row.ledger}/{row.seq}", what_zh)
    return entries if len(entries) == len(unit.entries) else None


def _compare_title(seq: int, expected: Title | None, unit: UnitRows, findings: Findings) -> None:
    """The right and the holders in force after the entry `seq`."""
    rights = [row for row in unit.rights if _in_force(row, seq)]
    if len(rights) != (0 if expected is None else 1):
        findings.add(Check.PROJECTION, f"register_registeredright {unit.unit_code}", "现势权利行缺失或者多余")
    for right in rights:
        if expected is None or not _right_fits(right, expected):
            findings.add(Check.PROJECTION, _name(right), "权利行与登簿记载不一致")
    title_seqs = {right.title_seq for right in rights}
    named = {holder.holder_no: holder for holder in expected.holders} if expected else {}
    held = [row for row in unit.holders if _in_force(row, seq)]
    for row in held:
        holder = named.get(row.holder_no)
        if holder is None or {row.title_seq} != title_seqs or not _holder_fits(row, holder):
            findings.add(Check.PROJECTION, _name(row), "权利人行与登簿记载不一致，或者多余")
    for number in named.keys() - {row.holder_no for row in held}:
        findings.add(Check.PROJECTION, f"register_rightholder {unit.unit_code}/{number}", "权利人行缺失")


def _compare_burdens(seq: int, expected: Iterable[OpenBurden], unit: UnitRows, findings: Findings) -> None:
    """The burdens lying on the unit after the entry `seq`."""
    named = {opened.burden.burden_no: opened for opened in expected}
    lying = [row for row in unit.burdens if _in_force(row, seq)]
    held = [row for row in unit.burden_holders if _in_force(row, seq)]
    for row in lying:
        opened = named.get(row.burden_no)
        of_row = [one for one in held if one.burden_no == row.burden_no]
        if opened is None or not _burden_fits(row, of_row, opened):
            findings.add(Check.PROJECTION, _name(row), "限制行与登簿记载不一致，或者多余")
    for stray in (one for one in held if one.burden_no not in named):
        findings.add(Check.PROJECTION, _name(stray), "这一行的限制已经不在")
    for number in named.keys() - {row.burden_no for row in lying}:
        findings.add(Check.PROJECTION, f"register_registeredburden {unit.unit_code}/{number}", "限制行缺失")


def _compare_description(seq: int, expected: UnitState | None, unit: UnitRows, findings: Findings) -> None:
    """The natural state of a unit without a title after the entry `seq`."""
    shown = [row for row in unit.described if _in_force(row, seq)]
    if [row.unit for row in shown] != ([] if expected is None else [expected.to_wire()]):
        findings.add(Check.PROJECTION, f"register_describedunit {unit.unit_code}", "单元自然状况与登簿记载不一致")


def _right_fits(row: models.RegisteredRight, expected: Title) -> bool:
    try:
        return (
            UnitState.from_wire(as_mapping(row.unit)) == expected.unit
            and row.certificate_no == expected.certificate_no
            and row.co_ownership == expected.co_ownership.value
            and rows.read_note(row) == expected.note_zh
        )
    except UNREADABLE:
        return False


def _holder_fits(row: models.RightHolder | models.BurdenHolder, expected: Holder) -> bool:
    try:
        return (
            rows.read_holder(row) == expected
            and bytes(row.name_index) == rows.name_index(expected.name)
            and bytes(row.id_no_index) == rows.id_no_index(expected.id_no)
        )
    except UNREADABLE:
        return False


def _burden_fits(row: models.RegisteredBurden, held: list[models.BurdenHolder], expected: OpenBurden) -> bool:
    try:
        read = rows.read_opened(row, held)
        return (
            read.burden == expected.burden
            and dict(read.private) == dict(expected.private)
            and read.holders == expected.holders
            and all(_holder_fits(one, expected.holders[one.holder_no - 1]) for one in held)
            and row.holder_no == rows.seized_holder(expected)
        )
    except UNREADABLE:
        return False


def _in_force(row: Row, seq: int) -> bool:
    return row.from_entry <= seq and (row.to_entry is None or row.to_entry > seq)


def _name(row: Row) -> str:
    """How reports name a row: table and key."""
    number = f"/{row.holder_no}" if isinstance(row, models.RightHolder | models.BurdenHolder) else ""
    return f"{row._meta.db_table} {row.ledger}/{row.from_entry}{number}"
