"""Denied unless listed: every role against every permission, here and elsewhere."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.access import roles_page
from tongban.access.actors import PUBLIC, Actor, ActorKind, applicant, roles_at, sender, system
from tongban.access.permissions import OVERSIGHT_ROLES, TABLE, WINDOW_ROLES, Permission, Reach, Role
from tongban.access.require import Denied, Scope, allowed, institutions_for, require
from tongban.config.settings import PACKAGE
from tongban.domain.errors import NotPermitted

HERE, THERE, CENTRE = "registry-410526", "registry-410100", "province-410000"
TODAY = date(2026, 11, 22)


def person(*roles: Role, at: str = HERE, has_agreement: bool = True) -> Actor:
    return Actor(ActorKind.STAFF, "li.ming", "李明", at, roles_at(at, roles), has_agreement=has_agreement)


def scope(*institutions: str) -> Scope:
    return Scope(frozenset(institutions), "41052620261122000001")


@pytest.mark.parametrize("permission", list(Permission), ids=str)
@pytest.mark.parametrize("role", list(Role), ids=str)
def test_the_matrix_of_role_permission_and_place(role, permission):
    actor = person(role)

    assert allowed(actor, permission, scope(HERE)) is (permission in TABLE[role])
    assert allowed(actor, permission, scope(THERE)) is (TABLE[role].get(permission) is Reach.PROVINCE)
    assert allowed(actor, permission, scope()) is (TABLE[role].get(permission) is Reach.PROVINCE)


@pytest.mark.parametrize("permission", list(Permission), ids=str)
def test_who_holds_no_role_may_nothing(permission):
    for nobody in (person(), PUBLIC, applicant("a1", "张三"), sender(HERE, "滑县不动产登记中心")):
        with pytest.raises(NotPermitted):
            require(nobody, permission, scope(HERE))


@pytest.mark.parametrize("role", sorted(OVERSIGHT_ROLES))
def test_oversight_reaches_everywhere_from_the_provinces_centre_only(role):
    for permission in TABLE[role]:
        assert allowed(person(role, at=CENTRE), permission, scope(THERE))
        assert not allowed(person(role, at=HERE), permission, scope(THERE))


def test_a_role_held_elsewhere_does_not_help_here():
    actor = Actor(ActorKind.STAFF, "li.ming", "李明", HERE, roles_at(THERE, [Role.REVIEWER]))

    assert not allowed(actor, Permission.CASE_APPROVE_FIRST, scope(HERE))
    assert allowed(actor, Permission.CASE_APPROVE_FIRST, scope(THERE))


def test_an_affair_of_two_institutions_is_open_to_either():
    assert allowed(person(Role.DESK_OFFICER), Permission.CASE_CONSULT, scope(HERE, THERE))
    assert allowed(person(Role.WINDOW_CLERK, at=THERE), Permission.CASE_CONSULT, scope(HERE, THERE))


@pytest.mark.parametrize("role", sorted(WINDOW_ROLES))
def test_a_window_without_a_confidentiality_agreement_may_nothing_and_learns_why(role):
    actor = person(role, has_agreement=False)

    for permission in TABLE[role]:
        with pytest.raises(Denied) as caught:
            require(actor, permission, scope(HERE))
        assert caught.value.code == "no_staff_agreement"
        assert caught.value.reason.code == "D05"
        assert "保密" in caught.value.message_zh
        assert "重新签署" in caught.value.message_zh


def test_without_an_agreement_other_roles_of_the_same_person_still_hold():
    actor = person(Role.WINDOW_CLERK, Role.DESK_OFFICER, has_agreement=False)

    assert not allowed(actor, Permission.INTAKE_OPEN, scope(HERE))
    assert allowed(actor, Permission.CASE_CONSULT, scope(HERE)), "as the desk officer"


def test_a_denial_says_who_what_and_where():
    actor = person(Role.REVIEWER)

    with pytest.raises(Denied) as caught:
        require(actor, "case.record", scope(HERE))

    assert (caught.value.actor, caught.value.permission) == (actor, Permission.CASE_RECORD)
    assert caught.value.place.object_id == "41052620261122000001"
    assert caught.value.code == "role_missing"
    with pytest.raises(Denied) as elsewhere:
        require(actor, "case.read", scope(THERE))
    assert elsewhere.value.code == "other_institution"


def test_the_product_acts_for_one_institution_at_a_time():
    duty = system("deem_accepted", HERE)

    assert allowed(duty, "case.deem_accepted", scope(HERE))
    assert not allowed(duty, "case.deem_accepted", scope(THERE))
    assert not allowed(duty, "case.accept", scope(HERE))
    assert not allowed(duty, "case.record", scope(HERE))


def test_a_list_is_filtered_by_the_same_table():
    clerk = person(Role.WINDOW_CLERK)

    assert institutions_for(clerk, "intake.read") == {HERE}
    assert institutions_for(clerk, "case.read") == frozenset()
    assert institutions_for(person(Role.WINDOW_CLERK, has_agreement=False), "intake.read") == frozenset()
    assert institutions_for(person(Role.PROVINCE_ADMIN, at=CENTRE), "messages.read") is None
    assert institutions_for(person(Role.AUDITOR, at=CENTRE), "audit.read") is None
    assert institutions_for(person(Role.AUDITOR), "audit.read") == {HERE}


@pytest.mark.django_db
def test_asking_costs_no_query():
    actor = person(Role.REVIEWER)

    with CaptureQueriesContext(connection) as seen:
        for permission in Permission:
            allowed(actor, permission, scope(HERE))

    assert len(seen) == 0


def test_an_unknown_permission_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="no_such"):
        require(person(Role.REVIEWER), "case.no_such", scope(HERE))


def test_the_page_of_roles_is_fresh():
    page = PACKAGE.parents[1] / "docs" / "reference" / "roles.md"

    assert page.read_text("utf-8") == roles_page.roles_page()
