"""Verification of one unit: its entries, events, rights and their places under signed heads, in a moment.

`verification.verify` proves a whole ledger; this proves that what one unit's page shows is what was written and signed.
"""

from __future__ import annotations

from tongban.domain.errors import BadSignature, EvidenceBroken
from tongban.register import models, sealing
from tongban.register.checks.chain import name as entry_name
from tongban.register.checks.events import check_events
from tongban.register.checks.reports import Check, Findings, Report
from tongban.register.checks.rights import check_rights
from tongban.register.checks.unit_rows import of_unit
from tongban.register.proof import leaf
from tongban.register.proof.heads import Head, check_inclusion


def verify_unit(unit_code: str) -> Report:
    """Check everything stored about one unit and name what is broken; entries not yet under a head are not a fault."""
    unit, findings = of_unit(unit_code), Findings()
    heads: dict[int, Head] = {}
    for row in unit.entries:
        _check_entry(row, heads, findings)
    for head in heads.values():
        _check_head(head, findings)
    check_events(unit, findings)
    ledger = unit.entries[0].ledger if unit.entries else ""
    if not findings.breaks:
        check_rights(ledger, unit, findings)
    return Report(ledger, len(unit.entries), 1, len(heads), findings.all())


def _check_entry(row: models.Entry, heads: dict[int, Head], findings: Findings) -> None:
    """The text gives the hash, and the hash lies under the head that covers it."""
    digest = bytes(row.hash).hex()
    if leaf.leaf_hash(row.leaf).hex() != digest:
        findings.add(Check.ENTRY_PAYLOAD, entry_name(row.ledger, row.seq), "内容与其摘要不符")
        return
    try:
        proof = sealing.inclusion_proof(row.ledger, row.seq)
    except EvidenceBroken as error:
        findings.add(Check.MERKLE_NODE, entry_name(row.ledger, row.seq), error.message_zh)
        return
    if proof is None:
        return
    heads[proof.head.size] = proof.head
    if not check_inclusion(digest, proof, proof.head):
        findings.add(Check.HEAD_ROOT, entry_name(row.ledger, row.seq), "不在已签名的树根之下，记载在签名之后被改写")


def _check_head(head: Head, findings: Findings) -> None:
    try:
        sealing.check_signature(head)
    except BadSignature as error:
        findings.add(Check.HEAD_SIGNATURE, f"register_signedhead {head.ledger}/{head.size}", error.message_zh)
