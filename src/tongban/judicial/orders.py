"""Orders of courts at the home registry: they count from the moment they are stored (查扣冻规定 1, 23)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final, cast

from django.db import transaction
from django.db.models import Max

from tongban.access.actors import Actor, system
from tongban.access.audit import audit
from tongban.cases import court_sales, flow
from tongban.cases import queries as cases
from tongban.cases.moves import StepData
from tongban.directory import lookup
from tongban.domain.lifecycle import CASE_MOVES, CaseState
from tongban.domain.order_reasons import OrderReasons
from tongban.exchange.contract.judicial import JudicialOrder, OrderEffect
from tongban.exchange.wires import StoredMessage
from tongban.judicial import carrying, receipts, transfers
from tongban.judicial.models import Order
from tongban.judicial.ordered import BEGINS
from tongban.register import book, reading

BATCH: Final = 50
# Goes to the window and the applicant: before the entry nobody is told that a court has ordered something (facts 7.6).
_SUSPENDED_ZH: Final = "这处房产有一项在先的事务要由登记机构处理，先暂停办理"


@dataclass(frozen=True, slots=True)
class Arrival:
    """How an order came: its id, to which registry, from which institution of the network, from which organ by name."""

    order_id: str
    registry: str
    court: str
    organ_zh: str
    is_paper: bool = False


def note_delivery(message: StoredMessage, now: datetime) -> None:
    """An order has arrived over the network."""
    organ_zh = lookup.institution(message.source).name_zh
    arrive(Arrival(message.id, message.to, message.source, organ_zh), cast("JudicialOrder", message.body), now)


def process(message: StoredMessage, now: datetime) -> None:
    """Deal with an order that came over the network."""
    with transaction.atomic():
        deal_with(message.id, cast("JudicialOrder", message.body), now)


def arrive(arrival: Arrival, body: JudicialOrder, now: datetime) -> None:
    """The order is here: from this moment nothing disposes of its units before it was dealt with."""
    places = book.note_order(body.units, order_id=arrival.order_id, organ=arrival.organ_zh, now=now)
    last = Order.objects.filter(registry=arrival.registry).aggregate(at=Max("arrived_at"))["at"]
    Order.objects.create(
        message_id=arrival.order_id,
        order_no=body.order_no,
        court=arrival.court,
        organ_zh=arrival.organ_zh,
        is_paper=arrival.is_paper,
        court_case_no=body.court_case_no,
        kind=body.kind,
        registry=arrival.registry,
        body=body.to_wire(),
        state=Order.ARRIVED,
        arrived_at=max(now, last + book.TICK) if last else now,  # lists go by it: no two of a registry are the same
        places=[{"unit_code": place.unit_code, "seq": place.seq, "at": place.at.isoformat()} for place in places],
    )


def deal_with(order_id: str, body: JudicialOrder, now: datetime) -> None:
    """Suspend what is under way on the units; carry the order out, or leave it to people with what they must settle.

    One that was dealt with since, by people while its message was held, stays as it is.
    """
    order = Order.objects.select_for_update().get(message_id=order_id)
    if order.state != Order.ARRIVED:
        return
    if first := _sent_before(order, body):
        _point_to(first, order, system("judicial", order.registry), now)
        return
    reached = [code for unit_code in body.units for code in reading.covered_by(unit_code)]
    for unit_code in dict.fromkeys([*body.units, *reached]):
        _suspend_pending(unit_code, order, system("judicial", order.registry), now)
    book.lock(body.units)  # after the cases: everybody locks cases before units
    _carry_or_queue(order, body, now)


def retry_due(now: datetime) -> int:
    """Look again at orders that waited for an earlier one which has since been dealt with; how many went on."""
    waiting = Order.objects.filter(state=Order.QUEUED, doubts__contains=[OrderReasons.EARLIER_FIRST.code])
    free = (one for one in waiting.order_by("arrived_at").only("pk", "places") if not _is_behind(one))
    return sum(_retry(one.pk, now) for one in islice(free, BATCH))


def _is_behind(order: Order) -> bool:
    return bool(reading.earlier_orders(order.pk, [place["unit_code"] for place in order.places]))


def _retry(message_id: str, now: datetime) -> bool:
    with transaction.atomic():
        order = Order.objects.select_for_update().get(message_id=message_id)
        before = order.doubts
        if order.state == Order.QUEUED and OrderReasons.EARLIER_FIRST.code in before:
            body = JudicialOrder.model_validate(order.body)
            book.lock(body.units)
            _carry_or_queue(order, body, now)
        return bool(order.doubts != before)


def _carry_or_queue(order: Order, body: JudicialOrder, now: datetime) -> None:
    """The court is told once either way; the units' locks are held."""
    actor, was_told = system("judicial", order.registry), order.state == Order.QUEUED
    found = carrying.look(carrying.read(order, body, now))
    codes = list(dict.fromkeys(one.reason.code for one in found.doubts))
    if found.plans:
        with transaction.atomic():
            if refusal := carrying.carry_out(order, found, actor, now):
                codes = [refusal.reason.code]
                transaction.set_rollback(True)
        if codes:
            order.refresh_from_db()
    if codes and (order.state, order.doubts) != (Order.QUEUED, codes):
        order.state, order.doubts = Order.QUEUED, codes
        order.save()
        if not was_told:
            receipts.send(order, (), now)
    if order.state == Order.ENTERED or not was_told:
        audit(actor, "judicial.order", order.order_no, detail={"court": order.organ_zh, "state": order.state})


