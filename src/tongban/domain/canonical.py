"""One value, one sequence of bytes: the JSON that is hashed and signed."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping

DEEPEST = 64  # nesting nobody needs; a deeper value is an attack or a mistake


def canonical_json(value: object) -> bytes:
    """UTF-8 JSON with sorted keys, no blanks and NFC text.

    Accepts None, bool, int, str, list, tuple and mappings with text keys.  Floats, bytes and all else raise
    TypeError; two keys that become one under NFC, lone surrogates and over-deep nesting raise ValueError.  Equal
    values give equal bytes, on every machine and Python.
    """
    return json.dumps(_plain(value, 0), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def _plain(value: object, depth: int) -> object:
    if depth > DEEPEST:
        raise ValueError(f"nested deeper than {DEEPEST}")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        return _plain_mapping(value, depth)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _plain_mapping(value: Mapping[object, object], depth: int) -> dict[str, object]:
    plain: dict[str, object] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError(f"key of type {type(key).__name__} has no canonical form")
        name = unicodedata.normalize("NFC", key)
        if name in plain:
            raise ValueError(f"two keys become {name!r} in NFC")
        plain[name] = _plain(item, depth + 1)
    return plain
