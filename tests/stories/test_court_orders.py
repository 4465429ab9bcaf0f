"""Orders of courts at the home registry, from the wire to the book and back: the line, the doubts, two people (facts 7)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connections
from django.utils.timezone import localdate
from tests.province import (
    ASSISTANT,
    CLERK,
    HOME,
    HOME_ADMIN,
    NOW,
    REGISTRAR,
    REVIEWER,
    SECOND_ASSISTANT,
    STRANGER,
    Province,
    flats,
)

from tongban.cases import flow
from tongban.cases.models import Case
from tongban.cases.moves import StepData
from tongban.cli import courts, stage
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.decision import Refusal
from tongban.domain.entries import OpenTitle
from tongban.domain.errors import InvalidInput, NotFound, NotPermitted, Stale, WrongState
from tongban.domain.lifecycle import CaseState
from tongban.domain.order_reasons import OrderReasons
from tongban.domain.restrictions import Act
from tongban.domain.terms import Cause
from tongban.domain.unit_code import land_of
from tongban.exchange.contract.judicial import JudicialOrder, OrderReceipt
from tongban.exchange.models import InboxMessage, InboxProcessing, OutboxDelivery
from tongban.exchange.processing import retry_parked
from tongban.judicial import carrying, deciding, lines, queries
from tongban.judicial.carrying import Ruling
from tongban.judicial.deciding import Answer, Proposal
from tongban.judicial.models import Order
from tongban.register import book, reading
from tongban.register.requests import RecordRequest
from tongban.reporting.models import Upload

INTERMEDIATE = "court-410500"
CASE = "（2026）豫0526执606号"
FREED = Proposal(Answer.CARRY_OUT, Ruling(frozenset({OrderReasons.FREED_BY_TWO.code})))


def code(number: int = 0) -> str:
    return flats()[number].unit_code


def ordered(story: Province, order_no: str, case_no: str = CASE, court: str = stage.COURT, **said: object) -> Order:
    """An order about flat 0 unless said otherwise, arrived and looked at."""
    now, units = story.tick(), said.pop("units", (code(),))
    said = {"period_months": 36, **said} if said.get("kind") != "release" else said
    body = courts.order(order_no, case_no, units, now, **{"court": court, **said})  # type: ignore[arg-type]
    courts.send(body, now, court)
    story.settles()
    return Order.objects.get(order_no=order_no)


def line(unit_code: str | None = None) -> list[BurdenFact]:
    found = [one for one in reading.burdens(unit_code or code()) if one.burden is not Burden.UNREAD_ORDER]
    return sorted(found, key=lambda one: one.rank)


def receipts(order_no: str) -> list[OrderReceipt]:
    found = InboxMessage.objects.filter(kind="judicial.receipt", subject=order_no).order_by("pk")
    return [OrderReceipt.model_validate(json.loads(bytes(one.content))["data"]) for one in found]


def proposed(story: Province, order: Order, proposal: Proposal = FREED) -> Order:
    deciding.propose(order.message_id, proposal, story.actor(ASSISTANT), story.tick())
    order.refresh_from_db()
    return order


def confirmed(story: Province, order: Order) -> Refusal | None:
    assert order.proposed_at is not None
    outcome = deciding.confirm(order.message_id, order.proposed_at, story.actor(SECOND_ASSISTANT), story.tick())
    story.settles()
    order.refresh_from_db()
    return outcome


# --- what needs nobody ----------------------------------------------------------------------------------------------
def test_a_second_court_waits_and_is_told_its_rank_and_who_stands_before_it(story: Province) -> None:
    ordered(story, "CX-1")

    second = ordered(story, "ZY-1", "（2026）豫05执88号", INTERMEDIATE)

    assert second.state == Order.ENTERED
    assert [(one.burden, one.rank) for one in line()] == [(Burden.SEIZURE, 0), (Burden.WAITING_SEIZURE, 1)]
    (told,) = receipts("ZY-1")
    assert (told.state, told.state_zh) == ("entered", "已办理")
    (effect,) = told.effects
    assert (effect.result, effect.waiting_rank, effect.place) == ("waiting", 1, second.places[0]["seq"])
    assert CASE in effect.result_zh
    assert told.recorder_zh == "系统"


def test_the_receipt_says_what_the_register_then_has_on_the_unit(story: Province) -> None:
    """Facts 7.6; what names people is kept out of the order's own row, which is not encrypted."""
    order = ordered(story, "CX-1")

    (effect,) = receipts("CX-1")[0].effects
    said = {(fact.name_zh, fact.value_zh) for section in effect.sections for fact in section.facts}
    title = reading.title(code())
    assert title is not None
    assert ("坐落", title.unit.address_zh) in said
    assert any(title.holders[0].name in value for _, value in said)
    assert any(CASE in value for _, value in said)
    assert title.holders[0].name not in json.dumps(order.outcome, ensure_ascii=False)


