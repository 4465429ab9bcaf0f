"""What happens to cases by itself: settled without dues, accepted by lapse of time, certified, lapsed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from tongban.access.actors import system
from tongban.cases import public_notices
from tongban.cases.flow import advance
from tongban.cases.models import Case, DueState
from tongban.cases.moves import Moved, StepData
from tongban.certificates import issue
from tongban.directory.time_limits import correction_due_on
from tongban.domain.errors import WrongState
from tongban.domain.lifecycle import CaseState

BATCH = 50


def settle_due(now: datetime) -> int:
    """Settle approved cases on which nothing is left to pay and every office has answered."""
    rows = Case.objects.filter(state=CaseState.APPROVED).exclude(dues__state__in=(DueState.OPEN, DueState.DECLINED))
    return _advance_all(rows.order_by("state_since")[:BATCH], "settle", now)


def deem_accepted_due(now: datetime) -> int:
    """Accept by law what the home registry left unanswered past its time (条例17; facts L3)."""
    rows = Case.objects.filter(state=CaseState.RECEIVED, answer_due_at__lte=now).order_by("answer_due_at")
    return _advance_all(rows[:BATCH], "deem_accepted", now)


def certify_due(now: datetime) -> int:
    """Certify recorded cases whose licence has been signed."""
    rows = Case.objects.filter(state=CaseState.RECORDED).order_by("state_since")[:BATCH]
    done = issue.finished_among([case.case_no for case in rows])
    return _advance_all([case for case in rows if case.case_no in done], "certify", now)


def end_notices(now: datetime) -> int:
    """Go on with cases whose public notice is over and on which no objection waits (细则 17)."""
    rows = public_notices.over(localdate(now)).order_by("public_notice__ends_on")
    return _advance_all(rows[:BATCH], "end_notice", now)


def lapse_due(now: datetime) -> int:
    """End cases whose correction never came within its period."""
    rows = Case.objects.filter(state=CaseState.CORRECTION, state_since__lt=now - timedelta(days=1)).order_by(
        "state_since"
    )
    return _advance_all([case for case in rows[:BATCH] if _has_lapsed(case, now)], "lapse", now)


def _has_lapsed(case: Case, now: datetime) -> bool:
    return localdate(now) > correction_due_on(case.state_since, case.home_registry)


def _advance_all(rows: Iterable[Case], action: str, now: datetime) -> int:
    """One move each, in a transaction each; a case that somebody moved meanwhile is left alone."""
    done = 0
    for case in rows:
        data = StepData(key=f"{action}:{case.state_since.isoformat()}", now=now)
        try:
            done += isinstance(advance(case.case_no, action, system(action, case.home_registry), data), Moved)
        except WrongState:
            continue
    return done
