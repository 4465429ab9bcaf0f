"""Where the private keys of seals live: the provider's contract, and the provider that keeps them in sealed files.

Seals in PDF files are ECDSA over P-256, because no PDF reader knows SM2; `vault.keys` keeps the SM2 keys.  A card or an
HSM takes the place of the files by a class with the same three methods (setting `TONGBAN_SEAL_KEY_PROVIDER`).
"""

from __future__ import annotations

import secrets
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils.module_loading import import_string

from tongban.vault.sealed_files import SealedFolder

FOLDER = "seals"  # below the site's keys, apart from the SM2 keys
DEFAULT_PROVIDER = "tongban.certificates.seals.seal_keys.FileSealKeyProvider"
_SUFFIX = ".seal"
_PURPOSE = "seal key"
_OPEN_KEYS_MAX = 256


class SealKeyProvider(Protocol):
    """Keeper of seal keys.  Unknown or unreadable keys raise `Unavailable`, altered ones `EvidenceBroken`."""

    def create(self, owner: str) -> tuple[str, bytes]:
        """Make a P-256 key pair and keep it durably; its id and its public half (SubjectPublicKeyInfo, DER)."""
        ...

    def sign(self, key_id: str, message: bytes) -> bytes:
        """An ECDSA signature with SHA-256 over `message` (DER); the same message gives the same signature."""
        ...

    def rewrap(self) -> int:
        """Seal every key under the current master key; returns how many changed."""
        ...


class FileSealKeyProvider:
    """Seal keys as sealed files of mode 0600."""

    def create(self, owner: str) -> tuple[str, bytes]:
        """See `SealKeyProvider.create`; the file is on disk before the key is known to anyone."""
        key = ec.generate_private_key(ec.SECP256R1())
        key_id = f"{owner}.{secrets.token_hex(8)}"
        private = key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        _folder(_place()).write(key_id, private)
        return key_id, key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def sign(self, key_id: str, message: bytes) -> bytes:
        """See `SealKeyProvider.sign`."""
        return _key(_place(), key_id).sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))

    def rewrap(self) -> int:
        """See `SealKeyProvider.rewrap`."""
        return _folder(_place()).rewrap()


def provider() -> SealKeyProvider:
    """The provider this site is set to."""
    return _provider_at(str(getattr(settings, "TONGBAN_SEAL_KEY_PROVIDER", DEFAULT_PROVIDER)))


@lru_cache(maxsize=4)
def _provider_at(path: str) -> SealKeyProvider:
    made: SealKeyProvider = import_string(path)()
    return made


@lru_cache(maxsize=_OPEN_KEYS_MAX)
def _key(place: Path, key_id: str) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_der_private_key(_folder(place).read(key_id), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey), "a seal key is an elliptic-curve key"
    return key


def _place() -> Path:
    return Path(settings.TONGBAN_KEYS_DIR) / FOLDER


def _folder(place: Path) -> SealedFolder:
    return SealedFolder(place, _SUFFIX, _PURPOSE)
