"""Reads of applications for pages: frozen values, only what the actor's institution received."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localdate

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.paging import window
from tongban.access.queries import names
from tongban.access.require import Scope, institutions_for, require
from tongban.directory import lookup
from tongban.directory.time_limits import answer_due_at
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import Requirement, ServiceItem
from tongban.domain.decision import Decision, Place, Refusal
from tongban.domain.errors import NotFound, Problem
from tongban.domain.identity import mask_name, normal_number
from tongban.domain.lifecycle import ApplicationState
from tongban.exchange.contract.restriction import RestrictionCheckAnswer
from tongban.exchange.contract.status import CorrectionBody, StatusReport
from tongban.intake import completeness, content
from tongban.intake.completeness import Gap
from tongban.intake.models import Application, ApplicationEvent, ApplicationParty, MaterialScan, PaperEvent, Signature
from tongban.vault import blobs

PAGE_ROWS = 30
PARTS = ("parties", "scans", "paper_events", "signatures")


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One line of a list.  `issues`: it brings a certificate or proof."""

    number: str
    item_zh: str
    home_zh: str
    applicant_zh: str
    state: ApplicationState
    state_since: datetime
    case_no: str
    clerk_zh: str
    issues: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Rows newest first; the keys of the following (older) and of the previous (newer) page, empty at the ends."""

    rows: Sequence[ApplicationRow]
    next_after: str = ""
    previous_before: str = ""


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line of the timeline; `by_zh` is empty for what happened by itself or at the home registry."""

    action: str
    state: ApplicationState
    text_zh: str
    at: datetime
    by_zh: str


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """Everything the desk shows of one application.

    `answer` is the home registry's minimal answer at `checked_at`; `report` its last report.  `gaps` is empty when the
    application can no longer be changed.
    """

    number: str
    item: ServiceItem
    state: ApplicationState
    state_since: datetime
    version: int
    home_registry: str
    home: Place
    receiving_registry: str
    receiving: Place
    window_code: str
    unit_code: str
    clerk: str
    created_at: datetime
    handed_over_at: datetime | None
    case_no: str
    title: Mapping[str, str]
    answer: RestrictionCheckAnswer
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
    report: StatusReport | None
    is_editable: bool

    @property
    def present_parties(self) -> Sequence[ApplicationParty]:
        """Who stands at the window, is identified there, and signs."""
        return [party for party in self.parties if party.position in self.present]

    @property
    def refusal(self) -> Refusal | None:
        """The home registry's written refusal, when there is one."""
        return self.report.refusal if self.report else None

    @property
    def corrections(self) -> Sequence[CorrectionBody]:
        """The home registry's correction list."""
        return self.report.corrections if self.report else ()

    @property
    def answer_due_at(self) -> datetime:
        """Until when the home registry answers; after it the application counts as accepted (条例17)."""
        assert self.handed_over_at is not None, "the answer time runs from the hand-over"
        begun = self.state_since if self.state is ApplicationState.HANDED_OVER else self.handed_over_at
        return answer_due_at(begun, self.home_registry)

    def gaps_of(self, section: str) -> Sequence[Problem]:
        """What is missing in one section of the desk page."""
        return [gap.problem for gap in self.gaps if gap.section == section]

    def signature_of(self, position: int) -> Signature | None:
        """The signature of a party under the application, whatever content it was under."""
        own = (row for row in self.signatures if row.purpose == Signature.APPLICATION)
        return next((row for row in own if row.party_position == position), None)

    def scans_of(self, key: str) -> Sequence[MaterialScan]:
        return [scan for scan in self.scans if scan.material_key == key]

    def papers_of(self, key: str) -> Sequence[PaperEvent]:
        return [event for event in self.paper_events if event.material_key == key]

    def pages_held(self, key: str) -> int:
        """How many pages of an original the office holds."""
        return completeness.pages_held(self.papers_of(key))

    @property
    def held(self) -> Sequence[Requirement]:
        """The originals the office holds."""
        return [requirement for requirement in self.item.materials if self.pages_held(requirement.key)]


def counts(actor: Actor) -> Mapping[ApplicationState, int]:
    """How many applications the actor's window has, by state; nothing for somebody who may not read any."""
    rows = _visible(actor).values("state").annotate(many=Count("pk"))
    return {ApplicationState(row["state"]): row["many"] for row in rows.order_by()}


