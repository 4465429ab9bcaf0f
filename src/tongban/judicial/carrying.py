"""Carrying an order out: the formal look, the recording, and what every court concerned is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Final

from django.utils.timezone import localdate, make_aware

from tongban.access.actors import Actor
from tongban.cases import opening
from tongban.directory import lookup
from tongban.domain.burdens import Burden
from tongban.domain.codes import UnitCode
from tongban.domain.decision import Fact, Refusal
from tongban.domain.entries import Entry
from tongban.domain.errors import NotFound
from tongban.domain.order_reasons import OrderReasons
from tongban.domain.restrictions import Act
from tongban.domain.terms import Registration, Subject
from tongban.domain.titles import Title
from tongban.domain.unit_code import NO_FIXTURE
from tongban.domain.unit_page import UnitPage
from tongban.exchange.contract.judicial import JudicialOrder, OrderEffect
from tongban.judicial import plans, receipts
from tongban.judicial.models import Order
from tongban.judicial.ordered import Doubt, Effect, Kind, Moved, Ordered, UnitPlan, proceeding
from tongban.judicial.organs import Organ, rule_of
from tongban.judicial.periods import YEARS_MAX, Period, day_after
from tongban.judicial.receipts import Said
from tongban.register import book, reading
from tongban.register.requests import ENTRIES_MAX, Recording, RecordRequest
from tongban.reporting import parts, uploads
from tongban.reporting.case_facts import CaseFacts


@dataclass(frozen=True, slots=True)
class Ruling:
    """How people read an order: doubts they cleared, what it is if not what it says, the entries it means by unit.

    `left_out` are units on which it cannot be carried out; on the others it is.
    """

    cleared: frozenset[str] = frozenset()
    kind: str = ""
    meant: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Look:
    """What a formal look at an order gives: a plan for every unit, or what a person has to settle first.

    `left_out` says why of the units that the ruling leaves out.
    """

    plans: tuple[UnitPlan, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    left_out: tuple[Doubt, ...] = ()


NO_RULING: Final = Ruling()
# What is no seizure for the nation: limits stay in the province (None), a frozen mortgage is an altered mortgage.
_REPORTED: Final[Mapping[Effect, tuple[Subject, Registration] | None]] = MappingProxyType(
    {
        Effect.LIMITED: None,
        Effect.LIFTED: None,
        Effect.FROZEN: (Subject.MORTGAGE, Registration.ALTERATION),
        Effect.UNFROZEN: (Subject.MORTGAGE, Registration.ALTERATION),
    }
)
TOLD_IN_FULL_MAX: Final = 20  # units of one order of which the receipt gives the whole page: a message has its size


@dataclass(frozen=True, slots=True)
class Reading:
    """An order beside the book as it is: the page of every unit, and what came between its arrival and now.

    `earlier` is the doubt that orders before it give; `referred` the entries of the order it goes on with.
    """

    order: Order
    body: JudicialOrder
    pages: Mapping[str, UnitPage]
    earlier: tuple[Doubt, ...]
    referred: Mapping[str, str]
    passed_on: frozenset[str]
    today: date

    def ordered(self, ruling: Ruling = NO_RULING) -> Ordered:
        """What the law looks at in the order."""
        body, order = self.body, self.order
        return Ordered(
            order_id=order.message_id,
            kind=ruling.kind or body.kind,
            organ_zh=order.organ_zh,
            case_no=order.court_case_no,
            period=Period(body.period_from, body.period_until, body.period_months),
            arrived_on=localdate(order.arrived_at),
            debtors=body.persons,
            papers_zh="；".join(f"{one.kind}{one.number}" for one in body.documents),
            meant={**self.referred, **ruling.meant},
            passed_on=self.passed_on,
            years_max=YEARS_MAX if body.organ == Organ.COURT else None,
        )


def read(order: Order, body: JudicialOrder, now: datetime) -> Reading:
    """The order and the book; under the units' locks, if it is to be carried out."""
    pages = {code: reading.page(code) for code in dict.fromkeys(body.units)}
    return Reading(
        order, body, pages, _earlier(order, body), _referred(order, body, pages), _passed_on(order, pages),
        localdate(now),
    )  # fmt: skip


