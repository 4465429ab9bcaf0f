"""The registry's answers to a court (协助执行回执, facts 7.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from tongban.domain.codes import UnitCode
from tongban.domain.decision import Refusal
from tongban.domain.messages import JUDICIAL_RECEIPT
from tongban.domain.query_answers import Subject, answer
from tongban.domain.query_rules import permission
from tongban.domain.query_terms import Acting, Asker, Wanted
from tongban.enquiries import answering, searching
from tongban.exchange import outbox
from tongban.exchange.contract.judicial import OrderEffect, OrderReceipt
from tongban.exchange.contract.register_query import SectionBody
from tongban.judicial.models import Order

_TAKEN_ZH: Final = "已收到，自收到时起限制处分，正由工作人员办理"
_STATES_ZH: Final = {
    Order.ARRIVED: _TAKEN_ZH,
    Order.QUEUED: _TAKEN_ZH,
    Order.ENTERED: "已办理",
    Order.REFUSED: "无法办理",
    Order.DUPLICATE: "这份通知以前已经收到过，以先收到的为准",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a receipt says in words: a no with its reason, a proposal or question, who wrote it into the book."""

    refusal: Refusal | None = None
    note_zh: str = ""
    recorder_zh: str = ""


NOTHING_MORE: Final = Said()


def send(order: Order, effects: tuple[OrderEffect, ...], now: datetime, said: Said = NOTHING_MORE) -> None:
    """Tell the organ where its order stands, and what was done to each unit once it is carried out.

    Who sent paper is told on paper: the receipt is kept to be printed.
    """
    receipt = OrderReceipt(
        order_no=order.order_no,
        court_case_no=order.court_case_no,
        state=order.state,
        state_zh=_STATES_ZH[order.state],
        received_at=order.arrived_at,
        happened_at=now,
        effects=effects,
        refusal=said.refusal,
        note_zh=said.note_zh,
        recorder_zh=said.recorder_zh,
    )
    if order.is_paper:
        order.told = [*(order.told or []), receipt.to_wire()]
        order.save(update_fields=["told"])
        return
    outbox.send(JUDICIAL_RECEIPT, sender=order.registry, to=order.court, subject=order.order_no, body=receipt, now=now)


def sections_of(unit_code: UnitCode, today: date) -> tuple[SectionBody, ...]:
    """What the register says of a unit now, to a court (细则 97; facts 7.6): all of it but the original material."""
    record = searching.record_of(unit_code)
    if record is None:
        return ()
    allowed = permission(Asker.COURT, Acting.IN_PERSON, Wanted.RESULT)
    said: tuple[SectionBody, ...] = answering.unit_body(answer(record, allowed, Subject(), today)).sections
    return said
