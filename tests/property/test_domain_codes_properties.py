"""Unit codes, numbers and canonical bytes hold for all values, not for examples only."""

from __future__ import annotations

import json
import unicodedata
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tongban.domain import numbering
from tongban.domain.canonical import canonical_json
from tongban.domain.errors import InvalidInput
from tongban.domain.identity import check_id18, check_uscc, mask_id, mask_name, mask_phone, uscc_check_character
from tongban.domain.unit_code import USE_LETTERS, UnitCodeParts, parse_unit_code

TEXT = st.text(st.characters(codec="utf-8"), max_size=30)


@st.composite
def unit_codes(draw: st.DrawFn) -> str:
    use = USE_LETTERS[draw(st.sampled_from(sorted(USE_LETTERS)))]
    fixture = draw(st.sampled_from(use.fixtures))
    fixture_no = "00000000" if fixture == "W" else f"{draw(st.integers(1, 99_999_999)):08d}"
    places = f"{draw(st.integers(0, 999_999)):06d}{draw(st.integers(0, 999_999)):06d}"
    parcel = f"{draw(st.sampled_from(use.ownership))}{use.letter}{draw(st.integers(1, 99_999)):05d}"
    return places + parcel + fixture + fixture_no


@given(unit_codes())
def test_a_unit_code_round_trips_through_its_parts_and_its_written_form(code: str) -> None:
    parts = parse_unit_code(code)

    assert parts.code == code
    assert parse_unit_code(parts.grouped) == parts
    assert parse_unit_code(parts.grouped.lower()) == parts
    assert isinstance(parts, UnitCodeParts)


@given(unit_codes(), st.integers(0, 27), st.characters(codec="ascii"))
def test_a_changed_unit_code_is_refused_or_another_code_never_the_same(code: str, place: int, letter: str) -> None:
    changed = code[:place] + letter + code[place + 1 :]
    try:
        parts = parse_unit_code(changed)
    except InvalidInput:
        return
    assert (parts.code == code) == (changed.upper() == code)


@given(st.integers(1, 9_999_999), st.integers(1949, 2100), st.sampled_from(["滑县", "郑州市", "巩义市"]))
def test_a_certificate_number_reads_back_as_written(seq: int, year: int, name: str) -> None:
    parts = numbering.parse_certificate_no(numbering.certificate_no(year, name, seq))

    assert (parts.year, parts.registry_zh, int(parts.serial), parts.is_proof) == (year, name, seq, False)
    assert numbering.parse_certificate_no(numbering.proof_no(year, name, seq)).is_proof


@given(st.integers(410000, 419999), st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(0, 999_999))
def test_case_and_application_numbers_are_what_they_claim(division: int, day: date, seq: int) -> None:
    assert numbering.is_case_no(numbering.case_no(str(division), day, seq))
    assert numbering.is_application_no(numbering.application_no(str(division), day, seq))


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=32), st.integers(1, 999))
def test_a_licence_identifier_reads_back_and_one_changed_letter_is_noticed(serial: str, version: int) -> None:
    made = numbering.licence_identifier("11100000MB03271699022", "114105260056789022", serial, version)

    assert numbering.parse_licence_identifier(made.text) == made
    wrong = serial[:-1] + ("1" if serial[-1] == "0" else "0")
    other = numbering.licence_identifier("11100000MB03271699022", "114105260056789022", wrong, version)
    assert other.text[-1] != made.text[-1]


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(100000, 999999), st.integers(0, 999))
def test_exactly_one_last_character_fits_an_id_number(born: date, area: int, order: int) -> None:
    first17 = f"{area}{born:%Y%m%d}{order:03d}"

    assert sum(check_id18(first17 + last) is None for last in "0123456789X") == 1


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9), st.integers(100000, 999999))
def test_exactly_one_last_character_fits_a_credit_code(organ: str, area: int) -> None:
    first17 = f"91{area}{organ}"

    assert check_uscc(first17 + uscc_check_character(first17)) is None
    assert sum(check_uscc(first17 + last) is None for last in "0123456789ABCDEFGHJKLMNPQRTUWXY") == 1


@given(TEXT)
def test_a_mask_keeps_the_length_and_hides_something(text: str) -> None:
    for mask in (mask_id, mask_name, mask_phone):
        masked = mask(text)
        assert len(masked) == len(text)
        if len(text) > 2:
            assert "*" in masked


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def nfc(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [nfc(item) for item in value]
    if isinstance(value, dict):
        return {nfc(key): nfc(item) for key, item in value.items()}
    return value


def keys_stay_apart(value: object) -> bool:
    if isinstance(value, list):
        return all(keys_stay_apart(item) for item in value)
    if isinstance(value, dict):
        apart = len({unicodedata.normalize("NFC", key) for key in value}) == len(value)
        return apart and all(keys_stay_apart(item) for item in value.values())
    return True


@given(plain.filter(keys_stay_apart))
def test_canonical_bytes_are_stable_nfc_and_lose_nothing(value: object) -> None:
    written = canonical_json(value)
    read = json.loads(written)

    assert read == nfc(value)
    assert canonical_json(read) == written
    text = written.decode("utf-8")
    assert unicodedata.is_normalized("NFC", text) or any(unicodedata.combining(c) for c in text)


@given(st.dictionaries(TEXT, st.integers(), min_size=2, max_size=6).filter(keys_stay_apart))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    backwards = dict(reversed(list(value.items())))

    assert canonical_json(backwards) == canonical_json(value)