def look(given: Reading, ruling: Ruling = NO_RULING) -> Look:
    """What comes of the order under this ruling."""
    if given.earlier:
        return Look(doubts=given.earlier)
    asked = given.ordered(ruling)
    made: list[UnitPlan] = []
    doubts, left_out = [*_papers(given.body, ruling), *_sold(given, ruling)], []
    for page in given.pages.values():
        elsewhere = _of_another(page.unit_code, given.order.registry, given.today)
        found = elsewhere or plans.plan(asked, page, given.today, ruling.cleared)
        if isinstance(found, UnitPlan):
            made.append(found)
        elif page.unit_code in ruling.left_out:
            left_out.append(found[0])
        else:
            doubts += found
    return Look((), tuple(doubts)) if doubts else Look(tuple(made), (), tuple(left_out))


def _earlier(order: Order, body: JudicialOrder) -> tuple[Doubt, ...]:
    earlier = reading.earlier_orders(order.message_id, body.units)
    if not earlier:
        return ()
    known = Order.objects.filter(message_id__in=earlier).order_by("arrived_at")
    facts = tuple(Fact("更早的通知", f"{one.organ_zh}{one.court_case_no}") for one in known)
    return (Doubt("", OrderReasons.EARLIER_FIRST, facts, is_final=True),)


def _of_another(unit_code: str, registry: str, today: date) -> tuple[Doubt, ...]:
    """条例 7: only the registry of the place keeps the book of a unit."""
    try:
        home = lookup.registry_of_unit(unit_code, today)
    except NotFound:
        return (Doubt(unit_code, OrderReasons.UNIT_UNKNOWN, is_final=True),)
    if home == registry:
        return ()
    place = Fact("房产所在地的登记机构", lookup.institution(home).name_zh)
    return (Doubt(unit_code, OrderReasons.OTHER_REGISTRY, (place,), is_final=True),)


def carry_out(order: Order, found: Look, actor: Actor, now: datetime) -> Refusal | None:
    """Record the plans, settle the order and tell the courts; a lawful no is returned, and the caller rolls back."""
    made = found.plans
    frees = all(one.effect in (Effect.RELEASED, Effect.LIFTED, Effect.UNFROZEN) for one in made)
    recorded_at, is_few = now, len(made) <= TOLD_IN_FULL_MAX
    for number, batch in enumerate(_batches(made)):
        outcome = record(
            [entry for one in batch for entry in one.entries],
            Act.RELEASE if frees else Act.SEIZE,
            actor,
            now,
            registry=order.registry,
            key=f"order:{order.message_id}" + (f":{number}" if number else ""),
            order_id=order.message_id,
            cause_zh=f"{order.organ_zh}协助执行通知",
            reported_as=_REPORTED.get(made[0].effect, (Subject.NONE, Registration.SEIZURE)),
        )
        if isinstance(outcome, Refusal):
            return outcome
        recorded_at = outcome.recorded_at
    book.settle_order(order.message_id, "entered", now)
    places = {place["unit_code"]: place["seq"] for place in order.places}
    effects = (
        *(_effect(one, places[one.unit_code], recorded_at, localdate(now), is_told_in_full=is_few) for one in made),
        *(_not_done(one, places[one.unit_code]) for one in found.left_out),
    )
    order.state, order.entered_at, order.doubts, order.proposal = Order.ENTERED, now, [], None
    order.outcome = [one.model_dump(mode="json", exclude={"sections"}) for one in effects]
    order.save()
    advice = "；".join(dict.fromkeys(one.advice_zh for one in made if one.advice_zh))
    receipts.send(order, effects, now, Said(note_zh=advice, recorder_zh=actor.name_zh))
    for one in made:
        tell_moved(one.unit_code, one.moved, now)
    return None


