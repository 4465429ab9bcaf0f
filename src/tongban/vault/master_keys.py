"""The site's master keys: they wrap other keys and never touch data."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from tongban.domain.errors import Unavailable
from tongban.vault.sm3 import hmac_sm3
from tongban.vault.sm4 import KEY_BYTES

_MASTER_KEY_BYTES_MIN = 16
ID_BYTES_MAX = 40


def current_id() -> str:
    """The id of the master key under which keys are wrapped now."""
    name = str(settings.TONGBAN_MASTER_KEY_CURRENT)
    _secret(name)
    return name


def wrapping_key(master_key_id: str, purpose: str) -> bytes:
    """The SM4 key that master key `master_key_id` gives for one purpose, so that no two uses share a key.

    Raises `Unavailable` when the site does not hold that master key: it was taken out of the settings too early.
    """
    return hmac_sm3(_secret(master_key_id), f"tongban wrap {purpose}".encode())[:KEY_BYTES]


def _secret(master_key_id: str) -> bytes:
    keys: Mapping[str, bytes] = settings.TONGBAN_MASTER_KEYS
    secret = keys.get(master_key_id)
    if secret is None:
        raise Unavailable("master_key_missing", f"本站点没有主密钥 {master_key_id},请恢复后重试。")
    assert len(secret) >= _MASTER_KEY_BYTES_MIN, "a master key has at least 16 bytes"
    return secret
