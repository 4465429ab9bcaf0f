"""One decision from its inputs: the scope of the service and what lies on the units, by the law of a day.

The inputs go over the wire and back, so that a decision made once can be made again: by the rules of its own day, or by
those of another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tongban.domain.acts import Act
from tongban.domain.burdens import BurdenFact, standing_together
from tongban.domain.catalogue.item import FieldKind, ServiceItem
from tongban.domain.codes import UnitCode
from tongban.domain.decision import Decision, Finding
from tongban.domain.exclusions import exclude
from tongban.domain.facts import ApplicationFacts, UnitFacts
from tongban.domain.numbering import normal_certificate_no
from tongban.domain.presignatures import PreSignature, look
from tongban.domain.restrictions import LAW, RuleTable
from tongban.domain.wires import Wire, as_list, as_mapping, as_mappings, as_text, as_truth


@dataclass(frozen=True, slots=True)
class UnitSeen:
    """A unit as it was read: its facts (None: the register does not know it) and everything that lay on it."""

    unit_code: UnitCode
    facts: UnitFacts | None
    burdens: tuple[BurdenFact, ...] = ()

    def to_wire(self) -> Wire:
        return {
            "unit_code": self.unit_code,
            "facts": None if self.facts is None else self.facts.to_wire(),
            "burdens": [burden.to_wire() for burden in self.burdens],
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> UnitSeen:
        return cls(
            unit_code=UnitCode(as_text(wire["unit_code"])),
            facts=None if wire["facts"] is None else UnitFacts.from_wire(as_mapping(wire["facts"])),
            burdens=tuple(BurdenFact.from_wire(one) for one in as_mappings(wire["burdens"])),
        )


@dataclass(frozen=True, slots=True)
class OnFile:
    """The pre-signatures kept of those who stay away, and when the application was received (UTC) on which day."""

    papers: tuple[PreSignature, ...]
    received_on: date
    received_at: datetime

    def to_wire(self) -> Wire:
        return {
            "papers": [paper.to_wire() for paper in self.papers],
            "received_on": self.received_on.isoformat(),
            "received_at": self.received_at.isoformat(),
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> OnFile:
        return cls(
            papers=tuple(PreSignature.from_wire(one) for one in as_mappings(wire["papers"])),
            received_on=date.fromisoformat(as_text(wire["received_on"])),
            received_at=datetime.fromisoformat(as_text(wire["received_at"])),
        )


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a decision rests on.

    `day` is the day whose dates decide what stands on the units.  `papers` are the numbers of the certificate or proof
    the application was made with and of the proofs it names: the burdens that bear them are what it is itself about.
    `on_file` is None where nobody stays away on a pre-signature, and in decisions older than the file.  `one_for_all`:
    the decision is older than the rule that each of several holders gives a proof of his own.
    """

    acts: tuple[Act, ...]
    application: ApplicationFacts
    day: date
    papers: frozenset[str] = frozenset()
    units: tuple[UnitSeen, ...] = ()
    on_file: OnFile | None = None
    one_for_all: bool = False

    def to_wire(self) -> Wire:
        return {
            "one_for_all": self.one_for_all,
            "acts": [act.value for act in self.acts],
            "application": self.application.to_wire(),
            "day": self.day.isoformat(),
            "papers": sorted(self.papers),
            "units": [unit.to_wire() for unit in self.units],
            "on_file": None if self.on_file is None else self.on_file.to_wire(),
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> Inputs:
        return cls(
            acts=tuple(Act(as_text(act)) for act in as_list(wire["acts"])),
            application=ApplicationFacts.from_wire(as_mapping(wire["application"])),
            day=date.fromisoformat(as_text(wire["day"])),
            papers=frozenset(as_text(number) for number in as_list(wire["papers"])),
            units=tuple(UnitSeen.from_wire(one) for one in as_mappings(wire["units"])),
            on_file=None if wire.get("on_file") is None else OnFile.from_wire(as_mapping(wire["on_file"])),
            one_for_all=as_truth(wire.get("one_for_all", True)),
        )


@dataclass(frozen=True, slots=True)
class LawOfDay:
    """The rules a decision is made by: those in force on `day`, and which exclusions each district had switched."""

    day: date
    switched: Callable[[str, date], frozenset[str]]
    table: RuleTable = LAW


def judge(item: ServiceItem, inputs: Inputs, law: LawOfDay) -> Decision:
    """What scope and restrictions say to the application on all its units, and the file of pre-signatures to it."""
    spoken = [finding for _, found in judge_units(item, inputs, law) for finding in found]
    if file := inputs.on_file:
        codes = tuple(unit.unit_code for unit in inputs.units)
        spoken += look(item, inputs.application.form, codes, file.papers, (file.received_on, file.received_at))
    return Decision.of(spoken)


def judge_units(item: ServiceItem, inputs: Inputs, law: LawOfDay) -> tuple[tuple[UnitCode, tuple[Finding, ...]], ...]:
    """What scope and restrictions say on each of its units; nothing on a unit the register does not know."""
    apart = _apart(inputs, inputs.units, law)
    return tuple((unit.unit_code, _judge_unit(item, inputs, unit, law, apart)) for unit in inputs.units)


def _judge_unit(
    item: ServiceItem, inputs: Inputs, unit: UnitSeen, law: LawOfDay, apart: frozenset[str]
) -> tuple[Finding, ...]:
    """`apart` are the burdens of the whole case that each need a proof of their own."""
    if unit.facts is None:
        return ()
    switched = law.switched(unit.unit_code[:6], law.day)
    excluded = exclude(item, unit.facts, inputs.application, switched, law.day)
    standing = _standing(unit, inputs.day)
    own = concerned(standing, inputs.papers)
    evidence = inputs.application.evidence
    decided = law.table.decide_all(inputs.acts, standing, evidence, on=law.day, concerns=own, apart=apart)
    return (*excluded, *decided.findings)


def _standing(unit: UnitSeen, day: date) -> list[BurdenFact]:
    return standing_together(unit.burdens, day)


def _apart(inputs: Inputs, units: Iterable[UnitSeen], law: LawOfDay) -> frozenset[str]:
    if inputs.one_for_all:
        return frozenset()
    lying = [one for unit in units if unit.facts is not None for one in _standing(unit, inputs.day)]
    own = concerned(lying, inputs.papers)
    return law.table.apart(inputs.acts, lying, inputs.application.evidence, on=law.day, concerns=own)


def papers_of(item: ServiceItem, form: Mapping[str, str], paper_no: str) -> frozenset[str]:
    """The numbers of the certificate or proof the application was made with and of the proofs its form names."""
    named = (form.get(field.key, "") for field in item.fields if field.kind is FieldKind.PROOF_NO)
    return frozenset(normal_certificate_no(number) for number in (paper_no, *named) if number)


def concerned(burdens: Iterable[BurdenFact], numbers: frozenset[str]) -> frozenset[str]:
    """The numbers of the burdens whose proof is among the papers of an application: what it is itself about."""
    return frozenset(burden.burden_no for burden in burdens if normal_certificate_no(burden.proof_no) in numbers)
