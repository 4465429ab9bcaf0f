"""What an order of a court does to one unit: its place in the line of seizures, worked out from the page alone.

One line per unit: the first is in force, the others wait in the order of their delivery (轮候; 查扣冻规定 26, 法发〔2004〕5号
20).  Nothing here reads or writes; what a formal look cannot settle is a `Doubt` for a person, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Final

from tongban.cases.words import day_words
from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.decision import Fact, Reason
from tongban.domain.entries import Entry
from tongban.domain.identity import normal_name
from tongban.domain.order_reasons import OrderReasons
from tongban.domain.unit_page import UnitPage
from tongban.judicial.ordered import (
    BEGINS,
    EFFECTIVE,
    FROZEN_BY,
    FROZEN_FROM,
    FROZEN_UNDER,
    Doubt,
    Effect,
    Kind,
    Moved,
    Ordered,
    UnitPlan,
    is_organs,
    own_entries,
)
from tongban.judicial.periods import Period, day_after

_OVERLONG_ZH: Final = "期限超过三年，已先按通知记载；建议核对后更正（民诉法解释第四百八十五条）"
_NO_PERIOD_ZH: Final = "通知没有写明期限，已先行控制；请补充期限"
_PAST_ZH: Final = "轮到生效时通知写明的期限已过，已先行控制；请明确是否继续查封和期限"


_BY_TWO: Final[Mapping[Kind, Reason]] = MappingProxyType(
    {
        Kind.RELEASE: OrderReasons.FREED_BY_TWO,
        Kind.LIFT: OrderReasons.FREED_BY_TWO,
        Kind.UNFREEZE: OrderReasons.FREED_BY_TWO,
        Kind.CORRECTION: OrderReasons.CORRECTED_BY_TWO,
    }
)


def plan(
    order: Ordered, page: UnitPage, today: date, cleared: frozenset[str] = frozenset()
) -> UnitPlan | tuple[Doubt, ...]:
    """The order carried out on this unit, or the doubts that nobody has cleared; `cleared` are codes of reasons."""
    if not (page.state or page.burdens):
        return (Doubt(page.unit_code, OrderReasons.UNIT_UNKNOWN, is_final=True),)
    if order.kind == Kind.TRANSFER:
        return (Doubt(page.unit_code, OrderReasons.TRANSFER_BY_TAKER, is_final=True),)
    make = _PLANS.get(order.kind)
    if make is None:
        return (Doubt(page.unit_code, OrderReasons.KIND_UNKNOWN, (Fact("通知种类", order.kind),), is_final=True),)
    found = _formal_doubts(order, page, today)
    doubts = tuple(one for one in found if one.is_final or one.reason.code not in cleared)
    return doubts or make(order, page, today)


def settle_line(page: UnitPage, today: date) -> tuple[tuple[Entry, ...], tuple[Moved, ...]]:
    """What time alone has done: seizures that ended without renewal, and the ones that came into force behind them."""
    line = _Line(page, today)
    line.settle()
    return tuple(line.entries), tuple(line.moved)


class _Line:
    """The seizures of one unit while they change; `entries` is what the book is to say about it."""

    def __init__(self, page: UnitPage, today: date) -> None:
        self.page, self.today = page, today
        self.in_force = list(page.of_kind(EFFECTIVE))
        self.waiting = sorted(page.of_kind({Burden.WAITING_SEIZURE}), key=lambda one: one.burden.rank)
        self.entries: list[Entry] = []
        self.moved: list[Moved] = []
        self.free_from: date | None = None

    def settle(self) -> None:
        """End what is over, let the next come into force at that moment, number the rest anew."""
        while True:
            for one in [one for one in self.in_force if one.burden.until and one.burden.until < self.today]:
                assert one.burden.until is not None
                self.close(one, "期限届满没有续行，查封失去效力（查扣冻规定第二十七条）", day_after(one.burden.until))
                self.moved.append(Moved(one.burden, Effect.LAPSED))
            if self.in_force or not self.waiting:
                break
            self._promote(self.waiting.pop(0))
        for rank, one in enumerate(self.waiting, 1):
            if one.burden.rank != rank:
                self.waiting[rank - 1] = self._alter(one, replace(one.burden, rank=rank))

    def close(self, opened: OpenBurden, cause_zh: str, free_from: date) -> None:
        """The seizure ends; the line is free from that day if it was the one in force."""
        self.entries.append(CloseBurden(opened.unit_code, opened.burden_no, cause_zh))
        if opened in self.in_force:
            self.in_force.remove(opened)
            self.free_from = free_from if self.free_from is None else max(self.free_from, free_from)
        else:
            self.waiting.remove(opened)

    def alter(self, opened: OpenBurden, fact: BurdenFact, private: Mapping[str, str] | None = None) -> None:
        """The seizure goes on in its place with other content."""
        held = self.in_force if opened in self.in_force else self.waiting
        held[held.index(opened)] = self._alter(opened, fact, private)

    def join(self, order: Ordered, kind: Burden, private: Mapping[str, str]) -> OpenBurden:
        """A new seizure: in force from its delivery when the line is free, at its end otherwise."""
        number, waits = f"{order.order_id}:{self.page.unit_code}", bool(self.in_force)
        since = min(order.period.since or order.arrived_on, order.arrived_on)
        since = max(since, self.free_from) if self.free_from else since
        fact = BurdenFact(kind, number, since, order.period.last_day_from(since), order.organ_zh, order.case_no)
        if waits:
            rank = len(self.waiting) + 1
            fact = replace(fact, burden=Burden.WAITING_SEIZURE, since=None, until=None, rank=rank)
        opened = OpenBurden(self.page.unit_code, fact, private)
        (self.waiting if waits else self.in_force).append(opened)
        self.entries.append(opened)
        return opened

    def _promote(self, opened: OpenBurden) -> None:
        """查扣冻规定 26: by itself, at that moment.  A length counts from then; days given stay (decisions)."""
        period, first = Period.read(opened.private.get("period", "")), self.free_from or self.today
        until = period.last_day_from(first)
        is_past = period.months is None and until is not None and until < self.today
        fact = replace(
            opened.burden, burden=_kind_on(self.page, opened), since=first, until=None if is_past else until, rank=0
        )  # fmt: skip
        self.in_force.append(self._alter(opened, fact))
        self.moved.append(
            Moved(fact, Effect.IN_FORCE, _PAST_ZH if is_past else "" if period.is_given else _NO_PERIOD_ZH)
        )

    def _alter(self, opened: OpenBurden, fact: BurdenFact, private: Mapping[str, str] | None = None) -> OpenBurden:
        details = opened.private if private is None else private
        entry = AlterBurden(opened.unit_code, opened.burden, fact, details, opened.holders)
        self.entries.append(entry)
        return entry.opened


def _kind_on(page: UnitPage, opened: OpenBurden) -> Burden:
    """法发〔2004〕5号 16: what is the debtor's by the book is seized, what is not yet his is seized beforehand."""
    debtors = {normal_name(one) for one in opened.private.get("debtor", "").split("、") if one}
    if page.title is None:
        return Burden.PRE_SEIZURE
    if any(normal_name(one.name) in debtors for one in page.title.holders):
        return Burden.SEIZURE
    if ordered := opened.private.get("ordered", ""):
        return Burden.PRE_SEIZURE if ordered == Kind.PRE_SEIZURE.name_zh else Burden.SEIZURE
    notices = page.of_kind({Burden.PRIORITY_NOTICE})
    is_claim = any(normal_name(holder.name) in debtors for notice in notices for holder in notice.holders)
    return Burden.PRE_SEIZURE if is_claim else Burden.SEIZURE


