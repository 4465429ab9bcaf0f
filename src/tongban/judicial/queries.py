"""Reads of orders for pages: frozen values, only of the actor's own registry, every look at one order audited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db.models import Count, QuerySet

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.paging import window
from tongban.access.permissions import Permission
from tongban.access.queries import names
from tongban.access.require import Scope, allowed, institutions_for, require
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import SEIZURES
from tongban.domain.decision import Reason
from tongban.domain.errors import NotFound
from tongban.domain.identity import normal_number
from tongban.domain.order_reasons import OrderReasons
from tongban.domain.reasons import REASONS
from tongban.domain.unit_page import UnitPage
from tongban.exchange.contract.judicial import JudicialOrder, OrderEffect, OrderReceipt
from tongban.judicial import carrying
from tongban.judicial.carrying import Look, Ruling
from tongban.judicial.deciding import Proposal
from tongban.judicial.models import Order
from tongban.judicial.ordered import Kind, entries_like
from tongban.vault import blobs

PAGE_ROWS: Final = 30
ARRIVED, ENTERED, QUEUED = Order.ARRIVED, Order.ENTERED, Order.QUEUED
REFUSED, DUPLICATE = Order.REFUSED, Order.DUPLICATE
EVERY_DOUBT: Final = frozenset(reason.code for reason in vars(OrderReasons).values() if isinstance(reason, Reason))


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line of the list."""

    message_id: str
    order_no: str
    court_zh: str
    court_case_no: str
    kind_zh: str
    units: int
    state: str
    doubts: Sequence[Reason]
    is_proposed: bool
    is_paper: bool
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Rows in the order of arrival, the oldest first; the keys of the later and of the earlier page."""

    rows: Sequence[OrderRow]
    next_after: str = ""
    previous_before: str = ""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit of an order: its page, the line of seizures on it, and those the order may go on with."""

    page: UnitPage
    place: int
    line: Sequence[OpenBurden]
    choosable: Sequence[OpenBurden]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the court."""

    at: datetime
    by_zh: str
    words_zh: str


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order with everything a person needs to decide it.

    `found` is what a look gives under the ruling proposed, or under none; `bare` under none; `would` once every doubt
    that can be cleared is.
    """

    row: OrderRow
    registry: str
    body: JudicialOrder
    units: Sequence[UnitLine]
    found: Look
    bare: Look
    would: Look
    proposal: Proposal | None
    proposed_by_zh: str
    asked: Sequence[Asked]
    effects: Sequence[OrderEffect]
    done_at: datetime | None
    told: Sequence[OrderReceipt]
    may_decide: bool


def counts(actor: Actor) -> Mapping[str, int]:
    """How many orders the actor's registry has, by state."""
    rows = _visible(actor).values("state").annotate(many=Count("pk"))
    return {row["state"]: row["many"] for row in rows.order_by()}


def waiting(registry: str) -> int:
    """How many orders wait for people at a registry."""
    return Order.objects.filter(registry=registry, state=Order.QUEUED).count()


def orders(
    actor: Actor, states: Iterable[str] = (), *, after: str = "", before: str = "", number: str = ""
) -> OrderPage:
    """One page of orders; one query.  Raises NotPermitted for who may read none."""
    if institutions_for(actor, Permission.JUDICIAL_READ) == frozenset():
        require(actor, Permission.JUDICIAL_READ, Scope(frozenset({actor.institution})))
    rows = _visible(actor).defer("body", "asked", "told")
    if wanted := tuple(states):
        rows = rows.filter(state__in=wanted)
    if sought := normal_number(number.replace("\x00", "")):
        rows = rows.filter(order_no__endswith=sought) | rows.filter(
            court_case_no__contains=number.replace("\x00", "").strip()
        )
    found, is_first, is_last = window(
        rows, "arrived_at", PAGE_ROWS, after=_instant(after), before=_instant(before)
    )  # fmt: skip
    return OrderPage(
        [_row(one) for one in found],
        next_after=found[-1].arrived_at.isoformat() if found and not is_last else "",
        previous_before=found[0].arrived_at.isoformat() if found and not is_first else "",
    )


