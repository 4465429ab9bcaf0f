"""The registry's answers to a court (协助执行回执, facts 7.6)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tongban.domain.decision import Refusal
from tongban.domain.messages import JUDICIAL_RECEIPT
from tongban.exchange import outbox
from tongban.exchange.contract.judicial import OrderEffect, OrderReceipt
from tongban.judicial.models import Order

_TAKEN_ZH: Final = "已收到，自收到时起限制处分，正由工作人员办理"
_STATES_ZH: Final = {
    Order.ARRIVED: _TAKEN_ZH,
    Order.QUEUED: _TAKEN_ZH,
    Order.ENTERED: "已办理",
    Order.REFUSED: "无法办理",
}


def send(
    order: Order,
    effects: tuple[OrderEffect, ...],
    now: datetime,
    *,
    refusal: Refusal | None = None,
    note_zh: str = "",
) -> None:
    """Tell the court where its order stands, and what was done to each unit once it is carried out."""
    receipt = OrderReceipt(
        order_no=order.order_no,
        court_case_no=order.court_case_no,
        state=order.state,
        state_zh=_STATES_ZH[order.state],
        received_at=order.arrived_at,
        happened_at=now,
        effects=effects,
        refusal=refusal,
        note_zh=note_zh,
    )
    outbox.send(JUDICIAL_RECEIPT, sender=order.registry, to=order.court, subject=order.order_no, body=receipt, now=now)
