"""What comes in between: silence, correction, withdrawal, a court."""

from __future__ import annotations

import json
from datetime import date

import pytest
from tests.province import CLERK, HOME, OFFICER, REGISTRAR, REVIEWER, Province, flats

from tongban.access.actors import system
from tongban.cases import clocks, flow
from tongban.cases.models import Case
from tongban.cases.moves import CorrectionLine, StepData
from tongban.cli import play, stage
from tongban.directory.models import CalendarDay
from tongban.directory.recent import forget_kept
from tongban.domain.acts import Act
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burden_reasons import BurdenReasons
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.decision import Fact, Refusal
from tongban.domain.errors import WrongState
from tongban.domain.lifecycle import ApplicationState, CaseState
from tongban.domain.reasons import Reasons
from tongban.exchange.models import InboxMessage
from tongban.intake import filling, handover
from tongban.judicial.models import Order
from tongban.register import book, reading
from tongban.register.requests import RecordRequest


def state(case_no: str) -> str:
    return str(Case.objects.values_list("state", flat=True).get(case_no=case_no))


def test_silence_past_the_answer_time_is_acceptance_from_the_receipt(story: Province) -> None:
    case_no = story.case_received()
    received_at = Case.objects.get(case_no=case_no).received_at

    story.tick(days=2)
    story.settles()

    case = Case.objects.get(case_no=case_no)
    assert case.state == CaseState.ACCEPTED
    assert case.accepted_at == received_at
    assert story.application(case.application_no).state == ApplicationState.ACCEPTED


def test_after_acceptance_by_silence_nothing_can_be_sent_back(story: Province) -> None:
    case_no = story.case_received()
    story.tick(days=2)
    lines = (CorrectionLine("identity", "看不清", "重拍"),)

    data = StepData(key="late", now=story.tick(), corrections=lines)
    outcome = flow.advance(case_no, "ask_correction", story.actor(OFFICER), data)

    assert isinstance(outcome, Refusal)
    assert outcome.reason == Reasons.ACCEPTED_BY_LAPSE
    assert state(case_no) == CaseState.RECEIVED


def test_a_correction_goes_to_the_window_and_comes_back_whole(story: Province) -> None:
    case_no = story.case_received()
    number = Case.objects.get(case_no=case_no).application_no
    lines = (CorrectionLine("change_evidence", "看不清", "请重拍"),)
    data = StepData(key="c1", now=story.tick(), corrections=lines)
    flow.advance(case_no, "ask_correction", story.actor(OFFICER), data)
    story.settles()
    assert story.application(number).state == ApplicationState.CORRECTION

    filling.add_scan(number, "change_evidence", play.scan("重拍的户口簿"), story.actor(CLERK), now=story.tick())
    answers = {"change_evidence": "已重新拍摄"}
    handover.supplement(number, answers, story.actor(CLERK), key="s1", now=story.tick())
    story.settles()

    case = Case.objects.get(case_no=case_no)
    assert case.state == CaseState.RECEIVED
    evidence = next(one for one in case.package["materials"] if one["key"] == "change_evidence")
    assert len(evidence["digests"]) == 2
    assert case.corrections.filter(supplied_at__isnull=True).count() == 0


def test_applicants_withdraw_before_recording_and_not_after(story: Province) -> None:
    withdrawn, recorded = story.case_ready_to_record(0), story.case_certified(1)
    for case_no in (withdrawn, recorded):
        number = Case.objects.get(case_no=case_no).application_no
        request = handover.WithdrawalRequest("不改了", {0: play.signature("本人")})
        handover.withdraw(number, request, story.actor(CLERK), key="w", now=story.tick())
    story.settles()

    assert state(withdrawn) == CaseState.WITHDRAWN
    assert state(recorded) == CaseState.CERTIFIED
    title = reading.title(flats()[0].unit_code)
    assert title is not None
    assert title.holders[0].name == flats()[0].holder.name


def test_a_courts_order_suspends_the_case_and_is_entered_in_its_place(story: Province) -> None:
    case_no = story.case_ready_to_record()
    story.court_orders(0)
    story.settles()

    assert state(case_no) == CaseState.SUSPENDED
    burdens = reading.burdens(flats()[0].unit_code)
    assert [fact.burden for fact in burdens] == [Burden.SEIZURE]
    assert Order.objects.get().state == Order.ENTERED
    assert InboxMessage.objects.filter(kind="judicial.receipt").count() == 1


def test_neither_window_nor_applicant_learns_that_a_court_has_ordered_something(story: Province) -> None:
    """Facts 7.6: before the entry the owner must not be told."""
    case_no = story.case_ready_to_record()
    story.court_orders(0)
    story.settles()

    case = Case.objects.get(case_no=case_no)
    told = json.dumps(story.application(case.application_no).report, ensure_ascii=False)
    assert case.state == CaseState.SUSPENDED
    assert "暂停" in told
    assert not [word for word in ("法院", "协助执行", "查封") if word in told]


