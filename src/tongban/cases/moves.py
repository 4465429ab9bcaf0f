"""What an officer brings to a move, and what a move leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tongban.domain.decision import Refusal


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """One line of a one-time correction list: which material, what is wrong, what cures it."""

    material_key: str
    what_zh: str
    cure_zh: str


@dataclass(frozen=True, slots=True)
class StepData:
    """One move's own data.

    `key` makes the move idempotent: the same key again changes nothing.  `expected_state` (empty: any) refuses the
    move as stale when the officer looked at an older state.  `evidence` are keys of proofs the officer confirms.
    `action` is filled in by the flow: the move being made, empty while nothing moves.
    """

    key: str
    now: datetime
    note_zh: str = ""
    expected_state: str = ""
    corrections: tuple[CorrectionLine, ...] = ()
    refusal: Refusal | None = None
    evidence: frozenset[str] = field(default_factory=frozenset)
    package: dict[str, object] | None = None
    action: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A case after a move: its number, the state it left and the one it is in now."""

    case_no: str
    action: str
    source: str
    target: str
