"""Where private keys live: the provider's contract, and the provider that keeps them in sealed files.

An HSM or a cryptographic card takes the place of the files by a class with the same four methods
(`TONGBAN_KEY_PROVIDER`); nothing above ever sees a private key.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings

from tongban.domain.errors import EvidenceBroken, Unavailable
from tongban.vault import master_keys, sm2, sm4
from tongban.vault.sm3 import sm3_hex

_FORMAT = "tongban-private-key-1"
_SUFFIX = ".key"
_KEY_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
_WRAP_PURPOSE = "private key"
_OPEN_KEYS_MAX = 256


@dataclass(frozen=True, slots=True)
class NewKey:
    """What a provider tells about a key it has made."""

    key_id: str
    public_der: bytes


class KeyProvider(Protocol):
    """Keeper of private keys.  Unknown or unreadable keys raise `Unavailable`, altered ones `EvidenceBroken`."""

    def create(self, owner: str) -> NewKey:
        """Make a key pair and keep it durably before returning."""
        ...

    def sign(self, key_id: str, message: bytes) -> bytes:
        """An SM2 signature with SM3 over `message` (DER), with the default user id."""
        ...

    def decrypt(self, key_id: str, ciphertext: bytes) -> bytes:
        """Open an SM2 ciphertext; raises `ValueError` when it was changed or made for another key."""
        ...

    def rewrap(self) -> int:
        """Seal every key under the current master key; returns how many changed."""
        ...


class FileKeyProvider:
    """Private keys as files of mode 0600, each sealed with SM4-GCM under a master key of the site."""

    def __init__(self) -> None:
        self._open: OrderedDict[Path, sm2.PrivateKey] = OrderedDict()
        self._lock = threading.Lock()

    def create(self, owner: str) -> NewKey:
        """Make a key pair; the file is on disk before its public half is known to anyone."""
        private, public = sm2.generate()
        key_id = key_id_of(owner, public)
        path = _path(key_id)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(path, _sealed(key_id, private))
        return NewKey(key_id, public)

    def sign(self, key_id: str, message: bytes) -> bytes:
        """See `KeyProvider.sign`."""
        return self._key(key_id).sign(message, sm2.DEFAULT_ID)

    def decrypt(self, key_id: str, ciphertext: bytes) -> bytes:
        """See `KeyProvider.decrypt`."""
        return self._key(key_id).decrypt(ciphertext)

    def rewrap(self) -> int:
        """See `KeyProvider.rewrap`; a crash leaves each file whole, sealed under the old or the new key."""
        target, changed = master_keys.current_id(), 0
        for path in sorted(Path(settings.TONGBAN_KEYS_DIR).glob("*" + _SUFFIX)):
            key_id = path.name.removesuffix(_SUFFIX)
            private, master_key_id = _unsealed(key_id, _read(path))
            if master_key_id != target:
                _write(path, _sealed(key_id, private))
                changed += 1
        return changed

    def _key(self, key_id: str) -> sm2.PrivateKey:
        path = _path(key_id)
        with self._lock:
            found = self._open.get(path)
            if found is not None:
                self._open.move_to_end(path)
                return found
        key = sm2.load_private(_unsealed(key_id, _read(path))[0])
        with self._lock:
            self._open[path] = key
            while len(self._open) > _OPEN_KEYS_MAX:
                self._open.popitem(last=False)
        return key


def key_id_of(owner: str, public_der: bytes) -> str:
    """The name of a key: its owner and the beginning of the digest of its public half."""
    return f"{owner}.{sm3_hex(public_der)[:16]}"


def is_key_name(text: str) -> bool:
    """Whether `text` may name a key or its owner; names come from outside and end up in paths and queries."""
    return _KEY_NAME.fullmatch(text) is not None


def _path(key_id: str) -> Path:
    if not is_key_name(key_id):
        raise Unavailable("private_key_name", "密钥编号不合规则。")
    return Path(settings.TONGBAN_KEYS_DIR) / (key_id + _SUFFIX)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as source:
            if os.fstat(source.fileno()).st_mode & 0o077:
                raise Unavailable("private_key_readable_by_others", f"私钥文件 {path.name} 的权限过宽,应为 0600。")
            return source.read()
    except OSError:
        raise Unavailable("private_key_missing", f"本站点没有可用的私钥文件 {path.name}。") from None


def _write(path: Path, content: bytes) -> None:
    """Replace `path` so that a crash leaves the old file or the new one, never a part."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(6)}.new")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _sealed(key_id: str, private: bytes) -> bytes:
    master_key_id = master_keys.current_id()
    nonce = secrets.token_bytes(sm4.NONCE_BYTES)
    key = master_keys.wrapping_key(master_key_id, _WRAP_PURPOSE)
    token = nonce + sm4.encrypt(key, nonce, private, _aad(key_id, master_key_id))
    record = {
        "format": _FORMAT,
        "key_id": key_id,
        "algorithm": sm2.ALGORITHM,
        "master_key_id": master_key_id,
        "sealed": base64.b64encode(token).decode(),
    }
    return json.dumps(record, indent=1).encode() + b"\n"


def _unsealed(key_id: str, content: bytes) -> tuple[bytes, str]:
    """Private key (PKCS #8) and the id of the master key its file is sealed under."""
    try:
        record = json.loads(content)
        token, master_key_id = base64.b64decode(record["sealed"], validate=True), str(record["master_key_id"])
        key = master_keys.wrapping_key(master_key_id, _WRAP_PURPOSE)
        nonce, sealed = token[: sm4.NONCE_BYTES], token[sm4.NONCE_BYTES :]
        return sm4.decrypt(key, nonce, sealed, _aad(key_id, master_key_id)), master_key_id
    except (ValueError, KeyError, TypeError):
        raise EvidenceBroken("private_key_broken", f"私钥文件 {key_id} 被改动或损坏,请从备份恢复。") from None


def _aad(key_id: str, master_key_id: str) -> bytes:
    return f"{_FORMAT} {key_id} {master_key_id}".encode()
