"""The unit code of GB/T 37346: worked examples, and what must be refused."""

from __future__ import annotations

import pytest

from tongban.domain.errors import InvalidInput
from tongban.domain.unit_code import parse_unit_code

FLAT = "410526001002GB00015F00030027"


def test_a_flat_of_huaxian_is_read_into_its_parts() -> None:
    parts = parse_unit_code(FLAT)

    assert (parts.county, parts.cadastral_area, parts.cadastral_subarea) == ("410526", "001", "002")
    assert (parts.ownership_zh, parts.use_zh, parts.parcel_no) == ("国家所有", "建设用地使用权（地表）", "00015")
    assert (parts.fixture, parts.fixture_no) == ("F", "00030027")
    assert parts.parcel_code == "410526001002GB00015"
    assert parts.building_code == "410526001002GB00015F0003"
    assert parts.grouped == "410526 001002 GB00015 F00030027"
    assert not (parts.is_collective or parts.is_land_only or parts.is_virtual or parts.is_whole_project)


@pytest.mark.parametrize(
    "typed",
    [
        "410526 001002 GB00015 F00030027",
        "410526001002gb00015f00030027",
        "４１０５２６００１００２ＧＢ０００１５Ｆ０００３００２７",
    ],
)
def test_a_code_typed_in_groups_small_letters_or_full_width_is_the_same_code(typed: str) -> None:
    assert parse_unit_code(typed).code == FLAT


def test_bare_land_is_land_only() -> None:
    assert parse_unit_code("410526003001GB00008W00000000").is_land_only


def test_all_buildings_of_a_project_can_be_one_unit() -> None:
    assert parse_unit_code("410526002003GB00021F99990001").is_whole_project


def test_a_rural_house_is_collective() -> None:
    assert parse_unit_code("410526101004JC00123F00010001").is_collective


def test_a_code_without_cadastral_area_is_virtual_but_reads() -> None:
    assert parse_unit_code("410526000000GB00015F00030027").is_virtual


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("410526001002GB00015F0003002", "28位"),
        ("410526001002GB00015F000300277", "28位"),
        ("41052A001002GB00015F00030027", "写法不对"),
        ("410526001002KB00015F00030027", "写法不对"),
        ("410526001002GI00015F00030027", "写法不对"),
        ("410526001002GB00000F00030027", "写法不对"),
        ("410526001002GB00015W00030027", "最后9位"),
        ("410526001002GB00015F00000000", "最后9位"),
        ("410526001002GA00015W00000000", "第13、14位"),
        ("410526001002ZB00015F00030027", "第13、14位"),
        ("410526001002JD00015F00030027", "第20位"),
        ("410526001002GB00015L00030027", "第20位"),
        ("٤١٠٥٢٦001002GB00015F00030027"[:28], "不对"),
    ],
)
def test_a_wrong_code_is_refused_with_words_that_say_where(wrong: str, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_unit_code(wrong)

    (problem,) = caught.value.problems
    assert problem.field == "unit_code"
    assert words in problem.what_zh
    assert problem.cure_zh
