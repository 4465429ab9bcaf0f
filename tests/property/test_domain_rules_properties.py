"""The table of restrictions never gets milder by more burdens, nor harder by more proofs."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.calendar import WorkCalendar
from tongban.domain.decision import Decision, heaviest
from tongban.domain.evidence import OF_ONE_BURDEN, Evidence, proof_in
from tongban.domain.restrictions import Act, decide, decide_all, without_details

acts = st.sampled_from(list(Act))
burdens = st.lists(st.sampled_from(list(Burden)).map(lambda kind: BurdenFact(kind, kind.value)), max_size=6)
evidence = st.frozensets(st.sampled_from([proof.value for proof in Evidence]))


@given(acts, burdens, st.sampled_from(list(Burden)), evidence)
def test_a_further_burden_never_weakens_the_verdict(
    act: Act, present: list[BurdenFact], further: Burden, proofs: frozenset[str]
) -> None:
    before = decide(act, present, proofs)
    after = decide(act, [*present, BurdenFact(further, "further")], proofs)

    assert after.verdict.weight >= before.verdict.weight
    assert after.verdict.weight >= heaviest([one.verdict for one in before.findings]).weight
    assert Counter(one.rule for one in before.findings) <= Counter(one.rule for one in after.findings)


@given(acts, burdens, evidence, evidence)
def test_further_proofs_never_harden_the_verdict(
    act: Act, present: list[BurdenFact], proofs: frozenset[str], more: frozenset[str]
) -> None:
    assert decide(act, present, proofs | more).verdict.weight <= decide(act, present, proofs).verdict.weight


@given(acts, burdens, evidence)
def test_the_order_of_burdens_does_not_change_the_verdict(
    act: Act, present: list[BurdenFact], proofs: frozenset[str]
) -> None:
    assert decide(act, present, proofs).verdict is decide(act, present[::-1], proofs).verdict


@given(acts, burdens, evidence)
def test_a_condition_can_always_be_lifted_by_the_proof_it_names(
    act: Act, present: list[BurdenFact], proofs: frozenset[str]
) -> None:
    decision = decide(act, present, proofs)
    named = frozenset(finding.lifted_by for finding in decision.conditions)

    assert decide(act, present, proofs | named).conditions == ()


@given(acts, st.lists(st.sampled_from(list(Burden)), unique=True, max_size=8), evidence)
def test_one_word_never_serves_two_holders(act: Act, kinds: list[Burden], proofs: frozenset[str]) -> None:
    present = [BurdenFact(kind, kind.value) for kind in kinds]
    others = proofs - OF_ONE_BURDEN
    asked = [one.lifted_by for one in decide(act, present, others).conditions]

    for key in asked:
        proof = proof_in(key)
        of_all = [one for one in asked if proof_in(one) == proof]
        if proof in OF_ONE_BURDEN and len(of_all) > 1:
            assert [one.lifted_by for one in decide(act, present, others | {proof}).conditions] == asked
            left = [one.lifted_by for one in decide(act, present, others | {key}).conditions]
            assert left == [one for one in asked if one != key]


days = st.dates(date(2000, 1, 1), date(2040, 12, 31))


@given(acts, burdens, st.sampled_from(list(Burden)), evidence, evidence, days)
def test_the_same_holds_by_the_law_of_any_day(
    act: Act, present: list[BurdenFact], further: Burden, proofs: frozenset[str], more: frozenset[str], day: date
) -> None:
    before = decide(act, present, proofs, on=day)

    assert (
        decide(act, [*present, BurdenFact(further, "further")], proofs, on=day).verdict.weight >= before.verdict.weight
    )
    assert decide(act, present, proofs | more, on=day).verdict.weight <= before.verdict.weight
    named = frozenset(finding.lifted_by for finding in before.conditions)
    assert decide(act, present, proofs | named, on=day).conditions == ()


@given(st.lists(acts, min_size=1, max_size=3), burdens, evidence, days)
def test_a_combined_case_is_as_hard_as_its_hardest_act(
    combined: list[Act], present: list[BurdenFact], proofs: frozenset[str], day: date
) -> None:
    each = [decide(act, present, proofs, on=day).verdict for act in combined]

    assert decide_all(combined, present, proofs, on=day).verdict is heaviest(each)


@given(acts, burdens, evidence)
def test_a_decision_survives_the_wire_and_hiding_keeps_its_verdict(
    act: Act, present: list[BurdenFact], proofs: frozenset[str]
) -> None:
    decision = decide(act, present, proofs)

    assert Decision.from_wire(decision.to_wire()) == decision
    assert without_details(decision).verdict is decision.verdict


calendars = st.lists(st.booleans(), min_size=60, max_size=400).map(
    lambda flags: WorkCalendar(
        {date(2026, 1, 1) + timedelta(days=n): flag for n, flag in enumerate([*flags, *[True] * 60])}
    )
)


@given(calendars, st.integers(0, 50), st.integers(1, 40))
def test_a_period_of_n_working_days_holds_n_working_days_and_ends_on_one(
    calendar: WorkCalendar, offset: int, count: int
) -> None:
    start = date(2026, 1, 1) + timedelta(days=offset)
    end = calendar.add_workdays(start, count)

    assert calendar.is_workday(end)
    assert calendar.workdays_between(start, end) == count
    assert calendar.workdays_between(start, end - timedelta(days=1)) == count - 1


@given(calendars, st.integers(0, 50), st.integers(0, 20), st.integers(0, 20))
def test_periods_add_up(calendar: WorkCalendar, offset: int, first: int, second: int) -> None:
    start = date(2026, 1, 1) + timedelta(days=offset)

    assert calendar.add_workdays(calendar.add_workdays(start, first), second) == calendar.add_workdays(
        start, first + second
    )
