"""The registry's signature over a licence: the payload, and what proves that the book says the same."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.timezone import localdate

from tongban.certificates import qr_text
from tongban.certificates.models import Licence, SignedPayload
from tongban.certificates.payload import EntryPlace, Head, Opening, Payload, utc_text
from tongban.certificates.typeset.contents import Issuing, certificate_words, holder_names
from tongban.certificates.typeset.proof_contents import PROVED_BURDENS, proof_words
from tongban.directory import lookup
from tongban.domain.entries import Entry
from tongban.domain.errors import EvidenceBroken
from tongban.domain.terms import Document
from tongban.domain.titles import Holder
from tongban.domain.wires import Wire
from tongban.register import reading, sealing
from tongban.register.proof.heads import InclusionProof, check_inclusion
from tongban.register.proof.leaf import utc_text as book_time
from tongban.vault import keys
from tongban.vault.seal import hmac_sm3

SPECIMEN_ZH = "演示样本"


def sign(licence: Licence, now: datetime) -> bool:
    """Sign and keep the payload; False while no signed head covers the entry.

    Raises `EvidenceBroken` when the register no longer proves the entry, `Unavailable` without the registry's key.
    """
    proof = _proof(licence)
    if proof is None:
        return False
    if not check_inclusion(licence.entry_hash, proof, proof.head):
        raise EvidenceBroken(
            "licence_entry_unproven", f"登簿记载 {licence.ledger}/{licence.entry_seq} 不能证明在登记簿中。"
        )
    opening = _opening(licence)
    payload = _payload(licence, opening, proof, now).to_bytes()
    signed = keys.sign(licence.registry, payload, now)
    SignedPayload.objects.create(
        licence=licence,
        payload=payload,
        algorithm=signed.algorithm,
        key_id=signed.key_id,
        signature=signed.value,
        head_signature=bytes.fromhex(proof.head.signature),
        path=b"".join(bytes.fromhex(step) for step in proof.path),
        opening=opening.to_wire(),
        signed_at=now,
    )
    return True


def packed(signed: SignedPayload) -> qr_text.Packed:
    """What the code of a signed licence carries."""
    path = bytes(signed.path)
    return qr_text.Packed(
        payload=bytes(signed.payload),
        algorithm=signed.algorithm,
        key_id=signed.key_id,
        signature=bytes(signed.signature),
        head_signature=bytes(signed.head_signature),
        path=tuple(path[at : at + qr_text.HASH_BYTES] for at in range(0, len(path), qr_text.HASH_BYTES)),
    )


def _proof(licence: Licence) -> InclusionProof | None:
    """The proof under the first covering head; under the latest one where another registry kept the ledger before."""
    proof = sealing.inclusion_proof(licence.ledger, licence.entry_seq)
    if proof is None or proof.head.registry == licence.registry:
        return proof
    latest = sealing.latest_head(licence.ledger)
    if latest is None or latest.registry != licence.registry:
        return None
    return sealing.inclusion_proof(licence.ledger, licence.entry_seq, size=latest.size)


def _opening(licence: Licence) -> Opening:
    issuing = Issuing(
        registry_zh=lookup.institution(licence.registry).name_zh,
        issued_on=localdate(licence.recorded_at),
        case_no=licence.case_no,
        specimen_zh=SPECIMEN_ZH if settings.TONGBAN_DEMO else "",
    )
    said = _proved if licence.kind == Document.PROOF else _certified
    content, holders = said(licence, issuing)
    return Opening(content, holder_names(holders), hmac_sm3("certificates.salt", licence.identifier.encode()))


def _certified(licence: Licence, issuing: Issuing) -> tuple[Wire, tuple[Holder, ...]]:
    """The title as it was recorded, whatever has been recorded since."""
    title = reading.title(licence.unit_code, as_of=licence.recorded_at)
    if title is None or title.certificate_no != licence.certificate_no:
        raise EvidenceBroken("licence_title_other", f"登记簿没有证号为 {licence.certificate_no} 的权利。")
    return certificate_words(title, _entries(licence), issuing), title.holders


def _proved(licence: Licence, issuing: Issuing) -> tuple[Wire, tuple[Holder, ...]]:
    """The right that lies on the unit as it was recorded, whatever has been recorded since."""
    page = reading.page(licence.unit_code, as_of=licence.recorded_at)
    opened = page.by_proof(licence.certificate_no)
    if opened is None:
        raise EvidenceBroken("licence_burden_other", f"登记簿没有证明号为 {licence.certificate_no} 的权利或者事项。")
    if not opened.holders or opened.burden.burden not in PROVED_BURDENS:
        raise EvidenceBroken("licence_nobody", f"证明号 {licence.certificate_no} 的记载没有权利人，不能制作登记证明。")
    return proof_words(page, opened, _entries(licence), issuing), opened.holders


def _entries(licence: Licence) -> list[Entry]:
    """What the same recording wrote about the unit."""
    lines = reading.history(licence.unit_code)
    return [line.entry for line in lines if line.entry is not None and line.at == licence.recorded_at]


def _payload(licence: Licence, opening: Opening, proof: InclusionProof, now: datetime) -> Payload:
    head = proof.head
    return Payload(
        identifier=licence.identifier,
        kind=licence.kind,
        certificate_no=licence.certificate_no,
        unit_code=licence.unit_code,
        holder_zh=opening.holder_zh,
        holders_commitment=opening.holders_commitment,
        content_commitment=opening.content_commitment,
        registry=licence.registry,
        issued_at=utc_text(now),
        entry=EntryPlace(licence.ledger, licence.entry_seq, licence.entry_hash),
        head=Head(head.size, head.root, book_time(head.at), head.key_id, head.algorithm),
    )
