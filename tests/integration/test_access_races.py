"""Two people at the same door in the same moment: real commits, real threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.http import HttpRequest

from tongban.access import passwords, sign_in, staff
from tongban.access.actors import Actor, ActorKind, roles_at
from tongban.access.models import AuditRow, Staff, StaffRole
from tongban.access.permissions import Role
from tongban.access.sign_in import Rejection, Welcome
from tongban.access.staff import Grant, NewStaff
from tongban.directory import figures
from tongban.directory.figures import Figure
from tongban.directory.models import Division, Institution, ParameterValue
from tongban.domain.errors import InvalidInput, NotPermitted

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
HERE, CENTRE = "registry-410526", "province-410000"
SECRET = passwords.new_totp_secret()
PASSWORD = "Correct-Horse-9"
SECURITY = Actor(ActorKind.STAFF, "security", "乙", CENTRE, roles_at(CENTRE, [Role.SECURITY_ADMIN]))


@pytest.fixture
def office(own_database):
    for code, kind in ((HERE, "registry"), (CENTRE, "province")):
        Institution.objects.create(code=code, kind=kind, name_zh=code, short_zh="x", division_code=code[-6:])
    Division.objects.create(code="410526", name_zh="滑县", parent_code="410500", level="county")


def person(username: str = "li.ming") -> Staff:
    made = Staff(username=username, name_zh="李明", institution_code=HERE, totp_secret=SECRET)
    made.set_password(PASSWORD)
    made.must_change_password, made.password_changed_at = False, NOW - timedelta(days=1)
    made.save()
    return made


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run the works in threads that start together; what each gave or raised, in order."""
    outcomes: list[object] = [None] * len(works)
    gate = threading.Barrier(len(works))

    def run(place: int, work: Callable[[], object]) -> None:
        try:
            gate.wait(20)
            outcomes[place] = work()
        except (InvalidInput, NotPermitted) as problem:
            outcomes[place] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=row) for row in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def enter(password: str = PASSWORD, now: datetime = NOW) -> Welcome | Rejection:
    request = HttpRequest()
    request.session = SessionStore()
    return sign_in.sign_in(request, "li.ming", password, passwords.code_at(SECRET, now), now=now)


def test_one_code_used_twice_at_once_lets_one_in(office):
    person()

    outcomes = at_once(enter, enter, enter)

    assert sum(isinstance(outcome, Welcome) for outcome in outcomes) == 1
    failures = {outcome.failure for outcome in outcomes if isinstance(outcome, Rejection)}
    assert failures == {sign_in.Failure.CODE_REPLAYED}


def test_failures_at_once_are_all_counted(office):
    person()

    at_once(*[lambda: enter("wrong")] * 5)

    assert Staff.objects.get().locked_until is not None
    assert AuditRow.objects.filter(action="sign_in", outcome="denied").count() == 5


def test_a_site_is_founded_once_however_many_try(office):
    def found(name: str) -> Callable[[], object]:
        return lambda: staff.found([(NewStaff(name, "甲", CENTRE), Role.PROVINCE_ADMIN)], NOW)

    outcomes = at_once(found("first"), found("second"))

    assert sum(isinstance(outcome, NotPermitted) for outcome in outcomes) == 1
    assert Staff.objects.count() == StaffRole.objects.count() == 1


def test_two_administrations_granted_at_once_do_not_meet(office):
    person()

    def grant(role: Role) -> Callable[[], object]:
        return lambda: staff.grant_role(SECURITY, Grant("li.ming", role, HERE, TODAY), NOW)

    outcomes = at_once(grant(Role.REGISTRY_ADMIN), grant(Role.AUDITOR))

    assert sum(isinstance(outcome, InvalidInput) for outcome in outcomes) == 1
    assert StaffRole.objects.count() == 1


def test_two_values_set_at_once_for_the_same_day_leave_one(office):
    figure = Figure("consult_minutes", "410526", "20", TODAY, "滑自然资〔2026〕5号")

    outcomes = at_once(
        lambda: figures.write_figure(figure, set_by="a", now=NOW),
        lambda: figures.write_figure(replace(figure, value="10"), set_by="b", now=NOW),
    )

    assert sum(isinstance(outcome, InvalidInput) for outcome in outcomes) == 1
    assert ParameterValue.objects.count() == 1
