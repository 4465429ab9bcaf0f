"""Verification of one unit: its entries, events, rights and their places under signed heads, in a moment.

`verification.verify` proves a whole ledger; this proves that what one unit's page shows is what was written and signed.
"""

from __future__ import annotations

from tongban.domain.errors import BadSignature, EvidenceBroken
from tongban.register import models, sealing
from tongban.register.checks.chain import check_columns, parsed
from tongban.register.checks.chain import name as entry_name
from tongban.register.checks.events import check_events
from tongban.register.checks.reports import Check, Findings, Report
from tongban.register.checks.rights import check_rights
from tongban.register.checks.unit_rows import of_unit
from tongban.register.proof import leaf
from tongban.register.proof.heads import Head, InclusionProof, check_inclusion


def verify_unit(unit_code: str) -> Report:
    """Check everything stored about one unit and name what is broken; entries not yet under a head are not a fault."""
    unit, findings = of_unit(unit_code), Findings()
    proofs = [proof for row in unit.entries if (proof := _check_entry(row, findings)) is not None]
    believed = {head.size: _is_signed(head, findings) for head in {proof.head for proof in proofs}}
    hashes = {row.seq: bytes(row.hash).hex() for row in unit.entries}
    for proof in proofs:
        if believed[proof.head.size] and not check_inclusion(hashes[proof.seq], proof, proof.head):
            row = entry_name(proof.ledger, proof.seq)
            findings.add(Check.HEAD_ROOT, row, "不在已签名的树根之下，记载在签名之后被改写")
    check_events(unit, findings)
    ledger = unit.entries[0].ledger if unit.entries else ""
    if not findings.breaks:
        check_rights(ledger, unit, findings)
    return Report(ledger, len(unit.entries), 1, len(believed), findings.all())


def _check_entry(row: models.Entry, findings: Findings) -> InclusionProof | None:
    """The text gives the hash and the columns say what the text says; then its proof, if it can be given yet."""
    written, name = parsed(row), entry_name(row.ledger, row.seq)
    if written is None or leaf.leaf_hash(row.leaf) != bytes(row.hash):
        findings.add(Check.ENTRY_PAYLOAD, name, "内容与其摘要不符")
        return None
    check_columns(row, written, findings)
    try:
        return sealing.inclusion_proof(row.ledger, row.seq)
    except EvidenceBroken as error:
        findings.add(Check.MERKLE_NODE, name, error.message_zh)
        return None


def _is_signed(head: Head, findings: Findings) -> bool:
    try:
        sealing.check_signature(head)
    except BadSignature as error:
        findings.add(Check.HEAD_SIGNATURE, f"register_signedhead {head.ledger}/{head.size}", error.message_zh)
        return False
    return True