def test_a_suspended_name_change_goes_on_once_the_court_was_told(story: Province) -> None:
    case_no = story.case_ready_to_record()
    story.court_orders(0)
    story.settles()
    now = story.tick()
    flow.advance(case_no, "resume", story.actor(REVIEWER), StepData(key="r", now=now))

    refused = story.moves(case_no, "record", REGISTRAR)
    told = StepData(key="told", now=story.tick(), evidence=frozenset({"seizing_organ_told"}))
    recorded = flow.advance(case_no, "record", story.actor(REGISTRAR), told)

    assert isinstance(refused, Refusal)
    assert refused.reason == BurdenReasons.SEIZED_NAME_ONLY
    assert not isinstance(recorded, Refusal)
    assert state(case_no) == CaseState.RECORDED


def test_a_decision_not_to_register_ends_the_case_in_writing(story: Province) -> None:
    case_no = story.case_received()
    story.moves(case_no, "accept", OFFICER)
    written = Refusal(Reasons.CONFLICTS_WITH_REGISTER, (Fact("不一致", "证件号码"),))
    flow.advance(case_no, "refuse", story.actor(REVIEWER), StepData(key="n", now=story.tick(), refusal=written))
    story.settles()

    case = Case.objects.get(case_no=case_no)
    report = story.application(case.application_no).report
    assert case.state == CaseState.REFUSED
    assert Refusal.from_wire(report["refusal"]).reason == Reasons.CONFLICTS_WITH_REGISTER
    assert Refusal.from_wire(report["refusal"]).where is not None


def test_the_same_move_twice_is_one_move(story: Province) -> None:
    case_no = story.case_received()
    data = StepData(key="once", now=story.tick())

    first = flow.advance(case_no, "accept", story.actor(OFFICER), data)
    again = flow.advance(case_no, "accept", story.actor(OFFICER), data)

    assert first == again
    assert Case.objects.get(case_no=case_no).moves.filter(action="accept").count() == 1


def test_a_move_from_the_wrong_state_changes_nothing(story: Province) -> None:
    case_no = story.case_received()

    with pytest.raises(WrongState):
        story.moves(case_no, "record", REGISTRAR)

    assert state(case_no) == CaseState.RECEIVED


def test_handing_over_twice_sends_once(story: Province) -> None:
    number = story.hands_over(story.wish())
    play.hand_over(number, story.actor(CLERK), now=story.tick())
    story.settles()

    assert Case.objects.filter(application_no=number).count() == 1
    assert InboxMessage.objects.filter(kind="case.handover").count() == 1


def test_telling_the_applicant_to_go_home_closes_the_draft(story: Province) -> None:
    number = story.begins(story.wish())
    assert isinstance(number, str)

    notice = handover.tell_home(number, "证件照片与本人差别大", story.actor(CLERK), key="t", now=story.tick())

    assert story.application(number).state == ApplicationState.TOLD_HOME
    assert notice.where is not None
    assert notice.where.name_zh == stage.lookup.institution(stage.HUAXIAN).name_zh


def test_a_notice_of_holidays_moves_the_limits_of_open_cases(story: Province) -> None:
    case_no, done = story.case_received(0), story.case_certified(1)
    story.moves(case_no, "accept", OFFICER)
    before, ended = Case.objects.get(case_no=case_no), Case.objects.get(case_no=done)
    assert before.legal_due_on is not None
    CalendarDay.objects.filter(day=before.legal_due_on).update(is_workday=False)
    forget_kept()

    moved = clocks.recount_open(story.tick())

    after = Case.objects.get(case_no=case_no)
    assert moved == 1
    assert after.legal_due_on is not None
    assert after.legal_due_on > before.legal_due_on
    assert after.service_due_on == before.service_due_on
    assert Case.objects.get(case_no=done).legal_due_on == ended.legal_due_on


@pytest.mark.parametrize(
    ("kind", "until", "entered_as"),
    [
        (Burden.SEIZURE, date(2026, 11, 22), Burden.SEIZURE),
        (Burden.SEIZURE, date(2026, 11, 23), Burden.WAITING_SEIZURE),
        (Burden.PRE_SEIZURE, date(2026, 11, 22), Burden.SEIZURE),
        (Burden.WAITING_SEIZURE, None, Burden.WAITING_SEIZURE),
    ],
)
def test_an_order_is_in_force_at_once_unless_a_seizure_counts_that_day(
    story: Province, kind: Burden, until: date | None, entered_as: Burden
) -> None:
    """查扣冻规定 26, 27: without renewal it ends by itself, the last day still counts; whoever waited comes first."""
    code = flats()[0].unit_code
    since = date(2023, 11, 23) if until else None
    book.record(
        RecordRequest(
            unit_codes=(code,),
            entries=(
                OpenBurden(code, BurdenFact(kind, "旧查封-1", since, until, "安阳市中级人民法院", "（2023）豫05执9号")),
            ),
            acts=(Act.SEIZE,),
            evidence=frozenset(),
            recorder=system("stock", HOME),
            case_no="",
            key="old-seizure",
            now=story.tick(),
            registry=HOME,
        )
    )

    story.court_orders(0)
    story.settles()

    order = Order.objects.get()
    assert order.state == Order.ENTERED
    (own,) = [one for one in reading.burdens(code) if one.burden_no == f"{order.message_id}:{code}"]
    assert own.burden is entered_as