def order(message_id: str, actor: Actor, now: datetime, ruling: Ruling | None = None) -> OrderView:
    """One order; what it comes to on the book now, under the ruling given or the one proposed.

    Raises NotFound, NotPermitted.
    """
    row = _permitted(message_id, actor)
    body = JudicialOrder.model_validate(row.body)
    proposal = Proposal.of(row)
    chosen = ruling or (proposal.ruling if proposal else carrying.NO_RULING)
    (found, bare, would), units = _looked_at(row, body, chosen, now)
    who = names({one["by"] for one in row.asked or ()} | {row.proposed_by})
    audit(actor, "judicial.read", row.order_no, purpose="办理协助执行通知", now=now)
    return OrderView(
        row=_row(row),
        registry=row.registry,
        body=body,
        units=units,
        found=found,
        bare=bare,
        would=would,
        proposal=proposal,
        proposed_by_zh=who.get(row.proposed_by, row.proposed_by),
        asked=[
            Asked(datetime.fromisoformat(one["at"]), who.get(one["by"], one["by"]), one["words_zh"])
            for one in row.asked or ()
        ],
        effects=[OrderEffect.model_validate(one) for one in row.outcome or ()],
        done_at=row.entered_at,
        told=[OrderReceipt.model_validate(one) for one in row.told or ()],
        may_decide=allowed(actor, Permission.JUDICIAL_DECIDE, Scope(frozenset({row.registry}))),
    )


def document(message_id: str, digest: str, actor: Actor) -> tuple[bytes, str, str]:
    """One paper of the order: bytes, media type, name.  The look is audited."""
    row = _permitted(message_id, actor)
    body = JudicialOrder.model_validate(row.body)
    if not any(one.digest == digest for one in body.documents):
        raise NotFound("order_paper_not_found", "这份通知没有这件文书。")
    ref = blobs.find(row.registry, digest)
    audit(actor, "judicial.document", row.order_no, purpose="核对法院文书", detail={"digest": digest})
    return blobs.read(row.registry, digest), ref.media_type, ref.name


def _looked_at(
    row: Order, body: JudicialOrder, ruling: Ruling, now: datetime
) -> tuple[tuple[Look, Look, Look], list[UnitLine]]:
    given = carrying.read(row, body, now)
    asked, places = given.ordered(ruling), {place["unit_code"]: place["seq"] for place in row.places}
    units = [
        UnitLine(
            page,
            places[page.unit_code],
            sorted(page.of_kind(SEIZURES), key=lambda one: one.burden.rank),
            entries_like(asked, page),
        )
        for page in given.pages.values()
    ]
    if row.state not in (Order.ARRIVED, Order.QUEUED):
        return (Look(), Look(), Look()), units
    every = replace(ruling, cleared=EVERY_DOUBT)
    return (carrying.look(given, ruling), carrying.look(given), carrying.look(given, every)), units


def _permitted(message_id: str, actor: Actor) -> Order:
    row = Order.objects.filter(message_id=message_id).first()
    if row is None:
        raise NotFound("order_not_found", "没有这份协助执行通知。")
    require(actor, Permission.JUDICIAL_READ, Scope(frozenset({row.registry}), row.order_no))
    return row


def _visible(actor: Actor) -> QuerySet[Order]:
    registries = institutions_for(actor, Permission.JUDICIAL_READ)
    return Order.objects.all() if registries is None else Order.objects.filter(registry__in=registries)


def _row(row: Order) -> OrderRow:
    known = {kind.value: kind.name_zh for kind in Kind}
    return OrderRow(
        message_id=row.message_id,
        order_no=row.order_no,
        court_zh=row.organ_zh,
        court_case_no=row.court_case_no,
        kind_zh=known.get(row.kind, row.kind),
        units=len(row.places),
        state=row.state,
        doubts=[REASONS[code] for code in row.doubts if code in REASONS],
        is_proposed=row.proposed_at is not None,
        is_paper=row.is_paper,
        arrived_at=row.arrived_at,
    )


def _instant(key: str) -> str:
    """A key of a page as it came from an address; one that is no moment leads to the first page."""
    try:
        return datetime.fromisoformat(key).isoformat() if key else ""
    except ValueError:
        return ""
