"""Reads for the pages of administrators and auditors: scoped to what the actor may see, paged by key, few queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Prefetch, Q, QuerySet

from tongban.access.actors import Actor
from tongban.access.models import AuditRow, ConfidentialityAgreement, Staff, StaffRole, in_force
from tongban.access.permissions import Permission, Role
from tongban.access.require import Denied, Scope, institutions_for
from tongban.domain.reasons import Reasons

PAGE_ROWS: Final = 50
LOOKS_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role in force: which, where, until when."""

    role: Role
    institution: str
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One account as administrators see it."""

    username: str
    name_zh: str
    institution: str
    is_active: bool
    locked_until: datetime | None
    last_seen_at: datetime | None
    roles: tuple[RoleLine, ...]
    has_agreement: bool


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One confidentiality agreement, in force or not; `number` is the key by which pages go on."""

    number: int
    kind: str
    first: str
    second: str
    document_no: str
    signed_on: date
    valid_from: date
    valid_until: date | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to look for in the audit; empty fields do not narrow."""

    actor_id: str = ""
    object_id: str = ""
    case_no: str = ""
    action: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One audit row; `number` is the key by which pages go on."""

    number: int
    at: datetime
    actor_id: str
    institution: str
    origin: str
    action: str
    object_id: str
    case_no: str
    purpose: str
    outcome: str
    detail: Mapping[str, str]


def staff(actor: Actor, today: date, *, after: str = "", institution: str = "") -> tuple[StaffLine, ...]:
    """Accounts the actor manages or grants roles to, by user name, `PAGE_ROWS` after `after`; three queries."""
    rows = Staff.objects.filter(username__gt=after)
    if institution:
        rows = rows.filter(institution_code=institution)
    rows = rows.filter(_reach(actor, (Permission.STAFF_MANAGE, Permission.ROLES_GRANT), "institution_code"))
    held = in_force(StaffRole.objects.filter(revoked_at=None), today).order_by("role", "institution_code")
    page = list(
        rows.order_by("username").prefetch_related(Prefetch("held_roles", held, to_attr="roles_now"))[:PAGE_ROWS]
    )
    signed = set(
        in_force(
            ConfidentialityAgreement.objects.filter(
                kind="staff", second__in=[row.username for row in page], revoked_at=None
            ),
            today,
        ).values_list("first", "second")
    )
    return tuple(_staff_line(row, (row.institution_code, row.username) in signed) for row in page)


def names(usernames: Iterable[str]) -> Mapping[str, str]:
    """The names behind user names, for pages that say who did something; unknown ones are left out.  One query."""
    return dict(Staff.objects.filter(username__in=set(usernames)).values_list("username", "name_zh"))


def looks(actions: Iterable[str], institutions: frozenset[str] | None, since: datetime) -> tuple[AuditLine, ...]:
    """What the people of these institutions looked at since then, newest first, at most `LOOKS_MAX`; one query.

    For who answers for a register; the caller has checked that the actor may know.  None: of every institution.
    """
    rows = AuditRow.objects.filter(action__in=tuple(actions), at__gte=since)
    if institutions is not None:
        rows = rows.filter(institution_code__in=institutions)
    return tuple(_audit_line(row) for row in rows.order_by("-pk")[:LOOKS_MAX])


def agreements(actor: Actor, *, before: int | None = None, institution: str = "") -> tuple[AgreementLine, ...]:
    """Agreements of the institutions the actor administers, newest first, `PAGE_ROWS` before `before`."""
    reach = _reach(actor, (Permission.AGREEMENT_MANAGE,), "first") | _reach(
        actor, (Permission.AGREEMENT_MANAGE,), "second"
    )
    rows = ConfidentialityAgreement.objects.filter(reach)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if institution:
        rows = rows.filter(Q(first=institution) | Q(second=institution))
    fields = ("pk", "kind", "first", "second", "document_no", "signed_on", "valid_from", "valid_until", "revoked_at")
    return tuple(AgreementLine(*row) for row in rows.order_by("-pk").values_list(*fields)[:PAGE_ROWS])


def audit_trail(actor: Actor, wanted: AuditFilter, *, before: int | None = None) -> tuple[AuditLine, ...]:
    """Audit rows of the institutions the actor audits, newest first, `PAGE_ROWS` before `before`; one query."""
    rows = AuditRow.objects.filter(_reach(actor, (Permission.AUDIT_READ,), "institution_code"))
    rows = _narrowed(rows, wanted)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return tuple(_audit_line(row) for row in rows.order_by("-pk")[:PAGE_ROWS])


def _narrowed(rows: QuerySet[AuditRow], wanted: AuditFilter) -> QuerySet[AuditRow]:
    for name in ("actor_id", "object_id", "case_no", "action", "outcome"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(at__lt=wanted.until)
    return rows


def _reach(actor: Actor, permissions: tuple[Permission, ...], column: str) -> Q:
    """The filter for the institutions any of the permissions reaches; raises Denied when the actor has none of them."""
    reaches = [institutions_for(actor, permission) for permission in permissions]
    if any(reach is None for reach in reaches):
        return Q()
    codes = sorted({code for reach in reaches if reach for code in reach})
    if not codes:
        raise Denied(actor, permissions[0], Scope(frozenset()), Reasons.ROLE_MISSING)
    return Q(**{f"{column}__in": codes})


def _staff_line(row: Staff, has_agreement: bool) -> StaffLine:
    held: list[StaffRole] = getattr(row, "roles_now", [])
    return StaffLine(
        row.username,
        row.name_zh,
        row.institution_code,
        row.is_active,
        row.locked_until,
        row.last_seen_at,
        tuple(RoleLine(Role(one.role), one.institution_code, one.valid_until) for one in held),
        has_agreement,
    )


def _audit_line(row: AuditRow) -> AuditLine:
    return AuditLine(
        row.pk, row.at, row.actor_id, row.institution_code, row.origin, row.action, row.object_id, row.case_no,
        row.purpose, row.outcome, row.detail,
    )  # fmt: skip
