"""The one byte form of a value."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tongban.domain.canonical import DEEPEST, canonical_json
from tongban.domain.terms import Cause


def test_keys_are_sorted_blanks_are_gone_and_chinese_stays() -> None:
    assert canonical_json({"b": [1, True, None], "a": "滑县"}) == '{"a":"滑县","b":[1,true,null]}'.encode()


def test_text_and_keys_are_nfc() -> None:
    assert canonical_json({"e\u0301": "e\u0301"}) == '{"é":"é"}'.encode()


def test_enum_text_is_its_value() -> None:
    assert canonical_json([Cause.SALE]) == b'["sale"]'


@pytest.mark.parametrize("value", [1.0, float("nan"), Decimal("1"), Fraction(1, 2), b"x", {1}, {1: "a"}, object()])
def test_what_has_no_one_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json({"deep": [value]})


def test_two_keys_that_become_one_are_refused() -> None:
    with pytest.raises(ValueError, match="NFC"):
        canonical_json({"é": 1, "e\u0301": 2})


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        canonical_json("\ud800")


def test_a_value_without_end_is_refused() -> None:
    value: list[object] = []
    value.append(value)
    with pytest.raises(ValueError, match="deeper"):
        canonical_json(value)
    deep: object = "x"
    for _ in range(DEEPEST):
        deep = [deep]
    assert canonical_json(deep).startswith(b"[[")
