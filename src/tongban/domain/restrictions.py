"""Whether a burden stands in the way of an act: `decide` over the table of `tongban.domain.restriction_rules`.

Asked twice: when papers are taken in, as advice; and inside the recording transaction under the unit's lock, as the
verdict.  An old decision is decided again by giving its day: the rows carry their first and last day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from types import MappingProxyType
from typing import Final

from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.decision import Decision, Finding, Reason, Verdict
from tongban.domain.evidence import OF_ONE_BURDEN, Evidence, key_of, of_same_burden, proof_in, proofs_about
from tongban.domain.restriction_rules import RULES, Act, Bearing, Rule

__all__ = [
    "COVERED_ACTS",
    "LAW",
    "NEWEST",
    "RULES",
    "Act",
    "Bearing",
    "Burden",
    "BurdenFact",
    "Rule",
    "RuleTable",
    "decide",
    "decide_all",
    "without_details",
]

COVERED_ACTS: Final = tuple(Act)
NEWEST: Final = date.max  # the day on which only rows without an end are law
CONFIDENTIAL: Final = frozenset({Burden.UNREAD_ORDER})  # 7.6: nobody is told before the order is carried out


@dataclass(frozen=True, slots=True)
class RuleTable:
    """All rows by burden and act, in the order they are asked.

    Cannot be made when a pair is missing, or on some day has no row without `when`, or several, or goes on past it.
    """

    rows: Mapping[tuple[Burden, Act], tuple[Rule, ...]]

    def __post_init__(self) -> None:
        missing = [pair for pair in product(Burden, COVERED_ACTS) if pair not in self.rows]
        assert not missing, f"no rule for {missing}"
        for pair, found in self.rows.items():
            for day in _days_of_change(found):
                law = [rule for rule in found if rule.holds_on(day)]
                ends = [rule for rule in law if rule.when is None]
                is_closed = len(ends) == 1 and law[-1] is ends[0]
                assert is_closed, f"{pair} must on {day} end in exactly one rule without `when`"

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> RuleTable:
        table: dict[tuple[Burden, Act], tuple[Rule, ...]] = {}
        for rule in rules:
            table[rule.burden, rule.act] = (*table.get((rule.burden, rule.act), ()), rule)
        return cls(MappingProxyType(table))

    def decide(  # noqa: PLR0913 - what the law looks at
        self,
        act: Act,
        burdens: Iterable[BurdenFact],
        evidence: frozenset[str],
        *,
        on: date = NEWEST,
        concerns: frozenset[str] = frozenset(),
        apart: frozenset[str] | None = None,
    ) -> Decision:
        """What the burdens say to the act by the law of the day, given the proofs that are there.

        A condition whose proof is there becomes a note.  `concerns` are the numbers of the burdens the act is itself
        about (the mortgage that is changed): a mortgage is not in its own way, and a frozen one does not hold another.
        Burdens are taken as they come: the caller leaves out those that do not stand on the day
        (`burdens.standing_on`) and the case's own pending row.  A further burden never makes the verdict milder;
        further evidence never makes it harder.  `apart` are the numbers of the burdens that each need a proof of their
        own (`apart`); None: as these burdens and this act make it.
        """
        lying = tuple(burdens)
        if apart is None:
            apart = self.apart((act,), lying, evidence, on=on, concerns=concerns)
        findings = []
        for burden in lying:
            is_apart = burden.burden_no in apart
            proofs = proofs_about(burden.burden_no, evidence, only_own=is_apart)
            rule = self._row(act, burden.burden, _tokens(burden, proofs, concerns), on)
            if rule.reason is not None:
                findings.append(_finding(rule, rule.reason, burden, proofs, is_apart=is_apart))
        return Decision.of(findings)

    def apart(
        self,
        acts: Iterable[Act],
        burdens: Iterable[BurdenFact],
        evidence: frozenset[str],
        *,
        on: date = NEWEST,
        concerns: frozenset[str] = frozenset(),
    ) -> frozenset[str]:
        """The numbers of the burdens of which each asks for a proof about itself that another asks for about itself too.

        One consent never serves two holders: with several mortgagees or holders of notices, in all acts and on all
        units of a case, each proof names its burden.
        """
        asked: dict[str, set[Evidence]] = {}
        lying, common = tuple(burdens), frozenset(one for one in evidence if proof_in(one) not in OF_ONE_BURDEN)
        for act, burden in product(dict.fromkeys(acts), lying):
            rule = self._row(act, burden.burden, _tokens(burden, common, concerns), on)
            if rule.verdict is not Verdict.ALLOW:
                asked.setdefault(burden.burden_no, set()).update(self._proofs_of_one(act, burden.burden, on))
        return frozenset(
            number
            for number, proofs in asked.items()
            if any(proofs & others for other, others in asked.items() if other != number)
        )

    def _proofs_of_one(self, act: Act, burden: Burden, on: date) -> Iterable[Evidence]:
        named = (word for rule in self.rows[burden, act] if rule.holds_on(on) for word in (rule.when, rule.lifted_by))
        return (Evidence(word) for word in named if isinstance(word, str) and word in OF_ONE_BURDEN)

    def decide_all(  # noqa: PLR0913 - what the law looks at
        self,
        acts: Sequence[Act],
        burdens: Sequence[BurdenFact],
        evidence: frozenset[str],
        *,
        on: date = NEWEST,
        concerns: frozenset[str] = frozenset(),
        apart: frozenset[str] | None = None,
    ) -> Decision:
        """The same for the acts of one combined case: the findings of each, in the order of the acts."""
        assert acts, "a case does something"
        if apart is None:
            apart = self.apart(acts, burdens, evidence, on=on, concerns=concerns)
        decisions = [
            self.decide(act, burdens, evidence, on=on, concerns=concerns, apart=apart) for act in dict.fromkeys(acts)
        ]
        return Decision.of([finding for one in decisions for finding in one.findings])

    def proofs_for(self, finding: Finding, *, on: date = NEWEST) -> tuple[str, ...]:
        """The keys of the proofs with which the act would go on past this finding, each by itself; none for a note.

        A refusal has such a way when the law lets the act pass in a certain case: a correction that keeps the right.
        """
        if finding.verdict is Verdict.ALLOW:
            return ()
        opening = [
            rule.when
            for rules in self.rows.values()
            for rule in rules
            if rule.name == finding.rule and rule.verdict is Verdict.ALLOW and rule.holds_on(on)
        ]
        lifting = [finding.lifted_by] if finding.lifted_by else []
        opened_by = (proof for proof in opening if isinstance(proof, Evidence))
        return tuple(dict.fromkeys((*lifting, *(of_same_burden(proof, finding.lifted_by) for proof in opened_by))))

    def _row(self, act: Act, burden: Burden, tokens: frozenset[object], on: date) -> Rule:
        """The first row that fits and is law on the day; the table was checked to have one."""
        return next(
            rule for rule in self.rows[burden, act] if rule.holds_on(on) and (rule.when is None or rule.when in tokens)
        )


def _days_of_change(rules: Sequence[Rule]) -> list[date]:
    """Days that stand for all days: between two neighbours of them nothing changes."""
    begins = {rule.first_day for rule in rules}
    after = {rule.last_day + timedelta(days=1) for rule in rules if rule.last_day < date.max}
    return sorted({date.min, *begins, *after})


def _tokens(burden: BurdenFact, evidence: frozenset[str], concerns: frozenset[str]) -> frozenset[object]:
    """What a row may ask for: the proofs, and whether the act is about this right, once somebody said about which."""
    if not concerns:
        return evidence
    return evidence | {Bearing.THIS_RIGHT if burden.burden_no in concerns else Bearing.ANOTHER_RIGHT}


def _finding(
    rule: Rule, reason: Reason, burden: BurdenFact, evidence: frozenset[str], *, is_apart: bool
) -> Finding:  # fmt: skip
    lifted = rule.verdict is Verdict.CONDITION and rule.lifted_by in evidence
    is_own = is_apart and rule.lifted_by in OF_ONE_BURDEN
    return Finding(
        rule=rule.name,
        verdict=Verdict.ALLOW if lifted else rule.verdict,
        reason=reason,
        facts=() if burden.burden in CONFIDENTIAL else burden.facts,
        lifted_by=key_of(rule.lifted_by, burden.burden_no) if is_own else rule.lifted_by,
    )


LAW: Final = RuleTable.of(RULES)
decide: Final = LAW.decide
decide_all: Final = LAW.decide_all


def without_details(decision: Decision) -> Decision:
    """The same decision for readers who may know that there is a restriction but not whose: all facts left out."""
    return Decision.of(
        [Finding(one.rule, one.verdict, one.reason, (), proof_in(one.lifted_by)) for one in decision.findings]
    )
