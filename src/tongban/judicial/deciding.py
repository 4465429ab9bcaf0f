"""Orders that people decide: one proposes, another confirms; until then everything stays held (查扣冻规定 1, 23).

What is decided here either frees a unit or writes into the book on somebody's reading of a paper, so nobody does it alone.
Asking the court frees nothing and needs one person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.db import transaction

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.denials import audit_refusal
from tongban.access.permissions import Permission
from tongban.access.require import Scope, require
from tongban.domain.decision import Fact, Reason, Refusal
from tongban.domain.errors import InvalidInput, NotFound, Problem, Stale, WrongState
from tongban.domain.order_reasons import OrderReasons
from tongban.domain.terms import Term
from tongban.domain.wires import Wire, as_list, as_mapping, as_text
from tongban.exchange.contract.judicial import JudicialOrder
from tongban.judicial import carrying, receipts
from tongban.judicial.carrying import Look, Ruling
from tongban.judicial.models import Order
from tongban.judicial.ordered import Kind
from tongban.judicial.receipts import Said
from tongban.register import book

WORDS_MAX: Final = 1000
# What a court can be told instead; the reader of the answer needs the facts beside it.
ANSWERS: Final[Mapping[str, Reason]] = MappingProxyType(
    {
        reason.code: reason
        for reason in (
            OrderReasons.OTHER_HOLDER, OrderReasons.UNIT_UNKNOWN, OrderReasons.NOTHING_OF_THIS_COURT,
            OrderReasons.RENEWED_TOO_LATE, OrderReasons.SAME_CASE_AGAIN, OrderReasons.NO_CLAIM_FOUND,
            OrderReasons.PAPERS_MISSING, OrderReasons.OTHER_REGISTRY, OrderReasons.ANSWERED_OTHERWISE,
        )
    }
)  # fmt: skip


class Answer(Term):
    """What people do with an order."""

    CARRY_OUT = "carry_out", "照办"
    REFUSE = "refuse", "答复无法办理"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one person would do; `reason` is a code of `ANSWERS`, `words_zh` goes to the court with it."""

    answer: Answer
    ruling: Ruling = carrying.NO_RULING
    reason: str = ""
    words_zh: str = ""
    by: str = field(default="", compare=False)
    at: datetime | None = field(default=None, compare=False)

    def to_wire(self) -> Wire:
        return {
            "answer": self.answer.value,
            "cleared": sorted(self.ruling.cleared),
            "kind": self.ruling.kind,
            "meant": dict(self.ruling.meant),
            "left_out": sorted(self.ruling.left_out),
            "reason": self.reason,
            "words_zh": self.words_zh,
        }

    @classmethod
    def of(cls, order: Order) -> Proposal | None:
        """What was proposed about the order, if anything."""
        if order.proposal is None:
            return None
        wire = as_mapping(order.proposal)
        cleared = frozenset(as_text(code) for code in as_list(wire["cleared"]))
        meant = {unit: as_text(number) for unit, number in as_mapping(wire["meant"]).items()}
        left_out = frozenset(as_text(code) for code in as_list(wire["left_out"]))
        return cls(
            Answer(as_text(wire["answer"])), Ruling(cleared, as_text(wire["kind"]), meant, left_out), as_text(wire["reason"]),
            as_text(wire["words_zh"]), order.proposed_by, order.proposed_at,
        )  # fmt: skip


