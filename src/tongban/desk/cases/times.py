"""Age and time limits of cases in words: how long something waited, how much is left, and how pressing that is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.utils.timezone import localdate, localtime

from tongban.cases.limits import Limits
from tongban.cases.queries import CaseView
from tongban.cases.queues import CaseRow
from tongban.domain.lifecycle import CaseState, case_text
from tongban.web.parts import Badge, Clock, ClockState, Tone

ANSWER_IS_SHORT: Final = timedelta(hours=3)
_MINUTE, _HOUR = 60, 3600
_BEFORE_ACCEPTANCE: Final = (CaseState.RECEIVED, CaseState.PRE_REVIEW)


def duration_zh(length: timedelta) -> str:
    """“3 天 4 小时”, “2 小时 5 分”, “12 分钟”; the two largest parts."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < _MINUTE:
        return "不到 1 分钟"
    days, rest = divmod(seconds, 24 * _HOUR)
    hours, minutes = rest // _HOUR, rest % _HOUR // _MINUTE
    if days:
        return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
    if hours:
        return f"{hours} 小时 {minutes} 分" if minutes else f"{hours} 小时"
    return f"{minutes} 分钟"


def clock_zh(moment: datetime) -> str:
    """“11月23日 10:02”."""
    here = localtime(moment)
    return f"{here.month}月{here.day}日 {here:%H:%M}"


def answer_badge(due_at: datetime, now: datetime) -> Badge:
    """How much of the answer time is left; past it the case counts as accepted (条例17)."""
    left = due_at - now
    if left <= timedelta():
        return Badge("已到期，视为受理", Tone.STOPPED)
    if left <= ANSWER_IS_SHORT:
        return Badge(f"快到期，只剩 {duration_zh(left)}", Tone.WAITING)
    return Badge(f"还剩 {duration_zh(left)}", Tone.GOING)


def promise_badge(due_on: date | None, today: date, *, is_paused: bool) -> Badge | None:
    """How the promised day stands."""
    if due_on is None:
        return None
    if is_paused:
        return Badge("暂停计时", Tone.QUIET)
    left = (due_on - today).days
    if left < 0:
        return Badge(f"超期 {-left} 天", Tone.STOPPED)
    if left == 0:
        return Badge("今天到期", Tone.WAITING)
    return Badge("明天到期" if left == 1 else f"{due_on.month}月{due_on.day}日到期", Tone.GOING)


def limit_of(row: CaseRow | CaseView, now: datetime) -> Badge | None:
    """The limit that runs now: the answer time before acceptance, the promise after; none when all is over."""
    if row.state in _BEFORE_ACCEPTANCE:
        return answer_badge(row.answer_due_at, now)
    due_on, is_paused, has_ended = _promise(row)
    return None if has_ended else promise_badge(due_on, localdate(now), is_paused=is_paused)


def _promise(row: CaseRow | CaseView) -> tuple[date | None, bool, bool]:
    if isinstance(row, CaseRow):
        return row.service_due_on, row.is_paused, row.ended_at is not None
    limits = row.limits
    return limits.service_due_on, limits.service_paused_at is not None, limits.has_ended


def state_badge(state: CaseState, *, issues: bool = True) -> Badge:
    """The state in its tone; `issues`: whether the case brings a certificate or proof."""
    return Badge(case_text(state, issues=issues).name_zh, _TONES.get(state, Tone.GOING))


_TONES: Final = {
    CaseState.RECEIVED: Tone.WAITING,
    CaseState.PRE_REVIEW: Tone.WAITING,
    CaseState.CORRECTION: Tone.WAITING,
    CaseState.SUSPENDED: Tone.STOPPED,
    CaseState.RECORDED: Tone.DONE,
    CaseState.CERTIFIED: Tone.DONE,
    CaseState.ARCHIVED: Tone.DONE,
    CaseState.NOT_ACCEPTED: Tone.STOPPED,
    CaseState.REFUSED: Tone.STOPPED,
    CaseState.WITHDRAWN: Tone.QUIET,
}


def clocks(limits: Limits) -> tuple[Clock, Clock]:
    """The legal clock and the promise, as they stand."""
    running = ClockState.DONE if limits.has_ended else ClockState.RUNNING
    service = ClockState.PAUSED if limits.service_paused_at and not limits.has_ended else running
    return (
        Clock("法定期限", limits.legal_used, limits.legal_limit, running, limits.legal_due_on, "条例第二十条，只在公告期间停"),
        Clock(
            "承诺期限", limits.service_used, limits.service_limit, service, limits.service_due_on,
            "等申请人、等法院的时间不计",
        ),
    )  # fmt: skip
