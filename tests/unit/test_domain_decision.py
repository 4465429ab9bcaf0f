"""How findings are told: one reason once, with the facts of every burden it is about."""

from __future__ import annotations

from datetime import date

from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.decision import by_reason
from tongban.domain.restrictions import Act, decide, decide_all

ON = date(2026, 11, 22)


def seizure(number: int) -> BurdenFact:
    return BurdenFact(Burden.SEIZURE, f"cf-{number}", date(2026, 11, number), None, "滑县人民法院", f"执{number}号")


def test_two_burdens_that_stop_an_act_for_one_reason_are_told_once_with_the_facts_of_each() -> None:
    first, second = seizure(1), seizure(2)
    decision = decide(Act.TRANSFER, [first, second], frozenset(), on=ON)

    (told,) = by_reason(decision.refusals)

    assert told.reason == decision.findings[0].reason
    assert told.facts_of_each == (first.facts, second.facts)


def test_one_burden_that_stops_two_acts_of_a_case_is_named_once_under_the_rules_of_both() -> None:
    decision = decide_all((Act.TRANSFER, Act.MORTGAGE), [seizure(1)], frozenset(), on=ON)

    (told,) = by_reason(decision.refusals)

    assert told.facts_of_each == (seizure(1).facts,)
    assert told.rule == "、".join(one.rule for one in decision.findings) and "、" in told.rule


def test_different_reasons_stay_apart_in_the_order_they_spoke() -> None:
    notice = BurdenFact(Burden.PRIORITY_NOTICE, "y", date(2026, 11, 1))
    decision = decide(Act.TRANSFER, [notice, seizure(1)], frozenset(), on=ON)

    assert [one.reason for one in by_reason(decision.findings)] == [one.reason for one in decision.findings]


def test_an_order_not_yet_read_is_told_without_facts() -> None:
    order = BurdenFact(Burden.UNREAD_ORDER, "o", None, None, "滑县人民法院")

    (told,) = by_reason(decide(Act.TRANSFER, [order], frozenset(), on=ON).findings)

    assert told.facts_of_each == ()
