"""Review by two persons (初审、复审) and the decision not to register (条例 18, 22)."""

from __future__ import annotations

from tongban.access.actors import Actor
from tongban.cases import decisions, dues
from tongban.cases.models import Case
from tongban.cases.moves import StepData
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.decision import Refusal
from tongban.domain.reasons import Reasons


def approve_first(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """First review: everything the law asks is there, and nothing stands in the way."""
    if refusal := stands_in_the_way(case, data):
        return refusal
    case.first_reviewer, case.second_reviewer = actor.id, ""
    return None


def approve_second(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """Second review, by another person than the first."""
    if actor.id == case.first_reviewer:
        return Refusal(Reasons.SECOND_PERSON_NEEDED)
    if refusal := stands_in_the_way(case, data):
        return refusal
    case.second_reviewer = actor.id
    dues.open_fees(case, CATALOGUE[case.item_number], data.now)
    return None


def return_to_first(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """The second reviewer sends the case back; the first review starts anew."""
    case.first_reviewer = ""
    return None


def refuse(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """Do not register (不予登记), in writing, with reason, law, cure and remedy (条例 22)."""
    decisions.evaluate(case, data)
    case.refusal = decisions.written(case, data)
    return None


def stands_in_the_way(case: Case, data: StepData) -> Refusal | None:
    decision = decisions.evaluate(case, data)
    standing = (*decision.refusals, *decision.conditions)
    return decisions.refusal_for(case, standing[0]) if standing else None
