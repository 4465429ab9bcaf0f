"""Accounts of people and the roles they hold: made, granted, taken back, unlocked, closed.  Nothing is ever deleted.

三员分立: whoever manages accounts grants no roles, whoever grants roles makes no accounts, whoever audits does
neither; the database refuses two of the three in one person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from tongban.access import passwords
from tongban.access.actors import Actor, system
from tongban.access.audit import audit
from tongban.access.models import Staff, StaffRole, in_force
from tongban.access.permissions import GRANTABLE, PROVINCE_ONLY, Estate, Permission, Role, estate_of
from tongban.access.require import Scope, require
from tongban.directory import lookup
from tongban.directory.turns import take_turns
from tongban.domain.errors import InvalidInput, NotFound, NotPermitted, Problem
from tongban.domain.identity import check_name

USERNAME: Final = re.compile(r"[a-z][a-z0-9._-]{2,39}")
FOUNDERS_MAX: Final = 10


@dataclass(frozen=True, slots=True)
class NewStaff:
    """An account to be made."""

    username: str
    name_zh: str
    institution: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a new or reset account signs in with; shown once, kept nowhere in clear."""

    username: str
    password: str
    totp_secret: str

    @property
    def enrolment_uri(self) -> str:
        """What the person's authenticator scans."""
        return passwords.enrolment_uri(self.totp_secret, self.username)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role for a person at an institution from a day to a day, both included."""

    username: str
    role: Role
    institution: str
    valid_from: date
    valid_until: date | None = None


def create_staff(actor: Actor, new: NewStaff, now: datetime) -> Credentials:
    """Make an account with a first password, which must be changed.  Raises NotPermitted, InvalidInput, NotFound."""
    require(actor, Permission.STAFF_MANAGE, Scope(frozenset({new.institution}), new.username))
    with transaction.atomic():
        made = _create(new)
        audit(actor, "staff.create", new.username, detail={"institution": new.institution}, now=now)
    return made


def is_founded() -> bool:
    """Whether this site has its first account."""
    return Staff.objects.exists()


def found(founders: Sequence[tuple[NewStaff, Role]], now: datetime) -> tuple[Credentials, ...]:
    """Make the first administrators of a site that has nobody yet, one administration each; refused ever after."""
    assert 0 < len(founders) <= FOUNDERS_MAX, f"one to {FOUNDERS_MAX} founders"
    assert all(estate_of(role) is not Estate.NONE for _, role in founders), "founders are administrators"
    actor, today = system("found", founders[0][0].institution), localdate(now)
    with transaction.atomic():
        take_turns("access found")
        if Staff.objects.exists():
            raise NotPermitted("already_founded", "本站点已经有人员账号，请由管理员建立账号、授予角色。")
        made = []
        for new, role in founders:
            made.append(_create(new))
            _grant(Grant(new.username, role, new.institution, today), actor.id, today)
            audit(actor, "staff.found", new.username, detail={"role": role.value}, now=now)
    return tuple(made)


def grant_role(actor: Actor, grant: Grant, now: datetime) -> None:
    """Give a role.  Nobody grants to himself.  Raises NotPermitted, InvalidInput (also where 三员分立 forbids it)."""
    require(actor, Permission.ROLES_GRANT, Scope(frozenset({grant.institution}), grant.username))
    if actor.id == grant.username:
        raise NotPermitted("own_role", "不能给自己授予角色。请由另一位安全管理员办理。")
    with transaction.atomic():
        _grant(grant, actor.id, localdate(now))
        detail = {"role": grant.role.value, "institution": grant.institution, "from": grant.valid_from.isoformat()}
        audit(actor, "roles.grant", grant.username, detail=detail, now=now)


def end_role(actor: Actor, username: str, role: Role, institution: str, *, now: datetime) -> int:
    """Take a role back at once; how many periods ended.  They stay on record with the time they ended."""
    require(actor, Permission.ROLES_GRANT, Scope(frozenset({institution}), username))
    rows = StaffRole.objects.filter(
        staff__username=username, role=role.value, institution_code=institution, revoked_at=None
    ).exclude(valid_until__lt=localdate(now))
    with transaction.atomic():
        count = rows.update(revoked_at=now)
        if count:
            audit(actor, "roles.end", username, detail={"role": role.value, "institution": institution}, now=now)
    return count


def reset_credentials(actor: Actor, username: str, now: datetime) -> Credentials:
    """Give a new first password and a new authenticator secret and lift a lock; every session of the account ends."""
    with transaction.atomic():
        staff = _managed(actor, username, now)
        password, secret = passwords.new_password(), passwords.new_totp_secret()
        staff.set_password(password)
        staff.totp_secret, staff.must_change_password = secret, True
        staff.failed_count, staff.locked_until = 0, None
        staff.save()
        audit(actor, "staff.reset", username, now=now)
    return Credentials(username, password, secret)


def choose_password(username: str, first: str, own: str, now: datetime) -> None:
    """A person puts an own password in the place of the first one.  Raises NotPermitted, InvalidInput."""
    with transaction.atomic():
        staff = Staff.objects.select_for_update().filter(username=username, must_change_password=True).first()
        if staff is None or not staff.check_password(first):
            raise NotPermitted("first_password_wrong", "首次口令不对，或者已经改过。请由管理员重置。")
        if problems := passwords.password_problems(own, username):
            raise InvalidInput(problems)
        staff.set_password(own)
        staff.must_change_password, staff.password_changed_at = False, now
        staff.save(update_fields=["password", "must_change_password", "password_changed_at"])
        audit(system("choose_password", staff.institution_code), "staff.choose_password", username, now=now)


def unlock(actor: Actor, username: str, now: datetime) -> None:
    """Lift a lock before its time."""
    with transaction.atomic():
        staff = _managed(actor, username, now)
        staff.failed_count, staff.locked_until = 0, None
        staff.save(update_fields=["failed_count", "locked_until"])
        audit(actor, "staff.unlock", username, now=now)


def close_account(actor: Actor, username: str, now: datetime) -> None:
    """Close an account for good; its sessions end with their next request, its history stays."""
    with transaction.atomic():
        staff = _managed(actor, username, now)
        staff.is_active = False
        staff.save(update_fields=["is_active"])
        audit(actor, "staff.close", username, now=now)


def _create(new: NewStaff) -> Credentials:
    problems = []
    if not USERNAME.fullmatch(new.username):
        problems.append(Problem("username", "用户名不对", "3到40个字符，小写字母开头，只用小写字母、数字、点、横线"))
    if problem := check_name(new.name_zh):
        problems.append(problem)
    if problems:
        raise InvalidInput(problems)
    lookup.institution(new.institution)
    password, secret = passwords.new_password(), passwords.new_totp_secret()
    try:
        with transaction.atomic():
            Staff.objects.create(
                username=new.username,
                name_zh=new.name_zh.strip(),
                institution_code=new.institution,
                password=make_password(password),
                totp_secret=secret,
            )
    except IntegrityError:
        raise InvalidInput([Problem("username", "这个用户名已经有人用了", "请换一个用户名")]) from None
    return Credentials(new.username, password, secret)


def _grant(grant: Grant, granted_by: str, today: date) -> None:
    staff = Staff.objects.select_for_update().filter(username=grant.username).first()
    if staff is None:
        raise NotFound("staff_unknown", "没有这个工作人员。")
    if problems := _grant_problems(grant, staff, today):
        raise InvalidInput(problems)
    StaffRole.objects.create(
        staff=staff,
        role=grant.role.value,
        estate=estate_of(grant.role).value,
        institution_code=grant.institution,
        valid_from=grant.valid_from,
        valid_until=grant.valid_until,
        granted_by=granted_by,
    )


def _grant_problems(grant: Grant, staff: Staff, today: date) -> list[Problem]:
    problems = []
    if grant.role not in GRANTABLE:
        problems.append(Problem("role", "这个角色不能授予个人", "请选择别的角色"))
    if grant.role in PROVINCE_ONLY and not grant.institution.startswith("province-"):
        problems.append(Problem("institution", "这个角色只能在省级中心授予", "请选择省级中心"))
    if grant.valid_from < today or (grant.valid_until is not None and grant.valid_until < grant.valid_from):
        problems.append(Problem("valid_from", "起止日期不对", "起始日期不能早于今天，截止日期不能早于起始日期"))
    lookup.institution(grant.institution)
    held = StaffRole.objects.filter(staff=staff, revoked_at=None).exclude(valid_until__lt=grant.valid_from)
    if grant.valid_until is not None:
        held = held.filter(valid_from__lte=grant.valid_until)
    estate = estate_of(grant.role)
    if estate is not Estate.NONE and held.exclude(estate__in=["", estate.value]).exists():
        problems.append(
            Problem("role", "系统、安全、审计三员不能由同一个人担任", "请授予另一个人，或者先收回他现有的管理角色")
        )
    if held.filter(role=grant.role.value, institution_code=grant.institution).exists():
        problems.append(Problem("role", "这个人在这段时间里已经有这个角色", "不用重复授予"))
    return problems


def _managed(actor: Actor, username: str, now: datetime) -> Staff:
    """The account, locked, once it is certain that the actor manages it.

    Security and audit administrators are not in the hand of the system administrator: their accounts are managed by
    whoever grants roles, and not by themselves.
    """
    staff = Staff.objects.select_for_update().filter(username=username).first()
    if staff is None:
        require(actor, Permission.STAFF_MANAGE, Scope(frozenset(), username))
        raise NotFound("staff_unknown", "没有这个工作人员。")
    held = in_force(StaffRole.objects.filter(staff=staff, revoked_at=None), localdate(now))
    is_apart = held.filter(estate__in=[Estate.SECURITY.value, Estate.AUDIT.value]).exists()
    permission = Permission.ROLES_GRANT if is_apart else Permission.STAFF_MANAGE
    require(actor, permission, Scope(frozenset({staff.institution_code}), username))
    if actor.id == username:
        raise NotPermitted("own_account", "不能管理自己的账号。请由另一位管理员办理。")
    return staff
