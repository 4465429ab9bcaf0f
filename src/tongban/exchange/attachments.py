"""Files that belong to messages: uploaded before the message, encrypted for the receiver, resumable by offset.

On the sender's side the encrypted copy is kept until the receiver has it, so a cut upload goes on with the same bytes
even after a restart.  The digest in the envelope is of the plaintext; the file is stored only when it fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tongban.directory import lookup
from tongban.domain.errors import BadReply, EvidenceBroken, InvalidInput, NotFound, Problem, TongbanError, Unavailable
from tongban.exchange import envelope, transport
from tongban.exchange.contract.limits import (
    ATTACHMENT_BYTES_MAX,
    PART_BYTES_MAX,
    SEALED_BYTES_MAX,
    UPLOAD_AGE_MAX,
    UPLOADS_OPEN_MAX,
)
from tongban.exchange.envelope import Envelope, Signed
from tongban.exchange.models import AttachmentPart, AttachmentUpload, SealedAttachment
from tongban.exchange.receipts import Later
from tongban.exchange.transport import Part, UploadState
from tongban.vault import blobs, keys
from tongban.vault.blobs import BLOB_BYTES_MAX, BlobRef
from tongban.vault.sm3 import sm3_hex

PARTS_MAX = SEALED_BYTES_MAX // PART_BYTES_MAX + 2  # requests per file, a resumed one included


assert ATTACHMENT_BYTES_MAX == BLOB_BYTES_MAX, "what may be kept may be sent"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,80}")


@dataclass(frozen=True, slots=True)
class Shipment:
    """One file on its way from an institution to another."""

    sender: str
    receiver: str
    ref: BlobRef


# --- what a message needs ---


def mismatched(parsed: Envelope) -> tuple[str, ...]:
    """Attachments the receiver has under another size than the envelope says.

    Raises `Unavailable` (`attachments_missing`) while one of them has not been uploaded yet.
    """
    wrong = []
    for ref in parsed.refs():
        try:
            found = blobs.find(parsed.to, ref.digest)
        except NotFound:
            raise Unavailable("attachments_missing", f"附件 {ref.name} 尚未上传。") from None
        if found.size != ref.size:
            wrong.append(ref.digest)
    return tuple(wrong)


def share_here(signed: Signed) -> Later | None:
    """Give the receiver, hosted here as the sender is, its right to the attachments; says why that failed."""
    try:
        for shipment in _shipments(signed):
            blobs.share(shipment.sender, shipment.receiver, shipment.ref.digest)
    except TongbanError as error:
        return Later(error.code, error.message_zh)
    return None


def push(peer_site: str, signed: Signed, now: datetime) -> Later | None:
    """Upload what the receiver's site does not have yet; says why this message has to wait, if it has.

    Raises `Unavailable` when the peer as a whole does not answer.
    """
    for shipment in _shipments(signed):
        try:
            _push_one(peer_site, shipment, now)
        except Unavailable:
            raise
        except TongbanError as error:
            return Later(error.code, error.message_zh)
    return None


def _shipments(signed: Signed) -> Iterator[Shipment]:
    parsed = envelope.parse(signed.content)
    return (Shipment(parsed.source, parsed.to, ref) for ref in parsed.refs())


def _push_one(peer_site: str, shipment: Shipment, now: datetime) -> None:
    state = transport.upload_state(peer_site, shipment.receiver, shipment.ref.digest, now)
    if not state.is_complete:
        sealed = _sealed(shipment, now)
        offset = state.offset if state.sealed_digest == sealed.sealed_digest else 0
        _push_parts(peer_site, shipment, sealed, offset, now)
    SealedAttachment.objects.filter(receiver=shipment.receiver, digest=shipment.ref.digest).delete()


def _push_parts(peer_site: str, shipment: Shipment, sealed: SealedAttachment, offset: int, now: datetime) -> None:
    content = bytes(sealed.sealed)
    for _ in range(PARTS_MAX):
        part = Part(
            receiver=shipment.receiver,
            digest=shipment.ref.digest,
            name=shipment.ref.name,
            media_type=shipment.ref.media_type,
            sealed_digest=sealed.sealed_digest,
            sealed_size=len(content),
            offset=offset,
        )
        state = transport.upload_part(peer_site, part, content[offset : offset + PART_BYTES_MAX], now)
        if state.is_complete:
            return
        offset = state.offset
    raise BadReply("upload_endless", "对方站点不确认附件上传完成。")


def _sealed(shipment: Shipment, now: datetime) -> SealedAttachment:
    """The encrypted copy; made once, so that every attempt sends the same bytes."""
    known = SealedAttachment.objects.filter(receiver=shipment.receiver, digest=shipment.ref.digest).first()
    if known is not None:
        return known
    sealed = keys.encrypt_for(shipment.receiver, blobs.read(shipment.sender, shipment.ref.digest), now=now)
    made = SealedAttachment(
        receiver=shipment.receiver,
        digest=shipment.ref.digest,
        sealed_digest=sm3_hex(sealed),
        sealed=sealed,
        made_at=now,
    )
    SealedAttachment.objects.bulk_create([made], ignore_conflicts=True)
    return SealedAttachment.objects.get(receiver=shipment.receiver, digest=shipment.ref.digest)


# --- what a receiving site does ---


def state_of(receiver: str, digest: str, partner: str) -> UploadState:
    """How much of a file has come; raises `NotFound` when the receiver is not hosted here."""
    _check_receiver(receiver)
    try:
        blobs.find(receiver, digest)
    except NotFound:
        upload = AttachmentUpload.objects.filter(receiver=receiver, digest=digest, partner=partner).first()
        return UploadState(False, upload.size_so_far, upload.sealed_digest) if upload else UploadState(False, 0, "")
    return UploadState(True, 0, "")


def accept_part(part: Part, data: bytes, partner: str, now: datetime) -> UploadState:
    """Take the next bytes of a file; the answer says where to go on, whatever came.

    Raises `InvalidInput` beyond a limit, `BadReply` when the finished file is not what it was said to be (then nothing
    of it is kept), `Unavailable` when the receiver's key is not here.
    """
    _check_part(part, data)
    state = state_of(part.receiver, part.digest, partner)
    if state.is_complete:
        return state
    with transaction.atomic():
        upload = _upload(part, partner, now)
        if part.offset != upload.size_so_far or not data:
            return UploadState(False, upload.size_so_far, upload.sealed_digest)
        AttachmentPart.objects.create(upload=upload, offset=part.offset, data=data)
        upload.size_so_far += len(data)
        upload.touched_at = now
        upload.save(update_fields=["size_so_far", "touched_at"])
        if upload.size_so_far < upload.sealed_size:
            return UploadState(False, upload.size_so_far, upload.sealed_digest)
        problem = _finish(part, upload)
    if problem is not None:
        raise problem
    return UploadState(True, part.sealed_size, part.sealed_digest)


def prune_uploads(now: datetime) -> int:
    """Forget uploads nobody continued for two days; returns how many."""
    stale = AttachmentUpload.objects.filter(touched_at__lt=now - UPLOAD_AGE_MAX)
    count = stale.count()
    stale.delete()
    return count


def _check_receiver(receiver: str) -> None:
    if not lookup.hosted_here(receiver):
        raise NotFound("receiver_not_here", f"{receiver} 不在本站点。")


def _check_part(part: Part, data: bytes) -> None:
    if not (_DIGEST.fullmatch(part.digest) and _MEDIA_TYPE.fullmatch(part.media_type) and part.name):
        raise BadReply("part_malformed", "附件的摘要、类型或名称不合格式。")
    fits = 0 < part.sealed_size <= SEALED_BYTES_MAX and len(data) <= PART_BYTES_MAX
    if not fits or part.offset < 0 or part.offset + len(data) > part.sealed_size:
        cure_zh = "单个附件不超过 20 MB,分段不超过 1 MB。"
        raise InvalidInput([Problem("attachment", "附件或分段超过允许的大小。", cure_zh)])


def _upload(part: Part, partner: str, now: datetime) -> AttachmentUpload:
    """The locked row of this upload; begun anew when the sender encrypted the file again."""
    place = {"receiver": part.receiver, "digest": part.digest, "partner": partner}
    if AttachmentUpload.objects.filter(partner=partner).count() >= UPLOADS_OPEN_MAX:
        raise Unavailable("uploads_open", "未完成的附件上传过多,请稍后再传。")
    fresh = AttachmentUpload(**place, sealed_digest=part.sealed_digest, sealed_size=part.sealed_size, touched_at=now)
    AttachmentUpload.objects.bulk_create([fresh], ignore_conflicts=True)
    upload = AttachmentUpload.objects.select_for_update().get(**place)
    if (upload.sealed_digest, upload.sealed_size) != (part.sealed_digest, part.sealed_size):
        upload.parts.all().delete()
        upload.sealed_digest, upload.sealed_size = part.sealed_digest, part.sealed_size
        upload.size_so_far, upload.touched_at = 0, now
        upload.save()
    return upload


def _finish(part: Part, upload: AttachmentUpload) -> BadReply | None:
    """Open and store the whole file, or say what is wrong with it; the upload is over either way."""
    sealed = b"".join(bytes(data) for data in upload.parts.order_by("offset").values_list("data", flat=True))
    upload.delete()
    if sm3_hex(sealed) != part.sealed_digest:
        return BadReply("attachment_broken", "附件密文与所报摘要不符。")
    try:
        plaintext = keys.decrypt_as(part.receiver, sealed)
    except EvidenceBroken as error:
        return BadReply(error.code, error.message_zh)
    if sm3_hex(plaintext) != part.digest:
        return BadReply("attachment_broken", "附件内容与所报摘要不符。")
    blobs.store(part.receiver, plaintext, part.name, part.media_type, purpose="exchange")
    return None
