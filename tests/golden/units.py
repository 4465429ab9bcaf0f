"""The units the golden decisions speak of, by name: invented codes of valid form in one county."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from tongban.domain.codes import UnitCode
from tongban.domain.facts import (
    LAND_PREMIUM_PAID,
    LEGACY_ISSUE,
    PRE_MEASURED,
    PRE_SALE_PERMIT,
    PROBLEM_PROJECT,
    UNFINISHED_BUILDING,
    UnitFacts,
    UnitState,
)
from tongban.domain.terms import HouseNature, LandNature, RightKind

_FLAT_STATE = UnitState(
    unit_code=UnitCode("410526001002GB00015F00030027"),
    address_zh="滑县道口镇文明路8号3幢2单元502室",
    right=RightKind.STATE_LAND_HOUSE,
    land_nature=LandNature.GRANTED,
    use_code="11",
    use_zh="成套住宅",
    house_nature=HouseNature.MARKET,
    area_m2="118.26",
)


def _house(code: str, **state: object) -> UnitFacts:
    """A registered house; what is not said is as for the flat."""
    return UnitFacts(replace(_FLAT_STATE, unit_code=UnitCode(code), **state), has_title=True)  # type: ignore[arg-type]


def _land(code: str, right: RightKind, nature: LandNature = LandNature.GRANTED) -> UnitFacts:
    state = UnitState(
        unit_code=UnitCode(code),
        address_zh="滑县产业大道北侧地块",
        right=right,
        land_nature=nature,
        land_area_m2="6800",
    )
    return UnitFacts(state, has_title=True)


def _flagged(unit: UnitFacts, *flags: str) -> UnitFacts:
    return replace(unit, flags=unit.flags | set(flags))


_FLAT = UnitFacts(_FLAT_STATE, has_title=True)
_UNMEASURED = replace(_FLAT_STATE, unit_code=UnitCode("410526001002GB00016F00010001"), surveyed=False)
_PRESALE = UnitFacts(_UNMEASURED, has_title=False, flags=frozenset({PRE_MEASURED, PRE_SALE_PERMIT}))

UNITS: Final[Mapping[str, UnitFacts]] = MappingProxyType(
    {
        "flat": _FLAT,
        "shop": _house("410526001002GB00015F00030101", use_code="31", use_zh="商业服务"),
        "office": _house("410526001002GB00015F00040201", use_code="60", use_zh="办公"),
        "garage": _house("410526001002GB00015F00090012", use_code="80", use_zh="车位"),
        "factory": _house("410526002003GB00021F99990001", use_code="21", use_zh="工业"),
        "school": _house(
            "410526002003GB00022F99990001", use_code="41", use_zh="教育", land_nature=LandNature.ALLOCATED
        ),
        "vacant_land": _land("410526003001GB00008W00000000", RightKind.STATE_LAND_USE),
        "collective_house": _house(
            "410526101004JB00031F00010001",
            right=RightKind.COLLECTIVE_LAND_HOUSE,
            land_nature=LandNature.COLLECTIVE,
            use_code="21",
            use_zh="工业",
        ),
        "collective_land": _land("410526101004JB00032W00000000", RightKind.COLLECTIVE_LAND_USE, LandNature.COLLECTIVE),
        "homestead": _house(
            "410526101004JC00123F00010001", right=RightKind.HOMESTEAD_HOUSE, land_nature=LandNature.COLLECTIVE
        ),
        "forest": _land("410526101004JE00007L00000001", RightKind.FOREST, LandNature.COLLECTIVE),
        "state_forest": _land("410526004001GL00002W00000000", RightKind.FOREST),
        "farmland": _land("410526004001GN00003W00000000", RightKind.FARMLAND_USE),
        "contracted_land": _land("410526101004JD00044W00000000", RightKind.LAND_CONTRACT, LandNature.COLLECTIVE),
        "unsurveyed_flat": _house("410526001002GB00015F00030028", surveyed=False),
        "virtual_code_flat": _house("410526000000GB00015F00030027"),
        "untitled_flat": replace(_FLAT, has_title=False),
        "presale_flat": _PRESALE,
        "presale_flat_without_permit": replace(_PRESALE, flags=frozenset({PRE_MEASURED})),
        "presale_flat_not_measured": replace(_PRESALE, flags=frozenset({PRE_SALE_PERMIT})),
        "problem_presale_flat": _flagged(_PRESALE, PROBLEM_PROJECT),
        "legacy_flat": _flagged(_FLAT, LEGACY_ISSUE),
        "problem_flat": _flagged(_FLAT, PROBLEM_PROJECT),
        "affordable_flat": _house("410526001002GB00017F00020011", house_nature=HouseNature.AFFORDABLE),
        "affordable_flat_paid": _flagged(
            _house("410526001002GB00017F00020012", house_nature=HouseNature.AFFORDABLE), LAND_PREMIUM_PAID
        ),
        "welfare_flat": _house("410526001002GB00018F00010005", house_nature=HouseNature.WELFARE),
        "allocated_flat": _house("410526001002GB00019F00010005", land_nature=LandNature.ALLOCATED),
        "resettlement_flat": _house("410526001002GB00020F00010005", house_nature=HouseNature.RESETTLEMENT),
        "building_in_progress": UnitFacts(
            _UNMEASURED, has_title=False, flags=frozenset({UNFINISHED_BUILDING, PRE_MEASURED})
        ),
        "disputed_land": _house("410526001002ZW00024F00010001"),
    }
)
