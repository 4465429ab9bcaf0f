"""The registry's answers to a court (协助执行回执, facts 7.6)."""

from __future__ import annotations

from datetime import datetime

from tongban.domain.messages import JUDICIAL_RECEIPT
from tongban.exchange import outbox
from tongban.exchange.contract.judicial import OrderEffect, OrderReceipt
from tongban.judicial.models import Order

_DONE_ZH = "已办理"
_TAKEN_ZH = "已收到，自收到时起限制处分，正由工作人员办理"


def send(order: Order, effects: tuple[OrderEffect, ...], now: datetime) -> None:
    """Tell the court where its order stands, and what it did to each unit once it is carried out."""
    receipt = OrderReceipt(
        order_no=order.order_no,
        court_case_no=order.court_case_no,
        state=order.state,
        state_zh=_DONE_ZH if effects else _TAKEN_ZH,
        received_at=order.arrived_at,
        happened_at=now,
        effects=effects,
    )
    outbox.send(JUDICIAL_RECEIPT, sender=order.registry, to=order.court, subject=order.order_no, body=receipt, now=now)
