"""Properties of the vault's pure parts over generated input."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.test_vault_uploads import JPEG, PDF, PNG

from tongban.domain.errors import InvalidInput
from tongban.vault import sm2, sm2_der, sm4
from tongban.vault.uploads import NAME_CHARACTERS_MAX, check_upload, clean_name

NUMBERS = st.integers(min_value=0, max_value=2**256 - 1)
PRIVATE, PUBLIC = (sm2.generate() for _ in range(2))
SIGNER, READER = sm2.load_private(PRIVATE[0]), sm2.load_public(PRIVATE[1])
STRANGER = sm2.load_public(PUBLIC[1])


@given(NUMBERS, NUMBERS)
def test_a_signature_survives_its_encoding(r: int, s: int) -> None:
    assert sm2_der.signature_parts(sm2_der.signature_der(r, s)) == (r, s)


@given(NUMBERS, NUMBERS, st.binary(min_size=32, max_size=32), st.binary(max_size=70_000))
@settings(max_examples=50)
def test_a_ciphertext_survives_its_encoding(x: int, y: int, digest: bytes, masked: bytes) -> None:
    parts = sm2_der.Ciphertext(x, y, digest, masked)

    assert sm2_der.ciphertext_parts(sm2_der.ciphertext_der(parts)) == parts


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused_as_der_or_are_the_only_encoding(data: bytes) -> None:
    try:
        numbers = sm2_der.signature_parts(data)
    except ValueError:
        return
    assert sm2_der.signature_der(*numbers) == data


@given(st.binary(max_size=2_000))
def test_a_signature_holds_for_its_message_and_key_only(message: bytes) -> None:
    signature = SIGNER.sign(message, sm2.DEFAULT_ID)

    assert READER.verify(message, signature, sm2.DEFAULT_ID)
    assert not READER.verify(message + b"\x00", signature, sm2.DEFAULT_ID)
    assert not STRANGER.verify(message, signature, sm2.DEFAULT_ID)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_never_a_signature_nor_a_ciphertext(junk: bytes) -> None:
    assert not READER.verify(b"deed", junk, sm2.DEFAULT_ID)
    try:
        SIGNER.decrypt(junk)
    except ValueError:
        return
    raise AssertionError("junk was decrypted")


@given(st.binary(max_size=500), st.binary(max_size=50), st.binary(min_size=16, max_size=16))
def test_sealed_bytes_open_to_what_they_were_made_of(plaintext: bytes, aad: bytes, key: bytes) -> None:
    nonce = key[:12]

    assert sm4.decrypt(key, nonce, sm4.encrypt(key, nonce, plaintext, aad), aad) == plaintext


@given(st.text(max_size=300), st.sampled_from(["image/jpeg", "image/png", "application/pdf", "text/plain", ""]))
def test_a_cleaned_name_is_short_plain_and_stays_as_it_is(name: str, media_type: str) -> None:
    kept = clean_name(name, media_type)

    assert 1 <= len(kept) <= NAME_CHARACTERS_MAX
    assert not set(kept) & set('/\\<>:"|?*') and not kept.startswith((".", " "))
    assert all(unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in kept)
    assert clean_name(kept, media_type) == kept


@given(st.sampled_from([JPEG, PNG, PDF]), st.data())
@settings(max_examples=400, deadline=None)
def test_a_damaged_file_is_refused_in_words_or_taken_unchanged(whole: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(whole)))
    length = data.draw(st.integers(0, 40))
    damaged = whole[:start] + data.draw(st.binary(max_size=40)) + whole[start + length :]

    try:
        upload = check_upload(damaged, "", "scan")
    except InvalidInput as refused:
        assert refused.problems[0].cure_zh
    else:
        assert upload.data == damaged
