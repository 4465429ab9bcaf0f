"""Keys of institutions: who signs with what, when a signature is believed, and how private keys are kept."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.utils import IntegrityError

from tongban.domain.errors import (
    BadSignature,
    EvidenceBroken,
    InvalidInput,
    NotFound,
    TongbanError,
    Unavailable,
)
from tongban.vault import key_files, keys, sm2
from tongban.vault.models import SigningKey
from tongban.vault.sm2_gmssl import GmsslBackend

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
HUAXIAN, ZHENGZHOU = "registry-410526", "outlet-410100-01"
MESSAGE = "收件登记 SJ410100".encode()

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys_dir(settings: Any, tmp_path: Path) -> Path:
    settings.TONGBAN_KEYS_DIR = tmp_path / "keys"
    settings.TONGBAN_KEYS_DIR.mkdir(mode=0o700)
    return tmp_path / "keys"


def check(owner: str, signature: keys.Signature, message: bytes, signed_at: datetime, **more: datetime) -> None:
    keys.check(owner, signature.key_id, signature.algorithm, message, signature.value, signed_at, **more)


def code_of(error: pytest.ExceptionInfo[TongbanError]) -> str:
    return error.value.code


def test_what_an_institution_signs_is_checked_as_its_own() -> None:
    made = keys.create_key(HUAXIAN, NOW)

    signature = keys.sign(HUAXIAN, MESSAGE, NOW)

    assert (signature.algorithm, signature.key_id) == ("sm2sm3", made.key_id)
    check(HUAXIAN, signature, MESSAGE, NOW)


def test_a_signature_is_refused_for_other_bytes_another_owner_or_another_algorithm() -> None:
    keys.create_key(HUAXIAN, NOW)
    keys.create_key(ZHENGZHOU, NOW)
    good = keys.sign(HUAXIAN, MESSAGE, NOW)
    cases = [
        (HUAXIAN, good.key_id, "sm2sm3", MESSAGE + b"!", good.value, "signature_wrong"),
        (HUAXIAN, good.key_id, "sm2sm3", MESSAGE, good.value[:-1] + bytes((good.value[-1] ^ 1,)), "signature_wrong"),
        (HUAXIAN, good.key_id, "sm2sm3", MESSAGE, b"", "signature_wrong"),
        (HUAXIAN, good.key_id, "ed25519", MESSAGE, good.value, "algorithm_mismatch"),
        (ZHENGZHOU, good.key_id, "sm2sm3", MESSAGE, good.value, "key_unknown"),
        (HUAXIAN, good.key_id + "\x00", "sm2sm3", MESSAGE, good.value, "key_unknown"),
        ("\x00", good.key_id, "sm2sm3", MESSAGE, good.value, "key_unknown"),
        (ZHENGZHOU, keys.sign(ZHENGZHOU, MESSAGE, NOW).key_id, "sm2sm3", MESSAGE, good.value, "signature_wrong"),
    ]

    for owner, key_id, algorithm, message, value, code in cases:
        with pytest.raises(BadSignature) as refused:
            keys.check(owner, key_id, algorithm, message, value, NOW)
        assert code_of(refused) == code


def test_a_new_key_takes_over_and_the_one_before_stays_good_for_what_it_signed() -> None:
    first = keys.create_key(HUAXIAN, NOW)
    early = keys.sign(HUAXIAN, MESSAGE, NOW)

    second = keys.create_key(HUAXIAN, NOW + HOUR)
    late = keys.sign(HUAXIAN, MESSAGE, NOW + HOUR)

    assert (early.key_id, late.key_id) == (first.key_id, second.key_id)
    check(HUAXIAN, early, MESSAGE, NOW)
    check(HUAXIAN, early, MESSAGE, NOW + HOUR + keys.HANDOVER_OVERLAP - timedelta(seconds=1))
    with pytest.raises(BadSignature) as refused:
        check(HUAXIAN, early, MESSAGE, NOW + HOUR + keys.HANDOVER_OVERLAP)
    assert code_of(refused) == "key_not_valid_then"
    with pytest.raises(BadSignature):
        check(HUAXIAN, late, MESSAGE, NOW)


def test_a_key_made_ahead_does_not_sign_before_its_day() -> None:
    first = keys.create_key(HUAXIAN, NOW)
    ahead = keys.create_key(HUAXIAN, NOW, valid_from=NOW + 24 * HOUR)

    assert keys.sign(HUAXIAN, MESSAGE, NOW).key_id == first.key_id
    assert keys.sign(HUAXIAN, MESSAGE, NOW + 24 * HOUR).key_id == ahead.key_id


def test_an_institution_without_a_usable_key_here_cannot_sign() -> None:
    der = sm2.generate()[1]
    keys.import_public(ZHENGZHOU, "outlet.1", der, NOW)
    made = keys.create_key(HUAXIAN, NOW + HOUR)

    for owner, when in ((ZHENGZHOU, NOW), ("registry-000000", NOW), (HUAXIAN, NOW)):
        with pytest.raises(Unavailable) as refused:
            keys.sign(owner, MESSAGE, when)
        assert code_of(refused) == "signing_key_missing"
    keys.revoke(HUAXIAN, made.key_id, NOW + HOUR)
    with pytest.raises(Unavailable):
        keys.sign(HUAXIAN, MESSAGE, NOW + 2 * HOUR)


def test_a_plain_revocation_spares_what_was_signed_before_it() -> None:
    made = keys.create_key(HUAXIAN, NOW)
    signature = keys.sign(HUAXIAN, MESSAGE, NOW)

    keys.revoke(HUAXIAN, made.key_id, NOW + 2 * HOUR)

    check(HUAXIAN, signature, MESSAGE, NOW + 2 * HOUR - timedelta(microseconds=1))
    with pytest.raises(BadSignature) as refused:
        check(HUAXIAN, signature, MESSAGE, NOW + 2 * HOUR)
    assert code_of(refused) == "key_revoked"


def test_a_compromise_makes_signatures_at_or_after_its_moment_bad_and_earlier_ones_good() -> None:
    made = keys.create_key(HUAXIAN, NOW)
    signature = keys.sign(HUAXIAN, MESSAGE, NOW)

    keys.revoke(HUAXIAN, made.key_id, NOW + 5 * HOUR, compromised_since=NOW + 2 * HOUR)

    check(HUAXIAN, signature, MESSAGE, NOW + 2 * HOUR - timedelta(microseconds=1))
    for signed_at in (NOW + 2 * HOUR, NOW + 4 * HOUR):
        with pytest.raises(BadSignature) as refused:
            check(HUAXIAN, signature, MESSAGE, signed_at)
        assert code_of(refused) == "key_compromised"


def test_a_back_dated_signature_of_a_stolen_key_is_caught_by_the_time_of_its_arrival() -> None:
    made = keys.create_key(HUAXIAN, NOW)
    signature = keys.sign(HUAXIAN, MESSAGE, NOW)
    keys.revoke(HUAXIAN, made.key_id, NOW + 5 * HOUR, compromised_since=NOW + 2 * HOUR)

    check(HUAXIAN, signature, MESSAGE, NOW + HOUR, received_at=NOW + HOUR)
    with pytest.raises(BadSignature) as refused:
        check(HUAXIAN, signature, MESSAGE, NOW + HOUR, received_at=NOW + 3 * HOUR)
    assert code_of(refused) == "key_compromised"


def test_a_revocation_is_only_ever_made_stricter() -> None:
    made = keys.create_key(HUAXIAN, NOW)
    keys.revoke(HUAXIAN, made.key_id, NOW + 4 * HOUR, compromised_since=NOW + 3 * HOUR)

    keys.revoke(HUAXIAN, made.key_id, NOW + 9 * HOUR, compromised_since=NOW + 8 * HOUR)
    keys.import_public(HUAXIAN, made.key_id, bytes(made.public_der), NOW)
    row = SigningKey.objects.get(key_id=made.key_id)
    assert (row.revoked_at, row.compromised_since) == (NOW + 4 * HOUR, NOW + 3 * HOUR)

    keys.revoke(HUAXIAN, made.key_id, NOW + 9 * HOUR, compromised_since=NOW + HOUR)
    row.refresh_from_db()
    assert (row.revoked_at, row.compromised_since) == (NOW + 4 * HOUR, NOW + HOUR)


def test_a_revocation_names_a_known_key_and_no_moment_to_come() -> None:
    made = keys.create_key(HUAXIAN, NOW)

    with pytest.raises(NotFound):
        keys.revoke(ZHENGZHOU, made.key_id, NOW)
    with pytest.raises(InvalidInput):
        keys.revoke(HUAXIAN, made.key_id, NOW, compromised_since=NOW + HOUR)
    made.refresh_from_db()
    assert made.revoked_at is None


def test_exported_keys_are_all_another_site_needs_to_check() -> None:
    retired = keys.create_key(HUAXIAN, NOW)
    early = keys.sign(HUAXIAN, MESSAGE, NOW)
    keys.create_key(HUAXIAN, NOW + HOUR)
    late = keys.sign(HUAXIAN, MESSAGE, NOW + HOUR)
    keys.revoke(HUAXIAN, retired.key_id, NOW + 3 * HOUR, compromised_since=NOW + HOUR)
    directory = json.loads(json.dumps(keys.export_public([HUAXIAN])))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE vault_signingkey (LIKE vault_signingkey INCLUDING ALL)")

    assert SigningKey.objects.count() == 0
    assert keys.import_exported(directory) == 2

    check(HUAXIAN, early, MESSAGE, NOW)
    check(HUAXIAN, late, MESSAGE, NOW + HOUR)
    with pytest.raises(BadSignature):
        check(HUAXIAN, early, MESSAGE, NOW + HOUR)
    assert not SigningKey.objects.filter(is_local=True).exists()
    assert keys.export_public([HUAXIAN]) == directory
    assert keys.export_public([ZHENGZHOU]) == []


def test_a_directory_brings_revocations_of_keys_held_here_and_leaves_them_local() -> None:
    made = keys.create_key(HUAXIAN, NOW)
    (row,) = keys.export_public([HUAXIAN])

    keys.import_exported([{**row, "revoked_at": (NOW + HOUR).isoformat()}])

    made.refresh_from_db()
    assert made.is_local
    assert made.revoked_at == NOW + HOUR


def test_a_key_id_stands_for_one_public_key_for_ever() -> None:
    made = keys.create_key(HUAXIAN, NOW)

    for der, since in ((sm2.generate()[1], NOW), (bytes(made.public_der), NOW - HOUR)):
        with pytest.raises(InvalidInput):
            keys.import_public(HUAXIAN, made.key_id, der, since)
    made.refresh_from_db()
    assert made.valid_from == NOW


@pytest.mark.parametrize(
    "change",
    [
        {"public_key": "AAAA"},
        {"key_id": "../x"},
        {"key_id": ""},
        {"public_key": "not base64!"},
        {"algorithm": "rsa"},
        {"valid_from": "yesterday"},
        {"valid_from": None},
        {"compromised_since": NOW.isoformat()},
    ],
)
def test_an_unreadable_directory_row_is_refused_and_nothing_kept(change: dict[str, str | None]) -> None:
    keys.create_key(HUAXIAN, NOW)
    (row,) = keys.export_public([HUAXIAN])

    with pytest.raises(InvalidInput):
        keys.import_exported([{**row, "owner": ZHENGZHOU, **change}])

    assert not SigningKey.objects.filter(owner=ZHENGZHOU).exists()


def test_only_the_receiver_opens_what_is_encrypted_for_it() -> None:
    keys.create_key(HUAXIAN, NOW)
    keys.create_key(ZHENGZHOU, NOW)
    plaintext = MESSAGE * 1000

    sealed = keys.encrypt_for(HUAXIAN, plaintext, now=NOW)

    assert plaintext[:20] not in sealed
    assert keys.encrypt_for(HUAXIAN, plaintext) != sealed
    assert keys.decrypt_as(HUAXIAN, sealed) == plaintext
    with pytest.raises(Unavailable):
        keys.decrypt_as(ZHENGZHOU, sealed)


def test_a_sealed_envelope_opens_after_its_key_was_retired() -> None:
    first = keys.create_key(HUAXIAN, NOW)
    sealed = keys.encrypt_for(HUAXIAN, MESSAGE)
    keys.revoke(HUAXIAN, first.key_id, NOW + HOUR)
    second = keys.create_key(HUAXIAN, NOW + HOUR)

    assert keys.decrypt_as(HUAXIAN, sealed) == MESSAGE
    assert second.key_id.encode() in keys.encrypt_for(HUAXIAN, MESSAGE)


def test_nothing_is_encrypted_to_a_revoked_ended_or_unknown_key() -> None:
    made = keys.create_key(HUAXIAN, NOW)
    keys.import_public(ZHENGZHOU, "outlet.1", sm2.generate()[1], NOW, valid_until=NOW + HOUR)
    keys.revoke(HUAXIAN, made.key_id, NOW)

    for owner in (HUAXIAN, ZHENGZHOU, "registry-000000"):
        with pytest.raises(Unavailable) as refused:
            keys.encrypt_for(owner, MESSAGE, now=NOW + HOUR)
        assert code_of(refused) == "encryption_key_missing"


def test_an_envelope_changed_in_any_byte_does_not_open() -> None:
    keys.create_key(HUAXIAN, NOW)
    sealed = keys.encrypt_for(HUAXIAN, b"x")

    for at in range(len(sealed)):
        with pytest.raises((EvidenceBroken, Unavailable)):
            keys.decrypt_as(HUAXIAN, sealed[:at] + bytes((sealed[at] ^ 1,)) + sealed[at + 1 :])
    for end in range(len(sealed)):
        with pytest.raises((EvidenceBroken, Unavailable)):
            keys.decrypt_as(HUAXIAN, sealed[:end])


def test_a_private_key_lies_sealed_in_a_file_only_its_owner_reads(keys_dir: Path) -> None:
    made = keys.create_key(HUAXIAN, NOW)
    (path,) = keys_dir.iterdir()

    record = json.loads(path.read_bytes())

    assert path.name == made.key_id + ".key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert record["master_key_id"] == "m1"
    assert set(record) == {"format", "name", "purpose", "master_key_id", "sealed"}
    assert b"0\x81\x87\x02\x01\x00" not in path.read_bytes()


def fresh_provider() -> keys.FileKeyProvider:
    """A provider that has no key in memory, as in a new process."""
    key_files._private_key.cache_clear()
    return keys.FileKeyProvider()


def test_a_private_key_file_is_refused_when_others_may_read_it(keys_dir: Path) -> None:
    made = keys.create_key(HUAXIAN, NOW)
    (keys_dir / f"{made.key_id}.key").chmod(0o640)

    with pytest.raises(Unavailable) as refused:
        fresh_provider().sign(made.key_id, MESSAGE)
    assert code_of(refused) == "sealed_file_readable_by_others"


def test_a_private_key_file_that_was_swapped_or_damaged_is_evidence_of_it(keys_dir: Path) -> None:
    first, second = (keys.create_key(owner, NOW) for owner in (HUAXIAN, ZHENGZHOU))
    path, other = (keys_dir / f"{made.key_id}.key" for made in (first, second))
    whole = path.read_bytes()

    for content in (other.read_bytes(), whole[:-30], b"{}", b"", whole.replace(b'"sealed": "', b'"sealed": "A')):
        path.write_bytes(content)
        with pytest.raises(EvidenceBroken) as refused:
            fresh_provider().sign(first.key_id, MESSAGE)
        assert code_of(refused) == "sealed_file_broken"


@pytest.mark.parametrize("key_id", ["../../etc/passwd", "a/b", "", ".hidden", "x" * 121])
def test_a_key_id_never_leads_out_of_the_key_folder(key_id: str) -> None:
    with pytest.raises(Unavailable) as refused:
        fresh_provider().sign(key_id, MESSAGE)
    assert code_of(refused) == "sealed_file_name"


def test_a_missing_private_key_file_is_named() -> None:
    with pytest.raises(Unavailable, match=r"registry-410526\.0\.key"):
        fresh_provider().sign("registry-410526.0", MESSAGE)


def test_private_keys_move_to_a_new_master_key_and_stay_the_same_keys(settings: Any, keys_dir: Path) -> None:
    made = keys.create_key(HUAXIAN, NOW)
    before = keys.encrypt_for(HUAXIAN, MESSAGE)
    old = dict(settings.TONGBAN_MASTER_KEYS)
    settings.TONGBAN_MASTER_KEYS = {**old, "m2": b"2" * 32}
    settings.TONGBAN_MASTER_KEY_CURRENT = "m2"

    assert keys.rewrap_private_keys() == 1
    assert keys.rewrap_private_keys() == 0

    settings.TONGBAN_MASTER_KEYS = {"m2": b"2" * 32}
    provider = fresh_provider()
    signature = provider.sign(made.key_id, MESSAGE)
    keys.check(HUAXIAN, made.key_id, "sm2sm3", MESSAGE, signature, NOW)
    assert keys.decrypt_as(HUAXIAN, before) == MESSAGE
    assert [path.name for path in keys_dir.iterdir()] == [f"{made.key_id}.key"]

    settings.TONGBAN_MASTER_KEYS = old
    settings.TONGBAN_MASTER_KEY_CURRENT = "m1"
    with pytest.raises(Unavailable) as refused:
        fresh_provider().sign(made.key_id, MESSAGE)
    assert code_of(refused) == "master_key_missing"


def test_a_crash_while_a_key_file_is_replaced_leaves_the_old_one(
    settings: Any, keys_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = keys.create_key(HUAXIAN, NOW)
    before = (keys_dir / f"{made.key_id}.key").read_bytes()
    settings.TONGBAN_MASTER_KEYS = {**settings.TONGBAN_MASTER_KEYS, "m2": b"2" * 32}
    settings.TONGBAN_MASTER_KEY_CURRENT = "m2"

    def crash(*_: object) -> None:
        raise OSError("the disk is full")

    for call in ("os.fsync", "pathlib.Path.replace"):
        with monkeypatch.context() as broken:
            broken.setattr(call, crash)
            with pytest.raises(OSError, match="full"):
                keys.rewrap_private_keys()
        assert {path.name: path.read_bytes() for path in keys_dir.iterdir()} == {f"{made.key_id}.key": before}
    assert keys.rewrap_private_keys() == 1


def test_everything_works_on_the_pure_backend_too(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = keys.create_key(ZHENGZHOU, NOW)
    by_libcrypto = keys.sign(ZHENGZHOU, MESSAGE, NOW)
    monkeypatch.setattr(sm2, "_backend", GmsslBackend)
    key_files._private_key.cache_clear()
    keys._public_key.cache_clear()

    keys.create_key(HUAXIAN, NOW)
    check(HUAXIAN, keys.sign(HUAXIAN, MESSAGE, NOW), MESSAGE, NOW)
    check(ZHENGZHOU, by_libcrypto, MESSAGE, NOW)
    assert keys.sign(ZHENGZHOU, MESSAGE, NOW).key_id == elsewhere.key_id
    assert keys.decrypt_as(HUAXIAN, keys.encrypt_for(HUAXIAN, MESSAGE)) == MESSAGE
    with pytest.raises(BadSignature):
        check(ZHENGZHOU, by_libcrypto, MESSAGE + b"!", NOW)

    key_files._private_key.cache_clear()
    keys._public_key.cache_clear()


class CardProvider:
    """A key provider that is no file, as a cryptographic card would be."""

    held: dict[str, bytes] = {}

    def create(self, owner: str) -> Any:
        private, public = sm2.generate()
        self.held["card-1"] = private
        return type("Made", (), {"key_id": "card-1", "public_der": public})

    def sign(self, key_id: str, message: bytes) -> bytes:
        return sm2.sign(self.held[key_id], message)


def test_another_key_provider_takes_the_place_of_files(settings: Any, keys_dir: Path) -> None:
    settings.TONGBAN_KEY_PROVIDER = f"{__name__}.CardProvider"

    keys.create_key(HUAXIAN, NOW)
    signature = keys.sign(HUAXIAN, MESSAGE, NOW)

    assert signature.key_id == "card-1"
    check(HUAXIAN, signature, MESSAGE, NOW)
    assert list(keys_dir.iterdir()) == []


def test_the_institutions_whose_keys_are_here_can_be_told_from_others() -> None:
    keys.create_key(HUAXIAN, NOW)
    keys.import_public(ZHENGZHOU, "outlet.1", sm2.generate()[1], NOW)

    assert keys.owners_here() == {HUAXIAN}


def test_signing_and_checking_cost_one_query_each(django_assert_num_queries: Any) -> None:
    keys.create_key(HUAXIAN, NOW)

    with django_assert_num_queries(1):
        signature = keys.sign(HUAXIAN, MESSAGE, NOW)
    with django_assert_num_queries(1):
        check(HUAXIAN, signature, MESSAGE, NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vault_signingkey SET public_der = ''",
        "UPDATE vault_signingkey SET valid_from = now()",
        "UPDATE vault_signingkey SET owner = 'x'",
        "DELETE FROM vault_signingkey",
        "TRUNCATE vault_signingkey",
        "DELETE FROM vault_datakey",
        "TRUNCATE vault_datakey",
        "UPDATE vault_blob SET ciphertext = ''",
        "TRUNCATE vault_blob",
    ],
)
def test_the_application_role_cannot_rewrite_what_is_stored(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("tongban_app",)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute(statement)


def test_the_database_refuses_a_compromise_without_a_revocation() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SigningKey.objects.create(
            owner=HUAXIAN, key_id="k", public_der=b"", valid_from=NOW, compromised_since=NOW, revoked_at=None
        )
