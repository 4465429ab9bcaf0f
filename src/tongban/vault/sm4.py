"""SM4 in Galois/counter mode (GB/T 32907; mode as in RFC 8998): the one cipher used for data at rest and in transit."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY_BYTES = 16
NONCE_BYTES = 12
TAG_BYTES = 16


class TagMismatchError(ValueError):
    """The ciphertext, its associated data, the nonce or the key is not the one it was made with."""


def encrypt(key: bytes, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """Ciphertext followed by its 16-byte tag.  A nonce must never be used twice with one key."""
    assert len(key) == KEY_BYTES, "an SM4 key has 16 bytes"
    assert len(nonce) == NONCE_BYTES, "an SM4-GCM nonce has 12 bytes here"
    cipher = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(aad)
    ciphertext = cipher.update(plaintext) + cipher.finalize()
    return ciphertext + cipher.tag


def decrypt(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    """The plaintext of what `encrypt` returned; raises `TagMismatchError` and returns nothing when a bit differs."""
    assert len(key) == KEY_BYTES, "an SM4 key has 16 bytes"
    if len(nonce) != NONCE_BYTES or len(sealed) < TAG_BYTES:
        raise TagMismatchError("too short to be SM4-GCM")
    ciphertext, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    cipher = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    cipher.authenticate_additional_data(aad)
    try:
        return cipher.update(ciphertext) + cipher.finalize()
    except InvalidTag:
        raise TagMismatchError("the SM4-GCM tag does not match") from None
