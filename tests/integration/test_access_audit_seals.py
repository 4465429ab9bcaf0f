"""Seals over the audit: nothing slips past them, and whatever is changed afterwards is named."""

# ruff: noqa: S608 - statements of the test's own making

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection, connections, transaction
from tests.cluster import SERVER

from tongban.access import audit_seals
from tongban.access.actors import Actor, ActorKind
from tongban.access.audit import audit
from tongban.access.audit_seals import members, ranges, seal_audit, seal_head, unsealed_age_s, verify_audit
from tongban.access.models import AuditPending, AuditRow, AuditSeal

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
CLERK = Actor(ActorKind.STAFF, "li.ming", "李明", "registry-410526")


def leave(count: int = 1, start: int = 0) -> None:
    for number in range(start, start + count):
        audit(CLERK, "case.read", str(number), now=NOW)


def as_superuser(database: str, *statements: str) -> None:
    """What somebody can do who holds the database machine itself."""
    with psycopg.connect(SERVER.admin_url(database), autocommit=True) as db:
        db.execute("SET session_replication_role = replica")  # no triggers
        for statement in statements:
            db.execute(statement)  # type: ignore[call-overload]


def ids() -> list[int]:
    return list(AuditRow.objects.order_by("pk").values_list("pk", flat=True))


def faults() -> dict[str, str]:
    return {fault.subject: fault.what_zh for fault in verify_audit().faults}


def test_every_row_is_sealed_once_and_the_chain_holds(own_database):
    leave(5)
    assert seal_audit(NOW) == 5
    leave(3)
    assert seal_audit(NOW) == 3
    assert seal_audit(NOW) == 0

    report = verify_audit()

    assert (report.rows, report.seals, report.unsealed, report.faults) == (8, 2, 0, ())
    first, second = AuditSeal.objects.order_by("sequence")
    assert bytes(second.previous) == bytes(first.hash)
    assert sorted([*members(first.rows), *members(second.rows)]) == ids()
    head = seal_head()
    assert head is not None
    assert (head.sequence, head.hash_hex) == (2, bytes(second.hash).hex())


def test_a_row_that_commits_late_is_in_the_next_seal(own_database):
    written, sealed = threading.Event(), threading.Event()

    def late() -> None:
        try:
            with transaction.atomic():
                leave(1, start=100)
                written.set()
                assert sealed.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=late)
    thread.start()
    assert written.wait(20)
    leave(2)  # higher numbers than the late row, committed before it
    first = seal_audit(NOW)
    sealed.set()
    thread.join(20)
    second = seal_audit(NOW)

    assert (first, second) == (2, 1)
    late_row = AuditRow.objects.get(object_id="100")
    assert late_row.pk < min(AuditRow.objects.exclude(pk=late_row.pk).values_list("pk", flat=True))
    assert list(members(AuditSeal.objects.get(sequence=2).rows)) == [late_row.pk]
    assert verify_audit().is_sound


def test_many_sealers_and_writers_at_once_leave_one_unbroken_chain(own_database, monkeypatch):
    monkeypatch.setattr(audit_seals, "ROWS_PER_SEAL_MAX", 7)
    problems: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            for _ in range(8):
                work()
        except BaseException as problem:  # noqa: BLE001 - a thread's failure is looked at below
            problems.append(problem)
        finally:
            connections.close_all()

    jobs = [lambda: leave(5), lambda: leave(5), lambda: seal_audit(NOW), lambda: seal_audit(NOW)]
    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    seal_audit(NOW)

    assert problems == []
    report = verify_audit()
    assert (report.rows, report.unsealed, report.faults) == (80, 0, ())
    assert sum(AuditSeal.objects.values_list("row_count", flat=True)) == 80


def test_a_rolled_back_seal_leaves_its_rows_for_the_next(own_database):
    leave(3)
    with transaction.atomic():
        assert seal_audit(NOW) == 3
        transaction.set_rollback(True)

    assert seal_audit(NOW) == 3
    assert verify_audit().is_sound


def test_unsealed_rows_show_their_age(own_database):
    assert unsealed_age_s(NOW) == 0
    leave(1)
    assert unsealed_age_s(NOW + timedelta(seconds=61)) == 61
    assert verify_audit().unsealed == 1
    assert verify_audit().is_sound

    seal_audit(NOW)

    assert unsealed_age_s(NOW + timedelta(seconds=61)) == 0


