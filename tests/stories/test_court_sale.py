"""A court sells a home and orders the transfer: the order holds the home, the buyer's case carries it out, the court is told."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.db import transaction
from tests.province import CLERK, HOME, NOW, OFFICER, WINDOW, Province

from tongban.cases.models import Case, CaseMove
from tongban.cli import courts, examples, play, stage
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.evidence import Evidence, key_of
from tongban.domain.lifecycle import CaseState
from tongban.domain.messages import JUDICIAL_ORDER
from tongban.domain.order_reasons import OrderReasons
from tongban.exchange import outbox
from tongban.exchange.contract.judicial import JudicialOrder, OrderReceipt
from tongban.exchange.models import InboxMessage
from tongban.judicial.models import Order
from tongban.register import reading

SALE = CATALOGUE["S09"]
CODE = EXAMPLE_UNITS[SALE.example.unit].unit.unit_code
PROCEEDING = "(2026)豫0526执533号"  # half-width brackets, without the part the ruling is


@pytest.fixture
def court(story: Province) -> Province:
    examples.take_units(HOME, NOW)
    return story


def orders(court: Province, order_no: str, *, kind: str = "transfer", case_no: str = PROCEEDING) -> Order:
    """An order of 滑县人民法院 for the home, arrived and processed."""
    now = court.tick()
    period = {"period_from": NOW.date(), "period_until": NOW.date().replace(year=2029)} if kind == "seizure" else {}
    body = JudicialOrder(
        order_no=order_no,
        court=stage.COURT,
        court_case_no=case_no,
        kind=kind,
        units=(CODE,),
        delivered_at=now,
        **period,
    )
    with transaction.atomic():
        outbox.send(JUDICIAL_ORDER, sender=stage.COURT, to=HOME, subject=order_no, body=body, now=now)
    court.settles()
    return Order.objects.get(order_no=order_no)


def buys(court: Province, *seen: str) -> str:
    """The buyer's whole case; the officer saw that the order in the inbox is the one he comes with.

    Of several orders he looks at each: `seen` are their numbers.
    """
    proofs = {key_of(Evidence.ORDERS_IN_SEQUENCE, one) for one in seen} or {Evidence.ORDERS_IN_SEQUENCE}
    confirmed = SALE.example.confirmed | proofs | {Evidence.SEIZING_COURT_AGREES}
    item: ServiceItem = replace(SALE, example=replace(SALE.example, confirmed=frozenset(confirmed)))
    at = examples.Stage(court.tick, court.settles, court.actor(CLERK), lambda action, actor, of: None)
    return examples.play_item(item, at)


def receipts(order_no: str) -> list[OrderReceipt]:
    found = InboxMessage.objects.filter(kind="judicial.receipt", subject=order_no).order_by("pk")
    return [OrderReceipt.model_validate(json.loads(bytes(one.content))["data"]) for one in found]


def test_the_buyers_case_carries_the_order_out_and_the_court_is_told(court: Province) -> None:
    assert orders(court, "GH-1").state == Order.QUEUED
    assert [one.burden for one in reading.burdens(CODE)] == [Burden.UNREAD_ORDER]

    case_no = buys(court)
    court.settles()

    title = reading.title(CODE)
    assert title is not None and title.holders[0].name == "潘晓明"
    assert Case.objects.get(case_no=case_no).certificate_no == title.certificate_no
    assert Order.objects.get().state == Order.ENTERED
    assert reading.burdens(CODE) == ()
    taken, done = receipts("GH-1")
    assert (taken.state, taken.effects) == (Order.QUEUED, ())
    (effect,) = done.effects
    assert (effect.unit_code, effect.result, effect.result_zh) == (CODE, "transferred", "已按协助执行通知办理转移登记")
    assert effect.effective_at == CaseMove.objects.get(case=case_no, action="record").at


def test_the_case_that_carries_an_order_out_is_not_suspended_by_it(court: Province) -> None:
    at = examples.Stage(court.tick, court.settles, court.actor(CLERK), lambda action, actor, of: None)
    wish = examples.wish_of(SALE, reading.page(CODE), NOW.date().isoformat())
    begun = play.begin(wish, at.clerk, window_code=stage.window_of(WINDOW), now=court.tick(), key="sale")
    assert isinstance(begun, str)
    play.fill(begun, wish, at.clerk, now=court.tick())
    play.hand_over(begun, at.clerk, now=court.tick())
    court.settles()
    case_no = play.case_of(begun)
    court.moves(case_no, "accept", OFFICER)

    orders(court, "GH-1")
    assert Case.objects.get(case_no=case_no).state == CaseState.ACCEPTED

    orders(court, "GH-2", case_no="（2026）豫0526执999号")
    assert Case.objects.get(case_no=case_no).state == CaseState.SUSPENDED


def test_an_order_that_comes_after_the_buyer_is_carried_out_already(court: Province) -> None:
    buys(court)

    order = orders(court, "GH-1")
    court.settles()

    order.refresh_from_db()
    assert order.state == Order.ENTERED
    assert reading.burdens(CODE) == ()


def test_who_waited_for_what_was_sold_is_told_once_that_it_is_gone(court: Province) -> None:
    """法发〔2004〕5号 20: the whole thing disposed of, waiting seizures have nothing left to wait for."""
    now = court.tick()
    for number, (case_no, at) in enumerate([(PROCEEDING, stage.COURT), ("（2026）豫05执88号", "court-410500")], 1):
        body = courts.order(f"CF-{number}", case_no, (CODE,), now, period_months=36, court=at)
        courts.send(body, now, at)
        court.settles()
    assert [one.burden for one in reading.burdens(CODE)] == [Burden.SEIZURE, Burden.WAITING_SEIZURE]

    buys(court)
    court.settles()
    court.settles()

    assert reading.burdens(CODE) == ()
    told = [one.effects[0] for one in receipts("CF-2")]
    assert [one.result for one in told] == ["waiting", "disposed"]
    assert "滑县人民法院处置" in told[-1].result_zh
    assert [one.effects[0].result for one in receipts("CF-1")] == ["in_force", "disposed"]


def test_an_order_of_another_proceeding_is_not_carried_out_by_this_case(court: Province) -> None:
    orders(court, "GH-1", case_no="（2026）豫0526执999号")

    buys(court)
    court.settles()

    assert Order.objects.get().state == Order.QUEUED
    assert [one.burden for one in reading.burdens(CODE)] == [Burden.UNREAD_ORDER]


def test_a_later_seizure_does_not_go_before_the_transfer(court: Province) -> None:
    """查扣冻规定 23②."""
    orders(court, "GH-1")

    later = orders(court, "CF-2", kind="seizure", case_no="（2026）豫0526执7号")

    assert (later.state, later.doubts) == (Order.QUEUED, [OrderReasons.EARLIER_FIRST.code])
    assert {one.burden for one in reading.burdens(CODE)} == {Burden.UNREAD_ORDER}


def test_a_seizure_that_waited_for_the_transfer_does_not_hit_the_buyer_unseen(court: Province) -> None:
    """查扣冻规定 23: the thing is not the debtor's any more; people see it and answer the court."""
    first = orders(court, "GH-1")
    later = orders(court, "CF-2", kind="seizure", case_no="（2026）豫0526执7号")

    buys(court, first.message_id, later.message_id)
    court.settles()

    later.refresh_from_db()
    assert later.state == Order.QUEUED
    assert OrderReasons.OTHER_HOLDER.code in later.doubts
    assert [one.burden for one in reading.burdens(CODE)] == [Burden.UNREAD_ORDER]
