"""The answer to a query: from one unit of the register to exactly the parts a permission allows, in words.

What an asker may not see never enters a section: yes or no stands where the law gives no more (查询办法 21), and a name,
an organ or an order number only where it does (查询办法 19, 22).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from tongban.domain.burden_details import BURDEN_PAGES
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import RECORDED_BURDENS, Burden, BurdenFact
from tongban.domain.decision import Fact
from tongban.domain.facts import UnitState
from tongban.domain.identity import mask_id, modern_number, normal_name
from tongban.domain.query_rules import Permission
from tongban.domain.query_terms import Mask, Part
from tongban.domain.terms import CoOwnership, HouseNature, LandNature
from tongban.domain.titles import Holder, Title
from tongban.domain.unit_code import parse_unit_code
from tongban.domain.wires import Wire, as_mappings, as_text

YES_ZH: Final = "有"
NO_ZH: Final = "没有"
NO_TITLE_ZH: Final = "登记簿上没有有效的所有权、使用权登记"
LAPSED_ZH: Final = "（已经过期，还没有注销）"
UNSETTLED_ZH: Final = "这处房产有一项事务正在登记机构处理，处理完以前，本结果可能改变。"


@dataclass(frozen=True, slots=True)
class Charge:
    """One burden as the register has it: `holders` are whose right it is, `details` the columns of its page."""

    fact: BurdenFact
    holders: tuple[Holder, ...] = ()
    details: tuple[Fact, ...] = ()
    holder_zh: str = "权利人"

    @classmethod
    def of(cls, opened: OpenBurden) -> Charge:
        """A burden of the book with what its statutory page calls its holders and its columns."""
        page = BURDEN_PAGES[opened.burden.burden]
        told = ((detail.label_zh, opened.private.get(detail.key, "")) for detail in page.details)
        details = tuple(Fact(label_zh, value_zh) for label_zh, value_zh in told if value_zh)
        return cls(opened.burden, opened.holders, details, page.holder_zh or "权利人")


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """One unit as the register has it at the moment of the query.

    `is_unsettled`: an order or notice has reached the unit and is not recorded yet; of it nothing may be told but that.
    `is_secret`: the registry marked its material as a state secret.
    """

    unit: UnitState
    title: Title | None
    charges: tuple[Charge, ...] = ()
    is_unsettled: bool = False
    is_secret: bool = False

    def names(self, name: str, id_no: str) -> bool:
        """Whether this person or body is a holder here: of the title, or of a right that lies on the unit."""
        return any(_is_person(holder, name, id_no) for holder in self._holders())

    def _holders(self) -> Iterable[Holder]:
        if self.title:
            yield from self.title.holders
        for charge in self.charges:
            yield from charge.holders


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose property is asked about, and `claimed_zh`, the holder's name a lawyer wants compared; both may be empty."""

    name: str = ""
    id_no: str = ""
    claimed_zh: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the answer with what it shows."""

    part: Part
    facts: tuple[Fact, ...]

    def to_wire(self) -> Wire:
        return {"part": self.part.value, "facts": [fact.to_wire() for fact in self.facts]}

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> Section:
        return cls(Part(as_text(wire["part"])), tuple(Fact.from_wire(fact) for fact in as_mappings(wire["facts"])))


@dataclass(frozen=True, slots=True)
class UnitAnswer:
    """What is told of one unit; its code and address are among what was asked with, or part of the answer."""

    unit_code: str
    sections: tuple[Section, ...]
    notes_zh: tuple[str, ...] = ()

    @property
    def parts(self) -> frozenset[Part]:
        return frozenset(section.part for section in self.sections)


def answer(record: UnitRecord, allowed: Permission, subject: Subject, today: date) -> UnitAnswer:
    """Exactly the parts allowed, in the order of `Part`; originals are handed out as copies, not as words."""
    look = _Look(record, allowed.masks, subject, today)
    sections = tuple(Section(part, tuple(_MAKERS[part](look))) for part in Part if part in allowed.parts & set(_MAKERS))
    speaks_of_burdens = {Part.CHARGES, Part.CHARGES_EXIST, Part.RESTRICTIONS, Part.RESTRICTIONS_EXIST} & allowed.parts
    notes = (UNSETTLED_ZH,) if record.is_unsettled and speaks_of_burdens else ()
    return UnitAnswer(record.unit.unit_code, sections, notes)


@dataclass(frozen=True, slots=True)
class _Look:
    """One reading of one unit."""

    record: UnitRecord
    masks: frozenset[Mask]
    subject: Subject
    today: date

    def charges(self, kinds: frozenset[str]) -> tuple[Charge, ...]:
        return tuple(charge for charge in self.record.charges if charge.fact.burden.value in kinds)

    def id_zh(self, holder: Holder) -> str:
        is_own = bool(self.subject.id_no) and _is_person(holder, self.subject.name, self.subject.id_no)
        is_masked = Mask.ID_NUMBERS in self.masks or (Mask.OTHERS_ID_NUMBERS in self.masks and not is_own)
        return f"{holder.id_kind.name_zh} {mask_id(holder.id_no) if is_masked else holder.id_no}"


# The law names three kinds of charge whose mere existence is told (查询办法 21); other rights are part of the result.
_TOLD_TO_ALL: Final = frozenset(
    {
        "mortgage", "mortgage_no_transfer", "mortgage_old", "mortgage_maximum", "mortgage_frozen",
        "priority_notice", "mortgage_notice", "notice_lapsed", "objection", "objection_lapsed",
    }
)  # fmt: skip
_CHARGES: Final = _TOLD_TO_ALL | {"habitation", "easement"}
_RESTRICTIONS: Final = frozenset(
    {"seizure", "pre_seizure", "waiting_seizure", "court_transfer", "administrative", "dispute"}
)
_FORGOTTEN = {burden.value for burden in RECORDED_BURDENS} - _CHARGES - _RESTRICTIONS
assert not _FORGOTTEN, f"a query would not show {sorted(_FORGOTTEN)}"


def _is_person(holder: Holder, name: str, id_no: str) -> bool:
    same_number = modern_number(holder.id_no) == modern_number(id_no)
    return same_number and normal_name(holder.name) == normal_name(name)


def _natural_state(look: _Look) -> Iterable[Fact]:
    unit = look.record.unit
    natures = [nature.name_zh for nature in (unit.land_nature, unit.house_nature) if nature not in _UNTOLD]
    shown = (
        ("不动产单元号", parse_unit_code(unit.unit_code).grouped),
        ("坐落", unit.address_zh),
        ("权利类型", unit.right.name_zh),
        ("权利性质", "、".join(natures)),
        ("用途", unit.use_zh),
        ("房屋建筑面积", f"{unit.area_m2} 平方米" if unit.area_m2 else ""),
        ("宗地面积", f"{unit.land_area_m2} 平方米" if unit.land_area_m2 else ""),
        ("土地使用权终止日期", unit.land_use_until),
    )
    return (Fact(name_zh, value_zh) for name_zh, value_zh in shown if value_zh)


_UNTOLD = (LandNature.UNKNOWN, HouseNature.OTHER)


def _holder(look: _Look) -> Iterable[Fact]:
    title = look.record.title
    if title is None:
        yield Fact("权利登记", NO_TITLE_ZH)
        return
    for holder in title.holders:
        yield Fact("权利人", f"{holder.name}，{look.id_zh(holder)}")
    yield Fact("不动产权证号", title.certificate_no)


def _name_match(look: _Look) -> Iterable[Fact]:
    title, claimed = look.record.title, normal_name(look.subject.claimed_zh)
    if not claimed:
        yield Fact(Part.NAME_MATCH.name_zh, "没有报权利人的名称，没有比对")
        return
    matches = title is not None and any(normal_name(holder.name) == claimed for holder in title.holders)
    yield Fact(f"所报名称“{claimed}”与登记簿", "一致" if matches else "不一致")


def _co_owned(look: _Look) -> Iterable[Fact]:
    title = look.record.title
    yield Fact("是否共有", NO_TITLE_ZH if title is None else "否" if title.co_ownership is CoOwnership.SOLE else "是")


def _co_ownership_form(look: _Look) -> Iterable[Fact]:
    title = look.record.title
    yield Fact("共有方式", NO_TITLE_ZH if title is None else title.co_ownership.name_zh)


def _co_ownership(look: _Look) -> Iterable[Fact]:
    yield from _co_ownership_form(look)
    title = look.record.title
    if title and title.co_ownership is CoOwnership.BY_SHARES:
        for holder in title.holders:
            yield Fact(f"{holder.name}的份额", holder.share_zh)


def _charges_exist(look: _Look) -> Iterable[Fact]:
    for name_zh, kinds in _KINDS_ZH.items():
        yield Fact(f"是否有{name_zh}", _yes_or_no(look, kinds))


_KINDS_ZH: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "抵押权登记": frozenset(kind for kind in _TOLD_TO_ALL if kind.startswith("mortgage") and "notice" not in kind),
        "预告登记": frozenset(kind for kind in _TOLD_TO_ALL if "notice" in kind),
        "异议登记": frozenset(kind for kind in _TOLD_TO_ALL if "objection" in kind),
    }
)


def _restrictions_exist(look: _Look) -> Iterable[Fact]:
    seizures = frozenset({"seizure", "pre_seizure", "waiting_seizure"})
    yield Fact("是否有查封登记", _yes_or_no(look, seizures))
    yield Fact("是否有其他限制处分的情形", _yes_or_no(look, _RESTRICTIONS - seizures))


def _yes_or_no(look: _Look, kinds: frozenset[str]) -> str:
    """A burden that waits counts as there; one whose days are over counts as gone, and it is said that it still stands."""
    lying = look.charges(kinds)
    if any(not _is_over(charge.fact, look.today) for charge in lying):
        return YES_ZH
    return NO_ZH + ("（登记簿上有一项已经过期、还没有注销）" if lying else "")


def _is_over(fact: BurdenFact, today: date) -> bool:
    lapsed = (Burden.NOTICE_LAPSED, Burden.OBJECTION_LAPSED)
    return fact.burden in lapsed or (fact.until is not None and fact.until < today)


def _restricting_organ(look: _Look) -> Iterable[Fact]:
    organs = dict.fromkeys(charge.fact.organ_zh for charge in look.charges(_RESTRICTIONS) if charge.fact.organ_zh)
    yield Fact(Part.RESTRICTING_ORGAN.name_zh, "、".join(organs) or NO_ZH)


def _charges(look: _Look) -> Iterable[Fact]:
    return _told(look, _CHARGES, "抵押、预告、异议等登记")


def _restrictions(look: _Look) -> Iterable[Fact]:
    return _told(look, _RESTRICTIONS, "查封和其他限制")


def _told(look: _Look, kinds: frozenset[str], name_zh: str) -> Iterable[Fact]:
    lying = look.charges(kinds)
    if not lying:
        yield Fact(name_zh, NO_ZH)
    for charge in lying:
        over_zh = LAPSED_ZH if _is_over(charge.fact, look.today) else ""
        holders = [f"{charge.holder_zh}：{holder.name}，{look.id_zh(holder)}" for holder in charge.holders]
        facts = [fact for fact in charge.fact.facts if fact.name_zh != "限制种类"]
        words = [*holders, *(f"{fact.name_zh}：{fact.value_zh}" for fact in (*facts, *charge.details))]
        yield Fact(charge.fact.burden.name_zh + over_zh, "；".join(words) or "登记在簿")


_MAKERS: Final[Mapping[Part, Callable[[_Look], Iterable[Fact]]]] = MappingProxyType(
    {
        Part.NATURAL_STATE: _natural_state,
        Part.HOLDER: _holder,
        Part.NAME_MATCH: _name_match,
        Part.CO_OWNED: _co_owned,
        Part.CO_OWNERSHIP_FORM: _co_ownership_form,
        Part.CO_OWNERSHIP: _co_ownership,
        Part.CHARGES_EXIST: _charges_exist,
        Part.CHARGES: _charges,
        Part.RESTRICTIONS_EXIST: _restrictions_exist,
        Part.RESTRICTING_ORGAN: _restricting_organ,
        Part.RESTRICTIONS: _restrictions,
    }
)
assert set(_MAKERS) == set(Part) - {Part.ORIGINALS}, "every part but the originals is told in words"
