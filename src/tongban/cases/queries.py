"""One case as its officers see it: read in few statements, checked, audited, personal numbers masked by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.timezone import localdate

from tongban.access.actors import Actor
from tongban.access.audit import FAILED, OK, audit
from tongban.access.require import Scope, allowed, require
from tongban.cases import decisions
from tongban.cases.limits import Limits, limits_of
from tongban.cases.models import Case, CaseDue, CaseFile, CaseMove, CaseUnit, Correction
from tongban.certificates import queries as licences
from tongban.certificates.queries import LicenceView
from tongban.directory import lookup
from tongban.directory.time_limits import after_workdays
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import EntryInput, ServiceItem
from tongban.domain.codes import CertificateNo
from tongban.domain.decision import Decision, Refusal
from tongban.domain.entries import Entry
from tongban.domain.errors import InvalidInput, NotFound, Problem, WrongState
from tongban.domain.evidence import Evidence as Proof
from tongban.domain.lifecycle import CASE_MOVES, CaseState, case_moves_from
from tongban.domain.replay import Titles, replay
from tongban.domain.titles import Title
from tongban.domain.unit_page import UnitPage
from tongban.domain.wires import as_mapping, as_mappings, as_text
from tongban.exchange import evidence
from tongban.exchange.evidence import Evidence
from tongban.register import reading
from tongban.vault import blobs
from tongban.vault.blobs import BlobRef

NUMBER_TO_COME = CertificateNo("登簿时编号")
LOOK_PURPOSE = "审核办理"
REASON_CHARS_MIN, REASON_CHARS_MAX = 4, 100
WRITTEN_STATES = (CaseState.RECORDED, CaseState.CERTIFIED, CaseState.ARCHIVED)


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One move that was made."""

    action: str
    source: str
    target: str
    by: str
    by_name_zh: str
    institution: str
    note_zh: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CorrectionAsked:
    """One line of a one-time correction list."""

    round_no: int
    material_key: str
    what_zh: str
    cure_zh: str
    supplied_at: str | None


