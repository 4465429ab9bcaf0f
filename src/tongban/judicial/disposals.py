"""Who waited for a thing that a court has sold is told: nothing is left to wait for (法发〔2004〕5号 20)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from tongban.access.actors import system
from tongban.access.audit import audit
from tongban.cases import court_sales
from tongban.cases.court_sales import CourtSale
from tongban.cases.words import day_words
from tongban.exchange.contract.judicial import OrderEffect
from tongban.judicial import receipts
from tongban.judicial.models import Order
from tongban.judicial.ordered import BEGINS, Effect
from tongban.register import reading

SALES: Final = 50  # the latest ones are looked at; a county has a few a week


def tell_due(now: datetime) -> int:
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
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=message_id)
        was_entered = (
            order.entered_at is not None and sale.recorded_at is not None and order.entered_at < sale.recorded_at
        )
        if order.disposed_at is not None or not was_entered or _ended_before(order, unit_code, sale):
            return False
        assert sale.recorded_at is not None
        words = f"房产已由{sale.court_zh}处置，{day_words(sale.recorded_at.date())}转移登记，这项查封随之结束"
        effect = OrderEffect(
            unit_code=unit_code, result=Effect.DISPOSED.value, result_zh=words, effective_at=sale.recorded_at
        )
        order.disposed_at = now
        order.save(update_fields=["disposed_at"])
        receipts.send(order, (effect,), now)
        audit(system("judicial", order.registry), "judicial.disposed", order.order_no, detail={"court": order.organ_zh})
    return True


def _ended_before(order: Order, unit_code: str, sale: CourtSale) -> bool:
    """Whether its entry had gone before the sale: released or lapsed, of which it was told then."""
    assert sale.recorded_at is not None
    last = reading.last_end(unit_code, f"{order.pk}:{unit_code}")
    return last is None or last != sale.recorded_at