def _formal_doubts(order: Ordered, page: UnitPage, today: date) -> Iterator[Doubt]:
    """What a formal look finds, in the order in which a person would settle it."""
    kind, own = Kind(order.kind), own_entries(order, page)
    if kind in BEGINS:
        lying = [one for one in own if one.burden.until is None or one.burden.until >= order.arrived_on]
        if lying:
            yield Doubt(page.unit_code, OrderReasons.SAME_CASE_AGAIN, lying[0].burden.facts, is_final=True)
        yield from _doubts_of_debtor(kind, order, page)
        if order.period.is_unclear(today):
            yield _unclear(order, page)
    elif len(own) != 1:
        reason = OrderReasons.SEVERAL_OF_THIS_COURT if own else OrderReasons.NOTHING_OF_THIS_COURT
        reason = OrderReasons.WHICH_MORTGAGE if kind is Kind.FREEZE else reason
        yield Doubt(page.unit_code, reason, is_final=True)
    else:
        yield from _doubts_of_going_on(kind, order, page, own[0], today)
    if kind in _BY_TWO:
        yield Doubt(page.unit_code, _BY_TWO[kind])


def _doubts_of_going_on(kind: Kind, order: Ordered, page: UnitPage, own: OpenBurden, today: date) -> Iterator[Doubt]:
    held, until = own.burden, order.period.until
    if kind is not Kind.FREEZE and not is_organs(order, own):
        yield Doubt(page.unit_code, OrderReasons.OTHER_ORGAN, held.facts)
    if kind is Kind.RENEWAL and held.until is not None and held.until < order.arrived_on:
        yield Doubt(page.unit_code, OrderReasons.RENEWED_TOO_LATE, held.facts, is_final=True)
    if kind in (Kind.RENEWAL, Kind.CORRECTION) and (order.period.is_unclear(today) or _contradicts(kind, held, until)):
        yield _unclear(order, page)


