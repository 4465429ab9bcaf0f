"""The divisions of the province as packaged data, and the registry, ledger and court of each by rule.

Every county and county-level city has its own registry; the districts of a prefecture-level city share the city's.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from tongban.domain.codes import InstitutionCode, InstitutionKind, institution_code

PROVINCE: Final = institution_code(InstitutionKind.PROVINCE, "410000")
LAW_IN_FORCE: Final = date(2015, 3, 1)  # 不动产登记暂行条例
COUNTY_LEVELS: Final = ("county", "county_direct")
_HERE: Final = Path(__file__).parent
_AREA_CODES: Final = {
    "4101": "0371", "4102": "0371", "4103": "0379", "4104": "0375", "4105": "0372", "4106": "0392", "4107": "0373",
    "4108": "0391", "4109": "0393", "4110": "0374", "4111": "0395", "4112": "0398", "4113": "0377", "4114": "0370",
    "4115": "0376", "4116": "0394", "4117": "0396", "4190": "0391", "4100": "0371",
}  # fmt: skip
_ROADS: Final = ("人民路", "建设路", "文明路", "振兴路", "黄河路", "中原路", "新华路", "和平路", "政和路", "惠民路")


@dataclass(frozen=True, slots=True)
class PackagedDivision:
    """One row of the packaged list."""

    code: str
    name_zh: str
    parent_code: str
    level: str

    @property
    def is_county_level(self) -> bool:
        return self.level in COUNTY_LEVELS

    @property
    def is_city_district(self) -> bool:
        """A district of a prefecture-level city: its registry is the city's."""
        return self.level == "county" and self.name_zh.endswith("区")

    @property
    def has_registry(self) -> bool:
        return self.level == "prefecture" or (self.is_county_level and not self.is_city_district)

    @property
    def registry_division(self) -> str:
        """The division whose registry serves this one."""
        return self.code if self.has_registry else self.parent_code

    @property
    def registry(self) -> InstitutionCode:
        return institution_code(InstitutionKind.REGISTRY, self.registry_division)


@dataclass(frozen=True, slots=True)
class Renaming:
    """A division code that ended: unit codes still carry it, its ledger lives on for the new code if `keeps_ledger`."""

    code: str
    name_zh: str
    last_day: date
    new_code: str
    keeps_ledger: bool


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which registry keeps which ledger for a division, from a day to a day, both included."""

    division_code: str
    ledger_code: str
    registry_code: InstitutionCode
    valid_from: date
    valid_until: date | None = None


@cache
def packaged_divisions() -> tuple[PackagedDivision, ...]:
    """The province's divisions and functional zones, as the list packaged with the product has them."""
    with (_HERE / "henan-divisions.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            PackagedDivision(row["code"], row["name"], row["parent_code"], row["level"])
            for row in csv.DictReader(lines)
        )


@cache
def renamings() -> tuple[Renaming, ...]:
    """Codes that ended within the time of the register."""
    with (_HERE / "renamed-divisions.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Renaming(
                row["code"],
                row["name"],
                date.fromisoformat(row["last_day"]),
                row["new_code"],
                row["keeps_ledger"] == "yes",
            )
            for row in csv.DictReader(lines)
        )


def assignments() -> tuple[Assignment, ...]:
    """Registry and ledger of every division, by date; a ledger's code is that of the registry that began it."""
    found: list[Assignment] = []
    kept = {renaming.new_code: renaming for renaming in renamings() if renaming.keeps_ledger}
    for division in (row for row in packaged_divisions() if row.is_county_level):
        before = kept.get(division.code)
        ledger = before.code if before else division.registry_division
        begins = before.last_day + timedelta(days=1) if before else LAW_IN_FORCE
        found.append(Assignment(division.code, ledger, division.registry, begins))
    for renaming in renamings():
        found.extend(_renamed(renaming))
    return tuple(found)


def phone_of(division_code: str) -> str:
    """An invented number of the division's real area: area code, 8 and the six digits of the division."""
    return f"{_AREA_CODES[division_code[:4]]}-8{division_code}"


def street_of(division_code: str) -> str:
    """An invented address in the division."""
    number = int(division_code)
    return f"{_ROADS[number % len(_ROADS)]}{number % 89 + 1}号"


def full_name(code: str) -> str:
    """A division with its city before it: 郑州市中原区; the province and what hangs on it directly stand alone."""
    by_code = {row.code: row for row in packaged_divisions()}
    row = by_code[code]
    parent = by_code.get(row.parent_code)
    return parent.name_zh + row.name_zh if parent and parent.level == "prefecture" else row.name_zh


def _renamed(renaming: Renaming) -> list[Assignment]:
    by_code = {row.code: row for row in packaged_divisions()}
    successor = by_code[renaming.new_code].registry
    if not renaming.keeps_ledger:
        return [Assignment(renaming.code, by_code[renaming.new_code].parent_code, successor, LAW_IN_FORCE)]
    own = institution_code(InstitutionKind.REGISTRY, renaming.code)
    after = renaming.last_day + timedelta(days=1)
    return [
        Assignment(renaming.code, renaming.code, own, LAW_IN_FORCE, renaming.last_day),
        Assignment(renaming.code, renaming.code, successor, after),
    ]
