"""Reads of applications for pages: frozen values, only what the actor's institution received."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils.timezone import localdate

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.require import Scope, institutions_for, require
from tongban.directory import lookup
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue import form as forms
from tongban.domain.catalogue.item import Requirement, ServiceItem
from tongban.domain.decision import Decision, Place, Refusal
from tongban.domain.errors import NotFound
from tongban.domain.identity import mask_name
from tongban.domain.lifecycle import ApplicationState
from tongban.intake import completeness, content
from tongban.intake.completeness import Gap
from tongban.intake.models import Application, ApplicationEvent, ApplicationParty, MaterialScan, PaperEvent, Signature
from tongban.vault import blobs

PAGE_ROWS = 30
OPEN_STATES = tuple(state for state in ApplicationState if not state.is_final)


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One line of a list."""

    number: str
    item_zh: str
    home_zh: str
    applicant_zh: str
    state: ApplicationState
    state_since: datetime
    case_no: str
    clerk: str


@dataclass(frozen=True, slots=True)
class Page:
    """Rows newest first; `next_after` is the key of the following page, empty at the end."""

    rows: Sequence[ApplicationRow]
    next_after: str


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """Everything the desk shows of one application."""

    number: str
    item: ServiceItem
    state: ApplicationState
    state_since: datetime
    version: int
    home_registry: str
    home: Place
    receiving_zh: str
    window_code: str
    unit_code: str
    created_at: datetime
    handed_over_at: datetime | None
    case_no: str
    title: Mapping[str, str]
    check: Mapping[str, object]
    checked_at: datetime
    decision: Decision
    form: Mapping[str, str]
    inquiry: Mapping[str, str]
    parties: Sequence[ApplicationParty]
    present: frozenset[int]
    requirements: Sequence[Requirement]
    scans: Sequence[MaterialScan]
    paper_events: Sequence[PaperEvent]
    signatures: Sequence[Signature]
    content_digest: str
    gaps: Sequence[Gap]
    events: Sequence[ApplicationEvent]
    report: Mapping[str, object]
    is_editable: bool

    @property
    def refusal(self) -> Refusal | None:
        """The home registry's written refusal, when there is one."""
        wire = self.report.get("refusal")
        return Refusal.from_wire(wire) if isinstance(wire, Mapping) else None

    @property
    def corrections(self) -> Sequence[Mapping[str, str]]:
        """The home registry's correction list."""
        lines = self.report.get("corrections")
        return lines if isinstance(lines, list) else ()

    def scans_of(self, key: str) -> Sequence[MaterialScan]:
        return [scan for scan in self.scans if scan.material_key == key]

    def papers_of(self, key: str) -> Sequence[PaperEvent]:
        return [event for event in self.paper_events if event.material_key == key]


def counts(actor: Actor) -> Mapping[ApplicationState, int]:
    """How many open applications the actor's window has, by state."""
    rows = _visible(actor).filter(state__in=OPEN_STATES).values("state").annotate(many=Count("pk"))
    return {ApplicationState(row["state"]): row["many"] for row in rows}


def applications(actor: Actor, states: Iterable[ApplicationState] = (), after: str = "") -> Page:
    """One page of applications, newest first, after the number `after`; two queries whatever the size."""
    rows = _visible(actor)
    if wanted := tuple(states):
        rows = rows.filter(state__in=wanted)
    if after:
        rows = rows.filter(number__lt=after)
    found = list(rows.order_by("-number")[: PAGE_ROWS + 1])
    shown = found[:PAGE_ROWS]
    return Page([_row(one) for one in shown], shown[-1].number if len(found) > PAGE_ROWS else "")


def application(number: str, actor: Actor, now: datetime, *, purpose: str = "办理收件") -> ApplicationView:
    """One application with all its parts; the look is audited.  Raises NotFound, NotPermitted."""
    row = Application.objects.filter(number=number).first()
    if row is None:
        raise NotFound("application_not_found", "没有这件申请。请核对收件编号。")
    require(actor, "intake.read", Scope(frozenset({row.receiving_registry}), number))
    audit(actor, "intake.read", number, purpose=purpose, case_no=row.case_no)
    item = CATALOGUE[row.item_number]
    today = localdate(now)
    return ApplicationView(
        number=row.number, item=item, state=ApplicationState(row.state), state_since=row.state_since,
        version=row.version, home_registry=row.home_registry, home=lookup.place_of(row.home_registry),
        receiving_zh=lookup.institution(row.receiving_registry).name_zh, window_code=row.window_code,
        unit_code=row.unit_code, created_at=row.created_at, handed_over_at=row.handed_over_at, case_no=row.case_no,
        title=row.title, check=row.check_answer, checked_at=row.checked_at,
        decision=completeness.conditions(row), form=row.form, inquiry=row.inquiry, parties=list(row.parties.all()),
        present=completeness.present_positions(row, item), requirements=completeness.needed(row),
        scans=list(row.scans.all()), paper_events=list(row.paper_events.all()),
        signatures=list(row.signatures.all()), content_digest=content.digest(row),
        gaps=completeness.gaps(row, today) if completeness.is_editable(row) else (),
        events=list(row.events.all()), report=row.report or {}, is_editable=completeness.is_editable(row),
    )  # fmt: skip


def file(number: str, digest: str, actor: Actor) -> tuple[bytes, str, str]:
    """Bytes, media type and name of one file of an application; the look is audited."""
    row = Application.objects.filter(number=number).first()
    if row is None:
        raise NotFound("application_not_found", "没有这件申请。")
    require(actor, "intake.read", Scope(frozenset({row.receiving_registry}), number))
    own = {*row.scans.values_list("digest", flat=True), *row.signatures.values_list("digest", flat=True)}
    if digest not in own:
        raise NotFound("file_not_found", "这件申请没有这个文件。")
    ref = blobs.find(row.receiving_registry, digest)
    audit(actor, "intake.file", number, purpose="查看材料", detail={"digest": digest})
    return blobs.read(row.receiving_registry, digest), ref.media_type, ref.name


def visible_questions(view: ApplicationView) -> Sequence[tuple[str, str, str]]:
    """Key, question and answer of the inquiry as it stands."""
    questions = forms.visible_questions(view.item, view.inquiry)
    return [(question.key, question.text_zh, view.inquiry.get(question.key, "")) for question in questions]


def _visible(actor: Actor) -> QuerySet[Application]:
    own = institutions_for(actor, "intake.read")
    rows = Application.objects.all()
    return rows if own is None else rows.filter(receiving_registry__in=own)


def _row(row: Application) -> ApplicationRow:
    return ApplicationRow(
        number=row.number,
        item_zh=CATALOGUE[row.item_number].name_zh,
        home_zh=lookup.institution(row.home_registry).name_zh,
        applicant_zh=mask_name(str(row.title.get("holder_name", ""))),
        state=ApplicationState(row.state),
        state_since=row.state_since,
        case_no=row.case_no,
        clerk=row.clerk,
    )
