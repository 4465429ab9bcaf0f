"""Signing in: password and time-based code together, lock-out after repeated failures, sign-out.

Whoever does not know the password learns nothing from the answer: not whether the account exists, is closed, or locked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Final

from django.contrib.auth import login, logout
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils.timezone import localdate, localtime

from tongban.access import passwords
from tongban.access.actors import PUBLIC, Actor, ActorKind, actor_of, forget_actor, origin_of, staff_actor
from tongban.access.audit import DENIED, audit
from tongban.access.models import Staff
from tongban.directory import lookup
from tongban.domain.codes import institution_division
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.identity import mask_name

BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
SEEN_AT: Final = "seen_at"
USERNAME_CHARS_MAX: Final = 40
MUST_CHANGE: Final = "must_change_password"


class Failure(StrEnum):
    """Why a sign-in failed, for the audit; people read `Rejection.message_zh`."""

    UNKNOWN = "unknown_user"
    PASSWORD = "password"  # noqa: S105 - the name of a failure
    CODE = "code"
    CODE_REPLAYED = "code_replayed"
    NO_CODE_ENROLLED = "no_code_enrolled"
    LOCKED = "locked"
    CLOSED = "closed"
    PASSWORD_DUE = "password_due"  # noqa: S105 - the name of a failure


@dataclass(frozen=True, slots=True)
class Rejection:
    """A sign-in that failed, in words for the person."""

    failure: Failure
    message_zh: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """A sign-in that succeeded; the person must set a new password first if `must_change_password`."""

    actor: Actor
    must_change_password: bool


def sign_in(request: HttpRequest, username: str, password: str, code: str, *, now: datetime) -> Welcome | Rejection:
    """Check both factors and begin a session with a fresh key.  Audited either way; must not run inside a transaction.

    After `lock_failures` failures in a row the account is locked for `lock_minutes` (parameters).  A code works once.
    """
    name = username.strip().lower()[:USERNAME_CHARS_MAX]
    staff, failure = _verify(name, password, code, now)
    if failure is not None or staff is None:
        rejection = _rejection(failure or Failure.UNKNOWN, staff)
        _audit_failure(request, name, staff, rejection.failure, now)
        return rejection
    login(request, staff, backend=BACKEND)
    is_due = must_change(staff, now)
    request.session[SEEN_AT], request.session[MUST_CHANGE] = int(now.timestamp()), is_due
    forget_actor(request)
    actor = staff_actor(staff, localdate(now), origin_of(request))
    audit(actor, "sign_in", staff.username, now=now)
    return Welcome(actor, is_due)


def confirm(request: HttpRequest, username: str, password: str, code: str, *, now: datetime) -> Actor | Rejection:
    """Check both factors of a second person, who confirms beside the one who is signed in; no session begins.

    Audited either way and counted towards the lock, as signing in is.  Whoever has a password due must sign in first.
    """
    name = username.strip().lower()[:USERNAME_CHARS_MAX]
    staff, failure = _verify(name, password, code, now)
    if failure is None and staff is not None and must_change(staff, now):
        failure = Failure.PASSWORD_DUE
    if failure is not None or staff is None:
        rejection = _rejection(failure or Failure.UNKNOWN, staff)
        _audit_failure(request, name, staff, rejection.failure, now, action="sign_in.confirm")
        return rejection
    actor = staff_actor(staff, localdate(now), origin_of(request))
    audit(actor, "sign_in.confirm", staff.username, now=now, detail={"beside": actor_of(request).id})
    return actor


def sign_out(request: HttpRequest, *, why: str = "asked", now: datetime) -> None:
    """End the session.  `why`: asked or idle."""
    actor = actor_of(request)
    if actor.kind is ActorKind.STAFF:
        audit(actor, "sign_out", actor.id, detail={"why": why}, now=now)
    logout(request)
    forget_actor(request)


def change_password(request: HttpRequest, old: str, new: str, *, now: datetime) -> None:
    """Set one's own password; every other session of the account ends.  Raises InvalidInput."""
    user = request.user
    assert isinstance(user, Staff), "only a signed-in person has a password"
    with transaction.atomic():
        staff = Staff.objects.select_for_update().get(pk=user.pk)
        if not check_password(old, staff.password):
            raise InvalidInput([Problem("old", "原口令不对", "请重新填写现在用的口令")])
        problems = list(passwords.password_problems(new, staff.username))
        if check_password(new, staff.password):
            problems.append(Problem("password", "新口令和原口令一样", "请换一个新口令"))
        if problems:
            raise InvalidInput(problems)
        staff.set_password(new)
        staff.must_change_password, staff.password_changed_at = False, now
        staff.save(update_fields=["password", "must_change_password", "password_changed_at"])
        audit(actor_of(request), "password.change", staff.username, now=now)
    seen_at = request.session.get(SEEN_AT)
    login(request, staff, backend=BACKEND)
    request.session[SEEN_AT], request.session[MUST_CHANGE] = seen_at, False


