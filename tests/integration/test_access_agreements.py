"""Confidentiality agreements: without one in force, no access."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tongban.access import agreements
from tongban.access.actors import Actor, ActorKind, roles_at, staff_actor
from tongban.access.agreements import Agreement, AgreementKind, agreement_between, staff_agreement
from tongban.access.models import AuditRow, ConfidentialityAgreement, Staff, StaffRole
from tongban.access.permissions import Permission, Role
from tongban.access.require import Scope, allowed
from tongban.directory.models import Institution
from tongban.domain.errors import InvalidInput, NotFound, NotPermitted

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
HOME, WINDOW, OTHER, CENTRE = "registry-410526", "registry-410100", "registry-410500", "province-410000"
PAIR = Agreement(AgreementKind.REGISTRY, HOME, WINDOW, "保密〔2026〕1号", TODAY, TODAY, date(2026, 12, 31))
PERSONAL = Agreement(AgreementKind.STAFF, WINDOW, "li.ming", "保密〔2026〕2号", TODAY, TODAY, date(2026, 12, 31))
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def offices(db):
    for code in (HOME, WINDOW, OTHER):
        Institution.objects.create(
            code=code, kind="registry", name_zh=code, short_zh="x", division_code=code[-6:], site_code="site-test"
        )


@pytest.fixture
def clerk() -> Staff:
    person = Staff.objects.create(username="li.ming", name_zh="李明", institution_code=WINDOW, password="!")
    StaffRole.objects.create(
        staff=person, role="window_clerk", institution_code=WINDOW, valid_from=TODAY, granted_by="x"
    )
    return person


def admin(at: str, role: Role = Role.REGISTRY_ADMIN) -> Actor:
    return Actor(ActorKind.STAFF, "admin", "管理员", at, roles_at(at, [role]))


def may_receive(person: Staff, day: date) -> bool:
    return allowed(staff_actor(person, day), Permission.INTAKE_OPEN, Scope(frozenset({WINDOW})))


def test_an_agreement_of_two_registries_holds_both_ways_for_its_days():
    agreements.conclude(admin(HOME), PAIR, NOW)

    for one, other in ((HOME, WINDOW), (WINDOW, HOME)):
        found = agreement_between(one, other, date(2026, 12, 31))
        assert found is not None
        assert found.document_no == "保密〔2026〕1号"
        assert agreement_between(one, other, date(2026, 11, 21)) is None
        assert agreement_between(one, other, date(2027, 1, 1)) is None
    assert agreement_between(HOME, OTHER, TODAY) is None


@pytest.mark.parametrize(
    "agreement", [PAIR, replace(PAIR, first=WINDOW, second=HOME)], ids=["in order", "the other way"]
)
def test_revoking_ends_an_agreement_at_once_and_once(agreement):
    agreements.conclude(admin(WINDOW), PAIR, NOW)

    agreements.revoke(admin(HOME), agreement, NOW)
    agreements.revoke(admin(HOME), agreement, NOW)

    assert agreement_between(HOME, WINDOW, TODAY) is None
    assert AuditRow.objects.filter(action="agreement.revoke").count() == 1
    assert ConfidentialityAgreement.objects.get().revoked_at == NOW


def test_a_clerks_permissions_follow_the_agreement_day_by_day(clerk):
    assert not may_receive(clerk, TODAY)

    agreements.conclude(admin(WINDOW), PERSONAL, NOW)

    assert may_receive(clerk, TODAY)
    assert may_receive(clerk, date(2026, 12, 31))
    assert not may_receive(clerk, date(2027, 1, 1)), "expired"
    agreements.revoke(admin(WINDOW), PERSONAL, NOW)
    assert not may_receive(clerk, TODAY)
    assert staff_agreement("li.ming", TODAY) is None


def test_who_changes_office_needs_a_new_agreement(clerk):
    agreements.conclude(admin(WINDOW), PERSONAL, NOW)
    Staff.objects.filter(pk=clerk.pk).update(institution_code=OTHER)
    clerk.refresh_from_db()

    assert staff_agreement("li.ming", TODAY) is None
    assert not staff_actor(clerk, TODAY).has_agreement


def test_nobody_unknown_has_an_agreement():
    assert staff_agreement("nobody", TODAY) is None


@pytest.mark.parametrize(
    "actor",
    [admin(OTHER), admin(HOME, Role.REGISTRAR), admin(CENTRE, Role.SECURITY_ADMIN)],
    ids=["a third registry", "no administrator", "security admin"],
)
def test_only_an_administrator_of_a_party_or_of_the_province_enters_agreements(actor):
    with pytest.raises(NotPermitted):
        agreements.conclude(actor, PAIR, NOW)

    assert not ConfidentialityAgreement.objects.exists()
    agreements.conclude(admin(CENTRE, Role.PROVINCE_ADMIN), PAIR, NOW)


@pytest.mark.parametrize(
    "agreement",
    [
        replace(PAIR, second=HOME),
        replace(PAIR, document_no=" "),
        replace(PAIR, valid_from=date(2026, 11, 1)),
        replace(PAIR, valid_until=date(2026, 11, 1)),
        replace(PERSONAL, first=HOME, second="li.ming"),
    ],
    ids=["with itself", "no number", "before it was signed", "ends before it begins", "not of this office"],
)
def test_an_agreement_that_breaks_the_rules_is_not_entered(clerk, agreement):
    with pytest.raises(InvalidInput):
        agreements.conclude(admin(HOME), agreement, NOW)

    assert not ConfidentialityAgreement.objects.exists()


def test_the_same_document_is_entered_once():
    agreements.conclude(admin(HOME), PAIR, NOW)

    with pytest.raises(InvalidInput):
        agreements.conclude(admin(WINDOW), replace(PAIR, first=WINDOW, second=HOME), NOW)

    assert AuditRow.objects.filter(action="agreement.conclude").count() == 1


def test_an_agreement_nobody_entered_cannot_be_revoked():
    with pytest.raises(NotFound):
        agreements.revoke(admin(HOME), PAIR, NOW)


def test_the_database_keeps_a_pair_in_one_order():
    with pytest.raises(IntegrityError), transaction.atomic():
        ConfidentialityAgreement.objects.create(
            kind="registry", first=HOME, second=WINDOW, document_no="1", signed_on=TODAY, valid_from=TODAY
        )


def test_the_rights_of_a_person_cost_two_queries(clerk):
    with CaptureQueriesContext(connection) as seen:
        staff_actor(clerk, TODAY)

    assert len(seen) == 2
