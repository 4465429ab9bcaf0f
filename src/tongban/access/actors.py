"""Who acts: a person on our staff, the product itself, another institution's message, or anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.http import HttpRequest
from django.utils.timezone import localdate

from tongban.access.models import ConfidentialityAgreement, Staff, StaffRole, in_force
from tongban.access.permissions import Role

ORIGIN_CHARS_MAX = 60


class ActorKind(StrEnum):
    STAFF = "staff"
    SYSTEM = "system"
    INSTITUTION = "institution"
    APPLICANT = "applicant"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role in force at one institution."""

    role: Role
    institution: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, with the rights that were in force when the request or job began.

    `id`: user name of staff, name of a duty, institution code, or a pseudonym of an applicant; never a personal number.
    `origin`: where the act came from (network address, worker).  `has_agreement`: a staff confidentiality agreement is
    in force.
    """

    kind: ActorKind
    id: str
    name_zh: str
    institution: str = ""
    roles: frozenset[HeldRole] = field(default_factory=frozenset)
    origin: str = ""
    has_agreement: bool = False

    def holds(self, role: Role) -> bool:
        """Whether the actor holds the role at any institution."""
        return any(held.role is role for held in self.roles)


def roles_at(institution: str, roles: Iterable[Role]) -> frozenset[HeldRole]:
    """The same institution for several roles."""
    return frozenset(HeldRole(role, institution) for role in roles)


def system(duty: str, institution: str) -> Actor:
    """The product at work for one institution: a periodic duty or the processing of a message."""
    return Actor(
        ActorKind.SYSTEM, f"system:{duty}", "系统", institution, roles_at(institution, [Role.SYSTEM]), origin="worker"
    )


def sender(institution: str, name_zh: str) -> Actor:
    """Another institution, as the author of a message; permitted nothing here, named in the audit."""
    return Actor(ActorKind.INSTITUTION, institution, name_zh, institution, origin="message")


def applicant(pseudonym: str, name_zh: str, *, origin: str = "") -> Actor:
    """A person at the portal; what belongs to that person is the portal's and intake's own check."""
    return Actor(ActorKind.APPLICANT, pseudonym, name_zh, origin=origin)


PUBLIC = Actor(ActorKind.PUBLIC, "public", "公众")


def staff_actor(staff: Staff, today: date, origin: str = "") -> Actor:
    """The actor of one account with the roles and the agreement in force today; two queries."""
    held = in_force(StaffRole.objects.filter(staff=staff, revoked_at=None), today).values_list(
        "role", "institution_code"
    )
    agreements = ConfidentialityAgreement.objects.filter(
        kind="staff", second=staff.username, first=staff.institution_code, revoked_at=None
    )
    return Actor(
        ActorKind.STAFF,
        staff.username,
        staff.name_zh,
        staff.institution_code,
        frozenset(HeldRole(Role(role), institution) for role, institution in held),
        origin,
        has_agreement=in_force(agreements, today).exists(),
    )


def actor_named(username: str, today: date, origin: str = "") -> Actor | None:
    """A member of staff by user name, with today's rights, for work that goes on without a request; None when gone."""
    staff = Staff.objects.filter(username=username, is_active=True).first()
    return staff_actor(staff, today, origin) if staff else None


def actor_of(request: HttpRequest) -> Actor:
    """Who asks: the signed-in member of staff, or the public.  Worked out once per request."""
    known = getattr(request, "tongban_actor", None)
    if isinstance(known, Actor):
        return known
    user = getattr(request, "user", None)
    if isinstance(user, Staff) and user.is_active:
        found = staff_actor(user, localdate(), origin_of(request))
    else:
        found = Actor(ActorKind.PUBLIC, PUBLIC.id, PUBLIC.name_zh, origin=origin_of(request))
    request.tongban_actor = found  # type: ignore[attr-defined]
    return found


def forget_actor(request: HttpRequest) -> None:
    """Work the actor out anew: the person behind the request has changed."""
    request.tongban_actor = None  # type: ignore[attr-defined]


def origin_of(request: HttpRequest) -> str:
    """The network address the request came from, as the web server saw it."""
    return str(request.META.get("REMOTE_ADDR") or "")[:ORIGIN_CHARS_MAX]
