"""SM3, HMAC-SM3 and SM4-GCM against published values."""

from __future__ import annotations

import pytest

from tongban.vault import sm3, sm4

# RFC 8998 annex A.1.
KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
NONCE = bytes.fromhex("00001234567800000000ABCD")
AAD = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
PLAINTEXT = bytes.fromhex(
    "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
    "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
)
CIPHERTEXT = bytes.fromhex(
    "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
    "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
)
TAG = bytes.fromhex("83DE3541E4C2B58177E065A9BF7B62EC")


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
        (b"", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
    ],
)
def test_sm3_gives_the_published_digest(message: bytes, digest: str) -> None:
    assert sm3.sm3(message).hex() == sm3.sm3_hex(message) == digest


def test_hmac_sm3_is_the_standard_construction() -> None:
    key, message = bytes(range(1, 21)), b"register"
    block = key.ljust(64, b"\x00")
    inner = sm3.sm3(bytes(byte ^ 0x36 for byte in block) + message)

    assert sm3.hmac_sm3(key, message) == sm3.sm3(bytes(byte ^ 0x5C for byte in block) + inner)


def test_sm4_gcm_gives_the_ciphertext_and_tag_of_rfc_8998() -> None:
    assert sm4.encrypt(KEY, NONCE, PLAINTEXT, AAD) == CIPHERTEXT + TAG
    assert sm4.decrypt(KEY, NONCE, CIPHERTEXT + TAG, AAD) == PLAINTEXT


def test_sm4_gcm_opens_nothing_that_differs_in_one_bit() -> None:
    sealed = CIPHERTEXT + TAG

    for at in range(len(sealed)):
        changed = sealed[:at] + bytes((sealed[at] ^ 0x80,)) + sealed[at + 1 :]
        with pytest.raises(sm4.TagMismatchError):
            sm4.decrypt(KEY, NONCE, changed, AAD)


@pytest.mark.parametrize(
    ("key", "nonce", "sealed", "aad"),
    [
        (KEY[::-1], NONCE, CIPHERTEXT + TAG, AAD),
        (KEY, NONCE[::-1], CIPHERTEXT + TAG, AAD),
        (KEY, NONCE, CIPHERTEXT + TAG, AAD + b"\x00"),
        (KEY, NONCE, (CIPHERTEXT + TAG)[:-1], AAD),
        (KEY, NONCE, b"short", AAD),
        (KEY, b"short", CIPHERTEXT + TAG, AAD),
    ],
)
def test_sm4_gcm_opens_nothing_under_another_key_nonce_or_context(
    key: bytes, nonce: bytes, sealed: bytes, aad: bytes
) -> None:
    with pytest.raises(sm4.TagMismatchError):
        sm4.decrypt(key, nonce, sealed, aad)
