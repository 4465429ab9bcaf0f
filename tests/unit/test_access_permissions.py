"""The table of roles and permissions: what must and what must never stand in it."""

from __future__ import annotations

import pytest

from tongban.access.permissions import (
    ESTATES,
    GRANTABLE,
    NEEDS_AGREEMENT,
    TABLE,
    WINDOW_ROLES,
    Estate,
    Permission,
    Reach,
    Role,
    estate_of,
)
from tongban.domain.lifecycle import APPLICATION_PERMISSIONS, CASE_PERMISSIONS

P = Permission
DECIDING = {P.CASE_ACCEPT, P.CASE_NOT_ACCEPT, P.CASE_APPROVE_FIRST, P.CASE_APPROVE_SECOND, P.CASE_REFUSE, P.CASE_RECORD}


def holders(permission: Permission) -> set[Role]:
    return {role for role in Role if permission in TABLE[role]}


@pytest.mark.parametrize("name", sorted(CASE_PERMISSIONS | APPLICATION_PERMISSIONS))
def test_every_move_of_the_life_cycle_has_a_permission_that_somebody_holds(name):
    assert holders(Permission(name))


def test_every_permission_is_held_by_somebody():
    assert not [permission for permission in Permission if not holders(permission)]


@pytest.mark.parametrize("role", sorted(WINDOW_ROLES))
def test_a_window_decides_nothing_and_reads_no_register(role):
    assert not DECIDING & set(TABLE[role])
    assert P.REGISTER_READ not in TABLE[role]
    assert P.CASE_READ not in TABLE[role]


def test_everything_a_window_does_needs_a_confidentiality_agreement():
    for role in WINDOW_ROLES:
        assert set(TABLE[role]) <= NEEDS_AGREEMENT


@pytest.mark.parametrize("role", sorted(ESTATES))
def test_an_administrator_handles_no_case_no_application_and_no_register_content(role):
    business = {row for row in Permission if row.value.startswith(("case.", "intake.", "application.", "certificate."))}

    assert not (business | {P.REGISTER_READ}) & set(TABLE[role])


def test_the_three_administrations_share_no_power_over_people_or_audit():
    assert holders(P.STAFF_MANAGE) == {Role.REGISTRY_ADMIN, Role.PROVINCE_ADMIN}
    assert holders(P.ROLES_GRANT) == {Role.SECURITY_ADMIN}
    assert holders(P.AUDIT_READ) == {Role.AUDITOR}
    assert {estate_of(role) for role in holders(P.STAFF_MANAGE)} == {Estate.SYSTEM}


def test_only_the_product_itself_makes_the_moves_of_time_and_outcome():
    for permission in (
        P.CASE_DEEM_ACCEPTED,
        P.CASE_SETTLE,
        P.CASE_CERTIFY,
        P.CASE_LAPSE,
        P.CASE_END_NOTICE,
        P.APPLICATION_REPORT,
    ):
        assert holders(permission) == {Role.SYSTEM}


def test_the_product_itself_decides_nothing():
    assert set(TABLE[Role.SYSTEM]) == {
        P.CASE_DEEM_ACCEPTED, P.CASE_SETTLE, P.CASE_CERTIFY, P.CASE_SUSPEND, P.CASE_SUPPLEMENT, P.CASE_LAPSE,
        P.CASE_WITHDRAW, P.CASE_END_NOTICE, P.APPLICATION_REPORT, P.APPLICATION_EXPIRE,
    }  # fmt: skip
    assert not DECIDING & set(TABLE[Role.SYSTEM])
    assert Role.SYSTEM not in GRANTABLE


def test_only_the_province_administrator_reaches_the_whole_province_by_role():
    reaching = {role for role in Role if Reach.PROVINCE in TABLE[role].values()}

    assert reaching == {Role.PROVINCE_ADMIN}


def test_first_and_second_review_are_different_roles():
    assert not holders(P.CASE_APPROVE_FIRST) & holders(P.CASE_APPROVE_SECOND)


def test_a_name_pages_use_means_the_same_permission_as_the_move():
    assert Permission("case.review") is P.CASE_APPROVE_FIRST
    assert Permission("intake.hand_over") is P.APPLICATION_HAND_OVER
    with pytest.raises(ValueError, match="no_such"):
        Permission("case.no_such")
