"""Where private keys live: the provider's contract, and the provider that keeps them in sealed files.

An HSM or a cryptographic card takes the place of the files by a class with the same four methods
(`TONGBAN_KEY_PROVIDER`); nothing above ever sees a private key.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from django.conf import settings

from tongban.vault import sm2
from tongban.vault.sealed_files import SealedFolder
from tongban.vault.sm3 import sm3_hex

_SUFFIX = ".key"
_PURPOSE = "private key"
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
    """Private keys in sealed files below `TONGBAN_KEYS_DIR`."""

    def create(self, owner: str) -> NewKey:
        """See `KeyProvider.create`; the key is named after its owner and the digest of its public half."""
        private, public = sm2.generate()
        key_id = f"{owner}.{sm3_hex(public)[:16]}"
        _folder(Path(settings.TONGBAN_KEYS_DIR)).write(key_id, private)
        return NewKey(key_id, public)

    def sign(self, key_id: str, message: bytes) -> bytes:
        """See `KeyProvider.sign`."""
        return _private_key(Path(settings.TONGBAN_KEYS_DIR), key_id).sign(message, sm2.DEFAULT_ID)

    def decrypt(self, key_id: str, ciphertext: bytes) -> bytes:
        """See `KeyProvider.decrypt`."""
        return _private_key(Path(settings.TONGBAN_KEYS_DIR), key_id).decrypt(ciphertext)

    def rewrap(self) -> int:
        """See `KeyProvider.rewrap`."""
        return _folder(Path(settings.TONGBAN_KEYS_DIR)).rewrap()


def _folder(path: Path) -> SealedFolder:
    return SealedFolder(path, _SUFFIX, _PURPOSE)


@lru_cache(maxsize=_OPEN_KEYS_MAX)
def _private_key(folder: Path, key_id: str) -> sm2.PrivateKey:
    return sm2.load_private(_folder(folder).read(key_id))
