"""The 28-character code of a real-property unit (GB/T 37346-2019): read it, check it, write it in groups.

There is no check digit.  Positions in comments are 1-based, as in the standard.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tongban.domain.codes import UnitCode
from tongban.domain.errors import InvalidInput, Problem

_UNIT = re.compile(
    r"(?P<county>\d{6})(?P<cadastral_area>\d{3})(?P<cadastral_subarea>\d{3})(?P<ownership>[GJZ])"
    r"(?P<use>[ABSXCDEFLNHGWY])(?P<parcel_no>(?!00000)\d{5})"
    r"(?P<fixture>[FLQW])(?P<fixture_no>\d{8})",
    re.ASCII,
)

_LETTER_PLACES: Final = (13, 14, 20)

OWNERSHIP_ZH: Final[Mapping[str, str]] = MappingProxyType(
    {"G": "国家所有", "J": "集体所有", "Z": "所有权未确定或有争议"}
)
FIXTURE_ZH: Final[Mapping[str, str]] = MappingProxyType(
    {"F": "房屋等建筑物、构筑物", "L": "森林或林木", "Q": "其他定着物", "W": "无定着物"}
)


@dataclass(frozen=True, slots=True)
class UseLetter:
    """One value of position 14, with the ownership letters and fixture letters that may stand beside it."""

    letter: str
    name_zh: str
    ownership: str
    fixtures: str


_ANY = "FLQW"
USE_LETTERS: Final[Mapping[str, UseLetter]] = MappingProxyType(
    {
        row.letter: row
        for row in (
            UseLetter("A", "集体土地所有权", "J", "W"),
            UseLetter("B", "建设用地使用权（地表）", "GJ", "WFQ"),
            UseLetter("S", "建设用地使用权（地上）", "GJ", "WFQ"),
            UseLetter("X", "建设用地使用权（地下）", "GJ", "WFQ"),
            UseLetter("C", "宅基地使用权", "JG", "WFQ"),
            UseLetter("D", "土地承包经营权（耕地）", "JG", "W"),
            UseLetter("E", "土地承包经营权（林地）", "JG", "WLQ"),
            UseLetter("F", "土地承包经营权（草地）", "JG", "W"),
            UseLetter("L", "林地使用权", "GJ", "WLQ"),
            UseLetter("N", "农用地的使用权", "GJ", "W"),
            UseLetter("H", "海域使用权", "G", _ANY),
            UseLetter("G", "无居民海岛使用权", "G", _ANY),
            UseLetter("W", "使用权未确定或有争议", "GJZ", _ANY),
            UseLetter("Y", "其他使用权", "GJZ", _ANY),
        )
    }
)

NO_FIXTURE: Final = "W00000000"
PARCEL_CHARACTERS: Final = 19  # of a unit code up to and with the parcel
WHOLE_PROJECT: Final = "F99990001"  # all buildings of one parcel as one unit (项目内多幢)
VIRTUAL_AREA: Final = "000000"  # positions 7–12 of a placeholder for old data


@dataclass(frozen=True, slots=True)
class UnitCodeParts:
    """A well-formed unit code in its parts.  Make one with `parse_unit_code`."""

    county: str
    cadastral_area: str
    cadastral_subarea: str
    ownership: str
    use: str
    parcel_no: str
    fixture: str
    fixture_no: str

    @property
    def code(self) -> UnitCode:
        """The 28 characters without blanks, as stored."""
        return UnitCode(self.parcel_code + self.fixture + self.fixture_no)

    @property
    def parcel_code(self) -> str:
        """宗地代码: positions 1–19."""
        area = self.cadastral_area + self.cadastral_subarea
        return self.county + area + self.ownership + self.use + self.parcel_no

    @property
    def building_code(self) -> str:
        """自然幢号: positions 1–24; empty when the fixture is not a building."""
        return self.parcel_code + self.fixture + self.fixture_no[:4] if self.fixture == "F" else ""

    @property
    def grouped(self) -> str:
        """The written form: “410526 001002 GB00015 F00030027”."""
        code = self.code
        return f"{code[:6]} {code[6:12]} {code[12:19]} {code[19:]}"

    @property
    def is_collective(self) -> bool:
        """集体土地."""
        return self.ownership == "J"

    @property
    def is_land_only(self) -> bool:
        """Bare land: no fixture."""
        return self.fixture == "W"

    @property
    def is_virtual(self) -> bool:
        """A placeholder number for old data on a parcel that is not sea; refused in new applications."""
        return self.use not in "HG" and self.cadastral_area + self.cadastral_subarea == VIRTUAL_AREA

    @property
    def is_whole_project(self) -> bool:
        return self.fixture + self.fixture_no == WHOLE_PROJECT

    @property
    def ownership_zh(self) -> str:
        return OWNERSHIP_ZH[self.ownership]

    @property
    def use_zh(self) -> str:
        return USE_LETTERS[self.use].name_zh

    @property
    def fixture_zh(self) -> str:
        return FIXTURE_ZH[self.fixture]


def parse_unit_code(text: str) -> UnitCodeParts:
    """The parts of a unit code, typed in any width, case and grouping; raises InvalidInput saying what is wrong.

    Whether the county exists is for the directory to say.
    """
    code = normal_unit_code(text)
    if len(code) != 28:
        raise _invalid(f"不动产单元号应有28位，现在是{len(code)}位", "请对照不动产权证书上的“不动产单元号”重新填写")
    match = _UNIT.fullmatch(code)
    if match is None:
        cure_zh = "前12位和最后8位是数字，第13、14、20位是字母，宗地顺序号不能是00000"
        raise _invalid(f"不动产单元号的写法不对{_where_wrong(code)}", cure_zh)
    parts = UnitCodeParts(*match.groups())
    use = USE_LETTERS[parts.use]
    if (parts.fixture == "W") != (parts.fixture_no == "00000000"):
        raise _invalid("不动产单元号最后9位不对", "没有房屋的写W00000000；有房屋的，F后面8位不能全是0")
    if parts.ownership not in use.ownership:
        raise _invalid(f"不动产单元号第13、14位“{parts.ownership}{parts.use}”不会出现", "请对照证书核对这两个字母")
    if parts.fixture not in use.fixtures:
        raise _invalid(
            f"不动产单元号第20位“{parts.fixture}”和第14位“{parts.use}”不会一起出现", "请对照证书核对这两个字母"
        )
    return parts


def _where_wrong(code: str) -> str:
    """The first letter where a digit must stand, or the reverse: O for 0 and I for 1 are the commonest slips."""
    for place, letter in enumerate(code, 1):
        is_digit = letter.isascii() and letter.isdigit()
        if place in _LETTER_PLACES and is_digit:
            return f"：第{place}位应该是字母，现在是{letter}"
        if place not in _LETTER_PLACES and not is_digit:
            return f"：第{place}位应该是数字，现在是{letter}"
    return ""


def normal_unit_code(text: str) -> str:
    """The text as a code is stored: half-width, upper case, no blanks or hyphens.  It may still be wrong."""
    return "".join(unicodedata.normalize("NFKC", text).replace("-", " ").split()).upper()


def _invalid(what_zh: str, cure_zh: str) -> InvalidInput:
    return InvalidInput([Problem("unit_code", what_zh, cure_zh)])


def land_of(unit_code: str) -> str:
    """The code that the parcel under this unit has as a unit of its own, without a building."""
    return unit_code[:PARCEL_CHARACTERS] + NO_FIXTURE
