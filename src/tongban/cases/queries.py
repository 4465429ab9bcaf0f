"""Reads of cases for pages and other packages: frozen values, filtered by what the actor may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet
from django.utils.timezone import localdate

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.require import Scope, allowed, institutions_for, require
from tongban.cases import clocks
from tongban.cases.models import Case, CaseMove, CaseUnit, Correction
from tongban.directory import lookup
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import EntryInput, ServiceItem
from tongban.domain.codes import CertificateNo, institution_division
from tongban.domain.decision import Decision, Refusal
from tongban.domain.entries import Entry
from tongban.domain.errors import InvalidInput, NotFound, Problem
from tongban.domain.identity import mask_name
from tongban.domain.lifecycle import CaseState, case_moves_from
from tongban.domain.titles import Title
from tongban.domain.wires import as_mapping, as_mappings, as_text
from tongban.register import reading
from tongban.vault import blobs

PAGE_ROWS = 30
NUMBER_TO_COME = CertificateNo("登簿时编号")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of a queue.  `due_at` is the next limit: the answer time before acceptance, the promised day after."""

    case_no: str
    application_no: str
    item_zh: str
    receiving_zh: str
    applicant_zh: str
    state: CaseState
    state_since: datetime
    answer_due_at: datetime
    service_due_on: date | None
    first_reviewer: str


@dataclass(frozen=True, slots=True)
class Page:
    """Rows oldest first; `next_after` is the key of the following page, empty at the end."""

    rows: Sequence[CaseRow]
    next_after: str


@dataclass(frozen=True, slots=True)
class Clocks:
    """Working days used and allowed, and the days they end."""

    legal_used: int
    legal_limit: int
    legal_due_on: date | None
    service_limit: int
    service_due_on: date | None
    service_paused_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything an officer sees of one case.

    `title` is the register's title now; `entries` what would be written; `problems` why nothing can be.
    """

    case_no: str
    application_no: str
    item: ServiceItem
    state: CaseState
    state_since: datetime
    home_registry: str
    receiving_zh: str
    received_at: datetime
    opened_at: datetime
    answer_due_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    clocks: Clocks
    package: Mapping[str, object]
    package_digest: str
    units: Sequence[str]
    first_reviewer: str
    second_reviewer: str
    decision: Decision
    evidence: frozenset[str]
    refusal: Refusal | None
    certificate_no: str
    licence_id: str
    moves: Sequence[CaseMove]
    corrections: Sequence[Correction]
    title: Title | None
    entries: Sequence[Entry]
    problems: Sequence[Problem]
    actions: Sequence[str]

    @property
    def form(self) -> Mapping[str, str]:
        return {key: as_text(value) for key, value in as_mapping(self.package["form"]).items()}

    def rows_of(self, part: str) -> Sequence[Mapping[str, object]]:
        """The rows of one part of the package: parties, materials, inquiry, signatures."""
        return as_mappings(self.package.get(part, []))


def open_on(unit_code: str) -> tuple[tuple[str, str], ...]:
    """The open cases on a unit: number and state."""
    rows = CaseUnit.objects.filter(unit_code=unit_code, is_open=True).order_by("case_id")
    return tuple(rows.values_list("case_id", "case__state"))


def counts(actor: Actor) -> Mapping[CaseState, int]:
    """How many open cases the actor's registry has, by state."""
    final = [state for state in CaseState if state.is_final]
    rows = _visible(actor).exclude(state__in=final).values("state").annotate(many=Count("pk"))
    return {CaseState(row["state"]): row["many"] for row in rows}


def cases(actor: Actor, states: Iterable[CaseState], after: str = "") -> Page:
    """One page of a queue, oldest first, after the case number `after`; two queries whatever the size."""
    rows = _visible(actor).filter(state__in=tuple(states))
    if after:
        rows = rows.filter(case_no__gt=after)
    found = list(rows.order_by("case_no")[: PAGE_ROWS + 1])
    shown = found[:PAGE_ROWS]
    return Page([_row(one) for one in shown], shown[-1].case_no if len(found) > PAGE_ROWS else "")


def next_in_queue(actor: Actor, state: CaseState, after: str) -> str:
    """The next case of the same queue, so that an officer goes from case to case; empty at the end."""
    rows = _visible(actor).filter(state=state).exclude(case_no=after).order_by("case_no")
    following = rows.filter(case_no__gt=after).values_list("case_no", flat=True).first()
    return following or rows.values_list("case_no", flat=True).first() or ""


