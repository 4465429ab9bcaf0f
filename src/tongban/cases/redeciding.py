"""Old decisions decided again from what they were made from: by the rules of their own day, or by those of today.

Only the rules differ: the facts are those of then.  By the rules of its own day every decision must come out as it did;
a difference there means that a rule was changed for days already past.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import F

from tongban.cases.decisions import switched_exclusions
from tongban.cases.models import CaseDecision
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.decision import Decision, Finding
from tongban.domain.errors import EvidenceBroken
from tongban.domain.judging import Inputs, LawOfDay, judge
from tongban.domain.lifecycle import CASE_MOVES
from tongban.domain.restrictions import LAW, RuleTable
from tongban.domain.wires import as_mapping

PAGE = 200  # decisions in memory at once


class RulesOf(StrEnum):
    """By which rules to decide again."""

    TODAY = "today"
    ITS_DAY = "its_day"


@dataclass(frozen=True, slots=True)
class Which:
    """Which decisions: of one registry (empty: all), from a day on (None: from the first)."""

    registry: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Redecided:
    """One decision and what it would be; `after` is None when it cannot be made again, `why_zh` says why."""

    case_no: str
    position: int
    step_zh: str
    registry: str
    decided_on: date
    before: Decision
    after: Decision | None
    why_zh: str = ""

    @property
    def differs(self) -> bool:
        """Whether verdict or rules are not the same; other words for the same rule are no difference."""
        return self.after is None or _spoken(self.before.findings) != _spoken(self.after.findings)

    @property
    def gone(self) -> tuple[Finding, ...]:
        """What spoke then and is silent now."""
        return _without(self.before, self.after)

    @property
    def new(self) -> tuple[Finding, ...]:
        """What was silent then and speaks now."""
        return () if self.after is None else _without(self.after, self.before)


def redecide(rules: RulesOf, which: Which, *, today: date, table: RuleTable = LAW) -> Iterator[Redecided]:
    """Every decision kept, oldest first, decided again; reads page by page, so history may be as long as it likes."""
    rows = CaseDecision.objects.annotate(registry=F("case__home_registry")).order_by("pk")
    if which.registry:
        rows = rows.filter(registry=which.registry)
    if which.since:
        rows = rows.filter(decided_on__gte=which.since)
    last = 0
    while page := list(rows.filter(pk__gt=last)[:PAGE]):
        for row in page:
            day = today if rules is RulesOf.TODAY else row.decided_on
            yield _again(row, row.registry, LawOfDay(day, switched_exclusions, table))
        last = page[-1].pk


def _again(row: CaseDecision, registry: str, law: LawOfDay) -> Redecided:
    before, after, why_zh = Decision.of(()), None, ""
    try:
        before = Decision.from_wire(as_mapping(row.decision))
        inputs = Inputs.from_wire(as_mapping(row.inputs))
        item = CATALOGUE.get(row.item_number)
        if item is None:
            why_zh = f"现在的服务目录里没有 {row.item_number} 这项业务"
        else:
            after = judge(item, inputs, law)
    except (EvidenceBroken, KeyError, TypeError, ValueError) as error:
        why_zh = f"当时保存的内容读不出来（{type(error).__name__}）"
    return Redecided(
        case_no=row.case_id,
        position=row.position,
        step_zh=CASE_MOVES[row.step].name_zh if row.step in CASE_MOVES else row.step,
        registry=registry,
        decided_on=row.decided_on,
        before=before,
        after=after,
        why_zh=why_zh,
    )


def _spoken(findings: Iterable[Finding]) -> Counter[tuple[str, str, str]]:
    return Counter((one.rule, one.verdict.value, one.lifted_by) for one in findings)


def _without(decision: Decision, other: Decision | None) -> tuple[Finding, ...]:
    """The findings of one decision that the other does not have."""
    left = _spoken(other.findings if other else ())
    found = []
    for finding in decision.findings:
        (key,) = _spoken([finding])
        if left[key] > 0:
            left[key] -= 1
        else:
            found.append(finding)
    return tuple(found)
