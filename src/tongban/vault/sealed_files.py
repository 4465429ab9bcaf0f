"""Secrets in files: mode 0600, sealed with SM4-GCM under a master key of the site, replaced whole or not at all."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from tongban.domain.errors import EvidenceBroken, Unavailable
from tongban.vault import master_keys, sm4

_FORMAT = "tongban-sealed-1"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")


def is_name(text: str) -> bool:
    """Whether `text` may name a secret or its owner; names come from outside and end up in paths and queries."""
    return _NAME.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class SealedFolder:
    """A folder of secrets of one purpose, each in a file `<name><suffix>` that opens under no other name or purpose.

    A name that could lead elsewhere, a missing file, or one that others may read raises `Unavailable`; a file that was
    changed or swapped raises `EvidenceBroken`.
    """

    path: Path
    suffix: str
    purpose: str

    def write(self, name: str, secret: bytes) -> None:
        """Keep a secret; it is on disk when this returns, and a crash leaves what was there before."""
        path = self._file(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _replace(path, self._seal(name, secret))

    def read(self, name: str) -> bytes:
        """The secret of that name."""
        return self._open(name)[0]

    def rewrap(self) -> int:
        """Seal every file under the current master key; returns how many changed.  May be stopped and run again."""
        target, changed = master_keys.current_id(), 0
        for path in sorted(self.path.glob("*" + self.suffix)):
            name = path.name.removesuffix(self.suffix)
            secret, master_key_id = self._open(name)
            if master_key_id != target:
                _replace(path, self._seal(name, secret))
                changed += 1
        return changed

    def _file(self, name: str) -> Path:
        if not is_name(name):
            raise Unavailable("sealed_file_name", "密钥编号不合规则。")
        return self.path / (name + self.suffix)

    def _seal(self, name: str, secret: bytes) -> bytes:
        master_key_id = master_keys.current_id()
        nonce = secrets.token_bytes(sm4.NONCE_BYTES)
        key = master_keys.wrapping_key(master_key_id, self.purpose)
        token = nonce + sm4.encrypt(key, nonce, secret, self._aad(name, master_key_id))
        record = {
            "format": _FORMAT,
            "name": name,
            "purpose": self.purpose,
            "master_key_id": master_key_id,
            "sealed": base64.b64encode(token).decode(),
        }
        return json.dumps(record, indent=1).encode() + b"\n"

    def _open(self, name: str) -> tuple[bytes, str]:
        """The secret, and the id of the master key it is sealed under."""
        content = _read(self._file(name))
        try:
            record = json.loads(content)
            token, master_key_id = base64.b64decode(record["sealed"], validate=True), str(record["master_key_id"])
            key = master_keys.wrapping_key(master_key_id, self.purpose)
            nonce, sealed = token[: sm4.NONCE_BYTES], token[sm4.NONCE_BYTES :]
            return sm4.decrypt(key, nonce, sealed, self._aad(name, master_key_id)), master_key_id
        except (ValueError, KeyError, TypeError):
            raise EvidenceBroken("sealed_file_broken", f"密钥文件 {name} 被改动或损坏,请从备份恢复。") from None

    def _aad(self, name: str, master_key_id: str) -> bytes:
        return f"{_FORMAT} {self.purpose} {name} {master_key_id}".encode()


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as source:
            if os.fstat(source.fileno()).st_mode & 0o077:
                raise Unavailable("sealed_file_readable_by_others", f"密钥文件 {path.name} 的权限过宽,应为 0600。")
            return source.read()
    except OSError:
        raise Unavailable("sealed_file_missing", f"本站点没有可用的密钥文件 {path.name}。") from None


def _replace(path: Path, content: bytes) -> None:
    """Put a file in place so that a crash leaves the old one or the new one, never a part."""
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
