"""Reads the golden decisions and turns each row into the facts the law looks at."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from tests.golden.items import ITEMS, ExpectedItem
from tests.golden.units import UNITS
from tongban.domain.acts import Act
from tongban.domain.burdens import MORTGAGES, Burden, BurdenFact, standing_on
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.decision import Decision, Verdict
from tongban.domain.evidence import Evidence, key_of
from tongban.domain.exclusions import exclude
from tongban.domain.facts import ApplicationFacts
from tongban.domain.restrictions import decide_all
from tongban.domain.terms import Cause, HolderKind, Initiator

TABLE: Final = Path(__file__).with_name("decisions.csv")
TODAY: Final = date(2026, 11, 25)

_BURDEN = re.compile(r"(?P<burden>[a-z_]+)(#(?P<rank>\d))?(@(?P<when>lapsed|lastday|overdue|finalday))?")
_ENDS: Final = {"lapsed": TODAY - timedelta(days=1), "lastday": TODAY}
_FINAL: Final = {"overdue": TODAY - timedelta(days=1), "finalday": TODAY}
_GIVERS: Final = {
    "developer": HolderKind.ENTERPRISE,
    **{kind.value: kind for kind in HolderKind},
}
_CITATION = re.compile(r"(?P<name>.+?)(?P<article>第[一二三四五六七八九十百零]+条)?")


@dataclass(frozen=True, slots=True)
class GoldenRow:
    """One decision as the law gives it.

    `burdens`: names, a rank after `#`, `@lapsed` (ended yesterday) or `@lastday` (ends today), `@overdue` or
    `@finalday` (yesterday or today the 90 days of a notice end).  `concerns`: the burden the act itself is about.
    `evidence`: keys of proofs, with `@2` for the second burden alone.  `day`: the day decided on, empty for `TODAY`.
    `rule`, `lifted_by` and `law` of a CONDITION or REFUSE: one of the texts between `|` must be met.  `rule` of an
    ALLOW: every note that is told, between `;`; empty when nothing speaks but conditions whose proof is there.
    """

    id: str
    item: str
    unit: str
    burdens: str
    concerns: str
    evidence: str
    cause: str
    giver: str
    initiator: str
    day: str
    verdict: str
    rule: str
    lifted_by: str
    law: str
    why: str

    @property
    def situation(self) -> tuple[str, ...]:
        """What is decided about; two rows with the same situation would be one decision told twice."""
        return (
            self.item,
            self.unit,
            self.burdens,
            self.concerns,
            self.evidence,
            self.cause,
            self.giver,
            self.initiator,
            self.day,
        )

    @property
    def burden_facts(self) -> tuple[BurdenFact, ...]:
        return tuple(_burden(text, place) for place, text in enumerate(_listed(self.burdens), 1))

    @property
    def concerned(self) -> frozenset[str]:
        return frozenset(
            fact.burden_no for fact in self.burden_facts if fact.burden_no.split("/")[0] in _listed(self.concerns)
        )

    @property
    def decided_on(self) -> date:
        return date.fromisoformat(self.day) if self.day else TODAY

    @property
    def proofs(self) -> frozenset[str]:
        return frozenset(self._key(text) for text in _listed(self.evidence))

    def _key(self, text: str) -> str:
        """“mortgagee_consent@2”: the proof for the second burden, under its number."""
        proof, _, place = text.partition("@")
        return key_of(Evidence(proof), self.burden_facts[int(place) - 1].burden_no) if place else Evidence(proof).value

    @property
    def application(self) -> ApplicationFacts:
        return ApplicationFacts(
            cause=Cause(self.cause),
            giving=tuple(_GIVERS[giver] for giver in _listed(self.giver) if giver != "none"),
            initiator=Initiator(self.initiator),
            evidence=self.proofs,
        )

    def decide(self) -> Decision:
        """What the code decides: the exclusions first, then the restrictions for every act of the item."""
        item = service_item(self.item, ITEMS[self.item])
        excluded = exclude(item, UNITS[self.unit], self.application, frozenset(), self.decided_on)
        acts = [Act(act) for act in ITEMS[self.item].acts]
        standing = [now for fact in self.burden_facts if (now := standing_on(fact, self.decided_on)) is not None]
        decision = decide_all(acts, standing, self.proofs, on=self.decided_on, concerns=self.concerned)
        return Decision.of((*excluded, *decision.findings))

    def complaint(self, decision: Decision) -> str:
        """How the code's decision differs from the law's, in one paragraph; empty when it does not."""
        found = [(finding.rule, finding.verdict.value, finding.lifted_by) for finding in decision.findings]
        told = (
            f"{self.id} {self.item} {self.unit} [{self.burdens}] [{self.evidence}]: {self.why}\n  the code says {found}"
        )
        if decision.verdict.value != self.verdict:
            return f"{told}\n  the law says {self.verdict} {self.rule}"
        spoken = [finding for finding in decision.findings if finding.verdict is decision.verdict]
        if decision.verdict is Verdict.ALLOW:
            spoken = [finding for finding in spoken if finding.lifted_by not in self.proofs]
            if {finding.rule for finding in spoken} != set(_listed(self.rule)):
                return f"{told}\n  the law tells only {self.rule or 'nothing'}"
        deciding = next((finding for finding in spoken if finding.rule in self.rule.split("|")), None)
        if deciding is None:
            return f"{told}\n  the law decides by {self.rule}" if decision.verdict is not Verdict.ALLOW else ""
        if deciding.lifted_by not in [self._key(text) if text else "" for text in self.lifted_by.split("|")]:
            return f"{told}\n  the law lifts it by {self.lifted_by or 'nothing'}"
        law_zh = deciding.reason.law_zh
        if not any(cites(law_zh, law) for law in self.law.split("|")):
            return f"{told}\n  the law is {self.law}, the reason cites {law_zh}"
        return ""


def golden_rows() -> tuple[GoldenRow, ...]:
    """All rows of the table, in order; a row with a missing or unknown column is refused."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = {field.name for field in fields(GoldenRow)}
    assert all(set(row) == names for row in rows), "decisions.csv has other columns than a GoldenRow"
    return tuple(GoldenRow(**row) for row in rows)


