"""The units on which the examples of service items play: invented flats of a real county, the same every time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from tongban.domain.catalogue.item import ExampleUnit
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.facts import PRE_MEASURED, PRE_SALE_PERMIT, UnitState
from tongban.domain.identity import IdDocument, id18_check_character, uscc_check_character
from tongban.domain.terms import CoOwnership, HolderKind, HouseNature, LandNature, RightKind
from tongban.domain.titles import Holder, HolderIdentity, Title

PLACE_ZH: Final = "滑县"
_STREET_ZH: Final = "滑县道口镇文明路锦绣花园9号楼"


@dataclass(frozen=True, slots=True)
class Staged:
    """One unit as an example finds it: with a title, or only described; and the registry's marks on it."""

    unit: UnitState
    title: Title | None
    flags: frozenset[str] = frozenset()


def person(name: str, birth: str, holder_no: int = 1) -> Holder:
    """An invented person; the sequence 000 of the number is given to nobody."""
    first17 = f"410526{birth}000"
    identity = HolderIdentity(name, IdDocument.ID_CARD, first17 + id18_check_character(first17))
    return Holder(holder_no, HolderKind.PERSON, identity)


def company(name: str, number: int, holder_no: int = 1) -> Holder:
    """An invented company."""
    first17 = f"91410526MA9{number:06d}"
    identity = HolderIdentity(name, IdDocument.USCC, first17 + uscc_check_character(first17))
    return Holder(holder_no, HolderKind.ENTERPRISE, identity)


def _state(flat: int, **more: object) -> UnitState:
    known = UnitState(
        UnitCode(f"410526001900GB00900F0009{flat:04d}"),
        f"{_STREET_ZH}1单元{100 + flat}",
        RightKind.STATE_LAND_HOUSE,
        land_nature=LandNature.GRANTED,
        use_code="11",
        use_zh="成套住宅",
        house_nature=HouseNature.MARKET,
        area_m2="118.26",
        land_use_until="2088-06-30",
    )
    return replace(known, **more)  # type: ignore[arg-type]


def _titled(flat: int, *holders: Holder, flags: frozenset[str] = frozenset(), **more: object) -> Staged:
    state = _state(flat, **more)
    number = CertificateNo(f"豫（2025）{PLACE_ZH}不动产权第{9000 + flat:07d}号")
    kind = CoOwnership.SOLE if len(holders) == 1 else CoOwnership.JOINT
    return Staged(state, Title(state, number, kind, holders), flags)


EXAMPLE_OWNER: Final = person("陶建国", "19680412")  # of the flat on which most examples play
EXAMPLE_DEVELOPER: Final = company("滑县道口锦绣房地产开发有限公司", 4)

EXAMPLE_UNITS: Final[Mapping[ExampleUnit, Staged]] = MappingProxyType(
    {
        ExampleUnit.FLAT: _titled(1, EXAMPLE_OWNER),
        ExampleUnit.COUPLES_FLAT: _titled(2, person("孔志远", "19800315"), person("魏桂英", "19820927", 2)),
        ExampleUnit.SHOP: _titled(3, person("戚文博", "19750608"), use_code="31", use_zh="商业服务"),
        ExampleUnit.DEVELOPERS_FLAT: _titled(4, EXAMPLE_DEVELOPER, flags=frozenset({PRE_MEASURED, PRE_SALE_PERMIT})),
        ExampleUnit.PRESALE_FLAT: Staged(_state(5, surveyed=False), None, frozenset({PRE_MEASURED, PRE_SALE_PERMIT})),
    }
)
# A second flat beside each example's own: what an exchange or a merger is about.
NEIGHBOUR: Final = _titled(6, person("邹晓芳", "19790121"))
OWNERS_SECOND_FLAT: Final = _titled(7, EXAMPLE_OWNER)
