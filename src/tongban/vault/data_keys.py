"""Data keys: one per group of rows, wrapped under a master key in a table of their own.

Rows carry the id of their data key, so that changing the master key rewraps this one table and touches no row.
A data key is committed on a connection of its own before anything is encrypted with it: were it part of the caller's
transaction, a rollback would leave other threads encrypting with a key that no longer exists.
"""

from __future__ import annotations

import secrets
import threading
import uuid
from collections import OrderedDict
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from tongban.domain.errors import EvidenceBroken
from tongban.vault import master_keys, sm4
from tongban.vault.models import DataKey
from tongban.vault.sm3 import hmac_sm3

_SECRET_BYTES = 32
_CACHED_KEYS_MAX = 4096
_REWRAP_BATCH = 500
_WRAP_PURPOSE = "data key"


@dataclass(frozen=True, slots=True)
class OpenKey:
    """A data key ready for use; `sm4_key` never leaves the process."""

    id: uuid.UUID
    sm4_key: bytes


class _Bounded:
    """A least-recently-used table that threads may share."""

    def __init__(self, size_max: int) -> None:
        self._size_max = size_max
        self._rows: OrderedDict[object, OpenKey] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: object) -> OpenKey | None:
        with self._lock:
            found = self._rows.get(name)
            if found is not None:
                self._rows.move_to_end(name)
            return found

    def put(self, name: object, key: OpenKey) -> None:
        with self._lock:
            self._rows[name] = key
            self._rows.move_to_end(name)
            while len(self._rows) > self._size_max:
                self._rows.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._rows.clear()


_by_id = _Bounded(_CACHED_KEYS_MAX)
_by_group = _Bounded(_CACHED_KEYS_MAX)
_one_at_a_time = threading.Lock()


def for_writing(purpose: str, today: date) -> OpenKey:
    """The key that encrypts rows of `purpose` written today; made on first use, by whichever process comes first."""
    group = f"{purpose}/{today:%Y-%m-%d}"
    cache_name = _here(group)
    found = _by_group.get(cache_name)
    if found is None:
        # One thread at a time, so that the first minute of a day does not open a connection per thread.
        with _one_at_a_time:
            found = _by_group.get(cache_name)
            if found is None:
                found = _read_or_create(group)
                _by_group.put(cache_name, found)
                _by_id.put(_here(found.id), found)
    return found


def for_reading(key_id: uuid.UUID) -> OpenKey:
    """The key named in a stored token; raises `EvidenceBroken` when the table does not have it."""
    cache_name = _here(key_id)
    found = _by_id.get(cache_name)
    if found is None:
        row = DataKey.objects.filter(pk=key_id).first()
        if row is None:
            raise EvidenceBroken("data_key_missing", "密文所用的数据密钥不存在,数据可能被改动或未完整恢复。")
        found = _unwrap(row.id, row.master_key_id, bytes(row.wrapped))
        _by_id.put(cache_name, found)
    return found


def rewrap_all(now: datetime) -> int:
    """Wrap every data key under the current master key and return how many changed; rows stay as they are.

    Works in short transactions and may be stopped and started again; until it returns 0 the earlier master key must
    stay in the settings.
    """
    target, changed = master_keys.current_id(), 0
    while batch := _rewrap_batch(target, now):
        changed += batch
    return changed


def master_keys_in_use() -> frozenset[str]:
    """The master keys that at least one data key still needs."""
    return frozenset(DataKey.objects.values_list("master_key_id", flat=True).distinct())


def forget_cached_keys() -> None:
    """Drop every key held in memory, as a new process would start."""
    _by_id.clear()
    _by_group.clear()


def _here(name: object) -> tuple[object, ...]:
    database = connection.settings_dict
    return database["HOST"], database["PORT"], database["NAME"], name


def _read_or_create(group: str) -> OpenKey:
    """Read the key of `group`, or commit a new one unless another process was faster."""
    own = connection.copy()
    # Not from the pool: every pooled connection may be held by a caller that waits for this one.
    own.settings_dict["OPTIONS"].pop("pool", None)
    with closing(own), own.cursor() as cursor:
        row = _select(cursor, group)
        if row is None:
            key_id, master_key_id = uuid.uuid4(), master_keys.current_id()
            wrapped = _wrap(key_id, master_key_id, secrets.token_bytes(_SECRET_BYTES))
            cursor.execute(
                'INSERT INTO vault_datakey (id, "group", master_key_id, wrapped) VALUES (%s, %s, %s, %s) '
                'ON CONFLICT ("group") DO NOTHING',
                [key_id, group, master_key_id, wrapped],
            )
            row = _select(cursor, group)
    assert row is not None, "a data key just written is readable"
    return _unwrap(*row)


def _select(cursor: CursorWrapper, group: str) -> tuple[uuid.UUID, str, bytes] | None:
    cursor.execute('SELECT id, master_key_id, wrapped FROM vault_datakey WHERE "group" = %s', [group])
    row = cursor.fetchone()
    return None if row is None else (row[0], row[1], bytes(row[2]))


def _rewrap_batch(target: str, now: datetime) -> int:
    with transaction.atomic():
        rows = list(DataKey.objects.select_for_update().exclude(master_key_id=target).order_by("id")[:_REWRAP_BATCH])
        for row in rows:
            secret = _open(row.id, row.master_key_id, bytes(row.wrapped))
            row.wrapped, row.master_key_id, row.rewrapped_at = _wrap(row.id, target, secret), target, now
        DataKey.objects.bulk_update(rows, ["wrapped", "master_key_id", "rewrapped_at"])
    return len(rows)


def _aad(key_id: uuid.UUID, master_key_id: str) -> bytes:
    return key_id.bytes + master_key_id.encode()


def _wrap(key_id: uuid.UUID, master_key_id: str, secret: bytes) -> bytes:
    nonce = secrets.token_bytes(sm4.NONCE_BYTES)
    key = master_keys.wrapping_key(master_key_id, _WRAP_PURPOSE)
    return nonce + sm4.encrypt(key, nonce, secret, _aad(key_id, master_key_id))


def _open(key_id: uuid.UUID, master_key_id: str, wrapped: bytes) -> bytes:
    nonce, sealed = wrapped[: sm4.NONCE_BYTES], wrapped[sm4.NONCE_BYTES :]
    key = master_keys.wrapping_key(master_key_id, _WRAP_PURPOSE)
    try:
        return sm4.decrypt(key, nonce, sealed, _aad(key_id, master_key_id))
    except sm4.TagMismatchError:
        raise EvidenceBroken("data_key_broken", "数据密钥被改动,或主密钥不是当时所用的那一把。") from None


def _unwrap(key_id: uuid.UUID, master_key_id: str, wrapped: bytes) -> OpenKey:
    secret = _open(key_id, master_key_id, wrapped)
    return OpenKey(key_id, hmac_sm3(secret, b"tongban data")[: sm4.KEY_BYTES])