def _contradicts(kind: Kind, held: BurdenFact, until: date | None) -> bool:
    """A renewal that ends no later than what it renews, a correction that ends before the seizure began."""
    if until is None:
        return False
    if kind is Kind.RENEWAL:
        return held.until is not None and until <= held.until
    return held.since is not None and until < held.since


def _doubts_of_debtor(kind: Kind, order: Ordered, page: UnitPage) -> Iterator[Doubt]:
    is_his, debtors = _held_by_debtor(order, page), Fact("被执行人", "、".join(order.debtors) or "通知没有写")
    if kind is Kind.SEIZURE and page.title is None:
        yield Doubt(page.unit_code, OrderReasons.NOT_YET_REGISTERED)
    elif kind is Kind.SEIZURE and page.title is not None and (page.unit_code in order.passed_on or not is_his):
        names = "、".join(one.name for one in page.title.holders)
        if order.debtors or page.unit_code in order.passed_on:
            yield Doubt(page.unit_code, OrderReasons.OTHER_HOLDER, (debtors, Fact("登记的权利人", names)))
    elif kind is Kind.PRE_SEIZURE and not is_his:
        notices = page.of_kind({Burden.PRIORITY_NOTICE})
        if not any(_is_debtor(holder.name, order) for notice in notices for holder in notice.holders):
            yield Doubt(page.unit_code, OrderReasons.NO_CLAIM_FOUND, (debtors,))


def _unclear(order: Ordered, page: UnitPage) -> Doubt:
    return Doubt(page.unit_code, OrderReasons.PERIOD_UNCLEAR, (Fact("通知写的期限", order.period.text_zh),))


def _is_debtor(name: str, order: Ordered) -> bool:
    return normal_name(name) in {normal_name(one) for one in order.debtors}


def _seize(order: Ordered, page: UnitPage, today: date) -> UnitPlan:
    line, order = _Line(page, today), _with_clear_period(order, today)
    line.settle()
    private = {
        "paper": order.papers_zh, "ordered": Kind(order.kind).name_zh, "scope": "全部",
        "debtor": "、".join(order.debtors), "period": order.period.text_zh,
    }  # fmt: skip
    private = {name: value for name, value in private.items() if value}
    is_his = page.title is not None and (order.kind == Kind.SEIZURE or _held_by_debtor(order, page))
    before = list(line.in_force)
    opened = line.join(order, Burden.SEIZURE if is_his else Burden.PRE_SEIZURE, private)
    fact = opened.burden
    advice = "" if order.period.is_given else _NO_PERIOD_ZH
    if _is_overlong(order, fact.since or order.period.since or order.arrived_on):
        advice = _OVERLONG_ZH
    if fact.burden is Burden.WAITING_SEIZURE:
        words = f"已轮候登记，排第{fact.rank}位。正在查封的是：{'；'.join(_words(one.burden) for one in before)}"
        return replace(_made(line, Effect.WAITING, words, advice, None), rank=fact.rank)
    return _made(line, Effect.IN_FORCE, f"已办理{fact.burden.name_zh}登记", advice, fact.until)


def _renew(order: Ordered, page: UnitPage, today: date) -> UnitPlan:
    line, (own,) = _Line(page, today), own_entries(order, page)
    order = _with_clear_period(order, today, own.burden)
    if own.burden.burden is Burden.WAITING_SEIZURE:
        line.alter(own, own.burden, {**own.private, "period": order.period.text_zh})
        until, words = None, "轮候的查封已更新期限，生效时起算"
        first = order.arrived_on
    else:
        first = day_after(own.burden.until) if own.burden.until else order.arrived_on
        until, words = order.period.last_day_from(first), "已续行查封"
        fact = replace(own.burden, until=until)
        line.alter(own, fact, {**own.private, "period": Period(own.burden.since, until).text_zh})
    line.settle()
    advice = _OVERLONG_ZH if _is_overlong(order, first) else "" if order.period.is_given else _NO_PERIOD_ZH
    return _made(line, Effect.RENEWED, words, advice, until)


def _release(order: Ordered, page: UnitPage, today: date) -> UnitPlan:
    line, (own,) = _Line(page, today), own_entries(order, page)
    over = day_after(own.burden.until) if own.burden.until else today
    line.close(own, f"解除查封：{order.case_no}协助执行通知", min(over, today))
    line.settle()
    return _made(line, Effect.RELEASED, "已解除查封", "", None)


def _correct(order: Ordered, page: UnitPage, today: date) -> UnitPlan:
    line, (own,) = _Line(page, today), own_entries(order, page)
    order = _with_clear_period(order, today, own.burden)
    fact, private = replace(own.burden, reference=order.case_no), dict(own.private)
    if order.period.is_given:
        private["period"] = order.period.text_zh
        if own.burden.burden is not Burden.WAITING_SEIZURE:
            since = min(order.period.since or today, own.burden.since or today)  # a correction leaves no gap
            fact = replace(fact, since=since, until=order.period.last_day_from(since))
    line.alter(own, fact, private)
    line.settle()
    return _made(line, Effect.CORRECTED, "已更正查封登记", "", fact.until)


