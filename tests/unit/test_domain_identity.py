"""Numbers of documents: published examples pass, one wrong letter does not; masks hide what they must."""

from __future__ import annotations

from datetime import date

import pytest

from tongban.domain.identity import (
    IdDocument,
    birth_day,
    check_bank_card,
    check_document,
    check_id18,
    check_name,
    check_phone,
    check_uscc,
    is_chinese_passport,
    is_mobile,
    mask_id,
    mask_name,
    mask_phone,
    modern_number,
    normal_name,
    normal_number,
)


@pytest.mark.parametrize("number", ["410526199001011237", "410526198812120029", "810000199003070015"])
def test_a_right_id_number_passes(number: str) -> None:
    assert check_id18(number) is None


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("410526199001011238", "校验位"),
        ("410526199002301235", "出生日期"),
        ("41052619900101123", "18位，现在是17位"),
        ("410526189001011237", "出生日期"),
        ("41052619900101123x", "最后一位是数字或字母X"),
        ("410526199013010018", "出生日期"),
        ("410526900101123", "现在是15位"),
    ],
)
def test_a_wrong_id_number_is_told_what_is_wrong(number: str, words: str) -> None:
    problem = check_id18(number)

    assert problem is not None
    assert words in problem.what_zh


def test_an_id_number_of_a_dead_area_code_still_passes() -> None:
    assert check_id18(_with_check("41030619850101001")) is None  # 吉利区 is gone since 2021


@pytest.mark.parametrize("number", ["91410526MA44000081", "114105260056789022", "11100000MB03271699"])
def test_a_right_credit_code_passes(number: str) -> None:
    assert check_uscc(number) is None


@pytest.mark.parametrize("number", ["91410526MA44000082", "91410526MA4400008I", "9141052", "91410526ma44000081"])
def test_a_wrong_credit_code_does_not_pass(number: str) -> None:
    assert check_uscc(number) is not None


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        (IdDocument.ID_CARD, "410526199001011237", "12345"),
        (IdDocument.HOUSEHOLD_REGISTER, "410526199001011237", "12345"),
        (IdDocument.RESIDENCE_PERMIT, "810000199003070015", "410526199001011237"),
        (IdDocument.HKMO_PASS, "H12345678", "K12345678"),
        (IdDocument.TAIWAN_PASS, "12345678", "1234567"),
        (IdDocument.PASSPORT, "E12345678", "E-1234"),
        (IdDocument.FOREIGNER_CARD, "USA410100123456", "USA4101"),
        (IdDocument.USCC, "91410526MA44000081", "91410526MA44000088"),
        (IdDocument.ORGANISATION_CODE, "005678902", "00567"),
        (IdDocument.OFFICER_CARD, "军字第001号", "军"),
        (IdDocument.OTHER, "甲001", "甲"),
    ],
)
def test_every_kind_of_document_has_its_own_check(kind: IdDocument, right: str, wrong: str) -> None:
    assert check_document(kind, right) is None
    assert check_document(kind, wrong) is not None
    assert check_document(kind, "") is not None


def test_a_new_card_of_a_foreigner_needs_its_check_character() -> None:
    right = _with_check("93300019850101001")

    assert check_document(IdDocument.FOREIGNER_CARD, right) is None
    assert check_document(IdDocument.FOREIGNER_CARD, right[:-1] + ("1" if right[-1] != "1" else "2")) is not None


def test_a_number_is_kept_half_width_upper_case_without_blanks() -> None:
    assert normal_number(" ４１０５２６ 19900101 123x ") == "41052619900101123X"


def test_a_name_keeps_its_dot_and_loses_its_outer_blanks() -> None:
    assert normal_name("  买买提·艾力  ") == "买买提·艾力"
    assert normal_name("John   Smith") == "John Smith"


def test_an_old_number_of_15_digits_is_the_same_person() -> None:
    assert modern_number("410526900101123") == "410526199001011237"
    assert modern_number("410526199001011237") == "410526199001011237"
    assert modern_number("USA410100123456") == "USA410100123456"


@pytest.mark.parametrize("name", ["", "   ", "王\x00明", "王\u200b明", "王\u202e明", "王" * 121])
def test_a_name_nobody_can_bear_is_refused(name: str) -> None:
    assert check_name(name) is not None


@pytest.mark.parametrize("name", ["王小明", "买买提·艾力", "河南某某置业有限公司（集团）", "𠮷田"])
def test_a_name_somebody_bears_is_accepted(name: str) -> None:
    assert check_name(name) is None


@pytest.mark.parametrize(("number", "right"), [("13800138000", True), ("0372-8112345", True), ("12345", False)])
def test_a_phone_is_a_mobile_or_a_fixed_line_with_area_code(number: str, right: bool) -> None:
    assert (check_phone(number) is None) is right


def test_only_a_mobile_gets_short_messages() -> None:
    assert is_mobile("13800138000")
    assert not is_mobile("0372-8112345")


def test_a_bank_card_passes_luhn() -> None:
    assert check_bank_card("6217002460000123453") is None
    assert check_bank_card("6217002460000123454") is not None


def test_a_chinese_passport_is_known_by_its_form() -> None:
    assert is_chinese_passport("EA1234567")
    assert not is_chinese_passport("EI1234567")


def test_the_day_of_birth_is_read_from_a_checked_number_only() -> None:
    assert birth_day(IdDocument.ID_CARD, "410526199001011237") == date(1990, 1, 1)
    assert birth_day(IdDocument.ID_CARD, "410526199001011238") is None
    assert birth_day(IdDocument.PASSPORT, "E12345678") is None


def test_masks_show_the_ends_only() -> None:
    assert mask_id("410526199001011237") == "410526********1237"
    assert mask_id("H12345678") == "H*******8"
    assert mask_id("") == ""
    assert mask_name("王小明") == "王**"
    assert mask_name("河南某某置业有限公司") == "河南******公司"
    assert mask_phone("13800138000") == "138****8000"
    assert mask_phone("12345") == "***45"


def _with_check(first17: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first17 + "10X98765432"[sum(int(c) * w for c, w in zip(first17, weights, strict=True)) % 11]