@dataclass(frozen=True, slots=True)
class OwnPaper:
    """A paper that arose here: a sealed notice, or the signed withdrawal taken in at the home registry."""

    kind: str
    position: int
    name_zh: str
    digest: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Writing:
    """What recording does to the register: the title before, the entries, the title after.

    `is_done`: it was written; otherwise it would be written now.  `problems` say why nothing can be.
    """

    before: Title | None
    entries: Sequence[Entry] = ()
    after: Title | None = None
    problems: Sequence[Problem] = ()
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything an officer sees of one case; `others` are the other open cases on its units.

    `decision` is decided anew for a case under way, and is the last one kept for a case that has ended.  `is_full`:
    personal numbers may be shown in full; otherwise whoever shows them masks them.  `claims`: proofs the form says are
    there, which somebody has to confirm before the case is in scope.
    """

    case_no: str
    application_no: str
    item: ServiceItem
    state: CaseState
    state_since: datetime
    home_registry: str
    receiving_registry: str
    received_at: datetime
    opened_at: datetime
    answer_due_at: datetime
    accepted_at: datetime | None
    limits: Limits
    package: Mapping[str, object]
    package_digest: str
    package_message: str
    units: Sequence[str]
    first_reviewer: str
    second_reviewer: str
    decision: Decision
    evidence: frozenset[str]
    claims: Sequence[Proof]
    refusal: Refusal | None
    certificate_no: str
    licences: Sequence[LicenceView]
    moves: Sequence[MoveLine]
    corrections: Sequence[CorrectionAsked]
    files: Mapping[str, BlobRef]
    own_papers: Sequence[OwnPaper]
    others: Sequence[str]
    writing: Writing
    actions: Sequence[str]
    is_full: bool

    @property
    def form(self) -> Mapping[str, str]:
        return form_of(self.package)

    def rows_of(self, part: str) -> Sequence[Mapping[str, object]]:
        """The rows of one part of the package: parties, materials, inquiry, signatures."""
        return as_mappings(self.package.get(part, []))

    @property
    def clerk_zh(self) -> str:
        """Who received at the window."""
        return as_text(as_mapping(self.package.get("clerk") or {}).get("name", ""))

    @property
    def window_zh(self) -> str:
        return as_text(as_mapping(self.package["window"])["name"])

    @property
    def last_move(self) -> MoveLine:
        return self.moves[-1]


@dataclass(frozen=True, slots=True)
class DueLine:
    """One line of what a case waits for between review and recording."""

    position: int
    kind: str
    payer_role: str
    name_zh: str
    law_zh: str
    explanation_zh: str
    amount_fen: int | None
    state: str
    state_zh: str
    voucher_no: str
    approver_zh: str
    note_zh: str
    opened_at: datetime
    answered_at: datetime | None


def dues_of(case_no: str) -> tuple[DueLine, ...]:
    """What has to be paid and answered in a case, in its order."""
    return tuple(
        DueLine(
            row.position, row.kind, row.payer_role, row.name_zh, row.law_zh, row.explanation_zh, row.amount_fen,
            row.state, row.state_zh, row.voucher_no, row.approver_zh, row.note_zh, row.opened_at,
            row.answered_at,
        )
        for row in CaseDue.objects.filter(case=case_no)
    )  # fmt: skip


def open_on(unit_code: str) -> tuple[tuple[str, str], ...]:
    """The open cases on a unit: number and state."""
    rows = CaseUnit.objects.filter(unit_code=unit_code, is_open=True).order_by("case_id")
    return tuple(rows.values_list("case_id", "case__state"))


def case_no_of(application_no: str) -> str:
    """The case that was opened for an application; empty while there is none."""
    return Case.objects.filter(application_no=application_no).values_list("case_no", flat=True).first() or ""


def state_of(case_no: str) -> CaseState:
    """Where a case stands; raises NotFound."""
    state = Case.objects.filter(case_no=case_no).values_list("state", flat=True).first()
    if state is None:
        raise NotFound("case_not_found", "没有这个案件。请核对业务号。")
    return CaseState(state)


def case(case_no: str, actor: Actor, now: datetime, *, purpose: str = LOOK_PURPOSE, full_reason: str = "") -> CaseView:
    """One case with all its parts beside the register; the look is audited, a full one with its reason.

    Raises NotFound, NotPermitted, and InvalidInput for a reason that says nothing.
    """
    row = permitted(case_no, actor, _whole())
    if full_reason:
        check_reason(full_reason)
    action = "case.read_in_full" if full_reason else "case.read"
    audit(actor, action, case_no, purpose=full_reason.strip() or purpose, case_no=case_no, now=now)
    return _view(row, actor, now, is_full=bool(full_reason))


def require_possible(view: CaseView, actor: Actor, action: str) -> None:
    """Return if the actor may make this move on the case as it stands; raises NotPermitted, WrongState."""
    move = CASE_MOVES[action]
    require(actor, move.permission, Scope(frozenset({view.home_registry}), view.case_no))
    if view.state not in move.sources:
        raise WrongState("case_wrong_state", f"案件现在是“{view.state.name_zh}”，不能办理“{move.name_zh}”。")


def check_reason(reason: str) -> None:
    """Refuse a reason for a full look that is empty, or longer than the audit keeps; raises InvalidInput."""
    if not REASON_CHARS_MIN <= len(reason.strip()) <= REASON_CHARS_MAX:
        what_zh = f"理由要写{REASON_CHARS_MIN}到{REASON_CHARS_MAX}个字"
        raise InvalidInput([Problem("reason", what_zh, "请写明为什么要看完整的证件号码和电话，会记入审计")])


def file(case_no: str, digest: str, actor: Actor, now: datetime) -> tuple[bytes, BlobRef]:
    """Bytes and name of one paper of a case, its own or handed over; the look is audited."""
    row = permitted(case_no, actor)
    if digest not in _digests(row) and not row.files.filter(digest=digest).exists():
        raise NotFound("file_not_found", "这个案件没有这个文件。")
    ref = blobs.find(row.home_registry, digest)
    audit(actor, "case.file", case_no, purpose="查看材料", case_no=case_no, detail={"digest": digest}, now=now)
    return blobs.read(row.home_registry, digest), ref


def handover_evidence(case_no: str, actor: Actor, now: datetime) -> Evidence:
    """The message the case rests on, its signature checked anew; audited.  Raises NotFound, NotPermitted."""
    row = permitted(case_no, actor)
    found = evidence.check(row.receiving_registry, row.home_registry, row.package_message)
    outcome = OK if found.is_sound and found.digest == row.package_digest else FAILED
    audit(actor, "case.evidence", case_no, purpose="核验移交报文", case_no=case_no, outcome=outcome, now=now)
    return found


def form_of(package: Mapping[str, object]) -> dict[str, str]:
    """The answers of the application form in a package."""
    return {key: as_text(value) for key, value in as_mapping(package["form"]).items()}


def _view(row: Case, actor: Actor, now: datetime, *, is_full: bool) -> CaseView:
    state, item, today = CaseState(row.state), CATALOGUE[row.item_number], localdate(now)
    decision = _decision(row, state, now)
    return CaseView(
        case_no=row.case_no, application_no=row.application_no, item=item, state=state, state_since=row.state_since,
        home_registry=row.home_registry, receiving_registry=row.receiving_registry, received_at=row.received_at,
        opened_at=row.opened_at, answer_due_at=row.answer_due_at, accepted_at=row.accepted_at,
        limits=limits_of(row, today), package=row.package, package_digest=row.package_digest,
        package_message=row.package_message, units=units_of(row), first_reviewer=row.first_reviewer,
        second_reviewer=row.second_reviewer, decision=decision, evidence=frozenset(row.evidence),
        claims=decisions.unconfirmed_claims(row, decision),
        refusal=Refusal.from_wire(row.refusal) if row.refusal else None, certificate_no=row.certificate_no,
        licences=licences.licences_of_case(row.case_no) if row.licence_id else (),
        moves=[_move(wire) for wire in row.past], corrections=[CorrectionAsked(**wire) for wire in row.asked],  # type: ignore[attr-defined]
        files=blobs.find_all(row.home_registry, _digests(row)), own_papers=[OwnPaper(**wire) for wire in row.papers],  # type: ignore[attr-defined]
        others=row.others,  # type: ignore[attr-defined]
        writing=_writing(row, state, item), actions=_actions(row, actor), is_full=is_full,
    )  # fmt: skip


def _whole() -> QuerySet[Case]:
    """Cases with their moves, corrections, own papers and the other open cases on their units, in one statement."""
    own_units = CaseUnit.objects.filter(case=OuterRef(OuterRef("pk"))).values("unit_code")
    others = CaseUnit.objects.filter(is_open=True, unit_code__in=own_units).exclude(case=OuterRef("pk"))
    moves = CaseMove.objects.filter(case=OuterRef("pk")).order_by("position")
    asked = Correction.objects.filter(case=OuterRef("pk")).order_by("pk")
    papers = CaseFile.objects.filter(case=OuterRef("pk")).order_by("pk")
    return Case.objects.annotate(
        others=ArraySubquery(others.values("case_id")),
        past=ArraySubquery(moves.values(json=_object(*MoveLine.__slots__))),
        asked=ArraySubquery(asked.values(json=_object(*CorrectionAsked.__slots__))),
        papers=ArraySubquery(papers.values(json=_object(*OwnPaper.__slots__))),
    )


def _object(*names: str) -> JSONObject:
    return JSONObject(**{name: name for name in names})


def permitted(case_no: str, actor: Actor, rows: QuerySet[Case] | None = None) -> Case:
    """The row of a case the actor may read; for this package.  Raises NotFound, NotPermitted."""
    row = (Case.objects.all() if rows is None else rows).filter(case_no=case_no).first()
    if row is None:
        raise NotFound("case_not_found", "没有这个案件。请核对业务号。")
    require(actor, "case.read", Scope(frozenset({row.home_registry}), case_no))
    return row


def units_of(row: Case) -> Sequence[str]:
    """The unit codes of a case, as its package names them."""
    units = row.package["units"]
    assert isinstance(units, list), "a package names its units"
    return [as_text(code) for code in units]


def _digests(row: Case) -> frozenset[str]:
    """The files that came with the package."""
    found = {as_text(one) for material in as_mappings(row.package.get("materials", [])) for one in material["digests"]}  # type: ignore[attr-defined]
    return frozenset(found | {as_text(one["digest"]) for one in as_mappings(row.package.get("signatures", []))})


def _decision(row: Case, state: CaseState, now: datetime) -> Decision:
    if not state.is_final and state not in WRITTEN_STATES:
        return decisions.look(row, row.others, localdate(now))  # type: ignore[attr-defined]
    return Decision.from_wire(row.decision) if row.decision else Decision.of([])


def _writing(row: Case, state: CaseState, item: ServiceItem) -> Writing:
    if state in WRITTEN_STATES:
        return _written(row)
    if state.is_final:
        return Writing(None)
    pages = tuple(reading.page(code) for code in units_of(row))
    return planned(item, form_of(row.package), pages, localdate(row.received_at), frozenset(row.evidence))


def planned(
    item: ServiceItem, form: Mapping[str, str], pages: tuple[UnitPage, ...], today: date, evidence: frozenset[str]
) -> Writing:
    """What recording would write, from the pages as they stand now; or why it cannot."""
    before = pages[0].title
    fresh = (CertificateNo(f"{NUMBER_TO_COME}（{place}）" if place > 1 else NUMBER_TO_COME) for place in count(1))

    def figure(name: str) -> int:
        return lookup.parameter_count(name, pages[0].unit_code[:6], today)

    given = EntryInput(pages, form, today, fresh.__next__, fresh.__next__, figure, after_workdays, evidence)
    try:
        entries = item.entries(given)
    except InvalidInput as error:
        return Writing(before, problems=error.problems)
    held = Titles(
        titles={page.unit_code: page.title for page in pages if page.title},
        open_burdens={page.unit_code: page.burdens for page in pages if page.burdens},
    )
    return Writing(before, entries, replay(entries, held).title(pages[0].unit_code))


def _written(row: Case) -> Writing:
    """What this case wrote, out of the book itself."""
    code = units_of(row)[0]
    lines = [line for line in reading.history(code) if line.entry is not None]
    first = next((place for place, line in enumerate(lines) if line.case_no == row.case_no), len(lines))
    earlier = [line.entry for line in lines[:first] if line.entry]
    own = [line.entry for line in lines[first:] if line.entry and line.case_no == row.case_no]
    before = replay(earlier)
    unit = own[0].unit_code if own else None
    titles = (before.title(unit), replay(own, before).title(unit)) if unit else (None, None)
    return Writing(titles[0], own, titles[1], is_done=True)


def _move(wire: Mapping[str, object]) -> MoveLine:
    texts = {name: as_text(wire[name]) for name in MoveLine.__slots__ if name != "at"}
    return MoveLine(**texts, at=datetime.fromisoformat(as_text(wire["at"])))


def _actions(row: Case, actor: Actor) -> Sequence[str]:
    """The moves this officer may make now, in the order of the table."""
    place = Scope(frozenset({row.home_registry}), row.case_no)
    moves = case_moves_from(CaseState(row.state))
    return [move.action for move in moves if allowed(actor, move.permission, place)]