def _limit(order: Ordered, page: UnitPage, today: date) -> UnitPlan:
    """条例 27; 国有土地上房屋征收与补偿条例 16: it stands beside seizures, not in their line."""
    order = _with_clear_period(order, today)
    since = min(order.period.since or order.arrived_on, order.arrived_on)
    kind, number = (
        Burden.DISPUTE if order.kind == Kind.DISPUTE else Burden.ADMINISTRATIVE,
        f"{order.order_id}:{page.unit_code}",
    )
    fact = BurdenFact(kind, number, since, order.period.last_day_from(since), order.organ_zh, order.case_no)
    private = {"paper": order.papers_zh, "scope": "全部", "limited": "、".join(order.debtors)}
    opened = OpenBurden(page.unit_code, fact, {name: value for name, value in private.items() if value})
    return UnitPlan(page.unit_code, (opened,), Effect.LIMITED, "已办理限制登记", fact.until)


def _lift(order: Ordered, page: UnitPage, today: date) -> UnitPlan:
    (own,) = own_entries(order, page)
    entry = CloseBurden(page.unit_code, own.burden_no, f"解除限制：{order.case_no}通知")
    return UnitPlan(page.unit_code, (entry,), Effect.LIFTED, "已解除限制")


def _freeze(order: Ordered, page: UnitPage, today: date) -> UnitPlan:
    """查扣冻规定 24; amendment L9: this mortgage can be neither cancelled nor passed on; others on the thing can."""
    (own,) = own_entries(order, page)
    frozen = {FROZEN_BY: order.organ_zh, FROZEN_UNDER: order.case_no, FROZEN_FROM: own.burden.burden.value}
    fact = replace(own.burden, burden=Burden.MORTGAGE_FROZEN)
    entry = AlterBurden(page.unit_code, own.burden, fact, {**own.private, **frozen}, own.holders)
    return UnitPlan(page.unit_code, (entry,), Effect.FROZEN, "已冻结抵押权")


def _unfreeze(order: Ordered, page: UnitPage, today: date) -> UnitPlan:
    (own,) = own_entries(order, page)
    private = {name: text for name, text in own.private.items() if name not in (FROZEN_BY, FROZEN_UNDER, FROZEN_FROM)}
    fact = replace(own.burden, burden=Burden(own.private.get(FROZEN_FROM, Burden.MORTGAGE.value)))
    entry = AlterBurden(page.unit_code, own.burden, fact, private, own.holders)
    return UnitPlan(page.unit_code, (entry,), Effect.UNFROZEN, "已解除抵押权的冻结")


_PLANS: Final[Mapping[str, Callable[[Ordered, UnitPage, date], UnitPlan]]] = MappingProxyType(
    {
        Kind.SEIZURE.value: _seize,
        Kind.PRE_SEIZURE.value: _seize,
        Kind.RENEWAL.value: _renew,
        Kind.RELEASE.value: _release,
        Kind.CORRECTION.value: _correct,
        Kind.RESTRICTION.value: _limit,
        Kind.DISPUTE.value: _limit,
        Kind.LIFT.value: _lift,
        Kind.FREEZE.value: _freeze,
        Kind.UNFREEZE.value: _unfreeze,
    }
)


def _is_overlong(order: Ordered, first: date) -> bool:
    """民诉法解释 485 is for courts; what other organs may order stands in their papers."""
    return order.years_max is not None and order.period.is_overlong(first, order.years_max)


def _held_by_debtor(order: Ordered, page: UnitPage) -> bool:
    return page.title is not None and any(_is_debtor(one.name, order) for one in page.title.holders)


def _with_clear_period(order: Ordered, today: date, held: BurdenFact | None = None) -> Ordered:
    """A period that cannot be right is left open until the court mends it: the freeze never waits (facts L7)."""
    kind = Kind(order.kind)
    is_wrong = order.period.is_unclear(today) or (held is not None and _contradicts(kind, held, order.period.until))
    return replace(order, period=Period()) if is_wrong else order


def _made(line: _Line, effect: Effect, words_zh: str, advice_zh: str, until: date | None) -> UnitPlan:
    return UnitPlan(
        line.page.unit_code, tuple(line.entries), effect, words_zh, until, advice_zh=advice_zh, moved=tuple(line.moved)
    )


def _words(fact: BurdenFact) -> str:
    until = f"，到{day_words(fact.until)}" if fact.until else "，没有写明期限"
    return f"{fact.organ_zh}{fact.reference}{until}"