def test_every_recording_about_a_seizure_is_reported_to_the_nation(story: Province) -> None:
    ordered(story, "CX-1")
    ordered(story, "ZY-1", "（2026）豫05执88号", INTERMEDIATE)
    confirmed(story, proposed(story, ordered(story, "CX-2", kind="release", refers_to="CX-1")))

    assert Upload.objects.filter(unit_code=code(), registration="seizure").count() == 3


def test_a_renewal_in_time_needs_nobody(story: Province) -> None:
    ordered(story, "CX-1", period_months=None, period_from=NOW.date(), period_until=date(2026, 12, 1))

    renewed = ordered(
        story, "CX-2", kind="renewal", refers_to="CX-1", period_months=None, period_until=date(2029, 12, 1)
    )

    assert renewed.state == Order.ENTERED
    assert [(one.burden, one.until) for one in line()] == [(Burden.SEIZURE, date(2029, 12, 1))]
    assert receipts("CX-2")[0].effects[0].expires_on == date(2029, 12, 1)


def test_a_seizure_that_ends_lets_the_next_in_and_both_courts_are_told(story: Province) -> None:
    """查扣冻规定 26, 27: at that moment, by itself; the last day still counts."""
    ordered(story, "CX-1", period_months=None, period_from=NOW.date(), period_until=date(2026, 11, 30))
    ordered(story, "ZY-1", "（2026）豫05执88号", INTERMEDIATE)
    story.tick(days=7)
    story.settles()
    assert [one.burden for one in line()] == [Burden.SEIZURE, Burden.WAITING_SEIZURE]

    story.tick(days=1)
    story.settles()

    (left,) = line()
    assert (left.burden, left.since, left.until) == (Burden.SEIZURE, date(2026, 12, 1), date(2029, 11, 30))
    assert [one.effects[0].result for one in receipts("CX-1")] == ["in_force", "lapsed"]
    assert [one.effects[0].result for one in receipts("ZY-1")] == ["waiting", "in_force"]
    assert story.audited("judicial.line") == 1


def test_a_renewal_that_came_in_time_but_waits_for_a_person_is_not_overtaken_by_time(story: Province) -> None:
    ordered(story, "CX-1", period_months=None, period_from=NOW.date(), period_until=date(2026, 11, 30))
    ordered(story, "ZY-1", "（2026）豫05执88号", INTERMEDIATE)
    renewal = ordered(story, "CX-2", kind="renewal", documents=(), period_months=36)
    assert renewal.doubts == [OrderReasons.PAPERS_MISSING.code]

    story.tick(days=20)
    story.settles()
    assert [one.burden for one in line()] == [Burden.SEIZURE, Burden.WAITING_SEIZURE]
    seen = Proposal(Answer.CARRY_OUT, Ruling(frozenset({OrderReasons.PAPERS_MISSING.code})))
    assert confirmed(story, proposed(story, renewal, seen)) is None

    assert [(one.burden, one.until) for one in line()] == [
        (Burden.SEIZURE, date(2029, 11, 30)),
        (Burden.WAITING_SEIZURE, None),
    ]


