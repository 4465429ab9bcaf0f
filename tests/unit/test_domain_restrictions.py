"""The table of burdens and acts, read as the law has it (facts 6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tongban.domain.burden_reasons import BurdenReasons
from tongban.domain.burdens import Burden, BurdenFact, standing_on, standing_together
from tongban.domain.decision import Decision, Verdict
from tongban.domain.evidence import Evidence
from tongban.domain.reasons import Reasons
from tongban.domain.restriction_rules import Rule
from tongban.domain.restrictions import (
    COVERED_ACTS,
    LAW,
    RULES,
    Act,
    Bearing,
    RuleTable,
    decide,
    decide_all,
    without_details,
)

NOTHING: frozenset[str] = frozenset()
EVERY_PROOF = frozenset(proof.value for proof in Evidence)


def a_burden(burden: Burden) -> BurdenFact:
    return BurdenFact(burden, "B-1", organ_zh="滑县人民法院", reference="（2026）豫0526执1号", since=date(2026, 1, 1))


def verdict(act: Act, *burdens: Burden, evidence: frozenset[str] = NOTHING) -> Verdict:
    return decide(act, [a_burden(burden) for burden in burdens], evidence).verdict


def test_every_pair_has_its_row() -> None:
    pairs = {(rule.burden, rule.act) for rule in RULES if rule.when is None}

    assert len(pairs) == len(Burden) * len(COVERED_ACTS)


def test_a_table_with_a_missing_pair_cannot_be_loaded() -> None:
    with pytest.raises(AssertionError, match="no rule"):
        RuleTable.of(rule for rule in RULES if (rule.burden, rule.act) != (Burden.SEIZURE, Act.TRANSFER))


def test_a_table_with_a_doubled_row_cannot_be_loaded() -> None:
    with pytest.raises(AssertionError, match="exactly one"):
        RuleTable.of([*RULES, Rule(Burden.SEIZURE, Act.TRANSFER, Verdict.ALLOW)])


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
    decision = decide(Act.TRANSFER, [a_burden(Burden.SEIZURE)], EVERY_PROOF)

    assert decision.verdict is Verdict.REFUSE
    assert [finding.reason for finding in decision.refusals] == [Reasons.SEIZED]


def test_a_seized_name_may_change_once_the_seizing_organ_is_told() -> None:
    before = decide(Act.ALTER_NAME, [a_burden(Burden.SEIZURE)], NOTHING)
    after = decide(Act.ALTER_NAME, [a_burden(Burden.SEIZURE)], frozenset({"seizing_organ_told"}))

    assert [(one.rule, one.lifted_by) for one in before.conditions] == [("SEIZURE×ALTER_NAME", "seizing_organ_told")]
    assert after.verdict is Verdict.ALLOW
    assert [note.reason for note in after.notes] == [BurdenReasons.SEIZED_NAME_ONLY]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.name} {rule.when or ''} {rule.valid_from or ''}")
def test_every_row_speaks_in_some_case(rule: Rule) -> None:
    proofs = frozenset({rule.when.value}) if isinstance(rule.when, Evidence) else NOTHING
    concerns = {Bearing.THIS_RIGHT: {"B-1"}, Bearing.ANOTHER_RIGHT: {"B-2"}}.get(rule.when, set())
    fact = a_burden(rule.burden)

    found = decide(rule.act, [fact], proofs, on=rule.last_day, concerns=frozenset(concerns)).findings

    wanted = [] if rule.reason is None else [(rule.name, rule.verdict, rule.reason, rule.lifted_by)]
    assert [(one.rule, one.verdict, one.reason, one.lifted_by) for one in found] == wanted


def test_no_two_rows_of_a_pair_ask_for_the_same_on_the_same_day() -> None:
    for rule in RULES:
        same = [one for one in RULES if (one.burden, one.act, one.when) == (rule.burden, rule.act, rule.when)]
        assert [one for one in same if one.holds_on(rule.first_day)] == [rule]


@pytest.mark.parametrize("burden", Burden, ids=lambda burden: burden.name)
def test_nothing_on_a_unit_keeps_anybody_from_asking_the_register(burden: Burden) -> None:
    assert verdict(Act.LOOK_UP, burden) is Verdict.ALLOW


@pytest.mark.parametrize("burden", Burden, ids=lambda burden: burden.name)
def test_what_only_frees_the_unit_goes_on(burden: Burden) -> None:
    waits = {Act.CANCEL_MORTGAGE: {Burden.MORTGAGE_FROZEN}, Act.CANCEL_NOTICE: {Burden.PRE_SEIZURE}, Act.RELEASE: set()}
    for act, held in waits.items():
        stopped = burden in held or (burden is Burden.UNREAD_ORDER and act is not Act.RELEASE)
        assert verdict(act, burden) is (Verdict.REFUSE if stopped else Verdict.ALLOW), act


@pytest.mark.parametrize("burden", [one for one in Burden if one is not Burden.OBJECTION_LAPSED], ids=str)
def test_nothing_on_a_unit_stops_an_objection(burden: Burden) -> None:
    assert verdict(Act.OBJECT, burden) is Verdict.ALLOW


def test_an_objection_cannot_be_raised_again_on_the_same_matter_and_ground() -> None:
    (again,) = decide(Act.OBJECT, [a_burden(Burden.OBJECTION_LAPSED)], NOTHING).conditions
    assert (again.reason.code, again.lifted_by) == ("R06", Evidence.OTHER_OBJECTION.value)
    assert verdict(Act.OBJECT, Burden.OBJECTION_LAPSED, evidence=frozenset({"other_objection"})) is Verdict.ALLOW


@pytest.mark.parametrize("act", [Act.ALTER_SHARES, Act.EASEMENT, Act.HABITATION, Act.PRIORITY_NOTICE, Act.ALTER_NOTICE])
@pytest.mark.parametrize("burden", [Burden.SEIZURE, Burden.PRE_SEIZURE, Burden.WAITING_SEIZURE], ids=str)
def test_a_seizure_of_any_kind_refuses_what_moves_or_burdens_the_unit(burden: Burden, act: Act) -> None:
    assert verdict(act, burden, evidence=EVERY_PROOF) is Verdict.REFUSE


@pytest.mark.parametrize("burden", [Burden.SEIZURE, Burden.PRE_SEIZURE, Burden.WAITING_SEIZURE], ids=str)
def test_a_seized_unit_is_cut_up_or_put_to_another_use_only_with_the_leave_of_the_court(burden: Burden) -> None:
    (asked,) = decide(Act.ALTER_UNIT, [a_burden(burden)], NOTHING).conditions
    assert asked.lifted_by == Evidence.SEIZING_COURT_AGREES
    assert verdict(Act.ALTER_UNIT, burden, evidence=frozenset({"seizing_court_agrees"})) is Verdict.ALLOW


def test_under_seizure_a_mortgage_may_move_or_shrink_but_grows_only_with_the_court() -> None:
    assert verdict(Act.TRANSFER_MORTGAGE, Burden.SEIZURE) is Verdict.ALLOW
    assert verdict(Act.ALTER_MORTGAGE, Burden.SEIZURE, evidence=frozenset({"mortgage_not_enlarged"})) is Verdict.ALLOW
    (grows,) = decide(Act.ALTER_MORTGAGE, [a_burden(Burden.SEIZURE)], NOTHING).conditions
    assert (grows.rule, grows.lifted_by) == ("SEIZURE×ALTER_MORTGAGE", "seizing_court_agrees")


def test_under_seizure_a_certificate_is_reissued_once_the_organ_is_told() -> None:
    (told,) = decide(Act.REISSUE, [a_burden(Burden.SEIZURE)], NOTHING).conditions
    assert told.lifted_by == "seizing_organ_told"


def test_a_pre_seized_notice_can_be_neither_given_up_nor_given_on() -> None:
    for act in (Act.CANCEL_NOTICE, Act.ALTER_NOTICE):
        (finding,) = decide(act, [a_burden(Burden.PRE_SEIZURE)], EVERY_PROOF).refusals
        assert finding.reason == BurdenReasons.PRE_SEIZED_NOTICE


def test_a_frozen_mortgage_stands_still_and_another_on_the_same_unit_does_not() -> None:
    frozen = BurdenFact(Burden.MORTGAGE_FROZEN, "证明1")
    for act in (Act.CANCEL_MORTGAGE, Act.TRANSFER_MORTGAGE, Act.ALTER_MORTGAGE):
        assert decide(act, [frozen], EVERY_PROOF).verdict is Verdict.REFUSE
        assert decide(act, [frozen], NOTHING, concerns=frozenset({"证明1"})).verdict is Verdict.REFUSE
        assert decide(act, [frozen], NOTHING, concerns=frozenset({"证明2"})).verdict is Verdict.ALLOW


def test_a_mortgage_that_grows_needs_the_consent_of_the_others_not_of_itself() -> None:
    first, second = BurdenFact(Burden.MORTGAGE, "证明1", rank=1), BurdenFact(Burden.MORTGAGE, "证明2", rank=2)
    own = frozenset({"证明1"})

    assert decide(Act.ALTER_MORTGAGE, [first], NOTHING, concerns=own) == Decision.of([])
    (others,) = decide(Act.ALTER_MORTGAGE, [first, second], NOTHING, concerns=own).conditions
    assert others.lifted_by == Evidence.OTHER_MORTGAGEES_CONSENT.value
    smaller = frozenset({Evidence.MORTGAGE_NOT_ENLARGED.value})
    assert decide(Act.ALTER_MORTGAGE, [first, second], smaller, concerns=own) == Decision.of([])


def test_a_bank_with_an_advance_notice_is_asked_before_the_buyers_notice_goes() -> None:
    bank = BurdenFact(Burden.MORTGAGE_NOTICE, "银行")
    assert decide(Act.CANCEL_NOTICE, [bank], NOTHING, concerns=frozenset({"买受人"})).verdict is Verdict.CONDITION
    assert decide(Act.CANCEL_NOTICE, [bank], NOTHING, concerns=frozenset({"银行"})).verdict is Verdict.ALLOW


def test_a_maximum_mortgage_moves_only_after_its_claims_are_determined_or_as_agreed() -> None:
    (finding,) = decide(Act.TRANSFER_MORTGAGE, [a_burden(Burden.MORTGAGE_MAXIMUM)], NOTHING).conditions
    assert finding.lifted_by == Evidence.MAXIMUM_MORTGAGE_MAY_MOVE.value


def test_the_dead_do_not_dispose_and_their_heirs_may_take_over() -> None:
    heir = frozenset({Evidence.HEIR_OR_LEGATEE.value})
    assert verdict(Act.TRANSFER, Burden.OWNER_DEAD) is Verdict.REFUSE
    assert verdict(Act.TRANSFER, Burden.OWNER_DEAD, evidence=heir) is Verdict.ALLOW
    assert verdict(Act.MORTGAGE, Burden.OWNER_DEAD, evidence=heir) is Verdict.REFUSE


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2007, 10, 1), Verdict.CONDITION),
        (date(2020, 12, 31), Verdict.CONDITION),
        (date(2021, 1, 1), Verdict.ALLOW),
        (date(2026, 11, 25), Verdict.ALLOW),
    ],
)
def test_until_the_civil_code_a_mortgaged_unit_was_sold_only_with_the_mortgagees_consent(
    day: date, expected: Verdict
) -> None:
    assert decide(Act.TRANSFER, [a_burden(Burden.MORTGAGE)], NOTHING, on=day).verdict is expected


def test_a_mortgage_from_before_the_civil_code_goes_on_under_the_old_law() -> None:
    old = BurdenFact(Burden.MORTGAGE, "证明1", since=date(2020, 12, 31))
    new = BurdenFact(Burden.MORTGAGE, "证明1", since=date(2021, 1, 1))
    today = date(2026, 11, 25)

    assert standing_on(old, today) == replace(old, burden=Burden.MORTGAGE_OLD)
    assert standing_on(old, date(2020, 12, 31)) == old
    assert standing_on(new, today) == new


@pytest.mark.parametrize(
    ("burden", "afterwards"),
    [
        (Burden.PRIORITY_NOTICE, Burden.NOTICE_LAPSED),
        (Burden.MORTGAGE_NOTICE, Burden.NOTICE_LAPSED),
        (Burden.OBJECTION, Burden.OBJECTION_LAPSED),
        (Burden.SEIZURE, None),
        (Burden.HABITATION, None),
        (Burden.ADMINISTRATIVE, None),
        (Burden.MORTGAGE, Burden.MORTGAGE),
        (Burden.MORTGAGE_FROZEN, Burden.MORTGAGE_FROZEN),
    ],
)
def test_past_its_last_day_a_notice_warns_a_seizure_is_gone_and_a_mortgage_stays(
    burden: Burden, afterwards: Burden | None
) -> None:
    fact = BurdenFact(burden, "B-1", since=date(2026, 1, 1), until=date(2026, 3, 31))

    assert standing_on(fact, date(2026, 3, 31)) == fact
    wanted = None if afterwards is None else replace(fact, burden=afterwards)
    assert standing_on(fact, date(2026, 4, 1)) == wanted


def test_a_notice_that_has_not_begun_is_not_there_yet() -> None:
    assert standing_on(BurdenFact(Burden.PRIORITY_NOTICE, "B-1", since=date(2026, 1, 2)), date(2026, 1, 1)) is None


def test_a_combined_case_hears_the_findings_of_all_its_acts() -> None:
    lying = [a_burden(Burden.MORTGAGE), a_burden(Burden.SEIZURE)]
    both = decide_all((Act.TRANSFER, Act.MORTGAGE), lying, NOTHING)

    alone = [decide(act, lying, NOTHING).findings for act in (Act.TRANSFER, Act.MORTGAGE)]
    assert both.findings == (*alone[0], *alone[1])
    assert both.verdict is Verdict.REFUSE


def test_a_finding_names_the_proofs_that_open_the_way_past_it() -> None:
    def ways(act: Act, burden: Burden) -> list[tuple[str, ...]]:
        return [LAW.proofs_for(finding) for finding in decide(act, [a_burden(burden)], NOTHING).findings]

    assert ways(Act.CORRECT, Burden.SEIZURE) == [(Evidence.CORRECTION_KEEPS_RIGHT,)]
    assert ways(Act.TRANSFER, Burden.PRIORITY_NOTICE) == [
        (Evidence.NOTICE_HOLDER_CONSENT, Evidence.OWN_FINAL_REGISTRATION, Evidence.HEIR_OR_LEGATEE)
    ]
    assert ways(Act.TRANSFER, Burden.SEIZURE) == [()]
    assert ways(Act.TRANSFER, Burden.MORTGAGE) == [()]


@pytest.mark.parametrize("burden", Burden, ids=lambda burden: burden.name)
def test_each_proof_that_a_finding_names_does_open_the_way(burden: Burden) -> None:
    for act in Act:
        for finding in decide(act, [a_burden(burden)], NOTHING).findings:
            for proof in LAW.proofs_for(finding):
                assert verdict(act, burden, evidence=frozenset({proof})) is Verdict.ALLOW, (finding.rule, proof)


def test_a_row_that_ends_leaves_no_day_without_law() -> None:
    ended = [replace(rule, valid_to=date(2026, 6, 30)) if rule == RULES[0] else rule for rule in RULES]
    with pytest.raises(AssertionError, match="must on 2026-07-01 end in exactly one"):
        RuleTable.of(ended)
    follower = replace(RULES[0], valid_from=date(2026, 7, 1))
    table = RuleTable.of([*ended, follower])
    assert (
        table.decide(RULES[0].act, [a_burden(RULES[0].burden)], NOTHING, on=date(2026, 7, 1)).verdict is Verdict.REFUSE
    )


def test_an_objection_never_blocks_it_asks_for_a_statement() -> None:
    told = frozenset({Evidence.OBJECTION_RISK_STATEMENT.value})
    assert verdict(Act.TRANSFER, Burden.OBJECTION) is Verdict.CONDITION
    assert verdict(Act.TRANSFER, Burden.OBJECTION, evidence=told) is Verdict.ALLOW
    assert verdict(Act.TRANSFER, Burden.OBJECTION_LAPSED) is Verdict.ALLOW


def test_a_mortgage_blocks_a_sale_only_by_a_registered_agreement() -> None:
    assert verdict(Act.TRANSFER, Burden.MORTGAGE) is Verdict.ALLOW
    assert verdict(Act.TRANSFER, Burden.MORTGAGE_NO_TRANSFER) is Verdict.CONDITION
    assert verdict(Act.TRANSFER, Burden.MORTGAGE_OLD) is Verdict.CONDITION
    assert decide(Act.TRANSFER, [a_burden(Burden.MORTGAGE)], NOTHING).notes[0].reason == BurdenReasons.MORTGAGE_FOLLOWS


def test_a_notice_holder_may_finish_his_own_registration_others_need_his_consent() -> None:
    own = frozenset({Evidence.OWN_FINAL_REGISTRATION.value})
    assert decide(Act.TRANSFER, [a_burden(Burden.PRIORITY_NOTICE)], own) == Decision.of([])
    assert verdict(Act.TRANSFER, Burden.PRIORITY_NOTICE) is Verdict.CONDITION
    assert verdict(Act.TRANSFER, Burden.PRE_SEIZURE, evidence=own) is Verdict.ALLOW
    assert verdict(Act.MORTGAGE, Burden.PRE_SEIZURE, evidence=own) is Verdict.ALLOW
    assert verdict(Act.MORTGAGE, Burden.PRE_SEIZURE) is Verdict.REFUSE


@pytest.mark.parametrize(
    ("before", "passes"), [(Burden.PRE_SEIZURE, True), (Burden.SEIZURE, False), (None, False)], ids=str
)
def test_whoever_waits_behind_a_pre_seizure_does_not_stop_the_debtors_own_registration(
    before: Burden | None, passes: bool
) -> None:
    """法发〔2004〕5号 16: it becomes a seizure, and who waits goes on waiting."""
    own = frozenset({Evidence.OWN_FINAL_REGISTRATION.value})
    day = date(2026, 11, 27)
    waits = BurdenFact(Burden.WAITING_SEIZURE, "w-1", rank=1)
    held = [] if before is None else [BurdenFact(before, "s-1", until=date(2028, 1, 1))]

    found = decide(Act.TRANSFER, standing_together([*held, waits], day), own)

    assert (found.verdict is Verdict.ALLOW) is passes
    over = [replace(one, until=date(2026, 1, 1)) for one in held]
    assert decide(Act.TRANSFER, standing_together([*over, waits], day), own).verdict is Verdict.REFUSE


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


def test_who_may_not_know_the_details_does_not_learn_the_number_of_a_burden_either() -> None:
    decision = decide(
        Act.TRANSFER, [replace(a_burden(Burden.MORTGAGE_OLD), burden_no=no) for no in ("证1", "证2")], NOTHING
    )

    assert [one.lifted_by for one in decision.conditions] == ["mortgagee_consent@证1", "mortgagee_consent@证2"]
    assert {one.lifted_by for one in without_details(decision).conditions} == {"mortgagee_consent"}


def test_an_order_that_arrives_after_the_officer_looked_is_not_covered_by_his_word() -> None:
    """查扣冻规定 23: what he saw was the one order that lay there."""
    first, second = (replace(a_burden(Burden.UNREAD_ORDER), burden_no=no) for no in ("GH-1", "CF-2"))
    seen = frozenset({Evidence.ORDERS_IN_SEQUENCE.value})

    assert decide(Act.COMPELLED_TRANSFER, [first], seen).conditions == ()
    later = decide(Act.COMPELLED_TRANSFER, [first, second], seen).conditions
    assert [one.lifted_by for one in later] == ["orders_in_sequence@GH-1", "orders_in_sequence@CF-2"]
