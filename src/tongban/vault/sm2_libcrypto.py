"""SM2 by the system's libcrypto (OpenSSL 3) through ctypes: no compiler, and the interpreter lock is released.

A key object owns one `EVP_PKEY` and frees it when it is collected; contexts live for one call.  OpenSSL allows one
`EVP_PKEY` to be used by many threads, so key objects may be shared.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tongban.vault import sm2_der

_pointer = ctypes.c_void_p
_bytes = ctypes.c_char_p
_int = ctypes.c_int
_size = ctypes.c_size_t
_size_out = ctypes.POINTER(ctypes.c_size_t)
_bytes_in = ctypes.POINTER(ctypes.c_char_p)
_SIGNATURE_BYTES_MAX = 80

_PROTOTYPES: dict[str, tuple[Any, ...]] = {
    "OpenSSL_version": (_bytes, _int),
    "OPENSSL_version_major": (ctypes.c_uint,),
    "ERR_clear_error": (None,),
    "d2i_PUBKEY": (_pointer, _pointer, _bytes_in, ctypes.c_long),
    "d2i_AutoPrivateKey": (_pointer, _pointer, _bytes_in, ctypes.c_long),
    "EVP_PKEY_free": (None, _pointer),
    "EVP_PKEY_CTX_new": (_pointer, _pointer, _pointer),
    "EVP_PKEY_CTX_new_from_name": (_pointer, _pointer, _bytes, _bytes),
    "EVP_PKEY_CTX_free": (None, _pointer),
    "EVP_PKEY_CTX_set1_id": (_int, _pointer, _bytes, _size),
    "EVP_PKEY_keygen_init": (_int, _pointer),
    "EVP_PKEY_generate": (_int, _pointer, ctypes.POINTER(_pointer)),
    "EVP_PKEY_get_bn_param": (_int, _pointer, _bytes, ctypes.POINTER(_pointer)),
    "EVP_PKEY_get_octet_string_param": (_int, _pointer, _bytes, _bytes, _size, _size_out),
    "EVP_PKEY_encrypt_init": (_int, _pointer),
    "EVP_PKEY_encrypt": (_int, _pointer, _bytes, _size_out, _bytes, _size),
    "EVP_PKEY_decrypt_init": (_int, _pointer),
    "EVP_PKEY_decrypt": (_int, _pointer, _bytes, _size_out, _bytes, _size),
    "BN_bn2binpad": (_int, _pointer, _bytes, _int),
    "BN_clear_free": (None, _pointer),
    "EVP_sm3": (_pointer,),
    "EVP_MD_CTX_new": (_pointer,),
    "EVP_MD_CTX_free": (None, _pointer),
    "EVP_MD_CTX_set_pkey_ctx": (None, _pointer, _pointer),
    "EVP_DigestSignInit": (_int, _pointer, _pointer, _pointer, _pointer, _pointer),
    "EVP_DigestSign": (_int, _pointer, _bytes, _size_out, _bytes, _size),
    "EVP_DigestVerifyInit": (_int, _pointer, _pointer, _pointer, _pointer, _pointer),
    "EVP_DigestVerify": (_int, _pointer, _bytes, _size, _bytes, _size),
}


class LacksSm2Error(ImportError):
    """No libcrypto here, or one without SM2."""


class Libcrypto:
    """The functions of one loaded libcrypto, each with its C prototype."""

    def __init__(self, names: tuple[str, ...] = ()) -> None:
        library = _open(names or ("libcrypto.so.3", ctypes.util.find_library("crypto") or "libcrypto.so"))
        self._functions: dict[str, Callable[..., Any]] = {}
        try:
            for name, (result, *arguments) in _PROTOTYPES.items():
                function = getattr(library, name)
                function.restype, function.argtypes = result, arguments
                self._functions[name] = function
        except AttributeError as error:
            raise LacksSm2Error(f"this libcrypto lacks {error}") from None
        self.sm3: Any = self.call("EVP_sm3")
        if self.call("OPENSSL_version_major") < 3 or not self.sm3:
            raise LacksSm2Error("this libcrypto is older than 3.0 or was built without SM3")
        with self.context_of("EVP_PKEY_CTX_new_from_name", None, b"SM2", None):
            self.name = self.call("OpenSSL_version", 0).decode("ascii", "replace")

    def call(self, name: str, *arguments: Any) -> Any:
        """Call one libcrypto function and return what it returned."""
        return self._functions[name](*arguments)

    def must(self, name: str, *arguments: Any) -> None:
        """Call a function whose success is 1; anything else raises `ValueError`."""
        if self.call(name, *arguments) != 1:
            self.forget_errors()
            raise ValueError(f"libcrypto refused {name}")

    def forget_errors(self) -> None:
        # The error queue belongs to the thread, not to us: what we leave there would surface in the next TLS read.
        self.call("ERR_clear_error")

    @contextmanager
    def context_of(self, maker: str, *arguments: Any) -> Iterator[Any]:
        """An `EVP_PKEY_CTX` for one operation, freed afterwards."""
        context = self.call(maker, *arguments)
        if not context:
            self.forget_errors()
            raise LacksSm2Error(f"libcrypto refused {maker}")
        try:
            yield context
        finally:
            self.call("EVP_PKEY_CTX_free", context)

    @contextmanager
    def digest_context(self, initialize: str, key: Any, user_id: bytes) -> Iterator[Any]:
        """An `EVP_MD_CTX` set up for SM3 with Z_A of `user_id`, freed before the key context it points to."""
        with self.context_of("EVP_PKEY_CTX_new", key, None) as context:
            digest = self.call("EVP_MD_CTX_new")
            try:
                self.must("EVP_PKEY_CTX_set1_id", context, user_id, len(user_id))
                self.call("EVP_MD_CTX_set_pkey_ctx", digest, context)
                self.must(initialize, digest, None, self.sm3, None, key)
                yield digest
            finally:
                self.call("EVP_MD_CTX_free", digest)

    def load(self, reader: str, der: bytes) -> Any:
        """Parse a key; the caller owns the `EVP_PKEY` returned."""
        key = self.call(reader, None, ctypes.byref(ctypes.c_char_p(der)), len(der))
        if not key:
            self.forget_errors()
            raise ValueError("libcrypto does not take this as an SM2 key")
        return key

    def crypt(self, operation: str, key: Any, data: bytes) -> bytes:
        """Run `EVP_PKEY_encrypt` or `EVP_PKEY_decrypt` over `data`."""
        with self.context_of("EVP_PKEY_CTX_new", key, None) as context:
            self.must(operation + "_init", context)
            size = ctypes.c_size_t(0)
            self.must(operation, context, None, ctypes.byref(size), data, len(data))
            out = ctypes.create_string_buffer(max(size.value, 1))
            self.must(operation, context, out, ctypes.byref(size), data, len(data))
            return out.raw[: size.value]


class LibcryptoPublicKey:
    """A public key held by libcrypto."""

    def __init__(self, library: Libcrypto, der: bytes) -> None:
        sm2_der.public_point(der)
        self._library = library
        self._key = library.load("d2i_PUBKEY", der)
        weakref.finalize(self, library.call, "EVP_PKEY_free", self._key).atexit = False

    def verify(self, message: bytes, signature: bytes, user_id: bytes) -> bool:
        """Whether `signature` (DER) is this key's over `message` under `user_id`."""
        library = self._library
        with library.digest_context("EVP_DigestVerifyInit", self._key, user_id) as digest:
            is_good: bool = (
                library.call("EVP_DigestVerify", digest, signature, len(signature), message, len(message)) == 1
            )
        if not is_good:
            library.forget_errors()
        return is_good

    def encrypt(self, plaintext: bytes) -> bytes:
        """SM2 ciphertext in the DER form of GM/T 0009."""
        return self._library.crypt("EVP_PKEY_encrypt", self._key, plaintext)


