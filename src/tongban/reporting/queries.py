"""What pages and the doctor may know about reporting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from tongban.access.actors import Actor
from tongban.access.permissions import Permission
from tongban.access.require import Scope, institutions_for, require
from tongban.departments.licence_library.port import Standing
from tongban.domain.errors import NotFound, NotPermitted
from tongban.domain.terms import Registration, Subject
from tongban.reporting import lines
from tongban.reporting.models import (
    LIBRARIES,
    Agreement,
    DailyLog,
    Delivery,
    Difference,
    DifferenceKind,
    LibraryEntry,
    Line,
    LineState,
    Reconciliation,
    Upload,
    UploadAnswer,
)

PAGE_ROWS = 50
PARKED_MAX = 200


@dataclass(frozen=True, slots=True)
class LineView:
    """One outside body: whether it is connected and answers, what waits for it and since when."""

    line: str
    name_zh: str
    exists: bool
    is_connected: bool
    waiting: int
    oldest_at: datetime | None
    parked: int
    failures: int
    failed_since: datetime | None
    reason_zh: str
    last_ok_at: datetime | None


@dataclass(frozen=True, slots=True)
class UploadView:
    """One registration of one unit on its way up."""

    row: int
    flow_no: str
    case_no: str
    unit_code: str
    registry: str
    registration_zh: str
    subject_zh: str
    recorded_at: datetime
    state: str
    message_no: str
    attempts: int
    next_try_at: datetime
    reason_zh: str
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What the platform said to one message."""

    message_no: str
    is_accepted: bool
    code: str
    said_zh: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DayView:
    """One registry's day: how many here, how many there, and what is wrong."""

    row: int
    registry: str
    day: date
    ours: int
    theirs: int | None
    state: str
    state_zh: str
    reason_zh: str
    unreported: tuple[str, ...]
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class EntryView:
    """One parked change of a licence."""

    row: int
    line_zh: str
    identifier: str
    certificate_no: str
    standing_zh: str
    changed_at: datetime
    reason_zh: str


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """One licence on which a library and this site differ.  `may_repair`: telling the library again can help."""

    row: int
    line_zh: str
    identifier: str
    kind_zh: str
    ours_zh: str
    theirs_zh: str
    found_at: datetime
    is_repairing: bool
    may_repair: bool


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """The last comparison with one library."""

    line_zh: str
    day: date
    checked: int
    listed: int
    finished_at: datetime | None


def overview() -> tuple[LineView, ...]:
    """Every outside body with what waits for it; three grouped counts over small partial indexes."""
    uploads = Upload.objects.exclude(state=Delivery.ACCEPTED)
    found: dict[str, Mapping[str, Any]] = {Line.PLATFORM.value: _waiting(uploads)}
    entries = LibraryEntry.objects.exclude(state=Delivery.ACCEPTED).values("line")
    for row in entries.annotate(**_COUNTS, oldest=Min("changed_at", filter=Q(state=Delivery.WAITING))):
        found[row["line"]] = row
    states = {row.line: row for row in LineState.objects.all()}
    return tuple(_line(line, found.get(line.value, _NOTHING), states.get(line.value)) for line in Line)


def may_read(actor: Actor) -> None:
    """Return if the actor may look at reports at all; else raise `NotPermitted`."""
    if institutions_for(actor, Permission.REPORTING_READ) == frozenset():
        raise NotPermitted("role_missing", "您没有查看上报与对账的权限。")


def parked_uploads(actor: Actor) -> tuple[UploadView, ...]:
    """Uploads that wait for a person, the oldest first."""
    rows = _mine(Upload.objects.filter(state=Delivery.PARKED), actor)
    return tuple(_upload(row) for row in rows.order_by("pk")[:PARKED_MAX])


def uploads(actor: Actor, *, before: int | None = None) -> tuple[UploadView, ...]:
    """Uploads, the newest first, a page at a time."""
    rows = _mine(Upload.objects.all(), actor)
    rows = rows if before is None else rows.filter(pk__lt=before)
    return tuple(_upload(row) for row in rows.order_by("-pk")[:PAGE_ROWS])


def upload(actor: Actor, row: int) -> tuple[UploadView, tuple[AnswerView, ...]]:
    """One upload with every answer it got; raises `NotFound`, `NotPermitted`."""
    found = Upload.objects.filter(pk=row).first()
    if found is None:
        raise NotFound("upload_unknown", "没有这份上报。")
    require(actor, Permission.REPORTING_READ, Scope(frozenset({found.registry}), found.flow_no))
    answers = UploadAnswer.objects.filter(message__upload=found).order_by("pk").defer("content")[:PAGE_ROWS]
    return _upload(found), tuple(
        AnswerView(one.message_id, one.is_accepted, one.code, one.said_zh, one.at) for one in answers
    )


def day_logs(actor: Actor, *, before: int | None = None) -> tuple[DayView, ...]:
    """Logs of days, those that do not agree first on the first page, then the newest."""
    rows = _mine(DailyLog.objects.all(), actor)
    rows = rows if before is None else rows.filter(pk__lt=before)
    return tuple(_day(row) for row in rows.order_by("-pk")[:PAGE_ROWS])


