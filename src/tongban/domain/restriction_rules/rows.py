"""One row of the table of restrictions, and the short words its groups are written with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burdens import CIVIL_CODE_FROM, Burden
from tongban.domain.decision import Reason, Verdict
from tongban.domain.evidence import Evidence

BEFORE_CIVIL_CODE: Final = CIVIL_CODE_FROM - timedelta(days=1)


class Bearing(Enum):
    """Whether the right the act is about is this very burden, when the asker has said which right that is."""

    THIS_RIGHT = "办的就是这一项权利"
    ANOTHER_RIGHT = "办的是另一项权利"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row.

    `when`: only if that proof is there, or the act is about this very right, or about another.  `lifted_by`: the proof
    that lifts a CONDITION.  `valid_from` and `valid_to` are its first and last day; None: always.
    """

    burden: Burden
    act: Act
    verdict: Verdict
    reason: Reason | None = None
    lifted_by: str = ""
    when: Evidence | Bearing | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        assert (self.verdict is Verdict.CONDITION) == bool(self.lifted_by), f"{self.name}: a condition names its proof"
        assert self.verdict is Verdict.ALLOW or self.reason is not None, f"{self.name}: a no needs its reason"
        assert self.first_day <= self.last_day, f"{self.name}: a row ends before it begins"

    @property
    def name(self) -> str:
        return f"{self.burden.name}×{self.act.name}"

    @property
    def first_day(self) -> date:
        return self.valid_from or date.min

    @property
    def last_day(self) -> date:
        return self.valid_to or date.max

    def holds_on(self, day: date) -> bool:
        """Whether the row is law on that day; both ends count."""
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Cell:
    """What some acts get under one burden."""

    acts: tuple[Act, ...]
    verdict: Verdict
    reason: Reason | None = None
    lifted_by: str = ""
    when: Evidence | Bearing | None = None
    valid_from: date | None = None
    valid_to: date | None = None


def allow(*acts: Act, when: Evidence | Bearing | None = None) -> Cell:
    """These acts go on in silence."""
    return Cell(acts, Verdict.ALLOW, when=when)


def note(reason: Reason, *acts: Act, when: Evidence | Bearing | None = None) -> Cell:
    """These acts go on, and the reader is told why it matters."""
    return Cell(acts, Verdict.ALLOW, reason, when=when)


def need(proof: Evidence, reason: Reason, *acts: Act, when: Evidence | Bearing | None = None) -> Cell:
    """These acts go on once the proof is there."""
    return Cell(acts, Verdict.CONDITION, reason, lifted_by=proof.value, when=when)


def refuse(reason: Reason, *acts: Act) -> Cell:
    """The law says no to these acts."""
    return Cell(acts, Verdict.REFUSE, reason)


def until(day: date, cell: Cell) -> Cell:
    """The same, up to and including that day."""
    return replace(cell, valid_to=day)


def since(day: date, cell: Cell) -> Cell:
    """The same, from that day on."""
    return replace(cell, valid_from=day)


def rows(burden: Burden, *cells: Cell) -> tuple[Rule, ...]:
    """The rows of one burden, in the order in which they are asked."""
    return tuple(
        Rule(burden, act, cell.verdict, cell.reason, cell.lifted_by, cell.when, cell.valid_from, cell.valid_to)
        for cell in cells
        for act in cell.acts
    )