def test_an_order_on_the_land_suspends_what_is_under_way_on_the_holders_house(story: Province) -> None:
    """查扣冻规定 21."""
    case_no = story.case_ready_to_record()
    title, land = reading.title(code()), UnitCode(land_of(code()))
    assert title is not None
    number = CertificateNo("豫（2025）滑县不动产权第9900001号")
    on_land = replace(title, unit=replace(title.unit, unit_code=land), certificate_no=number)
    request = RecordRequest(
        unit_codes=(land,), entries=(OpenTitle(on_land, Cause.OTHER),), acts=(Act.ALTER_NAME,), evidence=frozenset(),
        recorder=story.actor(REGISTRAR), case_no="", key="land", now=story.tick(), registry=HOME,
    )  # fmt: skip
    assert not isinstance(book.record(request), Refusal)

    ordered(story, "CX-1", units=(land,))

    assert Case.objects.get(case_no=case_no).state == CaseState.SUSPENDED
    assert "效力及于同一权利人的这块地上的1处房屋" in receipts("CX-1")[0].effects[0].result_zh
    assert [one.from_unit for one in reading.burdens(code())] == [land]


# --- what needs people ----------------------------------------------------------------------------------------------
def test_a_release_is_carried_out_by_two_people_and_the_next_court_is_told(story: Province) -> None:
    ordered(story, "CX-1")
    ordered(story, "ZY-1", "（2026）豫05执88号", INTERMEDIATE)
    release = ordered(story, "CX-2", kind="release", refers_to="CX-1")
    assert (release.state, release.doubts) == (Order.QUEUED, [OrderReasons.FREED_BY_TWO.code])
    assert Burden.UNREAD_ORDER in {one.burden for one in reading.burdens(code())}

    proposed(story, release)
    assert [one.burden for one in line()] == [Burden.SEIZURE, Burden.WAITING_SEIZURE]
    assert confirmed(story, release) is None

    (left,) = line()
    assert (left.burden, left.organ_zh) == (Burden.SEIZURE, "安阳市中级人民法院")
    assert release.state == Order.ENTERED
    assert [one.state for one in receipts("CX-2")] == ["queued", "entered"]
    assert receipts("ZY-1")[-1].effects[0].result_zh == "轮候查封已自动生效"
    assert (story.audited("judicial.propose"), story.audited("judicial.confirm")) == (1, 1)
    entry = reading.history(code())[-1]
    assert entry.recorder == SECOND_ASSISTANT.username


def test_a_release_that_comes_with_a_transfer_of_the_case_is_looked_at_with_it(story: Province) -> None:
    """Released first, the home that was sold would be seized again by whoever waits."""
    ordered(story, "CX-1")
    ordered(story, "ZY-1", "（2026）豫05执88号", INTERMEDIATE)
    release = ordered(story, "CX-2", kind="release")
    ordered(story, "GH-1", kind="transfer", period_months=None)

    with pytest.raises(InvalidInput) as caught:
        proposed(story, release)

    assert [one.what_zh for one in caught.value.problems] == [OrderReasons.SOLD_IN_THIS_CASE.what_zh]


def test_nobody_confirms_what_they_proposed(story: Province) -> None:
    ordered(story, "CX-1")
    release = proposed(story, ordered(story, "CX-2", kind="release"))
    assert release.proposed_at is not None

    with pytest.raises(WrongState) as caught:
        deciding.confirm(release.message_id, release.proposed_at, story.actor(ASSISTANT), story.tick())

    assert caught.value.code == "order_confirmed_alone"
    assert [one.burden for one in line()] == [Burden.SEIZURE]


def test_a_proposal_that_changed_under_the_readers_eyes_is_not_confirmed(story: Province) -> None:
    ordered(story, "CX-1")
    release = proposed(story, ordered(story, "CX-2", kind="release"))
    seen = release.proposed_at
    assert seen is not None
    proposed(story, release, Proposal(Answer.REFUSE, reason="F16", words_zh="文书上没有院印"))

    with pytest.raises(Stale):
        deciding.confirm(release.message_id, seen, story.actor(SECOND_ASSISTANT), story.tick())
    with pytest.raises(Stale):
        deciding.send_back(release.message_id, seen, story.actor(SECOND_ASSISTANT), story.tick())


def test_what_is_sent_back_waits_as_before(story: Province) -> None:
    ordered(story, "CX-1")
    release = proposed(story, ordered(story, "CX-2", kind="release"))
    assert release.proposed_at is not None

    deciding.send_back(release.message_id, release.proposed_at, story.actor(SECOND_ASSISTANT), story.tick())

    release.refresh_from_db()
    assert (release.state, release.proposal, release.proposed_by) == (Order.QUEUED, None, "")
    assert story.audited("judicial.send_back") == 1