def day_log(actor: Actor, row: int) -> tuple[DayView, tuple[tuple[str, int, int | None], ...]]:
    """One day with its counts by registration, here and there; raises `NotFound`, `NotPermitted`."""
    found = DailyLog.objects.filter(pk=row).first()
    if found is None:
        raise NotFound("day_unknown", "没有这一天的登簿日志。")
    require(actor, Permission.REPORTING_READ, Scope(frozenset({found.registry}), str(found.day)))
    theirs: Mapping[str, int] | None = found.platform_counts
    kinds = [one for one in Registration if found.counts.get(one) or (theirs or {}).get(one)]
    lines_of = (
        (one.name_zh, found.counts.get(one, 0), None if theirs is None else theirs.get(one, 0)) for one in kinds
    )
    return _day(found), tuple(lines_of)


def open_days(actor: Actor) -> tuple[DayView, ...]:
    """Days on which both sides do not count the same, the oldest first."""
    rows = _mine(DailyLog.objects.filter(state__in=[Agreement.DIFFERENT, Agreement.PARKED]), actor)
    return tuple(_day(row) for row in rows.order_by("day", "pk")[:PARKED_MAX])


def parked_entries(actor: Actor) -> tuple[EntryView, ...]:
    """Changes of licences that wait for a person, the oldest first."""
    rows = _mine(LibraryEntry.objects.filter(state=Delivery.PARKED), actor).order_by("pk")[:PARKED_MAX]
    return tuple(
        EntryView(
            row.pk,
            Line(row.line).label,
            row.identifier,
            row.certificate_no,
            Standing(row.standing).name_zh,
            row.changed_at,
            row.reason_zh,
        )
        for row in rows
    )


def differences(actor: Actor) -> tuple[DifferenceView, ...]:
    """Licences on which a library and this site differ, the oldest first."""
    rows = _mine(Difference.objects.filter(resolved_at=None), actor).order_by("pk")[:PARKED_MAX]
    return tuple(
        DifferenceView(
            row=row.pk,
            line_zh=Line(row.line).label,
            identifier=row.identifier,
            kind_zh=DifferenceKind(row.kind).label,
            ours_zh=Standing(row.ours).name_zh if row.ours else "",
            theirs_zh=Standing(row.theirs).name_zh if row.theirs else "",
            found_at=row.found_at,
            is_repairing=bool(row.repair),
            may_repair=row.kind != DifferenceKind.UNKNOWN,
        )
        for row in rows
    )


def comparisons() -> tuple[ComparisonView, ...]:
    """The last comparison with each library."""
    rows = [Reconciliation.objects.filter(line=line).order_by("-day").first() for line in LIBRARIES]
    return tuple(
        ComparisonView(Line(row.line).label, row.day, row.checked, row.listed, row.finished_at)
        for row in rows
        if row is not None
    )


_COUNTS = {
    "waiting": Count("pk", filter=Q(state=Delivery.WAITING)),
    "parked": Count("pk", filter=Q(state=Delivery.PARKED)),
}
_NOTHING: Mapping[str, Any] = {"waiting": 0, "parked": 0, "oldest": None}


def _waiting(rows: QuerySet[Upload]) -> Mapping[str, Any]:
    return rows.aggregate(**_COUNTS, oldest=Min("recorded_at", filter=Q(state=Delivery.WAITING)))


def _line(line: Line, found: Mapping[str, Any], state: LineState | None) -> LineView:
    return LineView(
        line=line.value,
        name_zh=line.label,
        exists=lines.exists(line),
        is_connected=lines.is_connected(line),
        waiting=found["waiting"],
        oldest_at=found["oldest"],
        parked=found["parked"],
        failures=state.failures if state else 0,
        failed_since=state.failed_since if state else None,
        reason_zh=state.reason_zh if state else "",
        last_ok_at=state.last_ok_at if state else None,
    )


def _mine(rows: Any, actor: Actor) -> Any:
    places = institutions_for(actor, Permission.REPORTING_READ)
    return rows if places is None else rows.filter(registry__in=places)


def _upload(row: Upload) -> UploadView:
    return UploadView(
        row=row.pk,
        flow_no=row.flow_no,
        case_no=row.case_no,
        unit_code=row.unit_code,
        registry=row.registry,
        registration_zh=Registration(row.registration).name_zh,
        subject_zh=Subject(row.subject).name_zh,
        recorded_at=row.recorded_at,
        state=row.state,
        message_no=row.message_no,
        attempts=row.attempts,
        next_try_at=row.next_try_at,
        reason_zh=row.reason_zh,
        settled_at=row.settled_at,
    )


def _day(row: DailyLog) -> DayView:
    return DayView(
        row=row.pk,
        registry=row.registry,
        day=row.day,
        ours=sum(row.counts.values()),
        theirs=None if row.platform_counts is None else sum(row.platform_counts.values()),
        state=row.state,
        state_zh=Agreement(row.state).label,
        reason_zh=row.reason_zh,
        unreported=tuple(row.unreported),
        sent_at=row.sent_at,
    )
