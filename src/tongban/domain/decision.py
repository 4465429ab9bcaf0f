"""How the law answers: verdicts with their reasons, as values that travel over the wire and onto pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tongban.domain.wires import Wire, as_mapping, as_mappings, as_text


class Verdict(StrEnum):
    """ALLOW: nothing in the way.  CONDITION: may go on once a named proof is there.  REFUSE: the law says no."""

    ALLOW = "ALLOW"
    CONDITION = "CONDITION"
    REFUSE = "REFUSE"

    @property
    def weight(self) -> int:
        """0, 1, 2: a larger number stands more in the way."""
        return ("ALLOW", "CONDITION", "REFUSE").index(self.value)

    @property
    def name_zh(self) -> str:
        return {"ALLOW": "可以办", "CONDITION": "有条件可以办", "REFUSE": "不能办"}[self.value]


def heaviest(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict that stands most in the way; ALLOW when there is none."""
    return max(verdicts, key=lambda verdict: verdict.weight, default=Verdict.ALLOW)


@dataclass(frozen=True, slots=True)
class Reason:
    """One answer in plain words: what, why, by which law, and what cures it."""

    code: str
    what_zh: str
    why_zh: str
    law_zh: str
    cure_zh: str

    def to_wire(self) -> Wire:
        return {
            "code": self.code,
            "what_zh": self.what_zh,
            "why_zh": self.why_zh,
            "law_zh": self.law_zh,
            "cure_zh": self.cure_zh,
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> Reason:
        return cls(*(as_text(wire[name]) for name in ("code", "what_zh", "why_zh", "law_zh", "cure_zh")))


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that decided, shown to the reader of the decision."""

    name_zh: str
    value_zh: str

    def to_wire(self) -> Wire:
        return {"name_zh": self.name_zh, "value_zh": self.value_zh}

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> Fact:
        return cls(as_text(wire["name_zh"]), as_text(wire["value_zh"]))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person can go instead."""

    name_zh: str
    address_zh: str
    phone: str

    def to_wire(self) -> Wire:
        return {"name_zh": self.name_zh, "address_zh": self.address_zh, "phone": self.phone}

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> Place:
        return cls(as_text(wire["name_zh"]), as_text(wire["address_zh"]), as_text(wire["phone"]))


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of law that spoke.

    `rule` names the row ("SEIZURE×ALTER_NAME", "X03b").  `lifted_by` is the key of the proof that lifts a CONDITION,
    empty when nothing does.  A finding with ALLOW is a note: the act goes on, and the reader should know.
    """

    rule: str
    verdict: Verdict
    reason: Reason
    facts: tuple[Fact, ...] = ()
    lifted_by: str = ""

    def to_wire(self) -> Wire:
        return {
            "rule": self.rule,
            "verdict": self.verdict.value,
            "reason": self.reason.to_wire(),
            "facts": [fact.to_wire() for fact in self.facts],
            "lifted_by": self.lifted_by,
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> Finding:
        return cls(
            rule=as_text(wire["rule"]),
            verdict=Verdict(as_text(wire["verdict"])),
            reason=Reason.from_wire(as_mapping(wire["reason"])),
            facts=tuple(Fact.from_wire(item) for item in as_mappings(wire["facts"])),
            lifted_by=as_text(wire["lifted_by"]),
        )


@dataclass(frozen=True, slots=True)
class SameReason:
    """Findings that give one reason: told once, with the facts of each burden it is about.

    `rule` names all their rows.  Findings without facts add none; two acts stopped by one burden name it once.
    """

    rule: str
    verdict: Verdict
    reason: Reason
    facts_of_each: tuple[tuple[Fact, ...], ...] = ()


def by_reason(findings: Sequence[Finding]) -> tuple[SameReason, ...]:
    """The findings grouped by what they say, in the order in which each reason first spoke."""
    groups: dict[tuple[Verdict, Reason], list[Finding]] = {}
    for one in findings:
        groups.setdefault((one.verdict, one.reason), []).append(one)
    return tuple(
        SameReason(
            "、".join(dict.fromkeys(one.rule for one in found)),
            verdict,
            reason,
            tuple(dict.fromkeys(one.facts for one in found if one.facts)),
        )
        for (verdict, reason), found in groups.items()
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict over all findings: the heaviest of them."""

    verdict: Verdict
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        expected = heaviest([finding.verdict for finding in self.findings])
        assert self.verdict is expected, f"verdict {self.verdict} does not follow from the findings ({expected})"

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> Decision:
        return cls(heaviest([finding.verdict for finding in findings]), tuple(findings))

    @property
    def refusals(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.verdict is Verdict.REFUSE)

    @property
    def conditions(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.verdict is Verdict.CONDITION)

    @property
    def notes(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.verdict is Verdict.ALLOW)

    def to_wire(self) -> Wire:
        return {"verdict": self.verdict.value, "findings": [finding.to_wire() for finding in self.findings]}

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> Decision:
        findings = tuple(Finding.from_wire(item) for item in as_mappings(wire["findings"]))
        return cls(Verdict(as_text(wire["verdict"])), findings)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A no with its reason and the place to go; a value, never raised."""

    reason: Reason
    facts: tuple[Fact, ...] = ()
    where: Place | None = None

    def to_wire(self) -> Wire:
        return {
            "reason": self.reason.to_wire(),
            "facts": [fact.to_wire() for fact in self.facts],
            "where": None if self.where is None else self.where.to_wire(),
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> Refusal:
        where = wire.get("where")
        return cls(
            reason=Reason.from_wire(as_mapping(wire["reason"])),
            facts=tuple(Fact.from_wire(item) for item in as_mappings(wire["facts"])),
            where=None if where is None else Place.from_wire(as_mapping(where)),
        )