def test_an_order_against_somebody_else_is_answered_and_frees_the_unit(story: Province) -> None:
    strange = ordered(story, "CX-9", persons=("龚建设",))
    assert strange.doubts == [OrderReasons.OTHER_HOLDER.code]
    no = Proposal(Answer.REFUSE, reason=OrderReasons.OTHER_HOLDER.code, words_zh="现在的权利人和被执行人不是同一人")

    assert confirmed(story, proposed(story, strange, no)) is None

    assert (strange.state, reading.burdens(code())) == (Order.REFUSED, ())
    told = receipts("CX-9")[-1]
    assert (told.state, told.state_zh) == ("refused", "无法办理")
    assert told.refusal is not None
    assert told.refusal.reason == OrderReasons.OTHER_HOLDER
    assert told.refusal.facts[0].value_zh == no.words_zh
    assert reading.history(code())[-1].outcome == "refused"


def test_the_law_of_the_third_partys_home_is_the_courts_so_two_people_may_carry_it_out(story: Province) -> None:
    """法发〔2004〕5号 3: a formal look, no judgement of what the court decided."""
    strange = ordered(story, "CX-9", persons=("龚建设",))
    yes = Proposal(Answer.CARRY_OUT, Ruling(frozenset({OrderReasons.OTHER_HOLDER.code})))

    assert confirmed(story, proposed(story, strange, yes)) is None

    assert [one.burden for one in line()] == [Burden.SEIZURE]


def test_the_same_case_again_is_carried_out_as_a_renewal_when_people_read_it_so(story: Province) -> None:
    ordered(story, "CX-1", period_months=12)
    again = ordered(story, "CX-2", period_months=36)
    assert again.doubts == [OrderReasons.SAME_CASE_AGAIN.code]

    assert confirmed(story, proposed(story, again, Proposal(Answer.CARRY_OUT, Ruling(kind="renewal")))) is None

    assert [(one.burden, one.until) for one in line()] == [(Burden.SEIZURE, date(2030, 11, 22))]


def test_a_doubt_that_is_not_cleared_stops_the_proposal_and_says_what_to_do(story: Province) -> None:
    ordered(story, "CX-1")
    release = ordered(story, "CX-2", kind="release")

    with pytest.raises(InvalidInput) as caught:
        proposed(story, release, Proposal(Answer.CARRY_OUT))

    (problem,) = caught.value.problems
    assert (problem.what_zh, problem.cure_zh) == (OrderReasons.FREED_BY_TWO.what_zh, OrderReasons.FREED_BY_TWO.cure_zh)
    release.refresh_from_db()
    assert release.proposal is None


@pytest.mark.parametrize(
    ("proposal", "field"),
    [
        (Proposal(Answer.REFUSE, words_zh="不是他的"), "reason"),
        (Proposal(Answer.REFUSE, reason="N01", words_zh="不是他的"), "reason"),
        (Proposal(Answer.REFUSE, reason="F05", words_zh="  "), "words"),
        (Proposal(Answer.REFUSE, reason="F05", words_zh="长" * 1001), "words"),
        (Proposal(Answer.CARRY_OUT, Ruling(kind="transfer")), "kind"),
        (Proposal(Answer.CARRY_OUT, Ruling(kind="release")), "kind"),
        (Proposal(Answer.CARRY_OUT, Ruling(kind="pre_seizure")), "kind"),
    ],
)
def test_a_proposal_that_says_too_little_or_too_much_is_not_taken(
    story: Province, proposal: Proposal, field: str
) -> None:
    order = ordered(story, "CX-9", persons=("龚建设",))

    with pytest.raises(InvalidInput) as caught:
        proposed(story, order, proposal)

    assert [one.field for one in caught.value.problems] == [field]


def test_a_question_goes_to_the_court_and_frees_nothing(story: Province) -> None:
    order = ordered(story, "CX-9", persons=("龚建设",))

    deciding.ask(order.message_id, " 请明确被执行人是否为龚建社 ", story.actor(ASSISTANT), story.tick())
    story.settles()

    assert receipts("CX-9")[-1].note_zh == "请明确被执行人是否为龚建社"
    assert [one.burden for one in reading.burdens(code())] == [Burden.UNREAD_ORDER]
    view = queries.order(order.message_id, story.actor(ASSISTANT), story.tick())
    assert [(one.by_zh, one.words_zh) for one in view.asked] == [(ASSISTANT.name_zh, "请明确被执行人是否为龚建社")]
    with pytest.raises(InvalidInput):
        deciding.ask(order.message_id, "", story.actor(ASSISTANT), story.tick())


