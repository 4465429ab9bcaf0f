"""Does the sequence of a unit hold: no gap, hashes in order, and the same as its entries and orders say."""

from __future__ import annotations

from tongban.register import models
from tongban.register.checks.reports import Check, Findings
from tongban.register.checks.unit_rows import UnitRows
from tongban.register.proof import leaf


def check_events(unit: UnitRows, findings: Findings) -> None:
    """Go through the unit's events in their order."""
    entries = {row.unit_seq: row for row in unit.entries}
    notes = {row.unit_seq: row for row in unit.notes}
    believed, number = {leaf.unit_start(unit.unit_code)}, 0
    for event in unit.events:
        number += 1
        if event.seq != number:
            findings.add(Check.UNIT_EVENT, _name(unit.unit_code, number), "这个事件不存在")
            number, believed = event.seq, {bytes(event.previous_hash)}
        before = bytes(event.previous_hash)
        computed = leaf.Event(unit.unit_code, event.seq, event.kind, event.ref, event.at, before).hash()
        if computed != bytes(event.hash) or before not in believed:
            findings.add(Check.UNIT_EVENT, _name(unit.unit_code, event.seq), "事件内容、摘要或者与前一事件的连接被改动")
        else:
            _check_source(event, entries.get(number), notes.get(number), findings)
        believed = {computed, bytes(event.hash)}
        entries.pop(number, None)
        notes.pop(number, None)
    for place in (*entries, *notes):
        findings.add(Check.UNIT_EVENT, _name(unit.unit_code, place), "登簿记载或者通知没有对应的单元事件")


def _check_source(
    event: models.UnitEvent, entry: models.Entry | None, note: models.OrderNote | None, findings: Findings
) -> None:
    """What the event stands for exists and says the same."""
    if event.kind == leaf.ENTRY:
        said = (leaf.entry_ref(entry.ledger, entry.seq), entry.recorded_at) if entry else None
        if said != (event.ref, event.at):
            findings.add(Check.UNIT_EVENT, _name(event.unit_code, event.seq), "对应的登簿记载不存在或者不一致")
    elif note is None or (note.order_id, note.noted_at) != (event.ref, event.at):
        row = f"register_ordernote {event.ref}/{event.unit_code}"
        findings.add(Check.ORDER_NOTE, row, "通知记录不存在或者与单元事件不一致")


def _name(unit_code: str, seq: int) -> str:
    return f"register_unitevent {unit_code}/{seq}"