def must_change(staff: Staff, now: datetime) -> bool:
    """Whether the password was set by somebody else or is older than `password_days` (parameter)."""
    if staff.must_change_password or staff.password_changed_at is None:
        return True
    days = lookup.parameter_count("password_days", _division(staff), localdate(now))
    return staff.password_changed_at + timedelta(days=days) <= now


def _verify(name: str, password: str, code: str, now: datetime) -> tuple[Staff | None, Failure | None]:
    with transaction.atomic():
        staff = Staff.objects.select_for_update().filter(username=name).first()
        is_right = check_password(password, staff.password if staff else _nobodys_password())
        if staff is None:
            return None, Failure.UNKNOWN
        if staff.locked_until is not None and now < staff.locked_until:
            return staff, Failure.LOCKED if is_right else Failure.PASSWORD
        failure = _factors(staff, is_right, code, now)
        if failure is None:
            staff.failed_count, staff.locked_until, staff.last_seen_at = 0, None, now
        elif failure is not Failure.CLOSED:
            _count_failure(staff, now)
        staff.save(update_fields=["failed_count", "locked_until", "last_seen_at", "totp_last_step"])
        return staff, failure


@cache
def _nobodys_password() -> str:
    """Verified when there is no such account, so that the answer takes as long."""
    return make_password("nobody has this password")


def _factors(staff: Staff, is_password_right: bool, code: str, now: datetime) -> Failure | None:
    """The first factor that fails; a code that is accepted is used up."""
    if not is_password_right:
        return Failure.PASSWORD
    if not staff.is_active:
        return Failure.CLOSED
    if not staff.totp_secret:
        return Failure.NO_CODE_ENROLLED
    step = passwords.step_of(staff.totp_secret, code, now)
    if step is None:
        return Failure.CODE
    if step <= staff.totp_last_step:
        return Failure.CODE_REPLAYED
    staff.totp_last_step = step
    return None


def _count_failure(staff: Staff, now: datetime) -> None:
    today = localdate(now)
    staff.failed_count += 1
    if staff.failed_count >= lookup.parameter_count("lock_failures", _division(staff), today):
        minutes = lookup.parameter_count("lock_minutes", _division(staff), today)
        staff.failed_count, staff.locked_until = 0, now + timedelta(minutes=minutes)


def _rejection(failure: Failure, staff: Staff | None) -> Rejection:
    if failure is Failure.LOCKED and staff is not None and staff.locked_until is not None:
        return Rejection(
            failure,
            f"连续输错次数太多，账号已锁定到{localtime(staff.locked_until):%H:%M}。请到时再试，或者请管理员解锁。",
        )
    if failure is Failure.CLOSED:
        return Rejection(failure, "这个账号已经停用。需要恢复的，请联系本单位管理员。")
    if failure is Failure.NO_CODE_ENROLLED:
        return Rejection(failure, "这个账号还没有绑定动态码。请联系本单位管理员办理绑定。")
    if failure is Failure.PASSWORD_DUE:
        return Rejection(failure, "这位同事要先自己登录一次，改好口令，才能来确认。")
    if failure is Failure.CODE_REPLAYED:
        return Rejection(failure, "这个动态码已经用过了。请等下一个动态码出来再登录。")
    return Rejection(failure, "用户名、口令或者动态码不对。连续输错几次，账号会锁定一段时间。")


def _audit_failure(  # noqa: PLR0913 - the facts of one failure
    request: HttpRequest, name: str, staff: Staff | None, failure: Failure, now: datetime, *, action: str = "sign_in"
) -> None:
    actor = Actor(
        ActorKind.STAFF if staff else PUBLIC.kind,
        staff.username if staff else PUBLIC.id,
        staff.name_zh if staff else PUBLIC.name_zh,
        staff.institution_code if staff else "",
        origin=origin_of(request),
    )
    # what was typed for a name may be a password
    audit(actor, action, name if staff else mask_name(name), outcome=DENIED, detail={"why": failure.value}, now=now)


def _division(staff: Staff) -> str:
    return institution_division(staff.institution_code)
