"""The tables of moves: what the law fixes about them."""

from __future__ import annotations

import pytest

from tongban.domain.lifecycle import (
    APPLICATION_MOVES,
    CASE_MOVES,
    CASE_STARTS,
    ApplicationState,
    CaseState,
    LegalClock,
    ServiceClock,
    application_moves_from,
    case_moves_from,
    report_action,
)

BEFORE_RECORDING = {
    "RECEIVED",
    "PRE_REVIEW",
    "CORRECTION",
    "ACCEPTED",
    "PUBLISHED",
    "REVIEWED",
    "APPROVED",
    "DUES_SETTLED",
    "SUSPENDED",
}


def actions(state: CaseState) -> set[str]:
    return {move.action for move in case_moves_from(state)}


def test_the_straight_road_leads_from_window_to_archive() -> None:
    state = CaseState.RECEIVED
    for action in ("accept", "approve_first", "approve_second", "settle", "record", "certify", "archive"):
        move = CASE_MOVES[action]
        assert state in move.sources
        state = move.goes_to()

    assert state is CaseState.ARCHIVED


def test_an_applicant_may_withdraw_at_any_time_before_recording_and_never_after() -> None:
    assert {state.value for state in CASE_MOVES["withdraw"].sources} == BEFORE_RECORDING


def test_after_acceptance_by_silence_neither_correction_nor_non_acceptance_is_open() -> None:
    accepted = CASE_MOVES["deem_accepted"].goes_to()

    assert accepted is CaseState.ACCEPTED
    assert not {"ask_correction", "not_accept"} & actions(accepted)
    assert CASE_MOVES["deem_accepted"].clock.legal is LegalClock.STARTS_AT_RECEIPT


def test_a_supplement_starts_the_answer_time_anew() -> None:
    assert CASE_MOVES["supplement"].goes_to() is CaseState.RECEIVED


def test_recording_needs_two_approvals_and_settled_dues() -> None:
    assert CASE_MOVES["record"].sources == {CaseState.DUES_SETTLED}
    assert CASE_MOVES["settle"].sources == {CaseState.APPROVED}
    assert CASE_MOVES["approve_second"].sources == {CaseState.REVIEWED}


def test_an_order_of_a_court_can_stop_a_case_until_the_moment_of_recording() -> None:
    sources = {state.value for state in CASE_MOVES["suspend"].sources}

    assert sources == {"ACCEPTED", "PUBLISHED", "REVIEWED", "APPROVED", "DUES_SETTLED"}
    assert CASE_MOVES["suspend"].remembers


@pytest.mark.parametrize("remembered", sorted(CASE_MOVES["suspend"].sources))
def test_a_suspended_case_goes_on_where_it_stood(remembered: CaseState) -> None:
    assert CASE_MOVES["resume"].goes_to(remembered) is remembered


def test_a_case_cannot_resume_to_nowhere() -> None:
    with pytest.raises(AssertionError):
        CASE_MOVES["resume"].goes_to()


def test_a_recorded_case_can_no_longer_be_refused() -> None:
    assert not {"refuse", "withdraw", "suspend"} & actions(CaseState.RECORDED)


def test_the_legal_clock_runs_from_acceptance_and_stops_for_no_pause_of_ours() -> None:
    starts = {action for action, move in CASE_MOVES.items() if move.clock.legal is LegalClock.STARTS}

    assert starts == {"accept"}
    for action in ("suspend", "approve_second"):
        assert CASE_MOVES[action].clock.legal is LegalClock.NONE
        assert CASE_MOVES[action].clock.service is ServiceClock.PAUSES


def test_every_way_out_stops_both_clocks() -> None:
    for action in ("record", "refuse", "not_accept", "withdraw", "lapse"):
        clock = CASE_MOVES[action].clock
        assert (clock.legal, clock.service) == (LegalClock.STOPS, ServiceClock.STOPS)


@pytest.mark.parametrize("state", [*CaseState, *ApplicationState], ids=str)
def test_every_state_says_where_it_is_who_acts_and_what_comes_next(state: CaseState | ApplicationState) -> None:
    assert state.name_zh and state.who_acts_zh and state.next_zh


@pytest.mark.parametrize("state", CaseState)
def test_a_case_is_final_exactly_when_nothing_leads_out(state: CaseState) -> None:
    assert state.is_final == (not case_moves_from(state))


@pytest.mark.parametrize("state", ApplicationState)
def test_an_application_is_final_exactly_when_nothing_leads_out(state: ApplicationState) -> None:
    assert state.is_final == (not application_moves_from(state))


def test_permissions_are_named_after_the_move() -> None:
    assert all(move.permission == f"case.{action}" for action, move in CASE_MOVES.items())
    assert all(move.permission.startswith("application.") for move in APPLICATION_MOVES.values())


def test_a_case_starts_where_nothing_was_decided() -> None:
    assert CASE_STARTS == (CaseState.RECEIVED, CaseState.PRE_REVIEW)


@pytest.mark.parametrize(
    ("case", "action"),
    [
        (CaseState.RECEIVED, None),
        (CaseState.PRE_REVIEW, None),
        (CaseState.CORRECTION, "report_correction"),
        (CaseState.ACCEPTED, "report_accepted"),
        (CaseState.REVIEWED, "report_accepted"),
        (CaseState.DUES_SETTLED, "report_accepted"),
        (CaseState.SUSPENDED, "report_suspended"),
        (CaseState.ARCHIVED, "report_certified"),
        (CaseState.WITHDRAWN, "report_withdrawn"),
    ],
)
def test_the_window_follows_the_case_by_reports(case: CaseState, action: str | None) -> None:
    assert report_action(case) == action


def test_a_case_resumed_to_its_unpaid_dues_keeps_the_promised_days_at_rest() -> None:
    resume = CASE_MOVES["resume"]

    assert resume.clock_into(CaseState.APPROVED).service is ServiceClock.NONE
    assert resume.clock_into(CaseState.REVIEWED).service is ServiceClock.RESUMES
    assert CASE_MOVES["settle"].clock_into(CaseState.DUES_SETTLED).service is ServiceClock.RESUMES


def test_an_application_handed_over_cannot_be_discarded_by_the_window() -> None:
    assert ApplicationState.HANDED_OVER not in APPLICATION_MOVES["discard"].sources
    assert ApplicationState.HANDED_OVER not in APPLICATION_MOVES["tell_home"].sources
