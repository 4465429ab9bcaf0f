"""SM2: published vector, both backends against each other, and everything that must be refused."""

from __future__ import annotations

import gc
import threading

import pytest

from tongban.vault import sm2, sm2_der
from tongban.vault.sm2_gmssl import GmsslBackend
from tongban.vault.sm2_libcrypto import Libcrypto, LibcryptoBackend, LibcryptoPrivateKey, LibcryptoPublicKey

# GM/T 0003.5-2012 annex A.2 (= GB/T 32918.5-2017): private key, public key, random number, r and s.
SCALAR = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
POINT = bytes.fromhex(
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
RANDOM = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
MESSAGE = b"message digest"
ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123

FAST, PURE = LibcryptoBackend(), GmsslBackend()
BACKENDS = [pytest.param(FAST, id="libcrypto"), pytest.param(PURE, id="gmssl")]


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_published_signature_verifies(backend: sm2.Backend) -> None:
    key = backend.load_public(sm2_der.public_der(POINT))

    assert key.verify(MESSAGE, sm2_der.signature_der(R, S), sm2.DEFAULT_ID)


def test_the_published_random_number_gives_the_published_signature() -> None:
    key = PURE.load_private(sm2_der.private_der(SCALAR, POINT))

    assert key.sign_with(RANDOM, MESSAGE, sm2.DEFAULT_ID) == sm2_der.signature_der(R, S)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("message", "user_id"),
    [(b"message digesu", sm2.DEFAULT_ID), (b"", sm2.DEFAULT_ID), (MESSAGE, b"1234567812345679"), (MESSAGE, b"x")],
)
def test_the_published_signature_fits_no_other_message_or_id(
    backend: sm2.Backend, message: bytes, user_id: bytes
) -> None:
    key = backend.load_public(sm2_der.public_der(POINT))

    assert not key.verify(message, sm2_der.signature_der(R, S), user_id)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_signature_with_any_byte_flipped_is_refused(backend: sm2.Backend) -> None:
    key = backend.load_public(sm2_der.public_der(POINT))
    good = sm2_der.signature_der(R, S)
    positions = range(0, len(good), 1 if backend is FAST else 9)

    flipped = [good[:at] + bytes((good[at] ^ 1,)) + good[at + 1 :] for at in positions]

    assert [key.verify(MESSAGE, bad, sm2.DEFAULT_ID) for bad in flipped] == [False] * len(flipped)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("r", "s"), [(0, S), (R, 0), (R, S + ORDER), (R + ORDER, S), (S, R), (R, ORDER - R)])
def test_a_signature_with_numbers_out_of_range_is_refused(backend: sm2.Backend, r: int, s: int) -> None:
    key = backend.load_public(sm2_der.public_der(POINT))

    assert not key.verify(MESSAGE, sm2_der.signature_der(r, s), sm2.DEFAULT_ID)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "junk", [b"", b"\x30", b"\x30\x00", b"not der at all", b"\x30\x84\xff\xff\xff\xff", b"\x00" * 72]
)
def test_junk_in_place_of_a_signature_is_refused_without_an_error(backend: sm2.Backend, junk: bytes) -> None:
    key = backend.load_public(sm2_der.public_der(POINT))

    assert not key.verify(MESSAGE, junk, sm2.DEFAULT_ID)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_second_encoding_of_the_same_signature_is_refused(backend: sm2.Backend) -> None:
    key = backend.load_public(sm2_der.public_der(POINT))
    good = sm2_der.signature_der(R, S)

    assert not key.verify(MESSAGE, good + b"\x00", sm2.DEFAULT_ID)
    assert not key.verify(MESSAGE, b"\x30\x81" + good[1:], sm2.DEFAULT_ID)


@pytest.mark.parametrize("maker", BACKENDS)
@pytest.mark.parametrize("taker", BACKENDS)
def test_what_one_backend_signs_the_other_verifies_and_for_that_key_only(
    maker: sm2.Backend, taker: sm2.Backend
) -> None:
    private, public = maker.generate()
    _, stranger = taker.generate()

    signature = maker.load_private(private).sign(b"deed", sm2.DEFAULT_ID)

    assert taker.load_public(public).verify(b"deed", signature, sm2.DEFAULT_ID)
    assert not taker.load_public(stranger).verify(b"deed", signature, sm2.DEFAULT_ID)