def _batches(made: Sequence[UnitPlan]) -> Iterable[list[UnitPlan]]:
    """The plans in recordings that the book takes; all of them stand in one transaction."""
    batch: list[UnitPlan] = []
    for one in made:
        if batch and sum(len(other.entries) for other in batch) + len(one.entries) > ENTRIES_MAX:
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch


def record(  # noqa: PLR0913 - one recording, all of it named
    entries: Sequence[Entry],
    act: Act,
    actor: Actor,
    now: datetime,
    *,
    registry: str,
    key: str,
    order_id: str = "",
    cause_zh: str,
    reported_as: tuple[Subject, Registration] | None = (Subject.NONE, Registration.SEIZURE),
) -> Recording | Refusal:
    """Write the entries and queue their report to the nation; the units' locks are held already.

    `reported_as` None: the national platform has no page for it.
    """
    units = tuple(dict.fromkeys(UnitCode(entry.unit_code) for entry in entries))
    number = opening.draw_case_no(units[0][:6], localdate(now))
    outcome = book.record(
        RecordRequest(
            unit_codes=units,
            entries=tuple(entries),
            acts=(act,),
            evidence=frozenset(),
            recorder=actor,
            case_no="",
            key=key,
            now=now,
            registry=registry,
            order_id=order_id,
        )
    )
    if reported_as is not None and not isinstance(outcome, Refusal):
        made = parts.parts_of(entries, *reported_as, is_combined=False)
        uploads.queue_upload(
            number, registry, made, CaseFacts(item_zh=reported_as[1].name_zh, cause_zh=cause_zh), recording=outcome
        )
    return outcome


def tell_moved(unit_code: str, moved: Iterable[Moved], now: datetime) -> None:
    """Tell the courts whose seizures came into force or lapsed; one that came on paper has no order to answer."""
    for one in moved:
        number = one.burden.burden_no.rsplit(":", 1)[0]
        order = Order.objects.filter(message_id=number).first()
        if order is None:
            continue
        words = "轮候查封已自动生效" if one.effect is Effect.IN_FORCE else "查封期限届满，已失去效力"
        since = one.burden.since if one.effect is Effect.IN_FORCE else day_after(one.burden.until or localdate(now))
        began = make_aware(datetime.combine(since or localdate(now), time.min))
        effect = OrderEffect(
            unit_code=unit_code,
            result=one.effect.value,
            result_zh=words,
            effective_at=began,
            expires_on=one.burden.until,
        )
        receipts.send(order, (effect,), now, Said(note_zh=one.advice_zh))


def _papers(body: JudicialOrder, ruling: Ruling) -> Iterable[Doubt]:
    """细则 90, 93: the papers of this organ and its officers' numbers; a formal look, nothing more."""
    rule = rule_of(body.organ)
    if body.kind not in {kind.value for kind in rule.kinds}:
        yield Doubt("", OrderReasons.KIND_UNKNOWN, (Fact("通知种类", body.kind),), is_final=True)
        return
    missing = [
        name
        for name, words in rule.papers.items()
        if not any(word in one.kind for word in words for one in body.documents)
    ]
    shown = [one for one in body.officers if one.work_permit_no and (one.execution_permit_no or not rule.needs_permit)]
    if len(shown) < rule.officers:
        missing.append("执行人员证件号码" if rule.officers == 1 else f"{rule.officers}名执行人员的证件号码")
    if missing and OrderReasons.PAPERS_MISSING.code not in ruling.cleared:
        yield Doubt("", OrderReasons.PAPERS_MISSING, (Fact("没有看到", "、".join(missing)),))


