"""Random walks over the tables of moves: no dead end, and the window always keeps up with the case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from tongban.domain.lifecycle import (
    APPLICATION_MOVES,
    APPLICATION_START,
    CASE_MOVES,
    CASE_STARTS,
    ApplicationState,
    CaseState,
    ServiceClock,
    application_moves_from,
    case_moves_from,
    report_action,
)

S = TypeVar("S")
SUSPENDABLE = CASE_MOVES["suspend"].sources


def case_targets(state: CaseState) -> set[CaseState]:
    found: set[CaseState] = set()
    for move in case_moves_from(state):
        found |= {move.target} if move.target else set(SUSPENDABLE)
    return found


def application_targets(state: ApplicationState) -> set[ApplicationState]:
    return {move.goes_to() for move in application_moves_from(state)}


def reachable(start: Iterable[S], targets: Callable[[S], set[S]]) -> set[S]:
    seen = set(start)
    waiting = list(seen)
    while waiting:
        new = targets(waiting.pop()) - seen
        seen |= new
        waiting += new
    return seen


def test_every_state_can_be_reached() -> None:
    assert reachable(CASE_STARTS, case_targets) == set(CaseState)
    assert reachable([APPLICATION_START], application_targets) == set(ApplicationState)


@given(st.sampled_from(list(CaseState)))
def test_every_case_can_come_to_an_end(state: CaseState) -> None:
    assert any(end.is_final for end in reachable([state], case_targets))


@given(st.sampled_from(list(ApplicationState)))
def test_every_application_can_come_to_an_end(state: ApplicationState) -> None:
    assert any(end.is_final for end in reachable([state], application_targets))


@given(st.sampled_from(CASE_STARTS), st.lists(st.integers(0, 99), max_size=60))
def test_whatever_happens_to_a_case_its_application_follows(start: CaseState, choices: list[int]) -> None:
    case, application = start, ApplicationState.HANDED_OVER
    remembered: CaseState | None = None
    for choice in choices:
        moves = case_moves_from(case)
        if not moves:
            break
        move = moves[choice % len(moves)]
        if move.action == "supplement":  # the window sends it first
            application = APPLICATION_MOVES["supplement"].goes_to()
        remembered = case if move.remembers else remembered
        case = move.goes_to(remembered)
        action = report_action(case)
        if action is not None and application is not APPLICATION_MOVES[action].goes_to():
            assert application in APPLICATION_MOVES[action].sources, f"{application} cannot follow to {case}"
            application = APPLICATION_MOVES[action].goes_to()
        if action is None:
            assert application is ApplicationState.HANDED_OVER

    assert case.is_final == (not case_moves_from(case))
    if case.is_final:
        assert application.is_final


@given(st.sampled_from(CASE_STARTS), st.lists(st.integers(0, 99), max_size=60))
def test_the_service_clock_runs_exactly_while_the_home_registry_has_to_act(
    start: CaseState, choices: list[int]
) -> None:
    case, remembered, clock = start, None, "off"
    for choice in choices:
        moves = case_moves_from(case)
        if not moves:
            break
        move = moves[choice % len(moves)]
        remembered = case if move.remembers else remembered
        case = move.goes_to(remembered)
        clock = {
            ServiceClock.NONE: clock,
            ServiceClock.STARTS: "runs",
            ServiceClock.PAUSES: "rests",
            ServiceClock.RESUMES: "runs",
            ServiceClock.STOPS: "stopped",
        }[move.clock_into(case).service]
        assert clock == SERVICE_CLOCK[case]


SERVICE_CLOCK = {
    CaseState.RECEIVED: "off",
    CaseState.PRE_REVIEW: "off",
    CaseState.CORRECTION: "off",
    CaseState.ACCEPTED: "runs",
    CaseState.PUBLISHED: "rests",
    CaseState.REVIEWED: "runs",
    CaseState.APPROVED: "rests",
    CaseState.DUES_SETTLED: "runs",
    CaseState.SUSPENDED: "rests",
    CaseState.RECORDED: "stopped",
    CaseState.CERTIFIED: "stopped",
    CaseState.ARCHIVED: "stopped",
    CaseState.NOT_ACCEPTED: "stopped",
    CaseState.REFUSED: "stopped",
    CaseState.WITHDRAWN: "stopped",
}