@pytest.mark.parametrize(
    "change",
    ["object_id = '2x'", "actor_id = 'wang.wu'", "outcome = 'denied'", 'detail = \'{"a": "b"}\'', "at = at + '1 s'"],
)
def test_a_changed_row_is_named(own_database, change):
    leave(4)
    seal_audit(NOW)
    victim = ids()[2]

    as_superuser(own_database, f"UPDATE access_auditrow SET {change} WHERE id = {victim}")

    assert list(faults()) == [f"row {victim}"]
    assert "被改动" in faults()[f"row {victim}"]


def test_one_flipped_byte_of_a_digest_is_named(own_database):
    leave(4)
    seal_audit(NOW)
    victim = ids()[1]

    as_superuser(
        own_database,
        f"UPDATE access_auditrow SET mac = set_byte(mac, 7, get_byte(mac, 7) # 1) WHERE id = {victim}",
    )

    assert f"row {victim}" in faults()


def test_a_changed_row_that_is_not_sealed_yet_is_named(own_database):
    leave(2)
    victim = ids()[0]

    as_superuser(own_database, f"UPDATE access_auditrow SET action = 'nothing' WHERE id = {victim}")

    assert list(faults()) == [f"row {victim}"]


def test_a_removed_row_is_named(own_database):
    leave(4)
    seal_audit(NOW)
    leave(2)
    sealed, unsealed = ids()[2], ids()[5]

    as_superuser(own_database, f"DELETE FROM access_auditrow WHERE id IN ({sealed}, {unsealed})")

    assert set(faults()) == {f"row {sealed}", f"row {unsealed}"}
    assert "不见了" in faults()[f"row {sealed}"]


def test_a_vanished_row_does_not_stop_the_sealer_and_stays_an_alarm(own_database):
    leave(3)
    as_superuser(own_database, f"DELETE FROM access_auditrow WHERE id = {ids()[0]}")

    assert seal_audit(NOW) == 2
    assert unsealed_age_s(NOW + timedelta(seconds=90)) == 90


def test_a_row_slipped_in_behind_the_triggers_is_named(own_database):
    leave(2)
    seal_audit(NOW)
    copy = (
        "INSERT INTO access_auditrow (at, actor_kind, actor_id, institution_code, origin, action, object_id, case_no, "
        "purpose, outcome, detail, mac) SELECT at, actor_kind, actor_id, institution_code, origin, action, object_id, "
        "case_no, purpose, outcome, detail, mac FROM access_auditrow LIMIT 1"
    )

    as_superuser(own_database, copy)

    assert list(faults()) == [f"row {ids()[-1]}"]


def test_two_rows_that_changed_places_are_noticed(own_database):
    leave(3)
    seal_audit(NOW)
    one, other = ids()[0], ids()[2]

    as_superuser(
        own_database,
        f"UPDATE access_auditrow SET id = -1 WHERE id = {one}",
        f"UPDATE access_auditrow SET id = {one} WHERE id = {other}",
        f"UPDATE access_auditrow SET id = {other} WHERE id = -1",
    )

    assert list(faults()) == ["seal 1"]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE access_auditseal SET sealed_at = sealed_at + '1 h' WHERE sequence = 2", "seal 2"),
        ("UPDATE access_auditseal SET digest = previous WHERE sequence = 2", "seal 2"),
        ("DELETE FROM access_auditseal WHERE sequence = 2", "seal 3"),
        ("UPDATE access_auditseal SET previous = digest WHERE sequence = 3", "seal 3"),
    ],
)
def test_a_changed_or_removed_seal_is_named(own_database, statement, named):
    for _ in range(3):
        leave(2)
        seal_audit(NOW)

    as_superuser(own_database, statement)

    assert named in faults()


def test_striking_a_row_off_the_waiting_list_does_not_hide_it(own_database):
    leave(2)
    AuditPending.objects.all().delete()

    assert seal_audit(NOW) == 0
    assert set(faults()) == {f"row {number}" for number in ids()}


def test_a_report_of_many_faults_is_cut_and_says_so(own_database, monkeypatch):
    monkeypatch.setattr(audit_seals, "FAULTS_MAX", 3)
    leave(5)
    AuditPending.objects.all().delete()

    report = verify_audit()

    assert len(report.faults) == 3
    assert report.is_cut


def test_verifying_takes_few_queries_whatever_the_number_of_rows(own_database):
    leave(40)
    seal_audit(NOW)
    with connection.execute_wrapper(lambda execute, *rest: (seen.append(rest[0]), execute(*rest))[1]):
        seen: list[str] = []
        assert verify_audit().is_sound

    assert len(seen) <= 8


def test_ranges_and_members_are_each_others_inverse():
    for numbers in ([], [1], [1, 2, 3], [1, 3, 4, 9, 10, 12]):
        assert list(members(ranges(numbers))) == numbers