def _sold(given: Reading, ruling: Ruling) -> Iterable[Doubt]:
    """法发〔2004〕5号 20: a release before the transfer it belongs to would let the next seizure in."""
    if given.body.kind != Kind.RELEASE or OrderReasons.SOLD_IN_THIS_CASE.code in ruling.cleared:
        return
    order = given.order
    sales = Order.objects.filter(
        registry=order.registry, organ_zh=order.organ_zh, kind=Kind.TRANSFER.value, state=Order.QUEUED
    ).only("court_case_no", "places")
    for sale in sales:
        if proceeding(sale.court_case_no) == proceeding(order.court_case_no):
            sold = {place["unit_code"] for place in sale.places} & set(given.pages)
            yield from (Doubt(code, OrderReasons.SOLD_IN_THIS_CASE) for code in sorted(sold))


def _referred(order: Order, body: JudicialOrder, pages: Mapping[str, UnitPage]) -> Mapping[str, str]:
    """The entries of the order that this one refers to, where they are still on the page."""
    if not body.refers_to:
        return {}
    same = {"court": order.court} if order.court else {"organ_zh": order.organ_zh}
    named = Order.objects.filter(**same, order_no=body.refers_to, registry=order.registry)
    numbers = {f"{one.message_id}:{code}": code for one in named for code in pages}
    lying = (opened for page in pages.values() for opened in page.burdens)
    return {numbers[one.burden_no]: one.burden_no for one in lying if one.burden_no in numbers}


def _passed_on(order: Order, pages: Mapping[str, UnitPage]) -> frozenset[str]:
    """The units whose holders are others than when the order arrived; nothing passes before a first look."""
    if order.state == Order.ARRIVED:
        return frozenset()
    arrived = {place["unit_code"]: datetime.fromisoformat(place["at"]) for place in order.places}
    return frozenset(code for code, page in pages.items() if page.title and _has_passed(page.title, arrived[code]))


def _has_passed(now: Title, at: datetime) -> bool:
    then = reading.title(now.unit.unit_code, at)
    return then is not None and {one.id_no for one in then.holders} != {one.id_no for one in now.holders}


def _effect(plan: UnitPlan, place: int, at: datetime, today: date, *, is_told_in_full: bool) -> OrderEffect:
    return OrderEffect(
        unit_code=plan.unit_code,
        result=plan.effect.value,
        result_zh=plan.words_zh + _covered_zh(plan) + _reaching_zh(plan, today),
        place=place,
        effective_at=at,
        expires_on=plan.expires_on,
        waiting_rank=plan.rank,
        sections=receipts.sections_of(UnitCode(plan.unit_code), today) if is_told_in_full else (),
    )


def _not_done(doubt: Doubt, place: int) -> OrderEffect:
    facts = "；".join(f"{fact.name_zh}：{fact.value_zh}" for fact in doubt.facts)
    words = f"无法办理：{doubt.reason.what_zh}{facts}"
    return OrderEffect(unit_code=doubt.unit_code, result=Effect.IMPOSSIBLE.value, result_zh=words, place=place)


def _covered_zh(plan: UnitPlan) -> str:
    """查扣冻规定 21: what else of the same holder the seizure covers."""
    covered = reading.covered_by(plan.unit_code) if plan.effect in (Effect.IN_FORCE, Effect.WAITING) else ()
    if not covered:
        return ""
    what = (
        "房屋下面的土地" if len(covered) == 1 and covered[0].endswith(NO_FIXTURE) else f"这块地上的{len(covered)}处房屋"
    )
    return f"；效力及于同一权利人的{what}（查扣冻规定第二十一条）"


def _reaching_zh(plan: UnitPlan, today: date) -> str:
    """查扣冻规定 21: who holds the other half already, so that the courts can settle between them who came first."""
    if plan.effect is not Effect.IN_FORCE:
        return ""
    held = [one for one in reading.reached_by(plan.unit_code, today) if one.burden is not Burden.UNREAD_ORDER]
    named = "、".join(f"{one.organ_zh}{one.reference}" for one in held)
    return (
        f"；同一权利人的{'房屋' if plan.unit_code.endswith(NO_FIXTURE) else '土地'}已由{named}查封，效力及于这里"
        if held
        else ""
    )