def case(case_no: str, actor: Actor, now: datetime, *, purpose: str = "审核办理") -> CaseView:
    """One case with all its parts beside the register; the look is audited.  Raises NotFound, NotPermitted."""
    row = _permitted(case_no, actor)
    audit(actor, "case.read", case_no, purpose=purpose, case_no=case_no)
    item = CATALOGUE[row.item_number]
    units = list(row.units.values_list("unit_code", flat=True))
    title = reading.title(units[0])
    entries, problems = _entries(item, row, title)
    return CaseView(
        case_no=row.case_no, application_no=row.application_no, item=item, state=CaseState(row.state),
        state_since=row.state_since, home_registry=row.home_registry,
        receiving_zh=lookup.institution(row.receiving_registry).name_zh, received_at=row.received_at,
        opened_at=row.opened_at, answer_due_at=row.answer_due_at, accepted_at=row.accepted_at, ended_at=row.ended_at,
        clocks=_clocks(row, item, localdate(now)), package=row.package, package_digest=row.package_digest, units=units,
        first_reviewer=row.first_reviewer, second_reviewer=row.second_reviewer,
        decision=Decision.from_wire(row.decision or {"verdict": "ALLOW", "findings": []}),
        evidence=frozenset(row.evidence), refusal=Refusal.from_wire(row.refusal) if row.refusal else None,
        certificate_no=row.certificate_no, licence_id=row.licence_id, moves=list(row.moves.all()),
        corrections=list(row.corrections.all()), title=title, entries=entries, problems=problems,
        actions=_actions(row, actor),
    )  # fmt: skip


def file(case_no: str, digest: str, actor: Actor) -> tuple[bytes, str, str]:
    """Bytes, media type and name of one attachment of a case; the look is audited."""
    row = _permitted(case_no, actor)
    known = {as_text(one) for material in as_mappings(row.package.get("materials", [])) for one in material["digests"]}
    known |= {as_text(signature["digest"]) for signature in as_mappings(row.package.get("signatures", []))}
    if digest not in known:
        raise NotFound("file_not_found", "这个案件没有这个文件。")
    ref = blobs.find(row.home_registry, digest)
    audit(actor, "case.file", case_no, purpose="查看材料", case_no=case_no, detail={"digest": digest})
    return blobs.read(row.home_registry, digest), ref.media_type, ref.name


def _permitted(case_no: str, actor: Actor) -> Case:
    row = Case.objects.filter(case_no=case_no).first()
    if row is None:
        raise NotFound("case_not_found", "没有这个案件。请核对业务号。")
    require(actor, "case.read", Scope(frozenset({row.home_registry}), case_no))
    return row


def _visible(actor: Actor) -> QuerySet[Case]:
    own = institutions_for(actor, "case.read")
    rows = Case.objects.all()
    return rows if own is None else rows.filter(home_registry__in=own)


def _row(row: Case) -> CaseRow:
    parties = as_mappings(row.package["parties"])
    return CaseRow(
        case_no=row.case_no, application_no=row.application_no, item_zh=CATALOGUE[row.item_number].name_zh,
        receiving_zh=lookup.institution(row.receiving_registry).name_zh,
        applicant_zh=mask_name(as_text(parties[0]["name"])), state=CaseState(row.state), state_since=row.state_since,
        answer_due_at=row.answer_due_at, service_due_on=row.service_due_on, first_reviewer=row.first_reviewer,
    )  # fmt: skip


def _clocks(row: Case, item: ServiceItem, today: date) -> Clocks:
    division = institution_division(row.home_registry)
    return Clocks(
        legal_used=clocks.workdays_used(row, today),
        legal_limit=lookup.parameter_count("legal_limit_workdays", division, today),
        legal_due_on=row.legal_due_on,
        service_limit=lookup.parameter_count(item.days_parameter, division, today),
        service_due_on=row.service_due_on,
        service_paused_at=row.service_paused_at,
    )


def _entries(item: ServiceItem, row: Case, title: Title | None) -> tuple[Sequence[Entry], Sequence[Problem]]:
    """What recording would write, from the title as it stands now; or why it cannot."""
    if title is None:
        return (), (Problem("title", "登记簿上没有这个单元的权利", "请核对不动产单元号"),)
    form = {key: as_text(value) for key, value in as_mapping(row.package["form"]).items()}
    try:
        return item.entries(EntryInput(title, form, NUMBER_TO_COME)), ()
    except InvalidInput as error:
        return (), error.problems


def _actions(row: Case, actor: Actor) -> Sequence[str]:
    """The moves this officer may make now, in the order of the table."""
    place = Scope(frozenset({row.home_registry}), row.case_no)
    moves = case_moves_from(CaseState(row.state))
    return [move.action for move in moves if allowed(actor, move.permission, place)]