# --- one after the other --------------------------------------------------------------------------------------------
def test_a_later_order_waits_for_an_earlier_one_and_goes_on_by_itself(story: Province) -> None:
    ordered(story, "CX-1")
    release = ordered(story, "CX-2", kind="release")
    later = ordered(story, "ZY-1", "（2026）豫05执88号", INTERMEDIATE)
    assert (later.state, later.doubts) == (Order.QUEUED, [OrderReasons.EARLIER_FIRST.code])
    with pytest.raises(InvalidInput):
        proposed(story, later)

    confirmed(story, proposed(story, release))

    later.refresh_from_db()
    assert later.state == Order.ENTERED
    assert [(one.burden, one.organ_zh) for one in line()] == [(Burden.SEIZURE, "安阳市中级人民法院")]
    assert [one.state for one in receipts("ZY-1")] == ["queued", "entered"]


def test_orders_for_several_units_are_carried_out_on_all_or_on_none(story: Province) -> None:
    ordered(story, "CX-1", units=(code(0),))

    both = ordered(story, "CX-2", units=(code(0), code(1)))

    assert both.doubts == [OrderReasons.SAME_CASE_AGAIN.code]
    assert line(code(1)) == []
    assert [one.burden for one in reading.burdens(code(1))] == [Burden.UNREAD_ORDER]


def test_a_partial_release_frees_the_units_it_names_only(story: Province) -> None:
    ordered(story, "CX-1", units=(code(0), code(1)))

    confirmed(story, proposed(story, ordered(story, "CX-2", kind="release", refers_to="CX-1", units=(code(1),))))

    assert [one.burden for one in line(code(0))] == [Burden.SEIZURE]
    assert line(code(1)) == []


def test_the_same_order_sent_twice_is_one_and_holds_nothing_of_its_own(story: Province) -> None:
    strange = ordered(story, "CX-9", persons=("龚建设",))

    again = Order.objects.exclude(pk=strange.pk)
    now = story.tick()
    body = JudicialOrder.model_validate({**strange.body, "delivered_at": now})
    courts.send(body, now)
    story.settles()

    assert [one.state for one in again] == [Order.DUPLICATE]
    assert len([one for one in reading.burdens(code()) if one.burden is Burden.UNREAD_ORDER]) == 1
    assert receipts("CX-9")[-1].state_zh == "这份通知以前已经收到过，以先收到的为准"
    assert queries.counts(story.actor(ASSISTANT)) == {"queued": 1, "duplicate": 1}


def test_what_was_answered_no_may_be_delivered_again_and_is_looked_at_anew(story: Province) -> None:
    first = ordered(story, "CX-9", persons=("龚建设",))
    no = Proposal(Answer.REFUSE, reason=OrderReasons.OTHER_HOLDER.code, words_zh="不是他的")
    confirmed(story, proposed(story, first, no))

    now = story.tick()
    courts.send(JudicialOrder.model_validate({**first.body, "delivered_at": now}), now)
    story.settles()

    assert [one.state for one in Order.objects.order_by("arrived_at")] == [Order.REFUSED, Order.QUEUED]
    assert [one.burden for one in reading.burdens(code())] == [Burden.UNREAD_ORDER]


def test_a_seizure_delivered_again_after_its_release_is_one_again(story: Province) -> None:
    first = ordered(story, "CX-1")
    confirmed(story, proposed(story, ordered(story, "CX-2", kind="release")))

    now = story.tick()
    courts.send(JudicialOrder.model_validate({**first.body, "delivered_at": now}), now)
    story.settles()

    assert [one.burden for one in line()] == [Burden.SEIZURE]


