"""The two clocks of a case: the legal one (条例 20) and the promised one, which rests while others have to act."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from tongban.access.actors import system
from tongban.access.audit import audit
from tongban.cases import public_notices
from tongban.cases.models import Case
from tongban.directory import lookup
from tongban.directory.time_limits import REACH_DAYS, calendar_from
from tongban.directory.time_limits import answer_due_at as answer_due_at
from tongban.domain.calendar import LONGEST_PERIOD
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.codes import institution_division
from tongban.domain.lifecycle import Clock, LegalClock, ServiceClock


def apply(case: Case, clock: Clock, now: datetime) -> None:
    """Let a move start, rest, resume or stop the clocks of its case; the caller saves the case."""
    if clock.legal in (LegalClock.STARTS, LegalClock.STARTS_AT_RECEIPT):
        _start(case, case.received_at if clock.legal is LegalClock.STARTS_AT_RECEIPT else now)
    elif clock.legal is LegalClock.PAUSES:
        _rest_for_notice(case)
    if clock.service is ServiceClock.PAUSES:
        case.service_paused_at = case.service_paused_at or now
    elif clock.service is ServiceClock.RESUMES and case.service_paused_at:
        _resume(case, now)
    elif clock.service is ServiceClock.STOPS:
        case.service_paused_at = None


def workdays_used(case: Case, today: date) -> int:
    """Working days since acceptance less those of a public notice (细则 17); 0 before acceptance."""
    if case.accepted_at is None:
        return 0
    begun = localdate(case.accepted_at)
    end = min(today, localdate(case.ended_at)) if case.ended_at else today
    end = max(begun, end)
    calendar = lookup.calendar(begun, end)
    return calendar.workdays_between(begun, end) - public_notices.workdays_within(case, begun, end, calendar)


def recount_open(now: datetime) -> int:
    """Count the limits of open cases anew after the calendar changed; how many moved.

    A case that ever rested keeps its promised day, since the days it rested were counted by the calendar of then; its
    legal limit moves with the others.
    """
    moved = 0
    for case_no in list(_running().values_list("case_no", flat=True)):
        with transaction.atomic():
            case = _running().select_for_update().filter(case_no=case_no).first()
            if case is None or case.accepted_at is None:
                continue
            before, promised = (case.legal_due_on, case.service_due_on), case.service_due_on
            _start(case, case.accepted_at)
            _rest_for_notice(case)
            if case.moves.filter(action__in=("suspend", "publish")).exists():
                case.service_due_on = promised
            if (case.legal_due_on, case.service_due_on) != before:
                case.save(update_fields=["legal_due_on", "service_due_on"])
                audit(system("recount", case.home_registry), "case.recount", case_no, case_no=case_no, now=now)
                moved += 1
    return moved


def _running() -> QuerySet[Case]:
    return Case.objects.filter(ended_at=None, accepted_at__isnull=False).order_by("case_no")


def _start(case: Case, at: datetime) -> None:
    begun, division = localdate(at), institution_division(case.home_registry)
    calendar = calendar_from(begun)
    case.accepted_at = at
    legal = lookup.parameter_count("legal_limit_workdays", division, begun)
    promised = lookup.parameter_count(CATALOGUE[case.item_number].days_parameter, division, begun)
    case.legal_due_on = calendar.add_workdays(begun, legal)
    case.service_due_on = calendar.add_workdays(begun, promised)


def _rest_for_notice(case: Case) -> None:
    """Move the legal limit by the working days of the case's public notice, if it has one."""
    workdays = public_notices.workdays_of(case)
    if workdays and case.legal_due_on:
        case.legal_due_on = calendar_from(case.legal_due_on).add_workdays(case.legal_due_on, workdays)


def _resume(case: Case, now: datetime) -> None:
    assert case.service_paused_at is not None, "only a resting clock resumes"
    rested_from, today = localdate(case.service_paused_at), localdate(now)
    rested = lookup.calendar(rested_from, max(rested_from, today)).workdays_between(rested_from, today)
    case.service_paused_at = None
    while case.service_due_on and rested:  # a case may rest for years, a seizure lasts three
        step = min(rested, LONGEST_PERIOD)
        calendar = lookup.calendar(case.service_due_on, case.service_due_on + timedelta(days=2 * step + REACH_DAYS))
        case.service_due_on = calendar.add_workdays(case.service_due_on, step)
        rested -= step
