"""Sealed tokens and keyed digests: the small tools with which other packages keep personal data unreadable at rest."""

from __future__ import annotations

import secrets
import unicodedata
import uuid
from datetime import date

from django.conf import settings
from django.utils import timezone

from tongban.domain.errors import EvidenceBroken
from tongban.vault import data_keys, sm4
from tongban.vault import sm3 as sm3_module

_VERSION = b"\x01"
_KEY_ID_BYTES = 16
_HEAD_BYTES = len(_VERSION) + _KEY_ID_BYTES + sm4.NONCE_BYTES
_INDEX_KEY_BYTES_MIN = 32


def seal(plaintext: bytes, context: str, *, purpose: str = "seal", today: date | None = None) -> bytes:
    """Encrypt `plaintext` so that only `unseal` with the same `context` opens it.

    Token: version (1 byte) | data key id (16) | nonce (12) | SM4-GCM ciphertext and tag.  `context` names the place the
    token belongs to (`intake.party.phone`); a token moved elsewhere does not open.  Tokens of one `purpose` and day
    share a data key, so a purpose names a kind of data, never one row.
    """
    # Django's field protocol hands no clock down here, and the day only decides which data key is used.
    day = timezone.localdate() if today is None else today
    key = data_keys.for_writing(purpose, day)
    head = _VERSION + key.id.bytes
    nonce = secrets.token_bytes(sm4.NONCE_BYTES)
    return head + nonce + sm4.encrypt(key.sm4_key, nonce, plaintext, head + context.encode())


def unseal(token: bytes, context: str) -> bytes:
    """The plaintext of a token; raises `EvidenceBroken` when it was changed, moved or cut short."""
    if len(token) < _HEAD_BYTES + sm4.TAG_BYTES or token[:1] != _VERSION:
        raise EvidenceBroken("seal_malformed", "密文格式不正确,数据可能被改动。")
    head, nonce = token[: 1 + _KEY_ID_BYTES], token[1 + _KEY_ID_BYTES : _HEAD_BYTES]
    key = data_keys.for_reading(uuid.UUID(bytes=head[1:]))
    try:
        return sm4.decrypt(key.sm4_key, nonce, token[_HEAD_BYTES:], head + context.encode())
    except sm4.TagMismatchError:
        raise EvidenceBroken("seal_broken", "密文校验不通过,数据可能被改动。") from None


def hmac_sm3(domain: str, data: bytes) -> bytes:
    """HMAC-SM3 of `data` under the site's index key, 32 bytes; digests of two domains cannot be compared."""
    return sm3_module.hmac_sm3(_domain_key(domain), data)


def blind_index(value: str, domain: str) -> bytes:
    """A keyed digest by which an encrypted value can be found again by equality, and only by equality.

    Unicode form and outer blanks do not count; letter case does, so callers normalise numbers first.  Without the
    site's index key nobody can try out identity numbers against it.
    """
    return hmac_sm3("blind index " + domain, unicodedata.normalize("NFKC", value).strip().encode())


def _domain_key(domain: str) -> bytes:
    secret: bytes = settings.TONGBAN_INDEX_KEY
    assert len(secret) >= _INDEX_KEY_BYTES_MIN, "the site's index key has at least 32 bytes"
    return sm3_module.hmac_sm3(secret, b"tongban index " + domain.encode())
