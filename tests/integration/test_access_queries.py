"""Lists for administrators and auditors: scoped, paged by key, few queries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.access import queries
from tongban.access.actors import Actor, ActorKind, roles_at
from tongban.access.audit import audit
from tongban.access.models import ConfidentialityAgreement, Staff, StaffRole
from tongban.access.permissions import Role
from tongban.access.queries import PAGE_ROWS, AuditFilter
from tongban.domain.errors import NotPermitted

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
HERE, THERE, CENTRE = "registry-410526", "registry-410100", "province-410000"
pytestmark = pytest.mark.django_db


def person(role: Role, at: str = HERE) -> Actor:
    return Actor(ActorKind.STAFF, "someone", "某人", at, roles_at(at, [role]))


@pytest.fixture
def people(db):
    for number in range(PAGE_ROWS + 10):
        Staff.objects.create(username=f"h{number:03}", name_zh="李明", institution_code=HERE, password="!")
    other = Staff.objects.create(username="a.there", name_zh="王芳", institution_code=THERE, password="!")
    first = Staff.objects.get(username="h000")
    for role, last in (("reviewer", None), ("registrar", TODAY), ("desk_officer", TODAY - timedelta(days=1))):
        StaffRole.objects.create(
            staff=first, role=role, institution_code=HERE, valid_from=date(2026, 1, 1), valid_until=last, granted_by="x"
        )
    for kind, one, two in (
        ("staff", HERE, first.username),
        ("staff", THERE, other.username),
        ("registry", THERE, HERE),
    ):
        ConfidentialityAgreement.objects.create(
            kind=kind, first=one, second=two, document_no=f"{one}{two}", signed_on=TODAY, valid_from=TODAY
        )


def test_an_administrator_sees_the_people_of_the_own_institution_page_by_page(people):
    page = queries.staff(person(Role.REGISTRY_ADMIN), TODAY)
    rest = queries.staff(person(Role.REGISTRY_ADMIN), TODAY, after=page[-1].username)

    assert [len(page), len(rest)] == [PAGE_ROWS, 10]
    assert {line.institution for line in page + rest} == {HERE}
    assert [role.role for role in page[0].roles] == [Role.REGISTRAR, Role.REVIEWER], "those of today"
    assert page[0].has_agreement
    assert not page[1].has_agreement


def test_the_province_sees_everybody_and_may_narrow(people):
    admin = person(Role.PROVINCE_ADMIN, CENTRE)

    assert queries.staff(admin, TODAY)[0].username == "a.there"
    assert [line.username for line in queries.staff(admin, TODAY, institution=THERE)] == ["a.there"]


def test_a_page_of_people_costs_three_queries(people):
    with CaptureQueriesContext(connection) as seen:
        queries.staff(person(Role.REGISTRY_ADMIN), TODAY)

    assert len(seen) == 3


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR, Role.WINDOW_CLERK])
def test_others_see_no_list_of_people(people, role):
    with pytest.raises(NotPermitted):
        queries.staff(person(role), TODAY)


def test_agreements_are_listed_for_their_parties(people):
    assert [line.kind for line in queries.agreements(person(Role.REGISTRY_ADMIN))] == ["registry", "staff"]
    every = queries.agreements(person(Role.PROVINCE_ADMIN, CENTRE))
    assert [line.second for line in every] == [HERE, "a.there", "h000"]
    assert queries.agreements(person(Role.PROVINCE_ADMIN, CENTRE), before=every[1].number) == every[2:]
    assert [line.second for line in queries.agreements(person(Role.PROVINCE_ADMIN, CENTRE), institution=THERE)] == [
        HERE, "a.there",
    ]  # fmt: skip
    with pytest.raises(NotPermitted):
        queries.agreements(person(Role.REVIEWER))


def test_an_auditor_sees_the_own_institution_newest_first_page_by_page(db):
    here, there = person(Role.REVIEWER), person(Role.REVIEWER, THERE)
    for number in range(PAGE_ROWS + 5):
        audit(here, "case.read", str(number), now=NOW + timedelta(seconds=number))
    audit(there, "case.read", "elsewhere", now=NOW)

    with CaptureQueriesContext(connection) as seen:
        page = queries.audit_trail(person(Role.AUDITOR), AuditFilter())
    rest = queries.audit_trail(person(Role.AUDITOR), AuditFilter(), before=page[-1].number)

    assert len(seen) == 1
    assert [line.object_id for line in page[:2]] == [str(PAGE_ROWS + 4), str(PAGE_ROWS + 3)]
    assert [len(page), len(rest)] == [PAGE_ROWS, 5]
    assert len(queries.audit_trail(person(Role.AUDITOR, CENTRE), AuditFilter(object_id="elsewhere"))) == 1
    assert len(queries.audit_trail(person(Role.AUDITOR), AuditFilter(object_id="elsewhere"))) == 0


def test_the_trail_is_narrowed_by_who_what_and_when(db):
    audit(person(Role.REVIEWER), "case.read", "1", case_no="41052620261122000001", now=NOW)
    audit(person(Role.REVIEWER), "case.refuse", "2", outcome="denied", now=NOW + timedelta(hours=1))

    def found(**wanted) -> list[str]:
        return [line.object_id for line in queries.audit_trail(person(Role.AUDITOR), AuditFilter(**wanted))]

    assert found(action="case.read") == found(case_no="41052620261122000001") == ["1"]
    assert found(outcome="denied") == found(since=NOW + timedelta(minutes=1)) == ["2"]
    assert found(until=NOW + timedelta(minutes=1)) == ["1"]
    assert found(actor_id="nobody") == []


@pytest.mark.parametrize("role", [Role.REGISTRY_ADMIN, Role.SECURITY_ADMIN, Role.REGISTRAR])
def test_only_auditors_read_the_trail(db, role):
    with pytest.raises(NotPermitted):
        queries.audit_trail(person(role), AuditFilter())
