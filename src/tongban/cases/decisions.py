"""May this act happen to this unit?  Asked at the window, at acceptance, at review, and in the recording itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.timezone import localdate

from tongban.cases.models import Case, CaseUnit
from tongban.cases.moves import StepData
from tongban.directory import lookup
from tongban.directory.queries import figures
from tongban.directory.recent import kept_briefly
from tongban.domain.burdens import Burden, BurdenFact, standing_on
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.codes import InstitutionCode, UnitCode
from tongban.domain.decision import Decision, Finding, Place, Refusal
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.exclusions import EXCLUSIONS, exclude
from tongban.domain.facts import ApplicationFacts
from tongban.domain.parameters import PARAMETERS
from tongban.domain.restrictions import decide
from tongban.domain.wires import as_list, as_mapping, as_text
from tongban.register import reading


def evaluate(case: Case, data: StepData) -> Decision:
    """Decide about a case as things stand now; the decision and the proofs the officer confirmed stay on the case."""
    case.evidence = sorted({*case.evidence, *data.evidence})
    item = CATALOGUE[case.item_number]
    today = localdate(data.now)
    facts = facts_of(item, case.package, frozenset(case.evidence))
    findings: list[Finding] = []
    for unit in case.units.all():
        findings += unit_findings(item, UnitCode(unit.unit_code), facts, today=today, but=case.case_no)
    decision = Decision.of(findings)
    case.decision = decision.to_wire()
    return decision


def look(case: Case, others: Iterable[str], today: date) -> Decision:
    """What would be decided about a case if it were decided now; nothing is kept.

    `others` are the other open cases on its units, known to the caller from the statement that read the case.
    """
    item = CATALOGUE[case.item_number]
    facts = facts_of(item, case.package, frozenset(case.evidence))
    codes = [UnitCode(as_text(code)) for code in as_list(case.package["units"])]
    known = tuple(BurdenFact(Burden.PENDING_CASE, case_no) for case_no in others)
    findings: list[Finding] = []
    for code in codes:
        waiting = known if len(codes) == 1 else pending(code, but=case.case_no)
        findings += _findings(item, code, facts, waiting, today)
    return Decision.of(findings)


def unit_findings(
    item: ServiceItem, unit_code: UnitCode, application: ApplicationFacts, *, today: date, but: str = ""
) -> tuple[Finding, ...]:
    """Exclusions and burdens that speak to this item on this unit; `but` is the asking case itself."""
    return _findings(item, unit_code, application, pending(unit_code, but=but), today)


def _findings(
    item: ServiceItem, unit_code: UnitCode, application: ApplicationFacts, waiting: Iterable[BurdenFact], today: date
) -> tuple[Finding, ...]:
    unit = reading.unit_facts(unit_code)
    if unit is None:
        return ()
    excluded = exclude(item, unit, application, switched_exclusions(unit_code[:6], today), today)
    burdens = (*reading.burdens(unit_code), *waiting)
    standing = [now for burden in burdens if (now := standing_on(burden, today)) is not None]
    return (*excluded, *decide(item.act, standing, application.evidence, on=today).findings)


def facts_of(item: ServiceItem, package: dict[str, object], evidence: frozenset[str]) -> ApplicationFacts:
    """The application as the law sees it, out of its sealed package."""
    form = {key: as_text(value) for key, value in as_mapping(package["form"]).items()}
    return item.application_facts(form, evidence)


def pending(unit_code: UnitCode, *, but: str = "") -> tuple[BurdenFact, ...]:
    """Other open cases on the unit, as burdens (单元登记中)."""
    rows = CaseUnit.objects.filter(unit_code=unit_code, is_open=True).exclude(case_id=but).values("case_id")
    return tuple(BurdenFact(Burden.PENDING_CASE, row["case_id"]) for row in rows)


@kept_briefly
def switched_exclusions(division: str, today: date) -> frozenset[str]:
    """The exclusions whose switch the province or the registry has turned for this district on a day (H1a); one query.

    What usually counts is lifted there, a wide reading added.
    """
    values = {line.parameter.name: line.value for line in figures(division, today)}
    switches = {row.code: PARAMETERS[f"exclusion.{row.code}"] for row in EXCLUSIONS}
    return frozenset(code for code, switch in switches.items() if values[switch.name] != switch.default)


def exclusions_of(decision: Decision) -> list[Finding]:
    """The refusals of a decision that come from the scope of 通办, not from the register."""
    return [finding for finding in decision.refusals if finding.rule.startswith("X")]


def refusal_for(case: Case, finding: Finding) -> Refusal:
    """A finding as the answer to the officer: the same reason and facts, and the home registry as the place."""
    return Refusal(finding.reason, finding.facts, place(case))


def written(case: Case, data: StepData) -> dict[str, object]:
    """The officer's written refusal; refuses to end a case without one."""
    if data.refusal is None:
        raise InvalidInput([Problem("refusal", "没有写明理由", "请选择不予办理的理由，并写明事实")])
    where = data.refusal.where or place(case)
    return Refusal(data.refusal.reason, data.refusal.facts, where).to_wire()


def place(case: Case) -> Place:
    """Where the applicant can go: the home registry."""
    return lookup.place_of(InstitutionCode(case.home_registry))
