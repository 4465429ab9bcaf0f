"""The table of burdens and acts, read as the law has it (facts 6)."""

from __future__ import annotations

from datetime import date

import pytest

from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.decision import Decision, Verdict
from tongban.domain.evidence import Evidence
from tongban.domain.reasons import Reasons
from tongban.domain.restriction_rules import Rule
from tongban.domain.restrictions import COVERED_ACTS, RULES, Act, decide, without_details
from tongban.domain.restrictions import _by_pair as by_pair

NOTHING: frozenset[str] = frozenset()


def a_burden(burden: Burden) -> BurdenFact:
    return BurdenFact(burden, "B-1", organ_zh="滑县人民法院", reference="（2026）豫0526执1号", since=date(2026, 1, 1))


def verdict(act: Act, *burdens: Burden, evidence: frozenset[str] = NOTHING) -> Verdict:
    return decide(act, [a_burden(burden) for burden in burdens], evidence).verdict


def test_every_pair_has_its_row() -> None:
    pairs = {(rule.burden, rule.act) for rule in RULES if rule.when is None}

    assert len(pairs) == len(Burden) * len(COVERED_ACTS)


def test_a_table_with_a_missing_pair_cannot_be_loaded() -> None:
    with pytest.raises(AssertionError, match="no rule"):
        by_pair(rule for rule in RULES if (rule.burden, rule.act) != (Burden.SEIZURE, Act.TRANSFER))


def test_a_table_with_a_doubled_row_cannot_be_loaded() -> None:
    with pytest.raises(AssertionError, match="exactly one"):
        by_pair([*RULES, Rule(Burden.SEIZURE, Act.TRANSFER, Verdict.ALLOW)])


@pytest.mark.parametrize("kind", ["no reason", "no proof"])
def test_a_row_that_says_no_without_reason_or_proof_cannot_be_made(kind: str) -> None:
    with pytest.raises(AssertionError):
        if kind == "no reason":
            Rule(Burden.SEIZURE, Act.TRANSFER, Verdict.REFUSE)
        else:
            Rule(Burden.SEIZURE, Act.TRANSFER, Verdict.CONDITION, Reasons.SEIZED)


ALTER_NAME_COLUMN = {
    Burden.SEIZURE: Verdict.CONDITION,
    Burden.PRE_SEIZURE: Verdict.CONDITION,
    Burden.WAITING_SEIZURE: Verdict.CONDITION,
    Burden.PENDING_CASE: Verdict.CONDITION,
    Burden.OWNER_DISSOLVED: Verdict.CONDITION,
    Burden.COURT_TRANSFER: Verdict.REFUSE,
    Burden.UNREAD_ORDER: Verdict.REFUSE,
    Burden.OWNER_DEAD: Verdict.REFUSE,
}


@pytest.mark.parametrize("burden", Burden, ids=lambda burden: burden.name)
def test_the_column_of_a_name_change_is_the_one_of_the_law(burden: Burden) -> None:
    assert verdict(Act.ALTER_NAME, burden) is ALTER_NAME_COLUMN.get(burden, Verdict.ALLOW)


def test_a_seizure_stops_a_sale_and_no_paper_of_the_owner_helps() -> None:
    every_paper = frozenset(proof.value for proof in Evidence)
    decision = decide(Act.TRANSFER, [a_burden(Burden.SEIZURE)], every_paper)

    assert decision.verdict is Verdict.REFUSE
    assert [finding.reason for finding in decision.refusals] == [Reasons.SEIZED]


def test_a_seized_name_may_change_once_the_seizing_organ_is_told() -> None:
    before = decide(Act.ALTER_NAME, [a_burden(Burden.SEIZURE)], NOTHING)
    after = decide(Act.ALTER_NAME, [a_burden(Burden.SEIZURE)], frozenset({"seizing_organ_told"}))

    assert [(one.rule, one.lifted_by) for one in before.conditions] == [("SEIZURE×ALTER_NAME", "seizing_organ_told")]
    assert after.verdict is Verdict.ALLOW
    assert [note.reason for note in after.notes] == [Reasons.SEIZED_NAME_ONLY]


def test_an_objection_never_blocks_it_asks_for_a_statement() -> None:
    told = frozenset({Evidence.OBJECTION_RISK_STATEMENT.value})
    assert verdict(Act.TRANSFER, Burden.OBJECTION) is Verdict.CONDITION
    assert verdict(Act.TRANSFER, Burden.OBJECTION, evidence=told) is Verdict.ALLOW
    assert verdict(Act.TRANSFER, Burden.OBJECTION_LAPSED) is Verdict.ALLOW


