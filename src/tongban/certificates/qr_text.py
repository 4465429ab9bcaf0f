"""The text of a certificate's QR code: payload, signatures and proof, packed tightly and guarded against every change.

Layout: `TB1:` and base45 (RFC 9285, which a QR code stores in its dense alphanumeric mode) of
    lengths and parts in turn: payload, newline, algorithm, blank, key id (zlib with a preset dictionary)
    | payload signature | head signature | path,
    and the first eight bytes of the SM3 of all that.
The digest is no protection against forgers, the signatures are; it makes an altered scan fail at once and always.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from itertools import groupby

import segno

from tongban.vault.sm3 import DIGEST_BYTES, same, sm3

PREFIX = "TB1:"
TEXT_CHARACTERS_MAX = 4296  # what the largest QR code holds in alphanumeric mode at the lowest correction level
HASH_BYTES = DIGEST_BYTES
_GUARD_BYTES = 8
_PAYLOAD_BYTES_MAX = 4096
_PATH_HASHES_MAX = 64
_QUIET_MODULES = 4
# Signatures and hashes look like noise under any mask; trying all eight would take three quarters of the time.
_MASK = 3
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}
# Words that nearly every payload contains; changing this text changes the format.
_DICTIONARY = (
    '","version":1}\nsm2sm3 registry-41","unit_code":"41GB000F000","registry":"registry-41","kind":"certificate","'
    '"issued_at":"202+00:00","identifier":"1.2.156.3005.2.11100000MB03271699022.41.202Z00.001."holders_commitment":"'
    '","holder_zh":"**"},"head":{"algorithm":"sm2sm3","at":"202T+00:00","key_id":"registry-41.","root":"","size":'
    '"format":"tongban-licence-1","entry":{"hash":"","ledger":"ledger-41","seq":},"content_commitment":"'
    '{"certificate_no":"豫（2026）县不动产权第000号","'
).encode()


class UnreadableTextError(ValueError):
    """The text is not a whole, unaltered code of this product."""


@dataclass(frozen=True, slots=True)
class Packed:
    """What a code carries: canonical payload, key and signature over it, the head's signature, the path of hashes."""

    payload: bytes
    algorithm: str
    key_id: str
    signature: bytes
    head_signature: bytes
    path: tuple[bytes, ...]


def pack(packed: Packed) -> str:
    """The text to be drawn; the same content gives the same text with the same zlib."""
    shrinker = zlib.compressobj(9, zlib.DEFLATED, 15, zdict=_DICTIONARY)
    said = packed.payload + f"\n{packed.algorithm} {packed.key_id}".encode()
    parts = (shrinker.compress(said) + shrinker.flush(), packed.signature, packed.head_signature, b"".join(packed.path))
    body = b"".join(len(part).to_bytes(2, "big") + part for part in parts)
    return PREFIX + _base45(body + sm3(body)[:_GUARD_BYTES])


def unpack(text: str) -> Packed:
    """Read a code; raises `UnreadableTextError` when any character of it was changed, lost or added."""
    if not text.startswith(PREFIX) or len(text) > TEXT_CHARACTERS_MAX:
        raise UnreadableTextError("not a code of this product")
    raw = _from_base45(text.removeprefix(PREFIX))
    body, guard = raw[:-_GUARD_BYTES], raw[-_GUARD_BYTES:]
    if len(guard) != _GUARD_BYTES or not same(sm3(body)[:_GUARD_BYTES], guard):
        raise UnreadableTextError("the code was altered")
    parts = _parts(body)
    if len(parts) != 4 or len(parts[3]) % DIGEST_BYTES or len(parts[3]) > DIGEST_BYTES * _PATH_HASHES_MAX:
        raise UnreadableTextError("the code has the wrong parts")
    hashes = parts[3]
    path = tuple(hashes[at : at + DIGEST_BYTES] for at in range(0, len(hashes), DIGEST_BYTES))
    payload, _, signed_with = _grown(parts[0]).rpartition(b"\n")
    algorithm, _, key_id = signed_with.decode("ascii", "replace").partition(" ")
    return Packed(payload, algorithm, key_id, parts[1], parts[2], path)


def draw(text: str) -> tuple[str, str]:
    """The code as SVG, and its designator (“24-L”: version and correction level)."""
    code, runs = _code(text), []
    for y, row in enumerate(code.matrix, _QUIET_MODULES):
        x = _QUIET_MODULES
        for is_dark, same_colour in groupby(row):
            width = sum(1 for _ in same_colour)
            if is_dark:
                runs.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    side = len(code.matrix) + 2 * _QUIET_MODULES
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{"".join(runs)}"/></svg>'
    return svg, str(code.designator)


def modules(text: str) -> int:
    """Modules along one side with the quiet zone: the printed side divided by this is the size of one module."""
    return int(_code(text).symbol_size(border=_QUIET_MODULES)[0])


def _code(text: str) -> segno.QRCode:
    return segno.make(text, error="l", mode="alphanumeric", mask=_MASK, boost_error=True, micro=False)


def _grown(data: bytes) -> bytes:
    grower = zlib.decompressobj(15, zdict=_DICTIONARY)
    try:
        grown = grower.decompress(data, _PAYLOAD_BYTES_MAX)
    except zlib.error:
        raise UnreadableTextError("the payload cannot be unpacked") from None
    if not grower.eof or grower.unused_data:
        raise UnreadableTextError("the payload is too long or cut short")
    return grown


def _parts(body: bytes) -> list[bytes]:
    parts, at = [], 0
    while at < len(body):
        end = at + 2 + int.from_bytes(body[at : at + 2], "big")
        if at + 2 > len(body) or end > len(body):
            raise UnreadableTextError("the code is cut short")
        parts.append(body[at + 2 : end])
        at = end
    return parts


def _base45(data: bytes) -> str:
    letters = []
    for at in range(0, len(data) - 1, 2):
        rest, low = divmod(data[at] * 256 + data[at + 1], 45)
        high, middle = divmod(rest, 45)
        letters += [_LETTERS[low], _LETTERS[middle], _LETTERS[high]]
    if len(data) % 2:
        high, low = divmod(data[-1], 45)
        letters += [_LETTERS[low], _LETTERS[high]]
    return "".join(letters)


def _from_base45(text: str) -> bytes:
    if len(text) % 3 == 1 or any(letter not in _VALUES for letter in text):
        raise UnreadableTextError("not base45")
    data = bytearray()
    for at in range(0, len(text), 3):
        values = [_VALUES[letter] for letter in text[at : at + 3]]
        number = sum(value * 45**place for place, value in enumerate(values))
        width = 2 if len(values) == 3 else 1
        if number >= 256**width:
            raise UnreadableTextError("not base45")
        data += number.to_bytes(width, "big")
    return bytes(data)