def _sent_before(order: Order, body: JudicialOrder) -> Order | None:
    """The same order with the same papers, but for its time, that came before this one and still stands or waits.

    One that was answered 无法办理, or whose entry has ended since, may be delivered again and is looked at anew.
    """
    same = {"organ_zh": order.organ_zh, "order_no": order.order_no, "registry": order.registry}
    earlier = Order.objects.filter(**same, arrived_at__lt=order.arrived_at)
    alike = [one for one in earlier.order_by("-arrived_at") if _words(one) == _words(order)]
    return next((one for one in alike if _still_counts(one, body)), None)


def _still_counts(first: Order, body: JudicialOrder) -> bool:
    if first.state in (Order.REFUSED, Order.DUPLICATE):
        return False
    if first.state != Order.ENTERED or body.kind not in {kind.value for kind in BEGINS}:
        return True
    lying = reading.burdens_of(body.units)
    return any(one.burden_no == f"{first.message_id}:{code}" for code, found in lying.items() for one in found)


def _words(order: Order) -> Mapping[str, object]:
    return {key: value for key, value in order.body.items() if key != "delivered_at"}


def _point_to(first: Order, order: Order, actor: Actor, now: datetime) -> None:
    """The first one counts, with its earlier place; this one holds nothing."""
    book.settle_order(order.message_id, "duplicate", now)
    order.state, order.entered_at = Order.DUPLICATE, now
    order.save()
    receipts.send(order, tuple(OrderEffect.model_validate(one) for one in first.outcome or ()), now)
    audit(actor, "judicial.order", order.order_no, detail={"court": order.organ_zh, "state": order.state})


def _suspend_pending(unit_code: str, order: Order, actor: Actor, now: datetime) -> None:
    """Nothing goes on by itself on the unit, save the case that carries out this very order to transfer it."""
    own = {sale.case_no for sale in court_sales.on_unit(unit_code) if transfers.is_for(order, sale)}
    kept = own if order.kind == transfers.TRANSFER else frozenset()
    for case_no, state in cases.open_on(unit_code):
        if case_no not in kept and CaseState(state) in CASE_MOVES["suspend"].sources:
            data = StepData(key=f"order:{order.message_id}", now=now, note_zh=_SUSPENDED_ZH)
            flow.advance(case_no, "suspend", actor, data)
