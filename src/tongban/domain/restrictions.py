"""Whether a burden stands in the way of an act: `decide` over the table of `tongban.domain.restriction_rules`.

Asked twice: when papers are taken in, as advice; and inside the recording transaction under the unit's lock, as the
verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from types import MappingProxyType
from typing import Final

from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.decision import Decision, Finding, Verdict
from tongban.domain.restriction_rules import RULES, Act, Rule

__all__ = ["COVERED_ACTS", "RULES", "Act", "Burden", "BurdenFact", "Rule", "decide", "without_details"]

COVERED_ACTS: Final = tuple(Act)
CONFIDENTIAL: Final = frozenset({Burden.UNREAD_ORDER})  # 7.6: nobody is told before the order is carried out


def _by_pair(rules: Iterable[Rule]) -> Mapping[tuple[Burden, Act], tuple[Rule, ...]]:
    """The rules of each pair in order; the import fails when a pair is missing, open-ended, or goes on past its end."""
    table: dict[tuple[Burden, Act], tuple[Rule, ...]] = {}
    for rule in rules:
        table[rule.burden, rule.act] = (*table.get((rule.burden, rule.act), ()), rule)
    missing = [pair for pair in product(Burden, COVERED_ACTS) if pair not in table]
    assert not missing, f"no rule for {missing}"
    for pair, found in table.items():
        ends = [rule for rule in found if rule.when is None]
        assert len(ends) == 1 and found[-1] is ends[0], f"{pair} must end in exactly one rule without `when`"
    return MappingProxyType(table)


_TABLE: Final = _by_pair(RULES)


def decide(act: Act, burdens: Iterable[BurdenFact], evidence: frozenset[str]) -> Decision:
    """What the burdens say to the act, given the proofs that are there.

    A condition whose proof is there becomes a note.  Burdens are taken as they come: the caller leaves out those not in
    force on the day (`BurdenFact.is_in_force`) and the case's own pending row.  A further burden never makes the
    verdict milder; further evidence never makes it harder.
    """
    findings = [found for burden in burdens if (found := _finding(act, burden, evidence)) is not None]
    return Decision.of(findings)


def _finding(act: Act, burden: BurdenFact, evidence: frozenset[str]) -> Finding | None:
    rule = next(row for row in _TABLE[burden.burden, act] if row.when is None or row.when in evidence)
    if rule.reason is None:
        return None
    lifted = rule.verdict is Verdict.CONDITION and rule.lifted_by in evidence
    return Finding(
        rule=rule.name,
        verdict=Verdict.ALLOW if lifted else rule.verdict,
        reason=rule.reason,
        facts=() if burden.burden in CONFIDENTIAL else burden.facts,
        lifted_by=rule.lifted_by,
    )


def without_details(decision: Decision) -> Decision:
    """The same decision for readers who may know that there is a restriction but not whose: all facts left out."""
    return Decision.of([Finding(one.rule, one.verdict, one.reason, (), one.lifted_by) for one in decision.findings])