def propose(message_id: str, proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Lay it before a second person.  Proposed anew, it takes the place of what was proposed before.

    Raises NotFound, NotPermitted, WrongState when the order was dealt with, InvalidInput while doubts are not cleared.
    """
    with transaction.atomic():
        order = _waiting(message_id, actor)
        _check(order, proposal, now)
        order.proposal, order.proposed_by, order.proposed_at = proposal.to_wire(), actor.id, now
        order.save(update_fields=["proposal", "proposed_by", "proposed_at"])
        _audit(actor, "judicial.propose", order, proposal, now)


def confirm(message_id: str, seen_at: datetime, actor: Actor, now: datetime) -> Refusal | None:
    """Do what another person proposed, looking at the book once more; `seen_at` is the proposal the reader saw.

    A lawful no of the register is returned, with nothing changed.  Raises as `propose`, and Stale when the proposal is
    another by now.
    """
    with transaction.atomic():
        order = _waiting(message_id, actor)
        proposal = _seen(order, seen_at)
        if proposal.by == actor.id:
            raise WrongState("order_confirmed_alone", "提出的人不能自己核准。请另一位协助执行人员核准。")
        made = _check(order, proposal, now)
        if proposal.answer is Answer.REFUSE:
            _refuse(order, proposal, now)
        elif refusal := carrying.carry_out(order, made, actor, now):
            transaction.set_rollback(True)
            audit_refusal(actor, "judicial.confirm", order.order_no, refusal, now=now)
            return refusal
        _audit(actor, "judicial.confirm", order, proposal, now)
    return None


def send_back(message_id: str, seen_at: datetime, actor: Actor, now: datetime) -> None:
    """The proposal is not confirmed; the order waits as before."""
    with transaction.atomic():
        order = _waiting(message_id, actor)
        proposal = _seen(order, seen_at)
        order.proposal, order.proposed_by, order.proposed_at = None, "", None
        order.save(update_fields=["proposal", "proposed_by", "proposed_at"])
        _audit(actor, "judicial.send_back", order, proposal, now)


def ask(message_id: str, words_zh: str, actor: Actor, now: datetime) -> None:
    """Ask the court; the unit stays held.  Raises InvalidInput without words."""
    with transaction.atomic():
        order = _waiting(message_id, actor)
        words = _words(words_zh, "没有写要问法院什么")
        order.asked = [*(order.asked or []), {"at": now.isoformat(), "by": actor.id, "words_zh": words}]
        order.save(update_fields=["asked"])
        receipts.send(order, (), now, Said(note_zh=words))
        audit(actor, "judicial.ask", order.order_no, detail={"court": order.organ_zh, "kind": order.kind}, now=now)


def _waiting(message_id: str, actor: Actor) -> Order:
    order = Order.objects.select_for_update().filter(message_id=message_id).first()
    if order is None:
        raise NotFound("order_not_found", "没有这份协助执行通知。")
    require(actor, Permission.JUDICIAL_DECIDE, Scope(frozenset({order.registry}), order.order_no))
    if order.state not in (Order.ARRIVED, Order.QUEUED):
        raise WrongState("order_done", "这份通知已经办完，不能再改。请刷新页面看结果。")
    return order


def _seen(order: Order, seen_at: datetime) -> Proposal:
    proposal = Proposal.of(order)
    if proposal is None or proposal.at != seen_at:
        raise Stale("order_proposal_changed", "这份通知的处理意见刚刚变了。请刷新页面，看过新的意见再办。")
    return proposal


def _check(order: Order, proposal: Proposal, now: datetime) -> Look:
    """What the proposal comes to on the book as it is; raises InvalidInput when it cannot stand."""
    body, is_refusal = _body(order), proposal.answer is Answer.REFUSE
    if is_refusal and proposal.reason not in ANSWERS:
        raise InvalidInput([Problem("reason", "没有选为什么无法办理", "请照着看到的情况选一项")])
    if is_refusal:
        _words(proposal.words_zh, "没有写明情况")
        return Look()
    as_renewal = body.kind in (Kind.SEIZURE, Kind.PRE_SEIZURE) and proposal.ruling.kind == Kind.RENEWAL
    if proposal.ruling.kind and not as_renewal:
        raise InvalidInput([Problem("kind", "只有查封通知能改按续行查封办理", "其他的请问送达的机关")])
    book.lock(body.units)
    found = carrying.look(carrying.read(order, body, now), proposal.ruling)
    if found.doubts:
        raise InvalidInput([Problem("cleared", one.reason.what_zh, one.reason.cure_zh) for one in found.doubts])
    if not found.plans:
        raise InvalidInput([Problem("left_out", "没有一处能照办", "每一处都办不了的，请选答复无法办理")])
    return found


def _refuse(order: Order, proposal: Proposal, now: datetime) -> None:
    """The court is told why; from now on the order holds nothing."""
    reason = ANSWERS[proposal.reason]
    refusal = Refusal(reason, (Fact("情况", proposal.words_zh.strip()),))
    book.settle_order(order.message_id, "refused", now)
    order.state, order.entered_at, order.proposal = Order.REFUSED, now, proposal.to_wire()
    order.save()
    receipts.send(order, (), now, Said(refusal))


def _body(order: Order) -> JudicialOrder:
    return JudicialOrder.model_validate(order.body)


def _words(text: str, missing_zh: str) -> str:
    words = text.strip()
    if not words:
        raise InvalidInput([Problem("words", missing_zh, "请写清楚，法院看得懂")])
    if len(words) > WORDS_MAX:
        raise InvalidInput([Problem("words", f"写了{len(words)}个字，太长", f"请写在{WORDS_MAX}个字以内")])
    return words


def _audit(actor: Actor, action: str, order: Order, proposal: Proposal, now: datetime) -> None:
    detail = {
        "court": order.organ_zh, "answer": proposal.answer.value, "proposed_by": proposal.by or actor.id,
        "reason": proposal.reason, "cleared": " ".join(sorted(proposal.ruling.cleared)),
    }  # fmt: skip
    audit(actor, action, order.order_no, detail={key: value for key, value in detail.items() if value}, now=now)