def test_papers_sent_after_a_question_are_not_taken_for_a_duplicate(story: Province) -> None:
    first = ordered(story, "CX-1", documents=())
    assert first.doubts == [OrderReasons.PAPERS_MISSING.code]

    ordered_again = courts.order("CX-1", CASE, (code(),), story.tick(), period_months=36)
    courts.send(ordered_again, story.now)
    story.settles()

    states = Order.objects.order_by("arrived_at").values_list("state", "doubts")
    assert list(states)[1] == (Order.QUEUED, [OrderReasons.EARLIER_FIRST.code])


def test_no_release_is_carried_out_as_something_else(story: Province) -> None:
    ordered(story, "CX-1")
    release = ordered(story, "CX-2", kind="release")

    with pytest.raises(InvalidInput) as caught:
        proposed(story, release, Proposal(Answer.CARRY_OUT, Ruling(FREED.ruling.cleared, "renewal")))

    assert [one.field for one in caught.value.problems] == ["kind"]


def test_a_duplicate_suspends_nothing_again(story: Province) -> None:
    case_no = story.case_ready_to_record()
    strange = ordered(story, "CX-9", persons=("龚建设",))
    flow.advance(case_no, "resume", story.actor(REVIEWER), StepData(key="r", now=story.tick()))

    now = story.tick()
    courts.send(JudicialOrder.model_validate({**strange.body, "delivered_at": now}), now)
    story.settles()

    assert Order.objects.filter(state=Order.DUPLICATE).count() == 1
    assert Case.objects.get(case_no=case_no).state != CaseState.SUSPENDED


