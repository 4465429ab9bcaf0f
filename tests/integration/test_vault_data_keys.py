"""Data keys: one per purpose and day, never lost to a rollback or a race, rewrapped without touching a row."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from tongban.domain.errors import EvidenceBroken, Unavailable
from tongban.vault import blobs, data_keys, seal
from tongban.vault.models import Blob, DataKey

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 11, 22), date(2026, 11, 23)


@pytest.fixture(autouse=True)
def as_a_new_process() -> None:
    data_keys.forget_cached_keys()


@pytest.mark.django_db
def test_one_purpose_has_one_key_a_day() -> None:
    first = data_keys.for_writing("test.party", TODAY)

    assert data_keys.for_writing("test.party", TODAY) == first
    assert data_keys.for_writing("test.party", TOMORROW).id != first.id
    assert data_keys.for_writing("test.other", TODAY).id != first.id
    assert DataKey.objects.get(pk=first.id).group == "test.party/2026-11-22"


@pytest.mark.django_db
def test_a_data_key_is_read_again_after_it_left_the_memory(django_assert_num_queries: Any) -> None:
    made = data_keys.for_writing("test.party", TODAY)
    data_keys.forget_cached_keys()

    with django_assert_num_queries(1):
        assert data_keys.for_reading(made.id) == made
    with django_assert_num_queries(0):
        assert data_keys.for_reading(made.id) == made
    data_keys.forget_cached_keys()
    assert data_keys.for_writing("test.party", TODAY) == made


@pytest.mark.django_db
def test_making_a_data_key_never_shows_in_the_callers_transaction(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        data_keys.for_writing("test.unseen", TODAY)


@pytest.mark.django_db
def test_the_memory_for_data_keys_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    small = data_keys._Bounded(2)
    keys = [data_keys.OpenKey(row.id, b"") for row in [data_keys.for_writing("test.party", TODAY)] * 3]

    for number, key in enumerate(keys):
        small.put(number, key)
        small.get(0)

    assert small.get(0) is not None
    assert small.get(1) is None
    assert small.get(2) is not None


def test_a_data_key_outlives_the_rollback_of_its_first_use(own_database: str) -> None:
    with transaction.atomic():
        lost = seal.seal(b"lost", "test")
        transaction.set_rollback(True)
    kept = seal.seal(b"kept", "test")

    data_keys.forget_cached_keys()

    assert seal.unseal(kept, "test") == b"kept"
    assert seal.unseal(lost, "test") == b"lost"
    assert DataKey.objects.count() == 1


def test_threads_that_race_for_the_first_key_of_a_day_agree(own_database: str) -> None:
    found: list[data_keys.OpenKey] = []
    barrier = threading.Barrier(8)

    def work() -> None:
        barrier.wait()
        # Past the lock and the memory of this process, as another process would be.
        found.append(data_keys._read_or_create("test.race/2026-11-22"))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == 1
    assert DataKey.objects.get().id == found[0].id


OTHER_PROCESS = """
import sys, django
django.setup()
from tongban.vault import seal
sys.stdin.readline()
sys.stdout.write(seal.seal(b"from elsewhere", "test").hex())
"""


def test_processes_that_race_for_the_first_key_read_each_others_tokens(own_database: str) -> None:
    environment = {**os.environ, "TONGBAN_DATABASE_NAME": own_database}
    others = [
        subprocess.Popen(
            [sys.executable, "-c", OTHER_PROCESS],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for other in others:
        assert other.stdin is not None
        other.stdin.write("go\n")
        other.stdin.flush()
    mine = seal.seal(b"from here", "test")

    tokens = [bytes.fromhex(other.communicate(timeout=60)[0]) for other in others]

    assert [seal.unseal(token, "test") for token in tokens] == [b"from elsewhere"] * 3
    assert seal.unseal(mine, "test") == b"from here"
    assert DataKey.objects.count() == 1


def test_a_new_master_key_takes_over_without_touching_a_row(own_database: str, settings: Any) -> None:
    token = seal.seal(b"410526199001011234", "intake.party.id_no")
    reference = blobs.store("registry-410526", b"scan", "scan.jpg", "image/jpeg")
    ciphertext = bytes(Blob.objects.get().ciphertext)
    old, new = dict(settings.TONGBAN_MASTER_KEYS), b"n" * 32

    settings.TONGBAN_MASTER_KEYS = {**old, "m2": new}
    settings.TONGBAN_MASTER_KEY_CURRENT = "m2"
    assert data_keys.master_keys_in_use() == {"m1"}
    assert data_keys.rewrap_all(NOW) == 2
    assert data_keys.rewrap_all(NOW) == 0
    assert data_keys.master_keys_in_use() == {"m2"}

    settings.TONGBAN_MASTER_KEYS = {"m2": new}
    data_keys.forget_cached_keys()
    assert seal.unseal(token, "intake.party.id_no") == b"410526199001011234"
    assert blobs.read("registry-410526", reference.digest) == b"scan"
    assert bytes(Blob.objects.get().ciphertext) == ciphertext
    assert set(DataKey.objects.values_list("rewrapped_at", flat=True)) == {NOW}

    settings.TONGBAN_MASTER_KEYS = old
    settings.TONGBAN_MASTER_KEY_CURRENT = "m1"
    data_keys.forget_cached_keys()
    with pytest.raises(Unavailable) as missing:
        seal.unseal(token, "intake.party.id_no")
    assert missing.value.code == "master_key_missing"


def test_rewrapping_that_was_interrupted_goes_on_where_it_stopped(
    own_database: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 8):
        data_keys.for_writing("test.party", date(2026, 11, day))
    settings.TONGBAN_MASTER_KEYS = {**settings.TONGBAN_MASTER_KEYS, "m2": b"n" * 32}
    settings.TONGBAN_MASTER_KEY_CURRENT = "m2"
    monkeypatch.setattr(data_keys, "_REWRAP_BATCH", 3)

    assert data_keys._rewrap_batch("m2", NOW) == 3
    assert data_keys.master_keys_in_use() == {"m1", "m2"}
    assert data_keys.rewrap_all(NOW) == 4
    assert data_keys.master_keys_in_use() == {"m2"}


@pytest.mark.django_db
def test_a_swapped_or_damaged_data_key_is_evidence_of_it() -> None:
    token = seal.seal(b"x", "test", purpose="test.damage", today=TODAY)
    other = data_keys.for_writing("test.swap", TODAY)
    mine = data_keys.for_writing("test.damage", TODAY)
    wrapped = bytes(DataKey.objects.get(pk=mine.id).wrapped)

    for forged in (bytes(DataKey.objects.get(pk=other.id).wrapped), wrapped[:-1], wrapped[:-1] + b"\x00\x00", b""):
        DataKey.objects.filter(pk=mine.id).update(wrapped=forged)
        data_keys.forget_cached_keys()
        with pytest.raises(EvidenceBroken) as broken:
            seal.unseal(token, "test")
        assert broken.value.code == "data_key_broken"


@pytest.mark.django_db
def test_a_token_whose_data_key_is_gone_says_so() -> None:
    token = seal.seal(b"x", "test")
    lost = token[:1] + bytes(16) + token[17:]

    with pytest.raises(EvidenceBroken) as broken:
        seal.unseal(lost, "test")
    assert broken.value.code == "data_key_missing"
