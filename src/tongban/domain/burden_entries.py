"""Entries about burdens: mortgages, notices, habitation, easements, objections, seizures and other restrictions.

Names and amounts are private; what kind of burden it is, its days, its rank and the organ of state are public.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from tongban.domain.burdens import RECORDED_BURDENS, BurdenFact
from tongban.domain.codes import UnitCode
from tongban.domain.titles import Holder
from tongban.domain.wires import Wire, as_list, as_mapping, as_text


@dataclass(frozen=True, slots=True)
class OpenBurden:
    """A burden comes to lie on a unit.

    `holders` are whose right it is: mortgagees, holders of notices, dwellers; nobody for restrictions by organs of
    state.  `private` holds the other names, amounts and terms under the keys of `tongban.domain.burden_details`.
    """

    kind: ClassVar[str] = "open_burden"
    unit_code: UnitCode
    burden: BurdenFact
    private: Mapping[str, str] = field(default_factory=dict)
    holders: tuple[Holder, ...] = ()

    def __post_init__(self) -> None:
        _assert_recordable(self.burden, self.holders)

    @property
    def burden_no(self) -> str:
        return self.burden.burden_no

    def to_public(self) -> Wire:
        return {"kind": self.kind, "unit_code": self.unit_code, **_public(self.burden, self.holders)}

    def to_private(self) -> Wire:
        return _private(self.private, self.holders)

    @classmethod
    def from_parts(cls, public: Mapping[str, object], private: Mapping[str, object]) -> OpenBurden:
        return cls(UnitCode(as_text(public["unit_code"])), *_read(public, private))


@dataclass(frozen=True, slots=True)
class AlterBurden:
    """A burden goes on with other content: amount, term, rank, holder, or a seizure renewed.

    Its `burden_no` stays; `before` is the fact as it was, so that an entry made from an older page cannot stand.
    """

    kind: ClassVar[str] = "alter_burden"
    unit_code: UnitCode
    before: BurdenFact
    burden: BurdenFact
    private: Mapping[str, str] = field(default_factory=dict)
    holders: tuple[Holder, ...] = ()

    def __post_init__(self) -> None:
        _assert_recordable(self.burden, self.holders)
        assert self.before.burden_no == self.burden.burden_no, "a burden that changes keeps its number"

    @property
    def burden_no(self) -> str:
        return self.burden.burden_no

    @property
    def opened(self) -> OpenBurden:
        """The burden as it stands after this entry."""
        return OpenBurden(self.unit_code, self.burden, self.private, self.holders)

    def to_public(self) -> Wire:
        return {
            "kind": self.kind,
            "unit_code": self.unit_code,
            "before": self.before.to_wire(),
            **_public(self.burden, self.holders),
        }

    def to_private(self) -> Wire:
        return _private(self.private, self.holders)

    @classmethod
    def from_parts(cls, public: Mapping[str, object], private: Mapping[str, object]) -> AlterBurden:
        before = BurdenFact.from_wire(as_mapping(public["before"]))
        return cls(UnitCode(as_text(public["unit_code"])), before, *_read(public, private))


@dataclass(frozen=True, slots=True)
class CloseBurden:
    """A burden is gone: released, cancelled, lapsed or used up.  Nothing is deleted; the row gets its end."""

    kind: ClassVar[str] = "close_burden"
    unit_code: UnitCode
    burden_no: str
    cause_zh: str

    def to_public(self) -> Wire:
        return {
            "kind": self.kind,
            "unit_code": self.unit_code,
            "burden_no": self.burden_no,
            "cause_zh": self.cause_zh,
        }

    def to_private(self) -> Wire:
        return {}

    @classmethod
    def from_parts(cls, public: Mapping[str, object], private: Mapping[str, object]) -> CloseBurden:
        return cls(UnitCode(as_text(public["unit_code"])), as_text(public["burden_no"]), as_text(public["cause_zh"]))


def _assert_recordable(burden: BurdenFact, holders: tuple[Holder, ...]) -> None:
    assert burden.burden in RECORDED_BURDENS, f"{burden.burden} follows from facts, it is never recorded"
    numbers = [holder.holder_no for holder in holders]
    assert numbers == list(range(1, len(numbers) + 1)), "holders of a burden are numbered from 1"


def _public(burden: BurdenFact, holders: tuple[Holder, ...]) -> Wire:
    assert burden.final_by is None and not burden.from_unit, "what follows from other entries is never written"
    return {"burden": burden.to_wire(), "holders": [holder.to_public() for holder in holders]}


def _private(details: Mapping[str, str], holders: tuple[Holder, ...]) -> Wire:
    return {"details": dict(details), "holders": [holder.to_private() for holder in holders]}


def _read(
    public: Mapping[str, object], private: Mapping[str, object]
) -> tuple[BurdenFact, Mapping[str, str], tuple[Holder, ...]]:
    details = {name: as_text(value) for name, value in as_mapping(private["details"]).items()}
    pairs = zip(as_list(public["holders"]), as_list(private["holders"]), strict=True)
    holders = tuple(Holder.from_parts(as_mapping(left), as_mapping(right)) for left, right in pairs)
    return BurdenFact.from_wire(as_mapping(public["burden"])), MappingProxyType(details), holders
