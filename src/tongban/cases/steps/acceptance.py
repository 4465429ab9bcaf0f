"""Acceptance (受理) and what can stand before it: correction, lapse, not accepted (条例 16, 17)."""

from __future__ import annotations

from tongban.access.actors import Actor
from tongban.cases import clocks, decisions
from tongban.cases.models import Case, Correction
from tongban.cases.moves import StepData
from tongban.domain.decision import Refusal
from tongban.domain.errors import InvalidInput, Problem, WrongState
from tongban.domain.reasons import Reasons


def accept(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """Accept what is in scope and applied for by everybody; a burden does not stop acceptance (48号文 四; 条例 14)."""
    if data.now > case.answer_due_at:
        return Refusal(Reasons.ACCEPTED_BY_LAPSE)
    decision = decisions.evaluate(case, data)
    if barred := decisions.bars_acceptance(decision):
        return decisions.refusal_for(case, barred[0])
    case.assigned_to = actor.id
    return None


def deem_accepted(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """The home registry was silent past its answer time: accepted by law, the clock runs from the receipt (条例17)."""
    if data.now < case.answer_due_at:
        raise WrongState("answer_time_running", "属地的答复时间还没有到，不能视为受理。")
    decisions.evaluate(case, data)
    return None


def ask_correction(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """Tell once everything that is missing; closed once the answer time has passed (条例17③)."""
    if not data.corrections:
        raise InvalidInput([Problem("corrections", "补正清单是空的", "请至少写明一项要补正的材料和补正办法")])
    if data.now > case.answer_due_at:
        return Refusal(Reasons.ACCEPTED_BY_LAPSE)
    round_no = 1 + len(set(case.corrections.values_list("round_no", flat=True)))
    Correction.objects.bulk_create(
        Correction(
            case=case, round_no=round_no, material_key=line.material_key, what_zh=line.what_zh, cure_zh=line.cure_zh
        )
        for line in data.corrections
    )
    return None


def supplement(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """Take in what the applicant supplied; the answer time begins anew."""
    assert data.package is not None, "a supplement brings the amended package"
    case.package = data.package
    case.answer_due_at = clocks.answer_due_at(data.now, case.home_registry)
    case.corrections.filter(supplied_at__isnull=True).update(supplied_at=data.now)
    return None


def lapse(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """Nothing came within the correction period."""
    case.refusal = Refusal(Reasons.PAPERS_INCOMPLETE, where=decisions.place(case)).to_wire()
    return None


def not_accept(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """Refuse to accept in writing, with the reason and what cures it; closed once the answer time has passed."""
    if data.now > case.answer_due_at:
        return Refusal(Reasons.ACCEPTED_BY_LAPSE)
    decisions.evaluate(case, data)
    case.refusal = decisions.written(case, data)
    return None
