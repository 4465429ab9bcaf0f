"""Files: kept encrypted in the database, named by the SM3 digest of their plaintext, readable by their owners only.

The digest is checked again at every read, so whoever signs a digest signs what will be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction

from tongban.domain.errors import EvidenceBroken, InvalidInput, NotFound, Problem
from tongban.vault import seal
from tongban.vault.models import Blob, BlobOwner
from tongban.vault.sm3 import sm3_hex
from tongban.vault.uploads import CleanUpload as CleanUpload
from tongban.vault.uploads import check_upload as check_upload
from tongban.vault.uploads import clean_name

BLOB_BYTES_MAX = 20 * 1024 * 1024
_PURPOSE = "vault.blob"
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,80}")


@dataclass(frozen=True, slots=True)
class BlobRef:
    """What a message or a page says about a file; `digest` is SM3 of the plaintext in hexadecimal, `size` in bytes."""

    digest: str
    size: int
    media_type: str
    name: str


def store(owner: str, data: bytes, name: str, media_type: str, *, purpose: str = "") -> BlobRef:
    """Keep a file for `owner`, in the caller's transaction; the same bytes twice are one file under their first name.

    The content is not judged here: uploads pass `check_upload` first.  Raises `InvalidInput` beyond 20 MiB.
    """
    if len(data) > BLOB_BYTES_MAX:
        raise InvalidInput([Problem("file", "文件超过 20 MB。", "请压缩或分成几个文件。")], code="blob_too_large")
    assert _MEDIA_TYPE.fullmatch(media_type), "a media type is written type/subtype in lower case"
    digest = sm3_hex(data)
    with transaction.atomic():
        _lock(digest)
        if not Blob.objects.filter(pk=digest).exists():
            ciphertext = seal.seal(data, _context(digest), purpose=_PURPOSE)
            Blob.objects.create(digest=digest, size=len(data), media_type=media_type, ciphertext=ciphertext)
        BlobOwner.objects.get_or_create(
            owner=owner, blob_id=digest, defaults={"name": clean_name(name, media_type), "purpose": purpose}
        )
    return find(owner, digest)


def find(owner: str, digest: str) -> BlobRef:
    """What `owner` knows of a file; raises `NotFound` when it has none of that digest, whoever else may."""
    link = (
        BlobOwner.objects.filter(owner=owner, blob_id=digest).select_related("blob").defer("blob__ciphertext").first()
    )
    if link is None:
        raise NotFound("blob_not_found", "没有这个文件。")
    return BlobRef(digest, link.blob.size, link.blob.media_type, link.name)


def find_all(owner: str, digests: Iterable[str]) -> dict[str, BlobRef]:
    """What `owner` knows of these files, by digest, in one statement; a file it does not have is left out."""
    links = BlobOwner.objects.filter(owner=owner, blob_id__in=set(digests)).select_related("blob")
    return {
        link.blob_id: BlobRef(link.blob_id, link.blob.size, link.blob.media_type, link.name)
        for link in links.defer("blob__ciphertext")
    }


def read(owner: str, digest: str) -> bytes:
    """The bytes of a file; raises `NotFound` as `find` does, `EvidenceBroken` when they are not those once stored."""
    blob = Blob.objects.filter(pk=digest, owners__owner=owner).first()
    if blob is None:
        raise NotFound("blob_not_found", "没有这个文件。")
    data = seal.unseal(bytes(blob.ciphertext), _context(digest))
    if sm3_hex(data) != digest or len(data) != blob.size:
        raise EvidenceBroken("blob_broken", "文件内容与其摘要不符,可能被改动。")
    return data


def share(from_owner: str, to_owner: str, digest: str) -> BlobRef:
    """Let `to_owner` read a file that `from_owner` may read; raises `NotFound` when that one may not."""
    with transaction.atomic():
        _lock(digest)
        known = BlobOwner.objects.filter(owner=from_owner, blob_id=digest).first()
        if known is None:
            raise NotFound("blob_not_found", "没有这个文件。")
        BlobOwner.objects.get_or_create(
            owner=to_owner, blob_id=digest, defaults={"name": known.name, "purpose": known.purpose}
        )
    return find(to_owner, digest)


def release(owner: str, digest: str) -> None:
    """End `owner`'s right to a file; when nobody is left the bytes are deleted, as the law demands for face images."""
    with transaction.atomic():
        _lock(digest)
        BlobOwner.objects.filter(owner=owner, blob_id=digest).delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM vault_blob WHERE digest = %s"
                " AND NOT EXISTS (SELECT FROM vault_blobowner WHERE blob_id = digest)",
                [digest],
            )


def _context(digest: str) -> str:
    return f"{_PURPOSE} {digest}"


def _lock(digest: str) -> None:
    """Serialize the coming and going of one file until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", ["vault blob " + digest])