class LibcryptoPrivateKey:
    """A private key held by libcrypto."""

    def __init__(self, library: Libcrypto, der: bytes) -> None:
        sm2_der.private_parts(der)
        self._library = library
        self._key = library.load("d2i_AutoPrivateKey", der)
        weakref.finalize(self, library.call, "EVP_PKEY_free", self._key).atexit = False

    def sign(self, message: bytes, user_id: bytes) -> bytes:
        """A signature (DER) over `message` with SM3 and Z_A of `user_id`."""
        library = self._library
        with library.digest_context("EVP_DigestSignInit", self._key, user_id) as digest:
            out = ctypes.create_string_buffer(_SIGNATURE_BYTES_MAX)
            size = ctypes.c_size_t(_SIGNATURE_BYTES_MAX)
            library.must("EVP_DigestSign", digest, out, ctypes.byref(size), message, len(message))
            return out.raw[: size.value]

    def decrypt(self, ciphertext: bytes) -> bytes:
        """The plaintext of an SM2 ciphertext; raises `ValueError` when it was changed or made for another key."""
        return self._library.crypt("EVP_PKEY_decrypt", self._key, ciphertext)


class LibcryptoBackend:
    """SM2 operations of one libcrypto."""

    def __init__(self, names: tuple[str, ...] = ()) -> None:
        self._library = Libcrypto(names)
        self.name = f"libcrypto ({self._library.name})"

    def load_public(self, der: bytes) -> LibcryptoPublicKey:
        """Take a SubjectPublicKeyInfo; raises `ValueError` for any other key or a point off the curve."""
        return LibcryptoPublicKey(self._library, der)

    def load_private(self, der: bytes) -> LibcryptoPrivateKey:
        """Take a PKCS #8 private key as `generate` returns it."""
        return LibcryptoPrivateKey(self._library, der)

    def generate(self) -> tuple[bytes, bytes]:
        """A fresh key pair: PKCS #8 private form, SubjectPublicKeyInfo."""
        library = self._library
        key, scalar = ctypes.c_void_p(), ctypes.c_void_p()
        with library.context_of("EVP_PKEY_CTX_new_from_name", None, b"SM2", None) as context:
            library.must("EVP_PKEY_keygen_init", context)
            library.must("EVP_PKEY_generate", context, ctypes.byref(key))
        try:
            point = ctypes.create_string_buffer(sm2_der.POINT_BYTES)
            size = ctypes.c_size_t(0)
            library.must("EVP_PKEY_get_octet_string_param", key, b"pub", point, len(point), ctypes.byref(size))
            library.must("EVP_PKEY_get_bn_param", key, b"priv", ctypes.byref(scalar))
            number = ctypes.create_string_buffer(sm2_der.SCALAR_BYTES)
            if library.call("BN_bn2binpad", scalar, number, len(number)) != len(number):
                raise ValueError("libcrypto returned a private key of the wrong size")
        finally:
            library.call("BN_clear_free", scalar)
            library.call("EVP_PKEY_free", key)
        return sm2_der.private_der(int.from_bytes(number.raw, "big"), point.raw), sm2_der.public_der(point.raw)


def _open(names: tuple[str, ...]) -> ctypes.CDLL:
    for name in names:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    raise LacksSm2Error("no libcrypto on this system")
