"""Plain JSON in and out of values: the narrow helpers every `to_wire` and `from_wire` uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, cast

Wire: TypeAlias = dict[str, object]  # JSON of str, int, bool, None, list and dict; never a float


def as_mapping(value: object) -> Mapping[str, object]:
    """The value as a JSON object, or TypeError."""
    if not isinstance(value, Mapping):
        raise TypeError(f"expected a JSON object, got {type(value).__name__}")
    return cast("Mapping[str, object]", value)


def as_mappings(value: object) -> tuple[Mapping[str, object], ...]:
    """The value as a list of JSON objects, or TypeError."""
    return tuple(as_mapping(item) for item in as_list(value))


def as_list(value: object) -> tuple[object, ...]:
    """The value as a JSON list, or TypeError."""
    if not isinstance(value, list | tuple):
        raise TypeError(f"expected a JSON list, got {type(value).__name__}")
    return tuple(value)


def as_text(value: object) -> str:
    """The value as JSON text, or TypeError."""
    if not isinstance(value, str):
        raise TypeError(f"expected text, got {type(value).__name__}")
    return value


def as_number(value: object) -> int:
    """The value as a whole JSON number, or TypeError."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"expected a whole number, got {type(value).__name__}")
    return value


def as_truth(value: object) -> bool:
    """The value as JSON true or false, or TypeError."""
    if not isinstance(value, bool):
        raise TypeError(f"expected true or false, got {type(value).__name__}")
    return value
