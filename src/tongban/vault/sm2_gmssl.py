"""SM2 in pure Python on the curve arithmetic of `gmssl`: the fallback where libcrypto lacks SM2, and a test oracle.

Only the curve arithmetic is used.  gmssl's own `sign` and `encrypt` draw from a random generator that is not meant for
keys, its `decrypt` does not compare the digest, and its key parser strips leading zeros; all four are done here.
About thirty times slower than libcrypto and not constant in time: `doctor` says so.
"""

from __future__ import annotations

import secrets
from typing import Protocol, cast

from gmssl.sm2 import CryptSM2, default_ecc_table

from tongban.vault import sm2_der
from tongban.vault.sm3 import same, sm3

_N = int(default_ecc_table["n"], 16)
_P = int(default_ecc_table["p"], 16)
_A = int(default_ecc_table["a"], 16)
_B = int(default_ecc_table["b"], 16)
_G = bytes.fromhex(default_ecc_table["g"])
_WIDTH = sm2_der.SCALAR_BYTES
_TRIES_MAX = 64


class _CurveArithmetic(Protocol):
    def _kg(self, k: int, point: str, /) -> str | None: ...

    def _double_point(self, point: str, /) -> str: ...

    def _add_point(self, first: str, second: str, /) -> str: ...

    def _convert_jacb_to_nor(self, point: str, /) -> str | None: ...


_curve = cast(_CurveArithmetic, CryptSM2("", ""))


class GmsslPublicKey:
    """A public key as a checked point of the curve."""

    def __init__(self, der: bytes) -> None:
        point = sm2_der.public_point(der)
        _check_on_curve(point[1:])
        self._point = point[1:]

    def verify(self, message: bytes, signature: bytes, user_id: bytes) -> bool:
        """Whether `signature` (DER) is this key's over `message` under `user_id` (GM/T 0003.2 §7)."""
        try:
            r, s = sm2_der.signature_parts(signature)
        except ValueError:
            return False
        t = (r + s) % _N
        if not (1 <= r < _N and 1 <= s < _N and t):
            return False
        point = _add(_multiply(s, _G), _multiply(t, self._point))
        if point is None:
            return False
        return (_digest(self._point, message, user_id) + _x(point)) % _N == r

    def encrypt(self, plaintext: bytes) -> bytes:
        """SM2 ciphertext in the DER form of GM/T 0009 (GM/T 0003.4 §6)."""
        for _ in range(_TRIES_MAX):
            k = _random_scalar()
            first, shared = _multiply(k, _G), _multiply(k, self._point)
            mask = _mask(shared, len(plaintext))
            if any(mask) or not plaintext:
                digest = sm3(shared[:_WIDTH] + plaintext + shared[_WIDTH:])
                parts = sm2_der.Ciphertext(_x(first), _y(first), digest, _xor(plaintext, mask))
                return sm2_der.ciphertext_der(parts)
        raise ValueError("no usable random number")


class GmsslPrivateKey:
    """A private key as a scalar with its point."""

    def __init__(self, der: bytes) -> None:
        self._scalar, point = sm2_der.private_parts(der)
        self._point = point[1:]
        if not 1 <= self._scalar <= _N - 2 or _multiply(self._scalar, _G) != self._point:
            raise ValueError("the private and the public half do not belong together")

    def sign(self, message: bytes, user_id: bytes) -> bytes:
        """A signature (DER) over `message` with SM3 and Z_A of `user_id` (GM/T 0003.2 §6)."""
        for _ in range(_TRIES_MAX):
            signature = self.sign_with(_random_scalar(), message, user_id)
            if signature is not None:
                return signature
        raise ValueError("no usable random number")

    def sign_with(self, k: int, message: bytes, user_id: bytes) -> bytes | None:
        """The signature for one given random number, to reproduce published vectors; `None` asks for another."""
        r = (_digest(self._point, message, user_id) + _x(_multiply(k, _G))) % _N
        if r == 0 or r + k == _N:
            return None
        s = pow(1 + self._scalar, -1, _N) * (k - r * self._scalar) % _N
        return sm2_der.signature_der(r, s) if s else None

    def decrypt(self, ciphertext: bytes) -> bytes:
        """The plaintext; raises `ValueError` when it was changed or made for another key (GM/T 0003.4 §7)."""
        parts = sm2_der.ciphertext_parts(ciphertext)
        if not (0 <= parts.x < _P and 0 <= parts.y < _P):
            raise ValueError("a coordinate is out of range")
        first = parts.x.to_bytes(_WIDTH, "big") + parts.y.to_bytes(_WIDTH, "big")
        _check_on_curve(first)
        shared = _multiply(self._scalar, first)
        plaintext = _xor(parts.masked, _mask(shared, len(parts.masked)))
        if not same(sm3(shared[:_WIDTH] + plaintext + shared[_WIDTH:]), parts.digest):
            raise ValueError("the ciphertext does not open with this key")
        return plaintext


class GmsslBackend:
    """SM2 operations in pure Python."""

    name = "gmssl (pure Python)"

    def load_public(self, der: bytes) -> GmsslPublicKey:
        """Take a SubjectPublicKeyInfo; raises `ValueError` for any other key or a point off the curve."""
        return GmsslPublicKey(der)

    def load_private(self, der: bytes) -> GmsslPrivateKey:
        """Take a PKCS #8 private key as `generate` returns it."""
        return GmsslPrivateKey(der)

    def generate(self) -> tuple[bytes, bytes]:
        """A fresh key pair: PKCS #8 private form, SubjectPublicKeyInfo."""
        scalar = 1 + secrets.randbelow(_N - 2)
        point = b"\x04" + _multiply(scalar, _G)
        return sm2_der.private_der(scalar, point), sm2_der.public_der(point)


def _random_scalar() -> int:
    return 1 + secrets.randbelow(_N - 1)


def _multiply(k: int, point: bytes) -> bytes:
    result = _curve._kg(k, point.hex())
    assert result is not None, "a scalar below the order never gives the point at infinity"
    return bytes.fromhex(result)


def _add(left: bytes, right: bytes) -> bytes | None:
    """Sum of two points; `None` is the point at infinity."""
    jacobian = left.hex() + "1"
    total = _curve._double_point(jacobian) if left == right else _curve._add_point(jacobian, right.hex())
    result = _curve._convert_jacb_to_nor(total)
    return None if result is None else bytes.fromhex(result)


def _x(point: bytes) -> int:
    return int.from_bytes(point[:_WIDTH], "big")


def _y(point: bytes) -> int:
    return int.from_bytes(point[_WIDTH:], "big")


def _check_on_curve(point: bytes) -> None:
    x, y = _x(point), _y(point)
    if x >= _P or y >= _P or (y * y - (x * x * x + _A * x + _B)) % _P:
        raise ValueError("the point is not on the SM2 curve")


def _digest(point: bytes, message: bytes, user_id: bytes) -> int:
    """SM3(Z_A || M) as a number; Z_A binds the signer's id, the curve and the public key."""
    bits = (len(user_id) * 8).to_bytes(2, "big")
    curve = _A.to_bytes(_WIDTH, "big") + _B.to_bytes(_WIDTH, "big") + _G
    return int.from_bytes(sm3(sm3(bits + user_id + curve + point) + message), "big")


def _mask(shared: bytes, size: int) -> bytes:
    """`size` bytes of the SM2 key derivation function over the shared point (GM/T 0003.4 §5.4.3)."""
    rounds = -(-size // 32)
    return b"".join(sm3(shared + counter.to_bytes(4, "big")) for counter in range(1, rounds + 1))[:size]


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