def test_an_order_whose_message_is_parked_can_still_be_decided(
    story: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fails, people find the order and the unit is not held for ever."""
    now = story.tick()
    courts.send(courts.order("CX-1", CASE, (code(),), now, period_months=36), now)
    with monkeypatch.context() as broken:
        broken.setattr(carrying, "read", None)
        for _ in range(10):
            story.settles()
            story.tick(minutes=10)
    order = Order.objects.get()
    assert order.state == Order.ARRIVED
    assert [one.order_no for one in queries.orders(story.actor(ASSISTANT), ("arrived", "queued")).rows] == ["CX-1"]

    assert confirmed(story, proposed(story, order, Proposal(Answer.CARRY_OUT))) is None
    assert order.state == Order.ENTERED
    (parked,) = InboxProcessing.objects.filter(state="parked")
    retry_parked(parked.message.message_id, story.actor(HOME_ADMIN), now=story.tick())
    story.settles()

    assert [one.burden for one in line()] == [Burden.SEIZURE]
    assert len(receipts("CX-1")) == 1


def test_an_order_that_arrives_while_the_line_is_settled_is_not_overtaken(
    story: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A renewal of the last minute, stored after the duty had chosen its units (查扣冻规定 23, 27)."""
    ordered(story, "CX-1", period_months=None, period_from=NOW.date(), period_until=date(2026, 11, 30))
    ordered(story, "ZY-1", "（2026）豫05执88号", INTERMEDIATE)
    book.note_order([code()], order_id="late", organ="滑县人民法院", now=story.now)
    monkeypatch.setattr(lines, "lines_due", lambda today, many: [(code(), HOME)])

    assert lines.settle_due(story.tick(days=10)) == 0
    assert [one.burden for one in line()] == [Burden.SEIZURE, Burden.WAITING_SEIZURE]


def test_one_line_that_cannot_be_settled_keeps_no_other_waiting(
    story: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (0, 1):
        ordered(
            story, f"CX-{number}", units=(code(number),), period_months=None, period_from=NOW.date(),
            period_until=date(2026, 11, 30),
        )  # fmt: skip
    settle = lines._settle
    monkeypatch.setattr(lines, "_settle", lambda unit, *rest: 1 // 0 if unit == code(0) else settle(unit, *rest))

    story.tick(days=10)

    assert lines.settle_due(story.now) == 1
    assert (len(line(code(0))), line(code(1))) == (1, [])


def test_an_order_of_many_units_is_carried_out_in_several_recordings_and_told_briefly(
    story: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "ENTRIES_MAX", 2)
    monkeypatch.setattr(carrying, "TOLD_IN_FULL_MAX", 3)

    many = ordered(story, "CX-1", units=tuple(code(number) for number in range(5)))

    assert many.state == Order.ENTERED
    assert [len(line(code(number))) for number in range(5)] == [1] * 5
    (told,) = receipts("CX-1")
    assert len(told.effects) == 5
    assert all(effect.sections == () for effect in told.effects)


def test_codes_are_taken_as_papers_print_them(story: Province) -> None:
    printed = f"{code()[:6]} {code()[6:12]} {code()[12:19].lower()} {code()[19:]}"

    assert ordered(story, "CX-1", units=(printed,)).state == Order.ENTERED
    assert [one.burden for one in line()] == [Burden.SEIZURE]


def test_the_court_is_told_since_when_its_waiting_seizure_is_in_force(story: Province) -> None:
    ordered(story, "CX-1", period_months=None, period_from=NOW.date(), period_until=date(2026, 11, 30))
    ordered(story, "ZY-1", "（2026）豫05执88号", INTERMEDIATE)
    story.tick(days=20)
    story.settles()

    effect = receipts("ZY-1")[-1].effects[0]
    assert effect.effective_at is not None
    assert localdate(effect.effective_at) == date(2026, 12, 1)


def test_choosing_an_entry_of_one_unit_keeps_what_the_order_says_of_the_others(story: Province) -> None:
    ordered(story, "CX-1", "（2025）豫0526财保1号", units=(code(0), code(1)))
    release = ordered(story, "CX-2", "（2026）豫0526执9号", kind="release", refers_to="CX-1", units=(code(0), code(1)))
    chosen = {code(0): line(code(0))[0].burden_no}

    freed = Proposal(Answer.CARRY_OUT, Ruling(FREED.ruling.cleared, meant=chosen))
    assert confirmed(story, proposed(story, release, freed)) is None

    assert (line(code(0)), line(code(1))) == ([], [])


def test_another_order_under_the_same_number_is_an_order_of_its_own(story: Province) -> None:
    """Nothing a court sends is lost because it used a number twice."""
    ordered(story, "CX-1", units=(code(0),))

    now = story.tick()
    courts.send(courts.order("CX-1", CASE, (code(1),), now, period_months=36), now)
    story.settles()

    assert [one.state for one in Order.objects.order_by("arrived_at")] == [Order.ENTERED, Order.ENTERED]
    assert [one.burden for one in line(code(1))] == [Burden.SEIZURE]


def test_what_cannot_be_done_on_one_unit_does_not_keep_the_others_waiting_for_ever(story: Province) -> None:
    elsewhere, nonsense = f"410502{code()[6:]}", "滑县某处"
    both = ordered(story, "CX-1", units=(code(0), elsewhere, nonsense, code(1)))
    assert set(both.doubts) == {OrderReasons.OTHER_REGISTRY.code, OrderReasons.UNIT_UNKNOWN.code}
    part = Proposal(Answer.CARRY_OUT, Ruling(left_out=frozenset({elsewhere, nonsense})))

    assert confirmed(story, proposed(story, both, part)) is None

    assert [one.burden for unit in (0, 1) for one in line(code(unit))] == [Burden.SEIZURE, Burden.SEIZURE]
    done = {one.unit_code: one for one in receipts("CX-1")[-1].effects}
    assert [done[unit].result for unit in (code(0), elsewhere, nonsense, code(1))] == [
        "in_force", "impossible", "impossible", "in_force",
    ]  # fmt: skip
    assert "安阳市不动产登记中心" in done[elsewhere].result_zh


def test_leaving_everything_out_is_no_way_to_answer(story: Province) -> None:
    nothing = ordered(story, "CX-1", units=("滑县某处",))

    with pytest.raises(InvalidInput) as caught:
        proposed(story, nothing, Proposal(Answer.CARRY_OUT, Ruling(left_out=frozenset({"滑县某处"}))))

    assert [one.field for one in caught.value.problems] == ["left_out"]


def test_an_order_the_wire_cannot_hold_is_refused_at_once_and_in_writing(story: Province) -> None:
    now = story.tick()
    body = courts.order("CX-1", "号" * 80, (code(),), now).model_copy(update={"court_case_no": "号" * 81})
    courts.send(body, now)
    story.settles()

    assert Order.objects.count() == 0
    (parked,) = OutboxDelivery.objects.filter(state="parked")
    assert "court_case_no" in parked.reason_zh


def test_two_who_confirm_at_the_same_moment_carry_it_out_once(story: Province) -> None:
    ordered(story, "CX-1")
    release = proposed(story, ordered(story, "CX-2", kind="release"))
    third = replace(SECOND_ASSISTANT, username="hx.court3", name_zh="贝一鸣")
    stage.hire(third, story.now)
    seen, now = release.proposed_at, story.tick()
    assert seen is not None

    def confirms(account: stage.Account) -> str:
        try:
            deciding.confirm(release.message_id, seen, story.actor(account), now)
        except WrongState as error:
            return error.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(confirms, (SECOND_ASSISTANT, third)))

    assert outcomes == ["done", "order_done"]
    assert line() == []
    assert story.audited("judicial.confirm") == 1


# --- who may --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("account", [CLERK, REGISTRAR, STRANGER], ids=lambda one: one.username)
def test_who_is_no_assistant_of_this_registry_sees_and_does_nothing(story: Province, account: stage.Account) -> None:
    order = ordered(story, "CX-9", persons=("龚建设",))
    actor = story.actor(account)

    with pytest.raises(NotPermitted):
        queries.orders(actor)
    with pytest.raises(NotPermitted):
        queries.order(order.message_id, actor, story.tick())
    with pytest.raises(NotPermitted):
        deciding.propose(order.message_id, FREED, actor, story.tick())
    with pytest.raises(NotPermitted):
        deciding.ask(order.message_id, "请补", actor, story.tick())
    with pytest.raises(NotPermitted):
        queries.document(order.message_id, "0" * 64, actor)


def test_what_was_dealt_with_or_never_came_is_not_decided(story: Province) -> None:
    done = ordered(story, "CX-1")

    with pytest.raises(WrongState):
        proposed(story, done)
    with pytest.raises(NotFound):
        deciding.propose("no-such-order", FREED, story.actor(ASSISTANT), story.tick())
    with pytest.raises(NotFound):
        queries.order("no-such-order", story.actor(ASSISTANT), story.tick())
    with pytest.raises(NotFound):
        queries.document(done.message_id, "0" * 64, story.actor(ASSISTANT))


def test_the_list_goes_by_arrival_and_pages_both_ways(story: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE_ROWS", 2)
    for number in range(3):
        ordered(story, f"CX-{number}", units=(code(number),), persons=("龚建设",))
    actor = story.actor(ASSISTANT)

    first = queries.orders(actor, ("queued",))
    second = queries.orders(actor, ("queued",), after=first.next_after)

    assert [one.order_no for one in first.rows] == ["CX-0", "CX-1"]
    assert [one.order_no for one in second.rows] == ["CX-2"]
    assert [one.order_no for one in queries.orders(actor, before=second.previous_before).rows] == ["CX-0", "CX-1"]
    assert [one.order_no for one in queries.orders(actor, number="-2").rows] == ["CX-2"]
    assert [one.order_no for one in queries.orders(actor, after="昨天").rows] == ["CX-0", "CX-1"]
    assert queries.counts(actor) == {"queued": 3}
    assert queries.waiting(HOME) == 3


def test_the_whole_line_is_shown_with_what_would_come_of_it(story: Province) -> None:
    ordered(story, "CX-1")
    ordered(story, "ZY-1", "（2026）豫05执88号", INTERMEDIATE)
    release = ordered(story, "CX-2", kind="release")

    view = queries.order(release.message_id, story.actor(ASSISTANT), story.tick(), FREED.ruling)

    (unit,) = view.units
    assert [one.burden.rank for one in unit.line] == [0, 1]
    assert [one.burden.reference for one in unit.choosable] == [CASE, "（2026）豫05执88号"]
    (made,) = view.found.plans
    assert made.words_zh == "已解除查封"
    assert [one.burden.organ_zh for one in made.moved] == ["安阳市中级人民法院"]
    assert story.audited("judicial.read") == 1


def test_time_passes_and_a_line_alone_is_closed_once(story: Province) -> None:
    ordered(story, "CX-1", period_months=None, period_from=NOW.date(), period_until=date(2026, 11, 30))

    story.tick(days=30)
    story.settles()
    story.settles()

    assert line() == []
    closed = [one for one in reading.history(code()) if one.entry is not None and one.entry.kind == "close_burden"]
    assert len(closed) == 1
    assert closed[0].at.date() == (NOW + timedelta(days=30)).date()
