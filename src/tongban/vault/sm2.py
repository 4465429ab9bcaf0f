"""SM2 signatures and encryption (GM/T 0003-2012, GB/T 32918): by libcrypto, or in pure Python where it lacks SM2."""

from __future__ import annotations

from functools import cache
from typing import Protocol

from tongban.vault.sm2_gmssl import GmsslBackend
from tongban.vault.sm2_libcrypto import LacksSm2Error, LibcryptoBackend

ALGORITHM = "sm2sm3"
# The default user id of GM/T 0009-2012 §10: both sides of a signature must use the same one.
DEFAULT_ID = b"1234567812345678"
# GM/T 0003.5-2012 annex A.2: checked once before a backend is trusted.
_KNOWN_PUBLIC = bytes.fromhex(
    "3059301306072a8648ce3d020106082a811ccf5501822d034200"
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
_KNOWN_SIGNATURE = bytes.fromhex(
    "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)


class PublicKey(Protocol):
    """A loaded public key; may be shared between threads."""

    def verify(self, message: bytes, signature: bytes, user_id: bytes) -> bool: ...

    def encrypt(self, plaintext: bytes) -> bytes: ...


class PrivateKey(Protocol):
    """A loaded private key; may be shared between threads."""

    def sign(self, message: bytes, user_id: bytes) -> bytes: ...

    def decrypt(self, ciphertext: bytes) -> bytes: ...


class Backend(Protocol):
    """One way to compute SM2."""

    @property
    def name(self) -> str: ...

    def load_public(self, der: bytes) -> PublicKey: ...

    def load_private(self, der: bytes) -> PrivateKey: ...

    def generate(self) -> tuple[bytes, bytes]: ...


def choose_backend(libraries: tuple[str, ...] = ()) -> Backend:
    """libcrypto where it verifies the published signature and refuses a changed message, else pure Python."""
    try:
        fast = LibcryptoBackend(libraries)
        return fast if _knows_the_vector(fast) else GmsslBackend()
    except LacksSm2Error:
        return GmsslBackend()


@cache
def _backend() -> Backend:
    return choose_backend()


def backend_name() -> str:
    """What computes SM2 here, for `doctor`: `libcrypto (…)` or `gmssl (pure Python)`."""
    return _backend().name


def generate() -> tuple[bytes, bytes]:
    """A fresh key pair: private key (PKCS #8 DER), public key (SubjectPublicKeyInfo DER)."""
    return _backend().generate()


def load_public(der: bytes) -> PublicKey:
    """A public key ready for use; raises `ValueError` for another kind of key or a point off the curve."""
    return _backend().load_public(der)


def load_private(der: bytes) -> PrivateKey:
    """A private key ready for use; raises `ValueError` for another kind of key."""
    return _backend().load_private(der)


def sign(private_der: bytes, message: bytes, user_id: bytes = DEFAULT_ID) -> bytes:
    """A signature over `message` in DER; for many signatures load the key once."""
    return load_private(private_der).sign(message, user_id)


def verify(public_der: bytes, message: bytes, signature: bytes, user_id: bytes = DEFAULT_ID) -> bool:
    """Whether `signature` is good; `False` for any malformed signature, `ValueError` for a malformed key."""
    return load_public(public_der).verify(message, signature, user_id)


def encrypt(public_der: bytes, plaintext: bytes) -> bytes:
    """SM2 ciphertext (DER, GM/T 0009); meant for keys, not for documents."""
    return load_public(public_der).encrypt(plaintext)


def decrypt(private_der: bytes, ciphertext: bytes) -> bytes:
    """The plaintext; raises `ValueError` when the ciphertext was changed or made for another key."""
    return load_private(private_der).decrypt(ciphertext)


def _knows_the_vector(backend: Backend) -> bool:
    key = backend.load_public(_KNOWN_PUBLIC)
    good = key.verify(b"message digest", _KNOWN_SIGNATURE, DEFAULT_ID)
    return good and not key.verify(b"another message", _KNOWN_SIGNATURE, DEFAULT_ID)
