"""DER forms of SM2 keys, signatures and ciphertexts, once for every backend (GM/T 0009, RFC 5480, RFC 5958)."""

from __future__ import annotations

from dataclasses import dataclass

SCALAR_BYTES = 32
POINT_BYTES = 65
# SEQUENCE { id-ecPublicKey, curve sm2p256v1 (1.2.156.10197.1.301) }
_ALGORITHM = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d")
_PUBLIC_HEAD = b"\x30\x59" + _ALGORITHM + b"\x03\x42\x00"
_EC_HEAD = b"\x30\x6b\x02\x01\x01\x04\x20"
_EC_PUBLIC_HEAD = b"\xa1\x44\x03\x42\x00"
_PRIVATE_HEAD = b"\x30\x81\x87\x02\x01\x00" + _ALGORITHM + b"\x04\x6d" + _EC_HEAD
_INTEGER, _OCTETS, _SEQUENCE = 0x02, 0x04, 0x30


@dataclass(frozen=True, slots=True)
class Ciphertext:
    """The four parts of an SM2 ciphertext (GM/T 0009 §7.2): point, digest C3, masked text C2."""

    x: int
    y: int
    digest: bytes
    masked: bytes


def public_der(point: bytes) -> bytes:
    """SubjectPublicKeyInfo of an uncompressed point (`04 || x || y`)."""
    assert len(point) == POINT_BYTES and point[0] == 4, "an SM2 public key is an uncompressed point of 65 bytes"
    return _PUBLIC_HEAD + point


def public_point(der: bytes) -> bytes:
    """The 65-byte point inside a SubjectPublicKeyInfo; any other form of key raises `ValueError`."""
    if len(der) != len(_PUBLIC_HEAD) + POINT_BYTES or not der.startswith(_PUBLIC_HEAD + b"\x04"):
        raise ValueError("not an SM2 public key with an uncompressed point")
    return der[len(_PUBLIC_HEAD) :]


def private_der(scalar: int, point: bytes) -> bytes:
    """PKCS #8 form of a private key, public point included."""
    assert len(point) == POINT_BYTES and point[0] == 4, "an SM2 public key is an uncompressed point of 65 bytes"
    return _PRIVATE_HEAD + scalar.to_bytes(SCALAR_BYTES, "big") + _EC_PUBLIC_HEAD + point


def private_parts(der: bytes) -> tuple[int, bytes]:
    """Scalar and public point of a key written by `private_der`; any other form raises `ValueError`."""
    middle = len(_PRIVATE_HEAD) + SCALAR_BYTES
    point_at = middle + len(_EC_PUBLIC_HEAD)
    is_ours = der.startswith(_PRIVATE_HEAD) and der[middle:point_at] == _EC_PUBLIC_HEAD
    if not is_ours or len(der) != point_at + POINT_BYTES:
        raise ValueError("not an SM2 private key in PKCS #8 form")
    return int.from_bytes(der[len(_PRIVATE_HEAD) : middle], "big"), der[point_at:]


def signature_der(r: int, s: int) -> bytes:
    """SEQUENCE { r INTEGER, s INTEGER } (GM/T 0009 §7.3)."""
    return _element(_SEQUENCE, _integer(r) + _integer(s))


def signature_parts(der: bytes) -> tuple[int, int]:
    """r and s of a signature in strict DER; a second encoding of the same numbers raises `ValueError`."""
    body, rest = _take(_SEQUENCE, der)
    r, body = _take(_INTEGER, body)
    s, body = _take(_INTEGER, body)
    numbers = int.from_bytes(r, "big"), int.from_bytes(s, "big")
    if rest or body or signature_der(*numbers) != der:
        raise ValueError("not a signature in DER")
    return numbers


def ciphertext_der(parts: Ciphertext) -> bytes:
    """SEQUENCE { x INTEGER, y INTEGER, digest OCTET STRING, masked OCTET STRING }."""
    octets = _element(_OCTETS, parts.digest) + _element(_OCTETS, parts.masked)
    return _element(_SEQUENCE, _integer(parts.x) + _integer(parts.y) + octets)


def ciphertext_parts(der: bytes) -> Ciphertext:
    """The parts of an SM2 ciphertext; anything malformed raises `ValueError`."""
    body, rest = _take(_SEQUENCE, der)
    x, body = _take(_INTEGER, body)
    y, body = _take(_INTEGER, body)
    digest, body = _take(_OCTETS, body)
    masked, body = _take(_OCTETS, body)
    if rest or body:
        raise ValueError("bytes follow the ciphertext")
    return Ciphertext(int.from_bytes(x, "big"), int.from_bytes(y, "big"), digest, masked)


def _integer(value: int) -> bytes:
    length = value.bit_length() // 8 + 1
    return _element(_INTEGER, value.to_bytes(length, "big"))


def _element(tag: int, body: bytes) -> bytes:
    size = len(body)
    if size < 0x80:
        return bytes((tag, size)) + body
    width = (size.bit_length() + 7) // 8
    return bytes((tag, 0x80 | width)) + size.to_bytes(width, "big") + body


def _take(tag: int, data: bytes) -> tuple[bytes, bytes]:
    """Body of the first element and what follows it."""
    if len(data) < 2 or data[0] != tag:
        raise ValueError("not the DER element expected here")
    size, start = data[1], 2
    if size & 0x80:
        width = size & 0x7F
        start += width
        if not 1 <= width <= 4 or len(data) < start:
            raise ValueError("a DER length that is not allowed here")
        size = int.from_bytes(data[2:start], "big")
    if len(data) < start + size:
        raise ValueError("a DER element is cut short")
    return data[start : start + size], data[start + size :]
