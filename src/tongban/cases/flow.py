"""The only place where a case changes its state."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.db.models import Max

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.denials import audit_refusal
from tongban.access.require import Scope, require
from tongban.cases import clocks, dues, public_notices, reports
from tongban.cases.models import Case, CaseMove
from tongban.cases.moves import Moved, StepData
from tongban.cases.steps import STEPS
from tongban.domain.decision import Refusal
from tongban.domain.errors import NotFound, Stale, WrongState
from tongban.domain.lifecycle import CASE_MOVES, CaseState, Move


def advance(case_no: str, action: str, actor: Actor, data: StepData) -> Moved | Refusal:
    """Make one move of one case, all or nothing.

    The same `data.key` again changes nothing and gives the same answer.  A lawful no is a `Refusal`: everything the
    move began is rolled back with it, only the audit of the no stays.  Raises NotPermitted, WrongState, Stale, NotFound.
    """
    outcome = _advance(case_no, action, actor, data)
    if isinstance(outcome, Refusal):
        audit_refusal(actor, f"case.{action}", case_no, outcome, now=data.now)
    return outcome


def _advance(case_no: str, action: str, actor: Actor, data: StepData) -> Moved | Refusal:
    move = CASE_MOVES[action]
    with transaction.atomic():
        case = Case.objects.select_for_update().filter(case_no=case_no).first()
        if case is None:
            raise NotFound("case_not_found", "没有这个案件。")
        require(actor, move.permission, Scope(frozenset({case.home_registry}), case_no))
        if done := CaseMove.objects.filter(case=case, key=data.key).first():
            return Moved(case_no, done.action, done.source, done.target)
        _check_fresh(case, data)
        if refusal := public_notices.in_the_way(case, move.action, data.now):
            transaction.set_rollback(True)
            return refusal
        _check_state(case, move)
        moved = _apply(case, move, actor, data)
        if isinstance(moved, Refusal):
            transaction.set_rollback(True)
            return moved
        audit(actor, f"case.{action}", case_no, case_no=case_no, detail={"from": moved.source, "to": moved.target})
    return moved


def _check_fresh(case: Case, data: StepData) -> None:
    state = CaseState(case.state)
    if data.expected_state and data.expected_state != state:
        raise Stale("case_changed", f"这个案件刚刚已由他人办理，现在是“{state.name_zh}”。请刷新后再办。")


def _check_state(case: Case, move: Move[CaseState]) -> None:
    state = CaseState(case.state)
    if state not in move.sources:
        raise WrongState("case_wrong_state", f"案件现在是“{state.name_zh}”，不能办理“{move.name_zh}”。")


def _apply(case: Case, move: Move[CaseState], actor: Actor, data: StepData) -> Moved | Refusal:
    source = case.state
    if refusal := STEPS[move.action](case, actor, replace(data, action=move.action)):
        return refusal
    if move.remembers:
        case.resume_state = source
    target = move.goes_to(CaseState(case.resume_state) if case.resume_state else None)
    case.state, case.state_since = target, data.now
    clocks.apply(case, move.clock_into(target), data.now)
    if target.is_final or target is CaseState.RECORDED:
        case.ended_at = case.ended_at or data.now
        case.units.update(is_open=False)
    if target.is_final and target is not CaseState.ARCHIVED:
        dues.give_back(case, data.now)
    case.save()
    write_move(case, move.action, source, actor, data)
    reports.send_status(case, data)
    return Moved(case.case_no, move.action, source, target)


def write_move(case: Case, action: str, source: str, actor: Actor, data: StepData) -> None:
    """Append one line to the case's history."""
    last = CaseMove.objects.filter(case=case).aggregate(last=Max("position"))["last"] or 0
    CaseMove.objects.create(
        case=case,
        position=last + 1,
        action=action,
        source=source,
        target=case.state,
        by=actor.id,
        by_name_zh=actor.name_zh,
        institution=actor.institution,
        note_zh=data.note_zh,
        at=data.now,
        key=data.key,
    )
