"""The public notice of a case: published by the first reviewer, over by lapse of time (细则 17)."""

from __future__ import annotations

from tongban.access.actors import Actor
from tongban.cases import public_notices
from tongban.cases.models import Case
from tongban.cases.moves import StepData
from tongban.cases.steps import review
from tongban.domain.decision import Refusal
from tongban.domain.errors import WrongState
from tongban.domain.reasons import Reasons


def publish(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """Publish what would be recorded, once, when nothing else stands in its way."""
    if public_notices.rule_of(case) is None or public_notices.notice_of(case) is not None:
        return Refusal(Reasons.NOTICE_REPEATED)
    if refusal := review.stands_in_the_way(case, data):
        return refusal
    public_notices.put_up(case, actor, data.now)
    return None


def end_notice(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """The last day has passed and every objection is decided."""
    if public_notices.still_waits(case, data.now):
        raise WrongState("notice_running", "公告期还没有满，或者还有异议没有处理。")
    return None
