"""Audit rows: what they hold, that personal numbers never stand there, that nothing changes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from tongban.access import audit as audit_module
from tongban.access.actors import Actor, ActorKind, roles_at, system
from tongban.access.audit import DENIED, REFUSED, audit, mac_of
from tongban.access.models import AuditPending, AuditRow
from tongban.access.permissions import Role

NOW = datetime(2026, 11, 22, 2, 0, 1, 123456, tzinfo=UTC)
HERE = "registry-410526"
CLERK = Actor(ActorKind.STAFF, "li.ming", "李明", HERE, roles_at(HERE, [Role.WINDOW_CLERK]), "10.1.2.3")
pytestmark = pytest.mark.django_db


def test_a_row_says_who_what_when_where_why_and_for_which_case():
    audit(
        CLERK, "register.read", "410526001002GB00015F00030027", purpose="审核变更登记", case_no="41052620261122000001",
        detail={"sections": "ownership"}, now=NOW,
    )  # fmt: skip

    row = AuditRow.objects.get()
    assert (row.at, row.actor_kind, row.actor_id, row.institution_code) == (NOW, "staff", "li.ming", HERE)
    assert (row.origin, row.action, row.outcome) == ("10.1.2.3", "register.read", "ok")
    assert row.object_id == "410526001002GB00015F00030027"
    assert (row.case_no, row.purpose, row.detail) == ("41052620261122000001", "审核变更登记", {"sections": "ownership"})


def test_the_digest_is_the_same_after_reading_back():
    audit(CLERK, "case.accept", "1", detail={"备注": "é e\u0301 ①", "b": "2", "a": "1"}, now=NOW)

    row = AuditRow.objects.get()

    assert mac_of(row) == bytes(row.mac)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_id", "zhang.san"), ("actor_kind", "system"), ("institution_code", "registry-410100"), ("origin", ""),
        ("action", "case.refuse"), ("object_id", "2"), ("case_no", "9"), ("purpose", "x"), ("outcome", DENIED),
        ("detail", {"a": "2"}), ("at", NOW.replace(microsecond=123457)),
    ],
)  # fmt: skip
def test_a_change_of_any_column_shows_in_the_digest(column, value):
    audit(CLERK, "case.accept", "1", detail={"a": "1"}, now=NOW)
    row = AuditRow.objects.get()

    setattr(row, column, value)

    assert mac_of(row) != bytes(row.mac)


def test_personal_numbers_are_masked_wherever_they_stand():
    audit(
        CLERK, "party.look", "11010519491231002X", purpose="核对11010519491231002X，电话13812345678", now=NOW,
        detail={"card": "6217002460000123453", "old": "110105491231002", "name": "欧阳某某", "holder": "张三丰",
                "id_no": "E12345678", "phone": "0372-8123456", "unit": "410526001002GB00015F00030027",
                "case": "41052620261122000001"},
    )  # fmt: skip

    row = AuditRow.objects.get()
    assert row.object_id == "110105********002X"
    assert row.purpose == "核对110105********002X，电话138****5678"
    assert row.detail == {
        "card": "621700*********3453",
        "old": "110105*****1002",
        "name": "欧***",
        "holder": "张**",
        "id_no": "E*******8",
        "phone": "037*****3456",
        "unit": "410526001002GB00015F00030027",
        "case": "41052620261122000001",
    }


def test_control_characters_and_overlong_text_are_cut_not_refused():
    audit(CLERK, "case.note", "x" * 500, purpose="a\x00b\u202e" + "c" * 500, detail={"text": "d" * 5000}, now=NOW)

    row = AuditRow.objects.get()
    assert len(row.object_id) == 120
    assert row.purpose.startswith("abc")
    assert len(row.purpose) == 200
    assert len(row.detail["text"]) == audit_module.DETAIL_CHARS_MAX


def test_a_row_rolls_back_with_what_it_tells_of():
    with transaction.atomic():
        audit(system("duty", HERE), "case.settle", "1", now=NOW)
        transaction.set_rollback(True)

    assert not AuditRow.objects.exists()
    assert not AuditPending.objects.exists()


def test_every_row_waits_for_a_seal():
    audit(CLERK, "case.accept", "1", outcome=REFUSED, now=NOW)

    assert list(AuditPending.objects.values_list("row_id", "at")) == [(AuditRow.objects.get().pk, NOW)]


@pytest.mark.parametrize("table", ["access_auditrow", "access_auditseal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_cannot_change_or_delete_audit(table, statement):
    audit(CLERK, "case.accept", "1", now=NOW)
    statement = statement.replace("id = id", "sequence = sequence") if "seal" in table else statement

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))

    assert AuditRow.objects.count() == 1


def test_an_outcome_nobody_knows_is_a_mistake_of_the_program():
    with pytest.raises(AssertionError):
        audit(CLERK, "case.accept", "1", outcome="perhaps", now=NOW)
