"""Deciding an objection to a public notice: dismissed with the reason, or upheld, which ends the case (条例 22 第二项)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.cases import decisions, flow
from tongban.cases.models import Case, NoticeObjection, ObjectionRuling
from tongban.cases.moves import Moved, StepData
from tongban.cases.public_notices import GROUNDS_CHARS_MAX, locked
from tongban.domain.decision import Fact, Refusal
from tongban.domain.errors import InvalidInput, NotFound, Problem, WrongState
from tongban.domain.reasons import Reasons


def dismiss(case_no: str, objection: int, reason_zh: str, actor: Actor, *, now: datetime) -> None:
    """Find an objection unfounded, with the reason.  Raises NotPermitted, NotFound, WrongState, InvalidInput."""
    with transaction.atomic():
        _rule(locked(case_no, actor, "case.decide_objection"), objection, reason_zh, actor, now, is_upheld=False)


def uphold(case_no: str, objection: int, reason_zh: str, actor: Actor, data: StepData) -> Moved | Refusal:
    """Find an objection founded and refuse the registration for it, all or nothing.

    Raises NotPermitted, NotFound, WrongState, InvalidInput.
    """
    with transaction.atomic():
        case = locked(case_no, actor, "case.decide_objection")
        _rule(case, objection, reason_zh, actor, data.now, is_upheld=True)
        refusal = Refusal(Reasons.DISPUTED, (Fact("公告期内的异议成立", reason_zh.strip()),), decisions.place(case))
        outcome = flow.advance(case_no, "refuse", actor, replace(data, refusal=refusal))
        if isinstance(outcome, Refusal):
            transaction.set_rollback(True)
        return outcome


def _rule(  # noqa: PLR0913 - the parts of one ruling
    case: Case, objection: int, reason_zh: str, actor: Actor, now: datetime, *, is_upheld: bool
) -> None:
    if not 1 <= len(reason_zh.strip()) <= GROUNDS_CHARS_MAX:
        raise InvalidInput([Problem("reason", "没有写处理的理由", "请写明查明了什么、异议为什么成立或者不成立")])
    row = NoticeObjection.objects.filter(pk=objection, notice__case=case).first()
    if row is None:
        raise NotFound("objection_not_found", "这个案件没有这件异议。")
    if case.ended_at is not None or ObjectionRuling.objects.filter(objection=row).exists():
        raise WrongState("objection_decided", "这件异议已经处理过，或者案件已经办结。")
    ObjectionRuling.objects.create(
        objection=row, is_upheld=is_upheld, reason_zh=reason_zh.strip(), decided_at=now, decided_by=actor.id
    )
    detail = {"objection": str(objection), "upheld": str(is_upheld)}
    audit(actor, "case.decide_objection", case.case_no, case_no=case.case_no, detail=detail, now=now)
