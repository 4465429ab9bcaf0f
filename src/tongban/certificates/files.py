"""The sealed PDF of a signed licence: made once, kept encrypted, the same bytes ever after."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tongban.certificates import qr_text, signing
from tongban.certificates.documents import Document
from tongban.certificates.models import LicenceState, SealedFile, SignedPayload
from tongban.certificates.payload import Attachment, Opening, Payload
from tongban.certificates.seals import pdf_check, registry_seals
from tongban.certificates.seals.pdf_seal import seal_pdf
from tongban.certificates.typeset.contents import document_of
from tongban.certificates.typeset.rendering import render, renderer_name
from tongban.vault import blobs

PDF = "application/pdf"


def sealed_file(signed: SignedPayload, now: datetime) -> bytes:
    """The stored file, or the file made, sealed and stored now.  Two who make it at once end with the same one."""
    owner = signed.licence.registry
    known = SealedFile.objects.filter(pk=signed.pk).first()
    if known is not None:
        return blobs.read(owner, known.digest)
    seal = registry_seals.seal_of(owner, now)
    made = seal_pdf(_typeset(signed), seal, now=now)
    with transaction.atomic():
        LicenceState.objects.select_for_update().get(pk=signed.pk)
        known = SealedFile.objects.filter(pk=signed.pk).first()
        if known is None:
            stored = blobs.store(owner, made, f"{signed.licence.certificate_no}.pdf", PDF, purpose="licence")
            serial = pdf_check.serial_of(seal.certificate)
            SealedFile.objects.create(
                licence_id=signed.pk, digest=stored.digest, size=stored.size, seal_serial=serial, sealed_at=now
            )
            LicenceState.objects.filter(pk=signed.pk).update(is_sealed=True, tries=0, problem_zh="")
    return made if known is None else blobs.read(owner, known.digest)


def sealed(document: Document, owner: str, now: datetime) -> bytes:
    """Any other document, typeset and sealed by the institution that issues it."""
    return seal_pdf(render(document), registry_seals.seal_of(owner, now), now=now)


def _typeset(signed: SignedPayload) -> bytes:
    packed = signing.packed(signed)
    attachment = Attachment(
        payload=packed.payload,
        algorithm=packed.algorithm,
        key_id=packed.key_id,
        signature=packed.signature,
        head_signature=packed.head_signature,
        path=packed.path,
        opening=Opening.from_wire(signed.opening),
        code=qr_text.pack(packed),
        renderer=renderer_name(),
    )
    return render(document_of(attachment, Payload.parse(packed.payload)))