def test_a_mortgage_blocks_a_sale_only_by_a_registered_agreement() -> None:
    assert verdict(Act.TRANSFER, Burden.MORTGAGE) is Verdict.ALLOW
    assert verdict(Act.TRANSFER, Burden.MORTGAGE_NO_TRANSFER) is Verdict.CONDITION
    assert verdict(Act.TRANSFER, Burden.MORTGAGE_OLD) is Verdict.CONDITION
    assert decide(Act.TRANSFER, [a_burden(Burden.MORTGAGE)], NOTHING).notes[0].reason == Reasons.MORTGAGE_FOLLOWS


def test_a_notice_holder_may_finish_his_own_registration_others_need_his_consent() -> None:
    own = frozenset({Evidence.OWN_FINAL_REGISTRATION.value})
    assert decide(Act.TRANSFER, [a_burden(Burden.PRIORITY_NOTICE)], own) == Decision.of([])
    assert verdict(Act.TRANSFER, Burden.PRIORITY_NOTICE) is Verdict.CONDITION
    assert verdict(Act.TRANSFER, Burden.PRE_SEIZURE, evidence=own) is Verdict.ALLOW
    assert verdict(Act.MORTGAGE, Burden.PRE_SEIZURE, evidence=own) is Verdict.REFUSE


def test_a_court_seizes_whatever_lies_on_the_unit() -> None:
    assert all(verdict(Act.SEIZE, burden) is Verdict.ALLOW for burden in Burden)


def test_a_frozen_mortgage_cannot_be_cancelled() -> None:
    assert verdict(Act.CANCEL_MORTGAGE, Burden.MORTGAGE_FROZEN) is Verdict.REFUSE
    assert verdict(Act.CANCEL_MORTGAGE, Burden.SEIZURE) is Verdict.ALLOW


def test_a_correction_under_seizure_passes_only_when_the_right_stays() -> None:
    keeps = frozenset({Evidence.CORRECTION_KEEPS_RIGHT.value})
    assert verdict(Act.CORRECT, Burden.SEIZURE) is Verdict.REFUSE
    assert verdict(Act.CORRECT, Burden.SEIZURE, evidence=keeps) is Verdict.ALLOW


def test_the_heaviest_burden_decides_and_all_are_named() -> None:
    decision = decide(Act.TRANSFER, [a_burden(b) for b in (Burden.MORTGAGE, Burden.OBJECTION, Burden.SEIZURE)], NOTHING)

    assert decision.verdict is Verdict.REFUSE
    assert [len(decision.refusals), len(decision.conditions), len(decision.notes)] == [1, 1, 1]


def test_nothing_in_the_way_is_an_empty_decision() -> None:
    assert decide(Act.ALTER_NAME, [], NOTHING) == Decision(Verdict.ALLOW, ())


def test_an_order_not_yet_carried_out_shows_no_facts_to_anyone() -> None:
    (finding,) = decide(Act.ALTER_NAME, [a_burden(Burden.UNREAD_ORDER)], NOTHING).findings

    assert finding.facts == ()


def test_details_can_be_left_out_without_changing_the_verdict() -> None:
    full = decide(Act.TRANSFER, [a_burden(Burden.SEIZURE)], NOTHING)
    bare = without_details(full)

    assert full.findings[0].facts
    assert bare.findings[0].facts == ()
    assert (bare.verdict, bare.findings[0].reason) == (full.verdict, full.findings[0].reason)


@pytest.mark.parametrize(
    ("today", "counts"),
    [(date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2028, 12, 31), True), (date(2029, 1, 1), False)],
)
def test_the_last_day_of_a_seizure_counts_and_the_next_does_not(today: date, counts: bool) -> None:
    seizure = BurdenFact(Burden.SEIZURE, "B-1", since=date(2026, 1, 1), until=date(2028, 12, 31))

    assert seizure.is_in_force(today) is counts


def test_a_burden_goes_over_the_wire_and_back() -> None:
    for fact in (a_burden(Burden.SEIZURE), BurdenFact(Burden.MORTGAGE, "豫（2026）滑县不动产证明第0000001号", rank=2)):
        assert BurdenFact.from_wire(fact.to_wire()) == fact


def test_a_decision_goes_over_the_wire_and_back() -> None:
    decision = decide(Act.TRANSFER, [a_burden(Burden.SEIZURE), a_burden(Burden.MORTGAGE)], NOTHING)

    assert Decision.from_wire(decision.to_wire()) == decision


def test_a_decision_milder_than_its_findings_cannot_be_made() -> None:
    findings = decide(Act.TRANSFER, [a_burden(Burden.SEIZURE)], NOTHING).findings
    with pytest.raises(AssertionError):
        Decision(Verdict.ALLOW, findings)
