"""SM3 digests and HMAC-SM3 (GM/T 0004-2012, GB/T 32905)."""

from __future__ import annotations

import hmac as _standard_hmac

from cryptography.hazmat.primitives import hashes, hmac

DIGEST_BYTES = 32


def sm3(data: bytes) -> bytes:
    """The 32-byte SM3 digest of `data`."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def sm3_hex(data: bytes) -> str:
    """The SM3 digest of `data` as 64 lower-case hexadecimal digits, the form used in names and messages."""
    return sm3(data).hex()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """HMAC with SM3 (RFC 2104 construction, GB/T 15852.2): 32 bytes."""
    code = hmac.HMAC(key, hashes.SM3())
    code.update(data)
    return code.finalize()


def same(left: bytes, right: bytes) -> bool:
    """Compare two digests in a time that does not depend on where they differ."""
    return _standard_hmac.compare_digest(left, right)
