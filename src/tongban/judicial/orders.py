"""Orders of courts at the home registry: they count from the moment they are stored (查扣冻规定 1, 23)."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from django.db import transaction
from django.utils.timezone import localdate

from tongban.access.actors import Actor, system
from tongban.access.audit import audit
from tongban.cases import court_sales, flow, opening
from tongban.cases import queries as cases
from tongban.cases.moves import StepData
from tongban.directory import lookup
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import SEIZURES, Burden, BurdenFact
from tongban.domain.codes import UnitCode
from tongban.domain.decision import Refusal
from tongban.domain.lifecycle import CASE_MOVES, CaseState
from tongban.domain.restrictions import Act
from tongban.domain.terms import Registration, Subject
from tongban.exchange.contract.judicial import JudicialOrder, OrderEffect
from tongban.exchange.wires import StoredMessage
from tongban.judicial import receipts, transfers
from tongban.judicial.models import Order
from tongban.register import book, reading
from tongban.register.requests import RecordRequest
from tongban.reporting import parts, uploads
from tongban.reporting.case_facts import CaseFacts

SEIZURE = "seizure"
IN_FORCE, WAITS, BY_HAND = "in_force", "waits_for_clerk", "queued"


def note_delivery(message: StoredMessage, now: datetime) -> None:
    """The order has arrived: from this moment nothing disposes of its units before it was dealt with."""
    body = cast("JudicialOrder", message.body)
    court_zh = lookup.institution(message.source).name_zh
    places = book.note_order(body.units, order_id=message.id, organ=court_zh, now=now)
    Order.objects.create(
        message_id=message.id,
        order_no=body.order_no,
        court=message.source,
        court_case_no=body.court_case_no,
        kind=body.kind,
        registry=message.to,
        body=body.to_wire(),
        state=Order.ARRIVED,
        arrived_at=now,
        places=[{"unit_code": place.unit_code, "seq": place.seq, "at": place.at.isoformat()} for place in places],
    )


def process(message: StoredMessage, now: datetime) -> None:
    """Suspend what is under way on the units, enter a plain seizure, leave everything else to the clerk's queue."""
    body = cast("JudicialOrder", message.body)
    actor = system("judicial", message.to)
    with transaction.atomic():
        order = Order.objects.select_for_update().get(message_id=message.id)
        for unit_code in body.units:
            _suspend_pending(unit_code, order, actor, now)
        effects = _enter(order, body, actor, now) if _is_plain(order, body, localdate(now)) else ()
        order.state = Order.ENTERED if effects else Order.QUEUED
        order.entered_at = now if effects else None
        order.save()
        receipts.send(order, effects, now)
        audit(actor, "judicial.order", order.order_no, detail={"court": order.court, "state": order.state})


def _is_plain(order: Order, body: JudicialOrder, today: date) -> bool:
    """A seizure with its period on units that have a title and no seizure yet needs no clerk.

    Nor may a court's order to transfer the unit have come before it: that one goes first (查扣冻规定 23②).
    """
    if body.kind != SEIZURE or body.period_from is None or body.period_until is None:
        return False
    return all(
        reading.title(code) and not _is_seized(code, today) and not transfers.goes_before(order, code)
        for code in body.units
    )


def _is_seized(unit_code: str, today: date) -> bool:
    """Whether a seizure counts on that day, or another order waits: one that was not renewed has ended by itself.

    查扣冻规定 27; 法发〔2004〕5号 20: whoever waits comes before a new order, so a clerk promotes first.
    """
    return any(fact.burden in SEIZURES for fact in reading.burdens(unit_code, today=today))


def _suspend_pending(unit_code: str, order: Order, actor: Actor, now: datetime) -> None:
    """Nothing goes on by itself on the unit, save the case that carries out this very order to transfer it."""
    own = {sale.case_no for sale in court_sales.on_unit(unit_code) if transfers.is_for(order, sale)}
    kept = own if order.kind == transfers.TRANSFER else frozenset()
    for case_no, state in cases.open_on(unit_code):
        if case_no not in kept and CaseState(state) in CASE_MOVES["suspend"].sources:
            note = "收到人民法院协助执行通知，暂停办理"
            flow.advance(case_no, "suspend", actor, StepData(key=f"order:{order.message_id}", now=now, note_zh=note))


def _enter(order: Order, body: JudicialOrder, actor: Actor, now: datetime) -> tuple[OrderEffect, ...]:
    units = tuple(UnitCode(code) for code in body.units)
    entries = tuple(
        OpenBurden(
            code,
            BurdenFact(
                Burden.SEIZURE,
                f"{order.message_id}:{code}",
                body.period_from,
                body.period_until,
                lookup.institution(order.court).name_zh,
                body.court_case_no,
            ),
        )
        for code in units
    )
    number = opening.draw_case_no(units[0][:6], localdate(now))  # counters are locked before the book
    outcome = book.record(
        RecordRequest(
            unit_codes=units,
            entries=entries,
            acts=(Act.SEIZE,),
            evidence=frozenset(),
            recorder=actor,
            case_no="",
            key=f"order:{order.message_id}",
            now=now,
            registry=order.registry,
            order_id=order.message_id,
        )
    )
    if isinstance(outcome, Refusal):
        return ()
    book.settle_order(order.message_id, "entered", now)
    made = parts.parts_of(entries, Subject.NONE, Registration.SEIZURE, is_combined=False)
    facts = CaseFacts(item_zh="查封登记", cause_zh=f"{lookup.institution(order.court).name_zh}协助执行通知")
    uploads.queue_upload(number, order.registry, made, facts, recording=outcome)
    places = {place["unit_code"]: place["seq"] for place in order.places}
    return tuple(
        OrderEffect(
            unit_code=entry.unit_code,
            result=IN_FORCE,
            result_zh="已办理查封登记",
            place=places[entry.unit_code],
            effective_at=entry.recorded_at,
            expires_on=body.period_until,
        )
        for entry in outcome.entries
    )
