"""What the law looks at: the facts of a unit at its home registry, and the facts of an application."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tongban.domain.codes import UnitCode
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.terms import Cause, HolderKind, HouseNature, Initiator, LandNature, RightKind
from tongban.domain.wires import Wire, as_list, as_mapping, as_text, as_truth

_AREA = re.compile(r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?")

# Flags a home registry may set on a unit; anything else is refused by `UnitFacts`.
LEGACY_ISSUE = "legacy_issue"  # 历史遗留问题
PROBLEM_PROJECT = "problem_project"  # 经认定的问题楼盘
LAND_PREMIUM_PAID = "land_premium_paid"  # 已补缴土地价款
UNFINISHED_BUILDING = "unfinished_building"  # 在建建筑物
PRE_MEASURED = "pre_measured"  # 有预测绘成果
PRE_SALE_PERMIT = "pre_sale_permit"  # 有预售许可证
CLASSIFIED = "classified"  # 登记资料涉及国家秘密
UNIT_FLAGS = frozenset(
    {LEGACY_ISSUE, PROBLEM_PROJECT, LAND_PREMIUM_PAID, UNFINISHED_BUILDING, PRE_MEASURED, PRE_SALE_PERMIT, CLASSIFIED}
)

RESIDENTIAL_USES = frozenset({"10", "11", "111", "112", "12", "13"})


@dataclass(frozen=True, slots=True)
class UnitState:
    """The natural state of a unit (自然状况) as the register records it.

    Areas are decimal text in square metres, never floats.  `use_code` is the planned use of the house (GHYT), empty
    when there is no house.  `surveyed`: a measured area (实测) exists.  `land_use_until` is the ISO day the land-use
    right ends, empty when unlimited or not recorded.
    """

    unit_code: UnitCode
    address_zh: str
    right: RightKind
    surveyed: bool = True
    land_nature: LandNature = LandNature.UNKNOWN
    use_code: str = ""
    use_zh: str = ""
    house_nature: HouseNature = HouseNature.OTHER
    area_m2: str = ""
    land_area_m2: str = ""
    land_use_until: str = ""

    def __post_init__(self) -> None:
        problems = [
            Problem(name, f"面积“{value[:20]}”不对", "请填平方米数，小数点后最多三位，例如 118.26")
            for name, value in (("area_m2", self.area_m2), ("land_area_m2", self.land_area_m2))
            if value and _AREA.fullmatch(value) is None
        ]
        if problems:
            raise InvalidInput(problems)

    @property
    def is_residential(self) -> bool:
        """住宅 by planned use (GHYT 10, 11, 111, 112, 12, 13)."""
        return self.use_code in RESIDENTIAL_USES

    def to_wire(self) -> Wire:
        return {
            "unit_code": self.unit_code,
            "address_zh": self.address_zh,
            "right": self.right.value,
            "surveyed": self.surveyed,
            "land_nature": self.land_nature.value,
            "use_code": self.use_code,
            "use_zh": self.use_zh,
            "house_nature": self.house_nature.value,
            "area_m2": self.area_m2,
            "land_area_m2": self.land_area_m2,
            "land_use_until": self.land_use_until,
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> UnitState:
        return cls(
            unit_code=UnitCode(as_text(wire["unit_code"])),
            address_zh=as_text(wire["address_zh"]),
            right=RightKind(as_text(wire["right"])),
            surveyed=as_truth(wire["surveyed"]),
            land_nature=LandNature(as_text(wire["land_nature"])),
            use_code=as_text(wire["use_code"]),
            use_zh=as_text(wire["use_zh"]),
            house_nature=HouseNature(as_text(wire["house_nature"])),
            area_m2=as_text(wire["area_m2"]),
            land_area_m2=as_text(wire["land_area_m2"]),
            land_use_until=as_text(wire["land_use_until"]),
        )


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit as its home registry knows it: the recorded state, whether it has a title, and the registry's flags."""

    state: UnitState
    has_title: bool
    flags: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        assert self.flags <= UNIT_FLAGS, f"unknown flags {sorted(self.flags - UNIT_FLAGS)}"

    @property
    def unit_code(self) -> UnitCode:
        return self.state.unit_code

    @property
    def address_zh(self) -> str:
        return self.state.address_zh

    @property
    def use_zh(self) -> str:
        return self.state.use_zh

    @property
    def area_m2(self) -> str:
        return self.state.area_m2

    @property
    def surveyed(self) -> bool:
        return self.state.surveyed

    def to_wire(self) -> Wire:
        return {"state": self.state.to_wire(), "has_title": self.has_title, "flags": sorted(self.flags)}

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> UnitFacts:
        return cls(
            state=UnitState.from_wire(as_mapping(wire["state"])),
            has_title=as_truth(wire["has_title"]),
            flags=frozenset(as_text(flag) for flag in as_list(wire["flags"])),
        )


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """An application as the law sees it, whatever its form looks like.

    `giving` are the kinds of those who give a right away; empty when nobody does (a name change).
    `form` are the answers of the form, `evidence` the keys of the proofs that were checked.
    """

    cause: Cause
    giving: tuple[HolderKind, ...] = ()
    initiator: Initiator = Initiator.APPLICANT
    has_agent: bool = False
    form: Mapping[str, str] = field(default_factory=dict)
    evidence: frozenset[str] = frozenset()

    def to_wire(self) -> Wire:
        return {
            "cause": self.cause.value,
            "giving": [kind.value for kind in self.giving],
            "initiator": self.initiator.value,
            "has_agent": self.has_agent,
            "form": dict(self.form),
            "evidence": sorted(self.evidence),
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> ApplicationFacts:
        return cls(
            cause=Cause(as_text(wire["cause"])),
            giving=tuple(HolderKind(as_text(kind)) for kind in as_list(wire["giving"])),
            initiator=Initiator(as_text(wire["initiator"])),
            has_agent=as_truth(wire["has_agent"]),
            form={key: as_text(value) for key, value in as_mapping(wire["form"]).items()},
            evidence=frozenset(as_text(key) for key in as_list(wire["evidence"])),
        )
