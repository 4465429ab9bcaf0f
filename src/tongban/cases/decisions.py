"""May this act happen to this unit?  Asked at the window, at acceptance, at review, and in the recording itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Max
from django.utils.timezone import localdate

from tongban.cases import presignatures
from tongban.cases.models import Case, CaseDecision, CaseUnit
from tongban.cases.moves import StepData
from tongban.directory import lookup
from tongban.directory.queries import figures
from tongban.directory.recent import kept_briefly
from tongban.domain.acts import Act
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.codes import InstitutionCode, UnitCode
from tongban.domain.decision import Decision, Finding, Place, Refusal
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.evidence import Evidence
from tongban.domain.exclusions import EXCLUSIONS
from tongban.domain.facts import ApplicationFacts, UnitFacts
from tongban.domain.judging import Inputs, LawOfDay, OnFile, UnitSeen, judge, judge_units, papers_of
from tongban.domain.parameters import PARAMETERS
from tongban.domain.presignatures import RULE as PRESIGNATURE
from tongban.domain.presignatures import presigned
from tongban.domain.wires import as_list, as_mapping, as_text
from tongban.register import reading


def evaluate(case: Case, data: StepData) -> Decision:
    """Decide about a case as things stand now; the decision and the proofs the officer confirmed stay on the case.

    A move that rests on the decision also keeps what it rested on, so that it can be decided again (`redeciding`).
    """
    case.evidence = sorted({*case.evidence, *data.evidence})
    item = CATALOGUE[case.item_number]
    inputs = _inputs(case, item, localdate(data.now))
    decision = judge(item, inputs, LawOfDay(inputs.day, switched_exclusions))
    case.decision = decision.to_wire()
    if data.action:
        _keep(case, data, inputs, decision)
    return decision


def look(case: Case, others: Iterable[str], today: date) -> Decision:
    """What would be decided about a case if it were decided now; nothing is kept.

    `others` are the other open cases on its units, known to the caller from the statement that read the case.
    """
    item = CATALOGUE[case.item_number]
    codes = [UnitCode(as_text(code)) for code in as_list(case.package["units"])]
    known = tuple(BurdenFact(Burden.PENDING_CASE, case_no) for case_no in others)
    units = [_seen(code, known if len(codes) == 1 else None, but=case.case_no) for code in codes]
    inputs = replace(_asked(case, item, today), units=tuple(units))
    return judge(item, inputs, LawOfDay(today, switched_exclusions))


def findings_of_units(  # noqa: PLR0913 - what the law looks at, and whose question it is
    item: ServiceItem,
    units: Sequence[UnitFacts | UnitCode],
    application: ApplicationFacts,
    *,
    today: date,
    paper_no: str,
    but: str = "",
) -> tuple[tuple[UnitCode, tuple[Finding, ...]], ...]:
    """Exclusions and burdens that speak to this item on each unit as the register has it, for a window.

    A unit the caller has not read is given by its code.  `but` is the application's own case, if it has one by now.
    """
    papers = papers_of(item, application.form, paper_no)
    seen = tuple(
        _seen(one, but=but)
        if isinstance(one, str)
        else _with_burdens(one.unit_code, one, pending(one.unit_code, but=but))
        for one in units
    )
    inputs = Inputs(item.acts_of(application.form), application, today, papers, seen)
    return judge_units(item, inputs, LawOfDay(today, switched_exclusions))


def _inputs(case: Case, item: ServiceItem, today: date) -> Inputs:
    codes = [UnitCode(unit.unit_code) for unit in case.units.all()]
    return replace(_asked(case, item, today), units=tuple(_seen(code, but=case.case_no) for code in codes))


def _asked(case: Case, item: ServiceItem, today: date) -> Inputs:
    facts = facts_of(item, case.package, frozenset(case.evidence))
    papers = papers_of(item, facts.form, as_text(case.package["certificate_no"]))
    return Inputs(item.acts_of(facts.form), facts, today, papers, on_file=_on_file(case, item, facts))


def _on_file(case: Case, item: ServiceItem, facts: ApplicationFacts) -> OnFile | None:
    """What is kept of those who stay away, as it counted when the window received the application (民法典 173)."""
    away = presigned(item, facts.form)
    if not away:
        return None
    kept = presignatures.kept_by_bodies(case.home_registry, [who.id_no for who in away])
    return OnFile(kept, localdate(case.received_at), case.received_at)


def _seen(unit_code: UnitCode, waiting: tuple[BurdenFact, ...] | None = None, *, but: str = "") -> UnitSeen:
    """The unit as the register has it now; `waiting` are the other open cases on it when the caller knows them."""
    facts = reading.unit_facts(unit_code)
    if facts is None:
        return UnitSeen(unit_code, None)
    return _with_burdens(unit_code, facts, pending(unit_code, but=but) if waiting is None else waiting)


def _with_burdens(unit_code: UnitCode, facts: UnitFacts, waiting: tuple[BurdenFact, ...]) -> UnitSeen:
    return UnitSeen(unit_code, facts, (*reading.burdens(unit_code), *waiting))


def _keep(case: Case, data: StepData, inputs: Inputs, decision: Decision) -> None:
    last = CaseDecision.objects.filter(case=case).aggregate(last=Max("position"))["last"] or 0
    CaseDecision.objects.create(
        case=case,
        position=last + 1,
        step=data.action,
        item_number=case.item_number,
        decided_on=inputs.day,
        decided_at=data.now,
        inputs=inputs.to_wire(),
        verdict=decision.verdict.value,
        decision=decision.to_wire(),
    )


def facts_of(item: ServiceItem, package: dict[str, object], evidence: frozenset[str]) -> ApplicationFacts:
    """The application as the law sees it, out of its sealed package."""
    form = {key: as_text(value) for key, value in as_mapping(package["form"]).items()}
    return item.application_facts(form, evidence)


def pending(unit_code: UnitCode, *, but: str = "") -> tuple[BurdenFact, ...]:
    """Other open cases on the unit, as burdens (单元登记中); of two disposals the later does not hold up the earlier."""
    rows = CaseUnit.objects.filter(unit_code=unit_code, is_open=True).select_related("case")
    found = list(rows.only("act", "case__item_number").order_by("pk"))
    own = next((row for row in found if row.case_id == but), None)
    others = (row for row in found if row.case_id != but and not _waits_for(own, row))
    return tuple(BurdenFact(Burden.PENDING_CASE, row.case_id) for row in others)


def _waits_for(own: CaseUnit | None, other: CaseUnit) -> bool:
    """Whether the other case came later and has to let `own` go first; a court's transfer waits for nobody (条例 18)."""
    if own is None or other.pk < own.pk or other.act == Act.COMPELLED_TRANSFER.value:
        return False
    return CATALOGUE[own.case.item_number].disposes and CATALOGUE[other.case.item_number].disposes


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


def unconfirmed_claims(case: Case, decision: Decision) -> tuple[Evidence, ...]:
    """Proofs the form says are there and no officer has confirmed yet, where the case is out of scope without them."""
    if not exclusions_of(decision):
        return ()
    form = {key: as_text(value) for key, value in as_mapping(case.package["form"]).items()}
    return tuple(Evidence(one) for one in sorted(CATALOGUE[case.item_number].claims(form) - set(case.evidence)))


def bars_acceptance(decision: Decision) -> list[Finding]:
    """The refusals that stop acceptance: out of scope, or somebody stays away whose signature is not on file (条例 14, 17)."""
    return [*exclusions_of(decision), *(one for one in decision.refusals if one.rule == PRESIGNATURE)]


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