def service_item(number: str, expected: ExpectedItem) -> ServiceItem:
    """The item under its number with what the law looks at as the golden list says it."""
    return replace(
        CATALOGUE["S13"],
        number=number,
        acts=tuple(Act(act) for act in expected.acts),
        kind=expected.kind,
        subject=expected.subject,
        channels=expected.channels,
        is_presale=expected.is_presale,
    )


def cites(law_zh: str, citation: str) -> bool:
    """Whether the text cites a statute, and the article of that statute when one is named.

    Several articles may follow one name (“《民法典》第二百二十一条、第三百九十九条”); the name ends at the next “《”.
    """
    law_zh, citation = (text.replace("中华人民共和国", "") for text in (law_zh, citation))
    match = _CITATION.fullmatch(citation)
    if match is None:
        return citation in law_zh
    name, article = match["name"], match["article"] or ""
    return any(article in rest.split("《")[0] for rest in law_zh.split(name)[1:])


def _listed(text: str) -> list[str]:
    return [part for part in text.split(";") if part]


def _burden(text: str, place: int) -> BurdenFact:
    match = _BURDEN.fullmatch(text)
    assert match is not None, f"{text} is no burden"
    burden = Burden(match["burden"])
    is_new = burden in MORTGAGES and burden is not Burden.MORTGAGE_OLD
    return BurdenFact(
        burden=burden,
        burden_no=f"{text.split('@')[0]}/{place}",
        since=date(2026, 1, 12) if is_new else date(2020, 11, 2),
        until=_ENDS.get(match["when"]),
        final_by=_FINAL.get(match["when"]),
        organ_zh="滑县人民法院" if "seizure" in burden.value else "",
        rank=int(match["rank"] or 1) if "mortgage" in burden.value else 0,
    )
