"""Orders that a unit pass to whom the court has sold it (过户嘱托): carried out by the case of the taker (S09).

The order counts from its arrival and goes before later seizures (查扣冻规定 23②).  Whoever took the thing applies at any
window with the court's papers, pays the taxes (契税法 11) and gets the certificate; with that recording the order is
carried out, and the court is told.
Who waited for the thing is told, too: nothing is left to wait for (法发〔2004〕5号 20).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.timezone import localdate

from tongban.access.actors import system
from tongban.access.audit import audit
from tongban.cases import court_sales
from tongban.cases.court_sales import CourtSale
from tongban.cases.words import day_words
from tongban.domain.codes import UnitCode
from tongban.domain.identity import normal_name
from tongban.exchange.contract.judicial import JudicialOrder, OrderEffect
from tongban.judicial import receipts
from tongban.judicial.models import Order
from tongban.judicial.ordered import BEGINS, Effect, Kind, proceeding
from tongban.register import book, reading

SALES: Final = 50  # the latest ones are looked at; a county has a few a week
TRANSFER: Final = Kind.TRANSFER.value
TRANSFERRED: Final = "transferred"


def is_for(order: Order, sale: CourtSale) -> bool:
    """Whether the case rests on papers of that court in that proceeding, however brackets and blanks are written."""
    same_court = normal_name(sale.court_zh) == normal_name(order.organ_zh)
    return same_court and proceeding(order.court_case_no) in {proceeding(paper) for paper in sale.papers if paper}


def carried_out(order: Order, body: JudicialOrder) -> Mapping[str, CourtSale]:
    """For each unit of the order the case that carried it out; those still to come are missing.

    The taker may have come with the papers before the order came over the network.
    """
    return {
        code: sale
        for code in body.units
        for sale in court_sales.on_unit(code)
        if sale.recorded_at is not None and is_for(order, sale)
    }


def settle_due(now: datetime) -> int:
    """Settle the orders all of whose units have passed as ordered, and tell the court; how many there were."""
    waiting = Order.objects.filter(kind=TRANSFER, state=Order.QUEUED).order_by("arrived_at")
    return sum(_settle(number, now) for number in waiting.values_list("message_id", flat=True))


def _settle(message_id: str, now: datetime) -> bool:
    with transaction.atomic():
        order = Order.objects.select_for_update().get(message_id=message_id)
        body = JudicialOrder.model_validate(order.body)
        done = carried_out(order, body) if order.state == Order.QUEUED else {}
        if set(done) != set(body.units):
            return False
        book.settle_order(message_id, "entered", now)
        effects = tuple(_effect(order, code, sale, localdate(now)) for code, sale in done.items())
        order.state, order.entered_at, order.doubts = Order.ENTERED, now, []
        order.outcome = [one.model_dump(mode="json", exclude={"sections"}) for one in effects]
        order.save(update_fields=["state", "entered_at", "doubts", "outcome"])
        receipts.send(order, effects, now)
        detail = {"court": order.organ_zh, "state": order.state}
        audit(system("judicial", order.registry), "judicial.order", order.order_no, detail=detail)
    return True


def _effect(order: Order, unit_code: str, sale: CourtSale, today: date) -> OrderEffect:
    places = {place["unit_code"]: place["seq"] for place in order.places}
    return OrderEffect(
        unit_code=unit_code,
        result=TRANSFERRED,
        result_zh="已按协助执行通知办理转移登记",
        place=places[unit_code],
        effective_at=sale.recorded_at,
        sections=receipts.sections_of(UnitCode(unit_code), today),
    )


def tell_who_waited(now: datetime) -> int:
    """Tell every organ whose seizure ended with one of the latest sales; how many."""
    return sum(
        _tell(number, unit, sale, now) for unit, sale in court_sales.recorded_lately(SALES) for number in _of(unit)
    )


def _of(unit_code: str) -> list[str]:
    """Orders entered on the unit whose entry is gone and whose organ was not told yet."""
    lying = {one.burden_no for one in reading.burdens(unit_code)}
    entered = Order.objects.filter(
        state=Order.ENTERED, disposed_at=None, kind__in=[kind.value for kind in BEGINS],
        places__contains=[{"unit_code": unit_code}],
    )  # fmt: skip
    return [pk for pk in entered.values_list("pk", flat=True) if f"{pk}:{unit_code}" not in lying]


def _tell(message_id: str, unit_code: str, sale: CourtSale, now: datetime) -> bool:
    """One whose entry had gone before, released or lapsed, was told of that then."""
    if sale.recorded_at is None or reading.ended_by(unit_code, f"{message_id}:{unit_code}") != sale.case_no:
        return False
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=message_id)
        if order.disposed_at is not None:
            return False
        words = f"房产已由{sale.court_zh}处置，{day_words(localdate(sale.recorded_at))}转移登记，这项查封随之结束"
        effect = OrderEffect(
            unit_code=unit_code, result=Effect.DISPOSED.value, result_zh=words, effective_at=sale.recorded_at
        )
        order.disposed_at = now
        order.save(update_fields=["disposed_at"])
        receipts.send(order, (effect,), now)
        audit(system("judicial", order.registry), "judicial.disposed", order.order_no, detail={"court": order.organ_zh})
    return True
