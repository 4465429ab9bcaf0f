"""May this actor do this here?  Denied unless the table lists it; answered from the actor alone, without a query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tongban.access.actors import Actor, ActorKind, HeldRole
from tongban.access.permissions import NEEDS_AGREEMENT, OVERSIGHT_ROLES, TABLE, WINDOW_ROLES, Permission, Reach
from tongban.domain.decision import Reason
from tongban.domain.errors import NotPermitted
from tongban.domain.reasons import Reasons

_PROVINCE_CENTRE = "province-"
_CODES: Mapping[str, str] = {
    Reasons.ROLE_MISSING.code: "role_missing",
    Reasons.OTHER_INSTITUTION.code: "other_institution",
    Reasons.NO_STAFF_AGREEMENT.code: "no_staff_agreement",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What an act touches: the institutions whose affair it is, and the object for the audit."""

    institutions: frozenset[str]
    object_id: str = ""


class Denied(NotPermitted):
    """A denial with all the audit needs: who, what, where, and the reason for people."""

    def __init__(self, actor: Actor, permission: Permission, place: Scope, reason: Reason) -> None:
        super().__init__(_CODES[reason.code], f"{reason.what_zh}{reason.cure_zh}")
        self.actor = actor
        self.permission = permission
        self.place = place
        self.reason = reason


def require(actor: Actor, permission: Permission | str, place: Scope) -> None:
    """Return if the actor may; else raise `Denied` (a `NotPermitted`), which the edge of the request or job audits."""
    asked = Permission(permission)
    if reason := why_not(actor, asked, place):
        raise Denied(actor, asked, place, reason)


def allowed(actor: Actor, permission: Permission | str, place: Scope) -> bool:
    """Whether `require` would let the actor through; for showing or hiding a button, never instead of `require`."""
    return why_not(actor, Permission(permission), place) is None


def why_not(actor: Actor, permission: Permission, place: Scope) -> Reason | None:
    """The reason for a denial in words, or None when the actor may."""
    holding = [held for held in actor.roles if permission in TABLE[held.role]]
    if not holding:
        return Reasons.ROLE_MISSING
    reaching = [held for held in holding if _reaches(held, permission, place)]
    if not reaching:
        return Reasons.OTHER_INSTITUTION
    if all(_lacks_agreement(actor, held, permission) for held in reaching):
        return Reasons.NO_STAFF_AGREEMENT
    return None


def institutions_for(actor: Actor, permission: Permission | str) -> frozenset[str] | None:
    """The institutions whose rows a list may show this actor, as a filter; None means every one of the province."""
    asked = Permission(permission)
    own: set[str] = set()
    for held in actor.roles:
        if asked not in TABLE[held.role] or _lacks_agreement(actor, held, asked):
            continue
        if TABLE[held.role][asked] is Reach.PROVINCE or _oversees(held):
            return None
        own.add(held.institution)
    return frozenset(own)


def _reaches(held: HeldRole, permission: Permission, place: Scope) -> bool:
    if TABLE[held.role][permission] is Reach.PROVINCE or _oversees(held):
        return True
    return held.institution in place.institutions


def _oversees(held: HeldRole) -> bool:
    return held.role in OVERSIGHT_ROLES and held.institution.startswith(_PROVINCE_CENTRE)


def _lacks_agreement(actor: Actor, held: HeldRole, permission: Permission) -> bool:
    if actor.kind is not ActorKind.STAFF or held.role not in WINDOW_ROLES:
        return False
    return permission in NEEDS_AGREEMENT and not actor.has_agreement
