"""What interrupts a case: an order that arrived, and the applicant's withdrawal (条例 15)."""

from __future__ import annotations

from tongban.access.actors import Actor
from tongban.cases.models import Case
from tongban.cases.moves import StepData
from tongban.domain.decision import Refusal


def suspend(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """Rest until the order on the unit is dealt with (查扣冻规定 23)."""
    return None


def resume(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """Go on where the case rested, with the proofs confirmed meanwhile; recording decides again under the unit's lock."""
    case.evidence = sorted({*case.evidence, *data.evidence})
    return None


def withdraw(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """Any time before recording, by all applicants (条例 15; 细则 13); the intake side holds their signatures."""
    return None
