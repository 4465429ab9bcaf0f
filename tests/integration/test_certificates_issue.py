"""Licences from the recording to the sealed file: never two live ones, nothing lost, nothing changed afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests import certificate_builders as b
from tests import register_builders as a
from tests.certificate_builders import NOW, PROVINCE, REGISTRY

from tongban.certificates import files, issue, queries
from tongban.certificates.documents import AcceptanceNotice, Letterhead
from tongban.certificates.models import (
    Licence,
    LicenceEvent,
    LicenceState,
    SealCertificate,
    SealedFile,
    SignedPayload,
    State,
)
from tongban.certificates.payload import Payload
from tongban.certificates.seals import pdf_check, registry_seals, seal_keys
from tongban.certificates.trust import read_trust
from tongban.certificates.trust_export import trust_bundle
from tongban.certificates.verify import verify_payload, verify_pdf
from tongban.domain.entries import Entry
from tongban.domain.errors import EvidenceBroken, NotFound, Unavailable, WrongState
from tongban.register import reading, sealing
from tongban.register.requests import EntryRef
from tongban.vault import keys
from tongban.vault.models import Blob

LATER = NOW + timedelta(seconds=2)
THREADS = 4
KILLS = 3


@pytest.fixture
def keys_dir(settings: Any, tmp_path: Path) -> Path:
    settings.TONGBAN_KEYS_DIR = tmp_path / "keys"
    settings.TONGBAN_KEYS_DIR.mkdir(mode=0o700)
    return tmp_path / "keys"


@pytest.fixture
def registry(db: None, keys_dir: Path) -> None:
    b.found_registry()
    b.open_flat(1)


@pytest.fixture
def own_registry(own_database: str, keys_dir: Path) -> str:
    b.found_registry()
    b.open_flat(1)
    return own_database


def state(identifier: str) -> str:
    return LicenceState.objects.get(pk=identifier).state


# ---- decided with the recording ----


def test_a_licence_is_pending_from_the_recording_on(registry: None) -> None:
    identifier = b.rename(1, 101)

    assert identifier == "1.2.156.3005.2.11100000MB03271699022.410526.2026Z0000101.001.4"
    assert state(identifier) == State.PENDING
    assert not issue.is_current(identifier)
    with pytest.raises(WrongState):
        issue.pdf(identifier, NOW)


def last_written() -> list[tuple[Entry, EntryRef]]:
    """The last entry about flat 1, as `prepare` is given it."""
    line = reading.history(a.unit(1))[-1]
    assert line.entry is not None and line.ref is not None
    return [(line.entry, line.ref)]


def test_a_licence_is_decided_inside_the_recording_transaction_only(own_registry: str) -> None:
    written = last_written()

    with pytest.raises(AssertionError):
        issue.prepare(case_no=b.CASE, registry=REGISTRY, written=written, now=NOW)
    assert not Licence.objects.exists()


def test_a_recording_that_is_rolled_back_leaves_no_licence_and_ends_none(own_registry: str) -> None:
    first = b.rename(1, 101)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        b.rename(1, 102, name="张小美", now=LATER)
        raise ZeroDivisionError

    assert state(first) == State.PENDING
    assert Licence.objects.count() == 1


def test_deciding_twice_on_one_entry_gives_one_licence(registry: None) -> None:
    identifier = b.rename(1, 101)
    written = last_written()

    (again,) = issue.prepare(case_no=b.CASE, registry=REGISTRY, written=written, now=LATER)

    assert again == identifier
    assert Licence.objects.count() == LicenceEvent.objects.count() == 1


def test_the_new_licence_ends_the_old_one_at_the_recording_and_not_later(registry: None) -> None:
    old = b.issued(1, 101)

    new = b.rename(1, 102, name="张小美", now=LATER)

    found = queries.currency(old)
    assert (found.state, found.replaced_by, found.is_current) == (State.REPLACED, new, False)
    assert state(new) == State.PENDING
    assert issue.current_among([old, new]) == frozenset()
    assert [event.state for event in LicenceEvent.objects.filter(licence=old).order_by("pk")] == [
        State.PENDING,
        State.CURRENT,
        State.REPLACED,
    ]


def test_a_licence_overtaken_before_it_was_signed_is_never_signed(registry: None) -> None:
    old = b.rename(1, 101)
    new = b.rename(1, 102, name="张小美", now=LATER)
    sealing.seal(LATER)

    assert issue.issue_due(LATER) == 1

    assert issue.current_among([old, new]) == {new}
    assert issue.finished_among([b.CASE]) == {b.CASE}
    assert not SignedPayload.objects.filter(pk=old).exists()


def test_the_database_itself_refuses_a_second_live_licence_of_one_right(registry: None) -> None:
    first = Licence.objects.get(pk=b.rename(1, 101))
    values = {field.attname: getattr(first, field.attname) for field in Licence._meta.fields}
    second = Licence.objects.create(**values | {"identifier": "other", "certificate_no": "豫（2026）滑县不动产权第9号"})

    with pytest.raises(IntegrityError, match="certificates_one_live_licence_per_right"), transaction.atomic():
        LicenceState.objects.create(
            licence=second, right_ref=second.right_ref, certificate_no="x", changed_at=NOW, next_try_at=NOW
        )


def test_the_database_itself_refuses_the_same_number_twice(registry: None) -> None:
    first = Licence.objects.get(pk=b.rename(1, 101))
    values = {field.attname: getattr(first, field.attname) for field in Licence._meta.fields}

    with pytest.raises(IntegrityError, match="certificates_number_version_once"), transaction.atomic():
        Licence.objects.create(**values | {"identifier": "other"})


def test_deciding_costs_few_queries(registry: None) -> None:
    written = last_written()

    with CaptureQueriesContext(connection) as captured:
        issue.prepare(case_no=b.CASE, registry=REGISTRY, written=written, now=NOW)

    assert len(captured) <= 9


# ---- signed ----


def test_signing_waits_for_the_head_that_covers_the_entry(registry: None) -> None:
    identifier = b.rename(1, 101)

    assert issue.issue_due(NOW) == 0
    assert state(identifier) == State.PENDING
    sealing.seal(NOW)
    assert issue.issue_due(NOW) == 0, "looked a moment ago: not again in the same second"
    assert issue.issue_due(LATER) == 1

    assert issue.is_current(identifier)
    assert issue.issue_due(LATER) == 0


def test_what_is_signed_says_what_the_register_says_and_leaks_no_name(registry: None) -> None:
    identifier = b.issued(1, 101)

    signed = SignedPayload.objects.get(pk=identifier)
    payload = Payload.parse(bytes(signed.payload))
    assert (payload.certificate_no, payload.unit_code) == (a.certificate(101), a.unit(1))
    assert payload.holder_zh == "张**"
    assert "小丽" not in bytes(signed.payload).decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT opening FROM certificates_signedpayload")
        assert "小丽".encode() not in bytes(cursor.fetchone()[0])


def test_the_title_is_printed_as_recorded_even_if_another_recording_came_before_signing(registry: None) -> None:
    identifier = b.rename(1, 101, name="张小丽")
    sealing.seal(NOW)
    a_mortgage = a.request(a.mortgaged(1, "dy-1"), key="mortgage", now=LATER)
    with transaction.atomic():
        b.book.record(a_mortgage)

    assert issue.issue_due(LATER) == 1

    content = SignedPayload.objects.get(pk=identifier).opening["content"]
    assert content["holders_zh"] == "张小丽"
    assert content["certificate_no"] == a.certificate(101)
    assert content["notes_zh"] == [
        "变更登记：姓名或者名称改变，由“张小花”变更为“张小丽”",
        f"原不动产权证号：{a.certificate(1)}，自登簿时起作废",
        f"业务号：{b.CASE}",
    ]


def test_a_registry_without_its_key_waits_visibly_and_keeps_nobody_else_waiting(registry: None) -> None:
    b.open_flat(2)
    first, second = b.rename(1, 101), b.rename(2, 102)
    sealing.seal(NOW)
    LicenceState.objects.filter(pk=first).update(tries=0)
    (key,) = keys.export_public([REGISTRY])
    keys.revoke(REGISTRY, str(key["key_id"]), NOW)

    assert issue.issue_due(LATER) == 0
    waiting = queries.licence(first)
    assert "签名密钥" in waiting.problem_zh
    assert queries.backlog().unsigned == 2

    keys.create_key(REGISTRY, LATER)
    assert issue.issue_due(LATER + timedelta(minutes=1)) == 2
    assert issue.current_among([first, second]) == {first, second}
    assert queries.licence(first).problem_zh == ""


def test_a_licence_whose_entry_the_register_no_longer_proves_is_not_signed(registry: None) -> None:
    identifier = b.rename(1, 101)
    sealing.seal(NOW)
    licence = Licence.objects.get(pk=identifier)
    licence.entry_hash = "00" * 32

    with pytest.raises(EvidenceBroken):
        issue.signing.sign(licence, NOW)


# ---- sealed ----


def test_the_file_verifies_with_the_trust_file_of_the_site(registry: None) -> None:
    identifier = b.issued(1, 101)

    data = issue.pdf(identifier, LATER)

    found = verify_pdf(data, read_trust(trust_bundle(LATER)))
    assert found.ok, found.checks
    assert found.identifier == identifier
    assert {fact.name_zh: fact.value_zh for fact in found.facts}["权利人"] == "张小丽"


def test_the_file_is_made_once_and_kept_encrypted(registry: None) -> None:
    identifier = b.issued(1, 101)

    first = issue.pdf(identifier, LATER)
    second = issue.pdf(identifier, LATER + timedelta(days=1))

    assert first == second
    file = SealedFile.objects.get(pk=identifier)
    assert queries.licence(identifier).digest == file.digest
    assert b"%PDF" not in bytes(Blob.objects.get(pk=file.digest).ciphertext)


def test_the_duty_makes_the_files_of_current_licences(registry: None) -> None:
    identifier = b.issued(1, 101)
    assert queries.backlog().unsealed == 1

    assert issue.seal_due(LATER) == 1

    assert issue.seal_due(LATER) == 0
    assert queries.backlog() == queries.Backlog(0, None, 0, None)
    assert SealedFile.objects.filter(pk=identifier).exists()


def test_a_replaced_licence_still_shows_its_file_and_that_it_counts_no_more(registry: None) -> None:
    old = b.issued(1, 101)
    before = issue.pdf(old, NOW)

    b.rename(1, 102, name="张小美", now=LATER)

    assert issue.pdf(old, LATER) == before
    assert not queries.currency(old).is_current


def test_a_site_that_demonstrates_prints_that_on_every_certificate(registry: None, settings: Any) -> None:
    settings.TONGBAN_DEMO = True

    signed = SignedPayload.objects.get(pk=b.issued(1, 101))

    assert signed.opening["content"]["specimen_zh"] == "演示样本"


def test_a_notice_is_sealed_by_its_office(registry: None) -> None:
    head = Letterhead("滑县不动产登记中心", b.CASE, NOW.date())
    notice = AcceptanceNotice(
        head, ("张小花",), "变更", "人民路", "", "SJ", b.CASE, "郑州", "今日", "", "", "", ("登簿",)
    )

    found = verify_pdf(files.sealed(notice, REGISTRY, NOW), read_trust(trust_bundle(LATER)))

    assert found.ok
    assert [check.code for check in found.checks] == ["file", "seal"]


def test_unknown_licences_are_not_found(registry: None) -> None:
    for ask in (lambda: issue.pdf("x", NOW), lambda: queries.currency("x"), lambda: queries.licence("x")):
        with pytest.raises(NotFound):
            ask()
    with pytest.raises(NotFound):
        issue.revoke("x", "注销登记", NOW)


def test_a_name_no_font_has_waits_visibly_and_keeps_nobody_else_waiting(registry: None) -> None:
    b.open_flat(2)
    first, second = b.rename(1, 101, name="王\U000323af"), b.rename(2, 102)
    sealing.seal(NOW)
    assert issue.issue_due(NOW) == 2

    assert issue.seal_due(LATER) == 1

    assert queries.licence(second).digest
    assert "无法排版" in queries.licence(first).problem_zh
    assert issue.current_among([first, second]) == {first, second}, "signed all the same: the data is right"


def test_the_code_of_a_licence_can_be_shown_on_a_screen(registry: None) -> None:
    identifier = b.issued(1, 101)

    found = verify_payload(issue.code(identifier), read_trust(trust_bundle(LATER)))

    assert (found.ok, found.identifier) == (True, identifier)


# ---- ended ----


def test_a_revoked_licence_counts_no_more_and_stays_so(registry: None) -> None:
    identifier = b.issued(1, 101)

    issue.revoke(identifier, "注销登记", LATER)
    issue.revoke(identifier, "注销登记", LATER)

    found = queries.currency(identifier)
    assert (found.state, found.reason_zh, found.replaced_by) == (State.REVOKED, "注销登记", "")
    assert LicenceEvent.objects.filter(licence=identifier, state=State.REVOKED).count() == 1


def test_a_replaced_licence_cannot_be_revoked_as_well(registry: None) -> None:
    old = b.rename(1, 101)
    b.rename(1, 102, name="张小美", now=LATER)

    with pytest.raises(WrongState):
        issue.revoke(old, "注销登记", LATER)
    assert state(old) == State.REPLACED


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("licence", "case_no"),
        ("licenceevent", "reason_zh"),
        ("signedpayload", "key_id"),
        ("sealedfile", "digest"),
        ("sealcertificate", "owner"),
        ("sealrevocation", "reason_zh"),
    ],
)
def test_what_was_signed_can_neither_be_changed_nor_removed(registry: None, table: str, column: str) -> None:
    issue.pdf(b.issued(1, 101), NOW)
    verbs = ("UPDATE {} SET {} = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE")

    for statement in (verb.format(f"certificates_{table}", column) for verb in verbs):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


def test_a_licences_standing_can_be_ended_but_not_removed_or_moved(registry: None) -> None:
    b.rename(1, 101)
    for statement in ("DELETE FROM certificates_licencestate", "UPDATE certificates_licencestate SET right_ref = 'x'"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


# ---- seals ----


def test_a_seal_is_made_when_first_needed_and_then_stays(registry: None, keys_dir: Path) -> None:
    assert not SealCertificate.objects.exists()

    first = registry_seals.seal_of(REGISTRY, NOW)

    assert registry_seals.seal_of(REGISTRY, LATER).certificate == first.certificate
    assert SealCertificate.objects.count() == 2
    assert pdf_check.owner_of(first.certificate) == REGISTRY
    assert {path.stat().st_mode & 0o777 for path in (keys_dir / "seals").iterdir()} == {0o600}


def test_a_seal_of_an_institution_of_another_site_is_not_ours_to_make(registry: None) -> None:
    with pytest.raises(Unavailable):
        registry_seals.seal_of("registry-410100", NOW)
    assert not SealCertificate.objects.exists()


def test_after_a_revocation_a_fresh_seal_is_made_and_the_old_files_are_judged_by_its_moment(registry: None) -> None:
    identifier = b.issued(1, 101)
    data = issue.pdf(identifier, NOW)
    serial = SealedFile.objects.get(pk=identifier).seal_serial

    registry_seals.revoke_seal(serial, NOW + timedelta(hours=1), LATER, "密钥更换")
    registry_seals.revoke_seal(serial, NOW, LATER, "后来再报")

    assert pdf_check.serial_of(registry_seals.seal_of(REGISTRY, LATER).certificate) != serial
    trust = read_trust(trust_bundle(LATER))
    assert trust.revoked_seals == {serial: NOW + timedelta(hours=1)}
    assert verify_pdf(data, trust).ok


def test_an_expired_seal_is_followed_by_a_fresh_one_under_the_same_authority(registry: None) -> None:
    first = registry_seals.seal_of(REGISTRY, NOW)

    second = registry_seals.seal_of(REGISTRY, NOW + timedelta(days=3_700))

    assert first.certificate != second.certificate
    assert len(registry_seals.authorities()) == 1


def test_seal_keys_move_to_a_new_master_key(registry: None, settings: Any) -> None:
    seal = registry_seals.seal_of(REGISTRY, NOW)
    settings.TONGBAN_MASTER_KEYS = {**settings.TONGBAN_MASTER_KEYS, "m2": os.urandom(32)}
    settings.TONGBAN_MASTER_KEY_CURRENT = "m2"

    assert seal_keys.provider().rewrap() == 2
    assert seal_keys.provider().rewrap() == 0
    del settings.TONGBAN_MASTER_KEYS["m1"]
    seal_keys._key.cache_clear()

    assert seal.sign(b"message")


def test_a_seal_key_somebody_changed_is_not_used(registry: None, keys_dir: Path) -> None:
    seal = registry_seals.seal_of(REGISTRY, NOW)
    (path,) = (keys_dir / "seals").glob(f"{REGISTRY}*")
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {"name": "x", "sealed": record["sealed"][::-1]}))
    seal_keys._key.cache_clear()

    with pytest.raises(EvidenceBroken):
        seal.sign(b"message")


def test_the_trust_file_needs_the_provinces_key(registry: None) -> None:
    (key,) = keys.export_public([PROVINCE])
    keys.revoke(PROVINCE, str(key["key_id"]), NOW)

    with pytest.raises(Unavailable):
        trust_bundle(LATER)


# ---- many at once, and kill -9 ----


def _at_once(*works: Callable[[], object]) -> list[object]:
    """Every work in a thread with a connection of its own; what each returned."""
    results: list[object] = [None] * len(works)
    start = threading.Barrier(len(works))

    def run(number: int, work: Callable[[], object]) -> None:
        start.wait()
        try:
            results[number] = work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_workers_side_by_side_sign_and_seal_each_licence_once(own_registry: str) -> None:
    licences = [b.rename(1, 101)]
    for number in range(2, 12):
        b.open_flat(number)
        licences.append(b.rename(number, 100 + number))
    sealing.seal(NOW)

    signed = _at_once(*[lambda: issue.issue_due(LATER)] * THREADS)
    while sum(map(int, signed)) < len(licences):  # type: ignore[call-overload]
        signed.append(issue.issue_due(LATER))
    sealed = _at_once(*[lambda: issue.seal_due(LATER)] * THREADS)
    while (made := issue.seal_due(LATER)) > 0:
        sealed.append(made)

    assert sum(map(int, signed)) == sum(map(int, sealed)) == len(licences)  # type: ignore[call-overload]
    assert SignedPayload.objects.count() == SealedFile.objects.count() == len(licences)
    assert LicenceEvent.objects.filter(state=State.CURRENT).count() == len(licences)
    assert SealCertificate.objects.count() == 2


def test_two_people_who_ask_at_once_get_the_same_file(own_registry: str) -> None:
    identifier = b.issued(1, 101)

    files_made = _at_once(*[lambda: issue.pdf(identifier, LATER)] * 3)

    assert files_made[0] is not None
    assert len(set(files_made)) == 1
    assert SealedFile.objects.count() == 1


_WORK = """
import sys, django
django.setup()
from datetime import timedelta
from django.conf import settings
from pathlib import Path
settings.TONGBAN_KEYS_DIR = Path(sys.argv[1])
from tests.certificate_builders import NOW
from tongban.certificates import issue
print("ready", flush=True)
moment = NOW + timedelta(minutes=int(sys.argv[2]))
while issue.issue_due(moment) + issue.seal_due(moment):
    pass
print("done", flush=True)
"""


def _worker(database: str, keys_dir: Path, minute: int) -> subprocess.Popen[str]:
    environment = {**os.environ, "TONGBAN_DATABASE_NAME": database}
    command = [sys.executable, "-c", _WORK, str(keys_dir), str(minute)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def test_a_worker_killed_again_and_again_leaves_every_licence_signed_and_sealed_once(
    own_registry: str, keys_dir: Path
) -> None:
    licences = [b.rename(1, 101)]
    for number in range(2, 7):
        b.open_flat(number)
        licences.append(b.rename(number, 100 + number))
    sealing.seal(NOW)

    for kill in range(KILLS):
        worker = _worker(own_registry, keys_dir, kill + 1)
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        time.sleep(0.05 * kill)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    last = _worker(own_registry, keys_dir, 60)
    assert "done" in last.communicate(timeout=120)[0]

    assert issue.current_among(licences) == set(licences)
    assert SignedPayload.objects.count() == SealedFile.objects.count() == len(licences)
    assert LicenceEvent.objects.filter(state=State.CURRENT).count() == len(licences)
    trust = read_trust(trust_bundle(LATER))
    assert all(verify_pdf(issue.pdf(identifier, LATER), trust).ok for identifier in licences)
