"""Where an application is, who has to act until when, what comes next; and the time limits that run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.utils.timezone import localdate

from tongban.desk.window.parts import STATE_TONES, state_badge
from tongban.directory import lookup
from tongban.directory.time_limits import correction_due_on
from tongban.domain.codes import institution_division
from tongban.domain.lifecycle import ApplicationState, CaseState, application_text
from tongban.intake.queries import ApplicationView, EventLine
from tongban.web.parts import Clock, ClockState, Step, StepState, Timeline, Tone

AHEAD: Final = ("属地受理", "初审", "复审", "登簿", "发证")
_DONE_OF: Final = {
    CaseState.ACCEPTED: 1,
    CaseState.REVIEWED: 2,
    CaseState.APPROVED: 3,
    CaseState.DUES_SETTLED: 3,
    CaseState.RECORDED: 4,
}
_UNTOLD: Final = frozenset({"seal"})  # the hand-over says it
_ACCEPTED_ONCE: Final = frozenset(
    {
        ApplicationState.ACCEPTED,
        ApplicationState.SUSPENDED,
        ApplicationState.RECORDED,
        ApplicationState.CERTIFIED,
        ApplicationState.REFUSED,
    }
)


def journey(view: ApplicationView, events: Sequence[EventLine]) -> Timeline:
    """The timeline that window and applicant share."""
    told = [event for event in events if event.action not in _UNTOLD]
    past = [_step(view, event, is_last=event is told[-1]) for event in told]
    return Timeline(
        now=state_badge(view.state, issues=bool(view.item.issues)),
        who_zh=_who_zh(view),
        next_zh=(view.report.next_zh if view.report else "")
        or application_text(view.state, issues=bool(view.item.issues)).next_zh,
        until=until(view),
        steps=[*past, *(Step(label, StepState.NEXT) for label in _ahead(view))],
    )


def until(view: ApplicationView) -> date | datetime | None:
    """Until when whoever has to act now may take."""
    if view.state is ApplicationState.HANDED_OVER:
        return view.answer_due_at
    if view.state is ApplicationState.CORRECTION:
        return correction_due_on(view.state_since, view.home_registry)
    return view.report.due_on if view.report and view.state is ApplicationState.ACCEPTED else None


def clocks(view: ApplicationView, now: datetime) -> list[Clock]:
    """The legal and the promised limit, in the numbers of the home registry's last report."""
    report = view.report
    if report is None or view.state not in _ACCEPTED_ONCE:
        return []
    division = institution_division(view.home_registry)
    today = localdate(now)
    told_on = localdate(report.happened_at)
    said = f"属地 {told_on.month}月{told_on.day}日报告"
    found = []
    if report.legal_clock is not None:
        limit = lookup.parameter_count("legal_limit_workdays", division, today)
        state = ClockState.DONE if view.state.is_final else ClockState.RUNNING
        found.append(Clock("法定期限", report.legal_clock, limit, state, basis_zh=f"条例第二十条；{said}"))
    if report.service_clock is not None:
        limit = lookup.parameter_count(view.item.days_parameter, division, today)
        state = _service_state(view, today)
        found.append(Clock("承诺期限", report.service_clock, limit, state, report.due_on, said))
    return found


def _service_state(view: ApplicationView, today: date) -> ClockState:
    if view.state is ApplicationState.SUSPENDED:
        return ClockState.PAUSED
    if view.state is not ApplicationState.ACCEPTED:
        return ClockState.DONE
    due_on = view.report.due_on if view.report else None
    return ClockState.OVERDUE if due_on and today > due_on else ClockState.RUNNING


def _who_zh(view: ApplicationView) -> str:
    if view.state in (ApplicationState.HANDED_OVER, ApplicationState.ACCEPTED, ApplicationState.SUSPENDED):
        case_state = CaseState(view.report.state) if view.report else None
        who = case_state.who_acts_zh.removeprefix("属地登记机构") if case_state else ""
        return f"{view.home.name_zh}{who}"
    return view.state.who_acts_zh


def _step(view: ApplicationView, event: EventLine, *, is_last: bool) -> Step:
    label, _, note = event.text_zh.partition("；")
    by = event.by_zh or (view.home.name_zh if event.action.startswith("report") else "")
    return Step(label or event.state.name_zh, _step_state(event, is_last=is_last), by, event.at, note)


def _step_state(event: EventLine, *, is_last: bool) -> StepState:
    if STATE_TONES[event.state] is Tone.STOPPED:
        return StepState.STOPPED
    return StepState.NOW if is_last and not event.state.is_final else StepState.DONE


def _ahead(view: ApplicationView) -> Sequence[str]:
    if view.state.is_final or view.state is ApplicationState.SUSPENDED:
        return ()
    done = _DONE_OF.get(CaseState(view.report.state), 0) if view.report else 0
    return AHEAD[done:]
