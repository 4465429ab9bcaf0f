"""View data that decides something by itself: clocks, changes, progress."""

from __future__ import annotations

import pytest

from tongban.web.parts import Change, Clock, ClockState, Progress, Tone


@pytest.mark.parametrize(
    ("used", "limit", "state", "tone"),
    [
        (0, 30, ClockState.RUNNING, Tone.GOING),
        (23, 30, ClockState.RUNNING, Tone.GOING),
        (24, 30, ClockState.RUNNING, Tone.WAITING),
        (30, 30, ClockState.RUNNING, Tone.WAITING),
        (31, 30, ClockState.RUNNING, Tone.STOPPED),
        (2, 30, ClockState.PAUSED, Tone.WAITING),
        (40, 30, ClockState.DONE, Tone.DONE),
        (1, 30, ClockState.OVERDUE, Tone.STOPPED),
    ],
)
def test_a_clock_warns_from_four_fifths_and_is_red_when_over(
    used: int, limit: int, state: ClockState, tone: Tone
) -> None:
    assert Clock("法定期限", used, limit, state).tone is tone


def test_a_clock_never_draws_beyond_its_bar() -> None:
    assert [Clock("", used, limit).bar_width for used, limit in ((0, 30), (15, 30), (90, 30), (0, 0))] == [
        0,
        50,
        100,
        100,
    ]


def test_only_a_different_value_is_a_change() -> None:
    assert Change("权利人", "李敏", "李明慧").is_changed
    assert not Change("共有情况", "共同共有", "共同共有").is_changed


def test_progress_marks_one_step_as_now() -> None:
    assert Progress(2, 4, "").marks == ("done", "now", "next", "next")
