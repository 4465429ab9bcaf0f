"""What pages and other packages may know about licences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from tongban.certificates.models import LicenceState, State
from tongban.domain.errors import NotFound
from tongban.domain.terms import Document

FOUND_MAX = 100


@dataclass(frozen=True, slots=True)
class Currency:
    """Whether a licence counts today; `replaced_by` is the identifier of the one that does, or empty."""

    identifier: str
    certificate_no: str
    state: str
    state_zh: str
    since: datetime
    replaced_by: str = ""
    reason_zh: str = ""

    @property
    def is_current(self) -> bool:
        return self.state == State.CURRENT


@dataclass(frozen=True, slots=True)
class LicenceView:
    """One licence as lists show it; `digest` is the SM3 of its sealed PDF, empty while there is none."""

    identifier: str
    kind: Document
    certificate_no: str
    entry_seq: int
    unit_code: str
    registry: str
    case_no: str
    state: str
    state_zh: str
    recorded_at: datetime
    changed_at: datetime
    digest: str
    problem_zh: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """Work still due: unsigned and unsealed licences, and since when the oldest waits."""

    unsigned: int
    unsigned_since: datetime | None
    unsealed: int
    unsealed_since: datetime | None


def currency(identifier: str) -> Currency:
    """Whether the licence counts; raises `NotFound` for one this site did not issue."""
    row = LicenceState.objects.filter(pk=identifier).first()
    if row is None:
        raise NotFound("licence_unknown", "没有这个电子证照，或者不是本站点签发的。")
    return Currency(
        identifier=row.pk,
        certificate_no=row.certificate_no,
        state=row.state,
        state_zh=State(row.state).label,
        since=row.changed_at,
        replaced_by=row.replaced_by,
        reason_zh=row.reason_zh,
    )


def licence(identifier: str) -> LicenceView:
    """One licence; raises `NotFound`."""
    found = _views(pk=identifier)
    if not found:
        raise NotFound("licence_unknown", "没有这个电子证照。")
    return found[0]


def licences_of_unit(unit_code: str) -> tuple[LicenceView, ...]:
    """Every licence ever decided on for the unit, the newest first."""
    return _views(licence__unit_code=unit_code)


def licences_of_case(case_no: str) -> tuple[LicenceView, ...]:
    """The licences one case led to: certificates before proofs, each in the order of the book."""
    found = _views(licence__case_no=case_no)
    return tuple(sorted(found, key=lambda one: (one.kind is Document.PROOF, one.entry_seq)))


def backlog() -> Backlog:
    """What the duties have not done yet, in two counts over small partial indexes."""
    unsigned = LicenceState.objects.filter(state=State.PENDING)
    unsealed = LicenceState.objects.filter(state=State.CURRENT, is_sealed=False)
    oldest = [rows.aggregate(since=Min("changed_at"))["since"] for rows in (unsigned, unsealed)]
    return Backlog(unsigned.count(), oldest[0], unsealed.count(), oldest[1])


def _views(**conditions: str) -> tuple[LicenceView, ...]:
    rows = LicenceState.objects.filter(**conditions).select_related("licence", "licence__file")
    return tuple(_view(row) for row in rows.order_by("-licence__recorded_at", "-pk")[:FOUND_MAX])


def _view(row: LicenceState) -> LicenceView:
    file = getattr(row.licence, "file", None)
    return LicenceView(
        identifier=row.pk,
        kind=Document(row.licence.kind),
        certificate_no=row.certificate_no,
        entry_seq=row.licence.entry_seq,
        unit_code=row.licence.unit_code,
        registry=row.licence.registry,
        case_no=row.licence.case_no,
        state=row.state,
        state_zh=State(row.state).label,
        recorded_at=row.licence.recorded_at,
        changed_at=row.changed_at,
        digest=file.digest if file else "",
        problem_zh=row.problem_zh,
    )
