"""What was refused is audited although everything else of it was rolled back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from tongban.access.actors import Actor, ActorKind, roles_at, system
from tongban.access.audit import audit
from tongban.access.audit_seals import verify_audit
from tongban.access.denials import audit_denial, audit_refusal, denials_audited
from tongban.access.models import AuditRow
from tongban.access.permissions import Permission, Role
from tongban.access.require import Scope, require
from tongban.domain.decision import Refusal
from tongban.domain.errors import NotPermitted
from tongban.domain.reasons import Reasons

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
HERE, THERE = "registry-410526", "registry-410100"
REVIEWER = Actor(ActorKind.STAFF, "li.ming", "李明", HERE, roles_at(HERE, [Role.REVIEWER]), "10.1.2.3")


def record(request: HttpRequest) -> HttpResponse:
    """A page whose service begins to write and is then denied."""
    with transaction.atomic():
        audit(REVIEWER, "case.record", "41052620261122000001", now=NOW)
        require(REVIEWER, Permission.CASE_RECORD, Scope(frozenset({HERE}), "41052620261122000001"))
    return HttpResponse("recorded")


def elsewhere(request: HttpRequest) -> HttpResponse:
    raise NotPermitted("no_open_case", "没有正在办的业务。")


urlpatterns = [path("record", record), path("elsewhere", elsewhere)]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tongban.access.middleware.DenialAuditMiddleware",
]


@pytest.fixture
def pages(own_database):
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=MIDDLEWARE, ALLOWED_HOSTS=["*"]):
        yield Client(raise_request_exception=False)


def test_a_denial_at_the_web_edge_is_kept_and_the_work_of_the_page_is_not(pages):
    assert pages.get("/record").status_code == 500, "no page is made here"

    row = AuditRow.objects.get()
    assert (row.action, row.outcome, row.actor_id) == ("denied.case.record", "denied", "li.ming")
    assert row.object_id == "41052620261122000001"
    assert row.detail == {"reason": "D08", "method": "GET", "path": "/record"}


def test_a_not_permitted_of_another_kind_is_kept_too(pages):
    pages.post("/elsewhere")

    row = AuditRow.objects.get()
    assert (row.action, row.actor_kind, row.actor_id) == ("denied", "public", "public")
    assert row.detail == {"reason": "no_open_case", "method": "POST", "path": "/elsewhere"}


def test_a_worker_audits_a_denied_job_and_still_learns_of_it(own_database):
    duty = system("deem_accepted", HERE)

    with pytest.raises(NotPermitted), denials_audited(duty, "deem_accepted"), transaction.atomic():
        audit(duty, "case.deem_accepted", "1", now=NOW)
        require(duty, Permission.CASE_DEEM_ACCEPTED, Scope(frozenset({THERE}), "1"))

    row = AuditRow.objects.get()
    assert (row.action, row.actor_id, row.institution_code) == (
        "denied.case.deem_accepted", "system:deem_accepted", HERE,
    )  # fmt: skip
    assert row.detail == {"reason": "D09", "job": "deem_accepted"}


def test_a_denial_noted_inside_a_transaction_survives_its_rollback(own_database):
    with transaction.atomic():
        audit(REVIEWER, "case.record", "1", now=NOW)
        audit_denial(REVIEWER, "case.record", "1", "D08", request={"path": "/record"}, now=NOW)
        transaction.set_rollback(True)

    row = AuditRow.objects.get()
    assert row.action == "denied.case.record"
    assert row.at == NOW
    assert verify_audit().is_sound


def test_a_refusal_is_kept_with_its_reason(own_database):
    audit_refusal(REVIEWER, "case.accept", "1", Refusal(Reasons.ITEM_NOT_OPEN), now=NOW)

    row = AuditRow.objects.get()
    assert (row.action, row.outcome, row.detail) == ("case.accept", "refused", {"reason": "D06"})
