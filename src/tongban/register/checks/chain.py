"""Does the chain of a ledger hold: numbers, contents, hashes, columns, head."""

from __future__ import annotations

from collections.abc import Iterator

from tongban.register.checks.reports import Check, Findings
from tongban.register.models import Entry, LedgerHead
from tongban.register.proof import leaf

CHUNK = 1000


def check_chain(ledger: str, findings: Findings) -> tuple[int, frozenset[int]]:
    """Go through every entry in its order; how many there are, and which of them cannot be believed."""
    before, number, doubtful = leaf.ledger_start(ledger), 0, set()
    candidates = {before.hex()}
    for row, following in _pairs(ledger):
        number += 1
        if row.seq != number:
            findings.add(Check.ENTRY_SEQUENCE, name(ledger, number), "这条记载不存在")
            number = row.seq
            candidates = set()
        recomputed, stored = leaf.leaf_hash(row.leaf).hex(), bytes(row.hash).hex()
        if recomputed != stored:
            _name_culprit(row, recomputed, following, findings)
            doubtful.add(row.seq)
        if (written := parsed(row)) is None:
            findings.add(Check.ENTRY_PAYLOAD, name(ledger, row.seq), "记载内容无法读出")
            doubtful.add(row.seq)
        elif row.seq not in doubtful or following == recomputed:
            _check_links(row, written, candidates, findings)
        candidates = {recomputed, stored}
    _check_head(ledger, number, candidates, findings)
    return number, frozenset(doubtful)


def name(ledger: str, seq: int) -> str:
    """How reports name an entry."""
    return f"register_entry {ledger}/{seq}"


def _pairs(ledger: str) -> Iterator[tuple[Entry, str]]:
    """Each entry with the hash that its successor, or else the ledger's head, says it has; empty when neither can."""
    before: Entry | None = None
    for row in Entry.objects.filter(ledger=ledger).order_by("seq").iterator(CHUNK):
        if before is not None:
            said = parsed(row)
            yield before, said.previous if said and row.seq == before.seq + 1 else ""
        before = row
    if before is not None:
        head = LedgerHead.objects.filter(ledger=ledger, seq=before.seq).first()
        yield before, bytes(head.hash).hex() if head else ""


def _name_culprit(row: Entry, recomputed: str, following: str, findings: Findings) -> None:
    """Content and hash disagree: the successor knows which of them is as it was."""
    if following == recomputed:
        findings.add(Check.ENTRY_HASH, name(row.ledger, row.seq), "摘要被改动，内容与后一条所记的摘要相符")
    else:
        findings.add(Check.ENTRY_PAYLOAD, name(row.ledger, row.seq), "内容被改动，与摘要不符")


def _check_links(row: Entry, written: leaf.Leaf, candidates: set[str], findings: Findings) -> None:
    if candidates and written.previous not in candidates:
        findings.add(Check.ENTRY_CHAIN, name(row.ledger, row.seq), "所记的前一条摘要与前一条不符，前面的记载被改写")
    check_columns(row, written, findings)


def check_columns(row: Entry, written: leaf.Leaf, findings: Findings) -> None:
    """The columns that queries read say what the hashed text says."""
    wrong = [column for column, (said, stored) in _columns(row, written).items() if said != stored]
    if wrong:
        findings.add(Check.ENTRY_COLUMNS, name(row.ledger, row.seq), f"列与内容不一致：{'、'.join(wrong)}")


def _columns(row: Entry, written: leaf.Leaf) -> dict[str, tuple[object, object]]:
    """Every column that repeats the leaf: what the leaf says, what the column says."""
    return {
        "ledger": (written.ledger, row.ledger),
        "seq": (written.seq, row.seq),
        "unit_code": (written.unit_code, row.unit_code),
        "unit_seq": (written.unit_seq, row.unit_seq),
        "kind": (written.kind, row.kind),
        "act": (written.act, row.act),
        "registry": (written.registry, row.registry),
        "recorder": (written.recorder, row.recorder),
        "case_no": (written.case_no, row.case_no),
        "recorded_at": (written.recorded_at, leaf.utc_text(row.recorded_at)),
        "request_key": (written.request_key, row.request_key),
        "request_position": (written.request_position, row.request_position),
        "request_digest": (written.request_digest, bytes(row.request_digest).hex()),
        "previous_hash": (written.previous, bytes(row.previous_hash).hex()),
    }


def _check_head(ledger: str, number: int, candidates: set[str], findings: Findings) -> None:
    head = LedgerHead.objects.filter(ledger=ledger).first()
    row = f"register_ledgerhead {ledger}"
    if head is None:
        findings.add(Check.LEDGER_HEAD, row, "登记簿没有末端记录")
        return
    last = Entry.objects.filter(ledger=ledger).order_by("-seq").first()
    if (
        head.seq != number
        or bytes(head.hash).hex() not in candidates
        or head.at != (last.recorded_at if last else None)
    ):
        findings.add(Check.LEDGER_HEAD, row, f"末端为第{head.seq}条，最后一条记载为第{number}条，或者摘要、时间不符")


def parsed(row: Entry) -> leaf.Leaf | None:
    """What the entry's text says; None when it is no leaf."""
    try:
        return leaf.Leaf.parse(row.leaf)
    except (ValueError, KeyError, TypeError):
        return None