def applications(
    actor: Actor, states: Iterable[ApplicationState] = (), *, after: str = "", before: str = "", number: str = ""
) -> Page:
    """One page of applications, newest first, older than `after` or newer than `before`; at most three queries.

    `number` is an application or case number or its end.  Raises NotPermitted for somebody who may read none.
    """
    if institutions_for(actor, "intake.read") == frozenset():
        require(actor, "intake.read", Scope(frozenset({actor.institution})))
    rows = _visible(actor).defer("form", "inquiry", "check_answer", "report")
    if wanted := tuple(states):
        rows = rows.filter(state__in=wanted)
    if sought := normal_number(number):
        rows = rows.filter(Q(number__endswith=sought) | Q(case_no__endswith=sought))
    found, is_first, is_last = window(rows, "-number", PAGE_ROWS, after=after, before=before)
    who = names(row.clerk for row in found)
    return Page(
        [_row(one, who) for one in found],
        next_after=found[-1].number if found and not is_last else "",
        previous_before=found[0].number if found and not is_first else "",
    )


def state_of(number: str) -> ApplicationState:
    """Where an application stands; raises NotFound."""
    state = Application.objects.filter(number=number).values_list("state", flat=True).first()
    if state is None:
        raise NotFound("application_not_found", "没有这件申请。请核对收件编号。")
    return ApplicationState(state)


def application(number: str, actor: Actor, now: datetime, *, purpose: str = "办理收件") -> ApplicationView:
    """One application with all its parts; the look is audited.  Raises NotFound, NotPermitted.  Six queries."""
    row = Application.objects.filter(number=number).prefetch_related(*PARTS).first()
    if row is None:
        raise NotFound("application_not_found", "没有这件申请。请核对收件编号。")
    require(actor, "intake.read", Scope(frozenset({row.receiving_registry}), number))
    audit(actor, "intake.read", number, purpose=purpose, case_no=row.case_no)
    item = CATALOGUE[row.item_number]
    today = localdate(now)
    is_editable = completeness.is_editable(row)
    return ApplicationView(
        number=row.number, item=item, state=ApplicationState(row.state), state_since=row.state_since,
        version=row.version, home_registry=row.home_registry, home=lookup.place_of(row.home_registry),
        receiving_registry=row.receiving_registry, receiving=lookup.place_of(row.receiving_registry),
        window_code=row.window_code, unit_code=row.unit_code, clerk=row.clerk, created_at=row.created_at,
        handed_over_at=row.handed_over_at, case_no=row.case_no, title=row.title,
        answer=RestrictionCheckAnswer.model_validate(row.check_answer), checked_at=row.checked_at,
        decision=completeness.conditions(row), form=row.form, inquiry=row.inquiry, parties=list(row.parties.all()),
        present=completeness.present_positions(row, item), requirements=completeness.needed(row),
        scans=list(row.scans.all()), paper_events=list(row.paper_events.all()),
        signatures=list(row.signatures.all()), content_digest=content.digest(row),
        gaps=completeness.gaps(row, today) if is_editable else (),
        report=StatusReport.model_validate(row.report) if row.report else None, is_editable=is_editable,
    )  # fmt: skip


def events(view: ApplicationView) -> Sequence[EventLine]:
    """The timeline of an application, oldest first; two queries."""
    rows = list(ApplicationEvent.objects.filter(application_id=view.number))
    who = names(row.by for row in rows)
    return [
        EventLine(row.action, ApplicationState(row.state), row.text_zh, row.at, who.get(row.by, "")) for row in rows
    ]


def who_did(view: ApplicationView) -> Mapping[str, str]:
    """The names of the people in the papers and identity checks of an application, by user name; one query."""
    users = {view.clerk, *(event.by for event in view.paper_events)}
    users |= {name for party in view.parties for name in (party.identity_by, party.identity_second)}
    return names(users - {""})


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


def _visible(actor: Actor) -> QuerySet[Application]:
    own = institutions_for(actor, "intake.read")
    rows = Application.objects.all()
    return rows if own is None else rows.filter(receiving_registry__in=own)


def _row(row: Application, who: Mapping[str, str]) -> ApplicationRow:
    return ApplicationRow(
        number=row.number,
        item_zh=CATALOGUE[row.item_number].name_zh,
        home_zh=lookup.institution(row.home_registry).name_zh,
        applicant_zh=mask_name(str(row.title.get("holder_name", ""))),
        state=ApplicationState(row.state),
        state_since=row.state_since,
        case_no=row.case_no,
        clerk_zh=who.get(row.clerk, row.clerk),
        issues=bool(CATALOGUE[row.item_number].issues),
    )
