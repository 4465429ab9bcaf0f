"""What an operator is told about keys: nothing while all is well, else the fault and its cure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tongban.vault import condition, data_keys, key_files, keys, seal, sm2
from tongban.vault.sm2_gmssl import GmsslBackend

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
OWNER = "registry-410526"


@pytest.fixture(autouse=True)
def keys_dir(settings: Any, tmp_path: Path) -> Path:
    settings.TONGBAN_KEYS_DIR = tmp_path
    return tmp_path


def faults(now: datetime = NOW) -> list[tuple[str, str]]:
    return [(fault.code, fault.what_zh) for fault in condition.examine(now)]


@pytest.mark.django_db
def test_a_site_in_order_has_no_faults() -> None:
    keys.create_key(OWNER, NOW)
    seal.seal(b"x", "test")

    assert faults() == []


@pytest.mark.django_db
def test_a_lost_key_file_and_an_institution_without_a_key_in_force_are_told(keys_dir: Path) -> None:
    lost = keys.create_key(OWNER, NOW)
    revoked = keys.create_key("outlet-410100-01", NOW)
    keys.revoke("outlet-410100-01", revoked.key_id, NOW)
    (keys_dir / f"{lost.key_id}.key").unlink()
    key_files._private_key.cache_clear()

    found = faults(NOW + timedelta(hours=1))

    assert [code for code, _ in found] == ["key_unusable", "key_unusable"]
    assert "outlet-410100-01" in found[0][1]
    assert f"{lost.key_id}.key" in found[1][1]


class MixedUpProvider:
    """A provider that signs with a key that is not the one it announced."""

    def create(self, owner: str) -> key_files.NewKey:
        return key_files.NewKey(f"{owner}.mixed", sm2.generate()[1])

    def sign(self, key_id: str, message: bytes) -> bytes:
        return sm2.sign(sm2.generate()[0], message)


@pytest.mark.django_db
def test_a_private_key_that_does_not_fit_its_public_half_is_told(settings: Any) -> None:
    settings.TONGBAN_KEY_PROVIDER = f"{__name__}.MixedUpProvider"
    keys.create_key(OWNER, NOW)

    assert [code for code, _ in faults()] == ["key_mismatch"]


def test_an_unfinished_and_a_premature_change_of_the_master_key_are_told(own_database: str, settings: Any) -> None:
    seal.seal(b"x", "test")
    old = dict(settings.TONGBAN_MASTER_KEYS)
    settings.TONGBAN_MASTER_KEYS = {**old, "m2": b"n" * 32}
    settings.TONGBAN_MASTER_KEY_CURRENT = "m2"
    assert [code for code, _ in faults()] == ["master_key_old"]

    settings.TONGBAN_MASTER_KEYS = {"m2": b"n" * 32}
    assert [code for code, _ in faults()] == ["master_key_missing"]

    settings.TONGBAN_MASTER_KEYS = {**old, "m2": b"n" * 32}
    data_keys.rewrap_all(NOW)
    settings.TONGBAN_MASTER_KEYS = {"m2": b"n" * 32}
    assert faults() == []


@pytest.mark.django_db
def test_the_slow_backend_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sm2, "_backend", GmsslBackend)

    assert [code for code, _ in faults()] == ["sm2_slow"]