@pytest.mark.parametrize("maker", BACKENDS)
@pytest.mark.parametrize("taker", BACKENDS)
@pytest.mark.parametrize("size", [1, 16, 300])
def test_what_one_backend_encrypts_the_other_decrypts(maker: sm2.Backend, taker: sm2.Backend, size: int) -> None:
    private, public = taker.generate()
    plaintext = bytes(range(256)) * 2

    sealed = maker.load_public(public).encrypt(plaintext[:size])

    assert taker.load_private(private).decrypt(sealed) == plaintext[:size]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_ciphertext_that_was_changed_or_is_for_another_key_does_not_open(backend: sm2.Backend) -> None:
    private, public = backend.generate()
    other, _ = backend.generate()
    sealed = backend.load_public(public).encrypt(b"sixteen byte key")

    for at in range(0, len(sealed), 1 if backend is FAST else 9):
        changed = sealed[:at] + bytes((sealed[at] ^ 1,)) + sealed[at + 1 :]
        with pytest.raises(ValueError):
            backend.load_private(private).decrypt(changed)
    with pytest.raises(ValueError):
        backend.load_private(other).decrypt(sealed)
    with pytest.raises(ValueError):
        backend.load_private(private).decrypt(sealed[:-1])


P256_KEY = bytes.fromhex(
    "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)
OFF_CURVE = sm2_der.public_der(POINT[:-1] + bytes((POINT[-1] ^ 1,)))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("der", [b"", P256_KEY, OFF_CURVE, sm2_der.public_der(POINT) + b"\x00"], ids=len)
def test_a_key_of_another_kind_or_off_the_curve_is_refused(backend: sm2.Backend, der: bytes) -> None:
    with pytest.raises(ValueError):
        backend.load_public(der)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_private_key_in_another_form_is_refused(backend: sm2.Backend) -> None:
    private, public = backend.generate()

    for der in (b"", public, private[:-1], private + b"\x00"):
        with pytest.raises(ValueError):
            backend.load_private(der)


def test_the_pure_backend_refuses_halves_that_do_not_belong_together() -> None:
    with pytest.raises(ValueError):
        PURE.load_private(sm2_der.private_der(SCALAR + 1, POINT))


def test_every_generated_key_and_signature_is_new() -> None:
    private, _ = sm2.generate()

    assert len({sm2.generate()[0] for _ in range(20)}) == 20
    assert len({sm2.sign(private, MESSAGE) for _ in range(20)}) == 20


def test_libcrypto_is_used_where_it_knows_sm2_and_gmssl_where_there_is_none() -> None:
    assert sm2.choose_backend().name.startswith("libcrypto (OpenSSL 3.")
    assert sm2.choose_backend(("libcrypto-of-nowhere.so.99",)).name == "gmssl (pure Python)"
    assert sm2.choose_backend(("libc.so.6",)).name == "gmssl (pure Python)"
    assert sm2.backend_name() == sm2.choose_backend().name


def test_one_key_serves_many_threads_at_once() -> None:
    private_der, public_der = sm2.generate()
    private, public = sm2.load_private(private_der), sm2.load_public(public_der)
    outcomes: list[bool] = []

    def work(number: int) -> None:
        for turn in range(40):
            message = b"%d/%d" % (number, turn)
            signature = private.sign(message, sm2.DEFAULT_ID)
            good = public.verify(message, signature, sm2.DEFAULT_ID)
            outcomes.append(good and not public.verify(message + b"!", signature, sm2.DEFAULT_ID))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == [True] * 320


class _Counting(Libcrypto):
    """A libcrypto that counts how often each function is called."""

    def __init__(self) -> None:
        self.calls: dict[str, int] = {}
        super().__init__()

    def call(self, name: str, *arguments: object) -> object:
        self.calls[name] = self.calls.get(name, 0) + 1
        return super().call(name, *arguments)


def test_everything_taken_from_libcrypto_is_given_back() -> None:
    library = _Counting()
    public = LibcryptoPublicKey(library, sm2_der.public_der(POINT))
    private = LibcryptoPrivateKey(library, sm2_der.private_der(SCALAR, POINT))
    assert public.verify(MESSAGE, private.sign(MESSAGE, sm2.DEFAULT_ID), sm2.DEFAULT_ID)
    assert not public.verify(MESSAGE, b"junk", sm2.DEFAULT_ID)
    assert private.decrypt(public.encrypt(b"key")) == b"key"
    with pytest.raises(ValueError):
        private.decrypt(b"junk")

    del public, private
    gc.collect()

    made = library.calls["EVP_PKEY_CTX_new"] + library.calls["EVP_PKEY_CTX_new_from_name"]
    assert library.calls["EVP_PKEY_CTX_free"] == made == 7
    assert library.calls["EVP_MD_CTX_free"] == library.calls["EVP_MD_CTX_new"] == 3
    assert library.calls["EVP_PKEY_free"] == library.calls["d2i_PUBKEY"] + library.calls["d2i_AutoPrivateKey"] == 2
    assert library.calls["ERR_clear_error"] == 2
