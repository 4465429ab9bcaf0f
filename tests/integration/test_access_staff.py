"""Accounts and roles: three administrations in three hands, dated, never deleted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tongban.access import staff
from tongban.access.actors import Actor, ActorKind, roles_at, staff_actor, system
from tongban.access.models import AuditRow, Staff, StaffRole
from tongban.access.permissions import Role
from tongban.access.staff import Grant, NewStaff
from tongban.directory.models import Institution
from tongban.domain.errors import InvalidInput, NotFound, NotPermitted

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
HERE, THERE, CENTRE = "registry-410526", "registry-410100", "province-410000"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def offices(db):
    for code, kind in ((HERE, "registry"), (THERE, "registry"), (CENTRE, "province")):
        Institution.objects.create(code=code, kind=kind, name_zh=code, short_zh="x", division_code=code[-6:])


def somebody(name: str, role: Role, at: str) -> Actor:
    return Actor(ActorKind.STAFF, name, "管理员", at, roles_at(at, [role]))


ADMIN = somebody("admin", Role.REGISTRY_ADMIN, HERE)
SECURITY = somebody("security", Role.SECURITY_ADMIN, HERE)
CENTRAL_SECURITY = somebody("central", Role.SECURITY_ADMIN, CENTRE)


def hired(username: str = "li.ming", at: str = HERE) -> Staff:
    Staff.objects.create(username=username, name_zh="李明", institution_code=at, password="!")
    return Staff.objects.get(username=username)


def grant(role: Role, username: str = "li.ming", at: str = HERE, first: date = TODAY, last: date | None = None) -> None:
    staff.grant_role(CENTRAL_SECURITY, Grant(username, role, at, first, last), NOW)


def roles_of(person: Staff, day: date = TODAY) -> set[Role]:
    return {held.role for held in staff_actor(person, day).roles}


def test_a_new_account_gets_a_first_password_that_must_be_changed_and_a_secret():
    made = staff.create_staff(ADMIN, NewStaff("li.ming", "李明", HERE), NOW)

    person = Staff.objects.get(username="li.ming")
    assert person.check_password(made.password)
    assert person.must_change_password
    assert person.totp_secret == made.totp_secret
    assert made.enrolment_uri.startswith("otpauth://totp/")
    assert AuditRow.objects.filter(action="staff.create", object_id="li.ming", actor_id="admin").count() == 1


def test_passwords_and_secrets_are_not_readable_in_the_database():
    made = staff.create_staff(ADMIN, NewStaff("li.ming", "李明", HERE), NOW)

    with connection.cursor() as cursor:
        cursor.execute("SELECT password, totp_secret FROM access_staff WHERE username = 'li.ming'")
        password, secret = cursor.fetchone()
    assert password.startswith("scrypt$")
    assert made.totp_secret.encode() not in bytes(secret)


@pytest.mark.parametrize(
    ("actor", "at"),
    [(ADMIN, THERE), (SECURITY, HERE), (somebody("a", Role.AUDITOR, CENTRE), HERE), (system("duty", HERE), HERE)],
    ids=["another institution", "security admin", "auditor", "the product"],
)
def test_only_the_institutions_own_administrator_makes_accounts(actor, at):
    with pytest.raises(NotPermitted):
        staff.create_staff(actor, NewStaff("li.ming", "李明", at), NOW)

    assert not Staff.objects.exists()


@pytest.mark.parametrize("username", ["LiMing", "li", "1li", "li ming", "李明", "a" * 41])
def test_a_username_that_breaks_the_form_is_refused(username):
    with pytest.raises(InvalidInput):
        staff.create_staff(ADMIN, NewStaff(username, "李明", HERE), NOW)


def test_a_username_is_given_once():
    staff.create_staff(ADMIN, NewStaff("li.ming", "李明", HERE), NOW)

    with pytest.raises(InvalidInput):
        staff.create_staff(ADMIN, NewStaff("li.ming", "黎明", HERE), NOW)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Role.REGISTRY_ADMIN, Role.SECURITY_ADMIN),
        (Role.SECURITY_ADMIN, Role.AUDITOR),
        (Role.AUDITOR, Role.REGISTRY_ADMIN),
    ],
)
def test_two_of_the_three_administrations_never_meet_in_one_person(first, second):
    person = hired()
    grant(first)

    with pytest.raises(InvalidInput) as caught:
        grant(second)
    with pytest.raises(InvalidInput):
        grant(second, at=THERE)

    assert "三员" in caught.value.message_zh
    assert roles_of(person) == {first}


def test_the_database_itself_keeps_the_three_administrations_apart():
    person = hired()
    rows = {"staff": person, "institution_code": HERE, "valid_from": TODAY, "granted_by": "x"}
    StaffRole.objects.create(role="auditor", estate="audit", **rows)

    for forged in ({"role": "security_admin", "estate": "security"}, {"role": "security_admin", "estate": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffRole.objects.create(**forged, **rows)


def test_an_administration_may_follow_another_once_that_has_ended():
    person = hired()
    grant(Role.REGISTRY_ADMIN, last=date(2026, 12, 31))
    grant(Role.AUDITOR, first=date(2027, 1, 1))

    assert roles_of(person) == {Role.REGISTRY_ADMIN}
    assert roles_of(person, date(2027, 1, 1)) == {Role.AUDITOR}


def test_a_role_taken_back_ends_at_once_and_another_administration_may_begin():
    person = hired()
    grant(Role.REGISTRY_ADMIN)

    assert staff.end_role(SECURITY, "li.ming", Role.REGISTRY_ADMIN, HERE, now=NOW) == 1
    assert staff.end_role(SECURITY, "li.ming", Role.REGISTRY_ADMIN, HERE, now=NOW) == 0

    assert roles_of(person) == set()
    grant(Role.AUDITOR)
    assert roles_of(person) == {Role.AUDITOR}
    assert StaffRole.objects.count() == 2, "the ended role stays on record"
    assert AuditRow.objects.filter(action="roles.end").count() == 1


def test_a_role_holds_from_its_first_to_its_last_day():
    person = hired()
    grant(Role.REVIEWER, first=date(2026, 12, 1), last=date(2026, 12, 31))

    assert roles_of(person) == set()
    assert roles_of(person, date(2026, 12, 1)) == roles_of(person, date(2026, 12, 31)) == {Role.REVIEWER}
    assert roles_of(person, date(2027, 1, 1)) == set()


def test_nobody_grants_a_role_to_himself():
    hired("security")

    with pytest.raises(NotPermitted) as caught:
        staff.grant_role(SECURITY, Grant("security", Role.REVIEWER, HERE, TODAY), NOW)

    assert caught.value.code == "own_role"
    assert not StaffRole.objects.exists()


@pytest.mark.parametrize(
    ("role", "at", "first", "last"),
    [
        (Role.SYSTEM, HERE, TODAY, None),
        (Role.PROVINCE_ADMIN, HERE, TODAY, None),
        (Role.REVIEWER, HERE, TODAY - timedelta(days=1), None),
        (Role.REVIEWER, HERE, TODAY, TODAY - timedelta(days=1)),
    ],
    ids=["nobody's role", "outside the centre", "in the past", "ends before it begins"],
)
def test_a_grant_that_breaks_the_rules_is_refused(role, at, first, last):
    hired()

    with pytest.raises(InvalidInput):
        grant(role, at=at, first=first, last=last)

    assert not StaffRole.objects.exists()


def test_the_same_role_is_not_granted_twice_for_the_same_days():
    hired()
    grant(Role.REVIEWER)

    with pytest.raises(InvalidInput):
        grant(Role.REVIEWER)
    grant(Role.REVIEWER, at=THERE)

    assert StaffRole.objects.count() == 2


def test_a_role_for_somebody_unknown_or_a_place_unknown_is_refused():
    hired()
    with pytest.raises(NotFound):
        grant(Role.REVIEWER, username="nobody.here")
    with pytest.raises(NotFound):
        staff.grant_role(CENTRAL_SECURITY, Grant("li.ming", Role.REVIEWER, "registry-419999", TODAY), NOW)


def test_the_system_administrator_has_no_hand_on_security_and_audit_accounts():
    auditor = hired("auditor")
    grant(Role.AUDITOR, username="auditor")
    before = auditor.password

    for act in (staff.reset_credentials, staff.unlock, staff.close_account):
        with pytest.raises(NotPermitted):
            act(ADMIN, "auditor", NOW)
    auditor.refresh_from_db()
    assert auditor.password == before
    assert auditor.is_active

    staff.unlock(SECURITY, "auditor", NOW)


def test_a_reset_ends_the_old_password_and_the_old_secret():
    person = hired()
    person.locked_until, person.failed_count = NOW + timedelta(hours=1), 3
    person.save()

    made = staff.reset_credentials(ADMIN, "li.ming", NOW)

    person.refresh_from_db()
    assert person.check_password(made.password)
    assert (person.totp_secret, person.locked_until, person.failed_count) == (made.totp_secret, None, 0)
    assert person.must_change_password


def test_nobody_closes_or_resets_his_own_account():
    hired("admin")

    for act in (staff.close_account, staff.reset_credentials, staff.unlock):
        with pytest.raises(NotPermitted):
            act(ADMIN, "admin", NOW)


def test_a_closed_account_keeps_its_history_but_nothing_can_delete_it():
    hired()
    staff.close_account(ADMIN, "li.ming", NOW)

    assert not Staff.objects.get(username="li.ming").is_active
    for table in ("access_staff", "access_staffrole", "access_confidentialityagreement"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names of the test itself


def test_a_fresh_site_founds_its_three_administrators_once():
    founders = [
        (NewStaff("system", "甲", CENTRE), Role.PROVINCE_ADMIN),
        (NewStaff("security", "乙", CENTRE), Role.SECURITY_ADMIN),
        (NewStaff("audit", "丙", CENTRE), Role.AUDITOR),
    ]

    made = staff.found(founders, NOW)

    assert [one.username for one in made] == ["system", "security", "audit"]
    assert roles_of(Staff.objects.get(username="audit")) == {Role.AUDITOR}
    with pytest.raises(NotPermitted):
        staff.found([(NewStaff("fourth", "丁", CENTRE), Role.PROVINCE_ADMIN)], NOW)


def test_a_person_of_two_administrations_founds_nothing():
    founders = [
        (NewStaff("system", "甲", CENTRE), Role.PROVINCE_ADMIN),
        (NewStaff("system", "甲", CENTRE), Role.AUDITOR),
    ]

    with pytest.raises(InvalidInput), transaction.atomic():
        staff.found(founders, NOW)

    assert not Staff.objects.exists()
