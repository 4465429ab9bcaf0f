"""What a verifier trusts, as one signed JSON file: keys of registries, authorities of seals, what was revoked.

Needs no Django and no database.  The file is signed by the province; its reader compares the fingerprint of the
province's key with the one published elsewhere, once.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from tongban.domain.canonical import canonical_json
from tongban.domain.errors import BadSignature, InvalidInput, Problem
from tongban.domain.wires import Wire, as_list, as_mapping, as_mappings, as_text
from tongban.vault import sm2
from tongban.vault.sm3 import sm3_hex

FORMAT = "tongban-trust-1"
TRUST_BYTES_MAX = 8 * 1024 * 1024
_GROUP = 4


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """One SM2 public key of one institution, and when it counts."""

    owner: str
    key_id: str
    algorithm: str
    public_der: bytes
    valid_from: datetime
    valid_until: datetime | None
    revoked_at: datetime | None
    compromised_since: datetime | None

    def problem(self, message: bytes, value: bytes, algorithm: str, signed_at: datetime) -> str:
        """Why this is not a good signature over `message`, in Chinese; empty when it is one."""
        if algorithm != self.algorithm or algorithm != sm2.ALGORITHM:
            return f"签名算法 {algorithm} 与密钥不符"
        if signed_at < self.valid_from or (self.valid_until is not None and signed_at >= self.valid_until):
            return f"密钥 {self.key_id} 在签名时间不在有效期内"
        if self.revoked_at is not None and signed_at >= self.revoked_at:
            return f"密钥 {self.key_id} 在签名时间之前已吊销"
        if self.compromised_since is not None and signed_at >= self.compromised_since:
            return f"密钥 {self.key_id} 在签名时间之前已失密"
        return "" if sm2.verify(self.public_der, message, value) else "签名与内容不符"


@dataclass(frozen=True, slots=True)
class Authority:
    """A site's authority of seals (X.509 certificate, DER) and the institutions whose seals it may vouch for."""

    site: str
    certificate: bytes
    owners: frozenset[str]


@dataclass(frozen=True, slots=True)
class Trust:
    """The content of a checked trust file.  `revoked_seals`: serial of a seal certificate (hex) → no longer since."""

    issued_at: datetime
    issuer: str
    fingerprint: str
    names_zh: Mapping[str, str]
    keys: tuple[TrustedKey, ...]
    authorities: tuple[Authority, ...]
    revoked_seals: Mapping[str, datetime]

    def key(self, owner: str, key_id: str) -> TrustedKey | None:
        return next((key for key in self.keys if key.owner == owner and key.key_id == key_id), None)

    def signature_problem(  # noqa: PLR0913 - the facts of one signature, named at every call
        self, owner: str, key_id: str, *, algorithm: str, message: bytes, value: bytes, signed_at: datetime
    ) -> str:
        """Why this is not the owner's signature, in Chinese; empty when it is."""
        key = self.key(owner, key_id)
        if key is None:
            return f"信任清单中没有 {self.name(owner)} 的密钥 {key_id}"
        return key.problem(message, value, algorithm, signed_at)

    def name(self, code: str) -> str:
        """The institution's name, or its code where the file does not know it."""
        return self.names_zh.get(code, code)


def fingerprint_of(public_der: bytes) -> str:
    """How people compare a key: its SM3 digest in groups of four."""
    digest = sm3_hex(public_der)
    return " ".join(digest[at : at + _GROUP] for at in range(0, len(digest), _GROUP))


def normal_fingerprint(text: str) -> str:
    """A fingerprint as typed by a person, brought into the form in which two are compared."""
    return "".join(letter for letter in text.lower() if letter in "0123456789abcdef")


def signed_part(wire: Mapping[str, object]) -> bytes:
    """The bytes the province signs: everything but the signature."""
    return canonical_json({name: value for name, value in wire.items() if name != "signature"})


def read_trust(data: bytes) -> Trust:
    """Read and check a trust file.

    Raises `InvalidInput` for anything that is not one, `BadSignature` when the province did not sign these words.
    Whether it is the right province is shown by `fingerprint`, which the reader compares.
    """
    try:
        if len(data) > TRUST_BYTES_MAX:
            raise ValueError("too large")
        wire = as_mapping(json.loads(data))
        if wire["format"] != FORMAT:
            raise ValueError("of another format")
        trust = _trust(wire)
        signature = as_mapping(wire["signature"])
        key = trust.key(trust.issuer, as_text(signature["key_id"]))
        value, algorithm = base64.b64decode(as_text(signature["value"])), as_text(signature["algorithm"])
    except (KeyError, TypeError, ValueError, RecursionError):
        problem = Problem("trust", "信任清单无法读取", "请重新从省级平台下载信任清单")
        raise InvalidInput([problem], code="trust_unreadable") from None
    if key is None:
        raise BadSignature("trust_key_unknown", "信任清单没有附上签发它的密钥")
    if problem_zh := key.problem(signed_part(wire), value, algorithm, trust.issued_at):
        raise BadSignature("trust_signature_wrong", f"信任清单的签名不对：{problem_zh}")
    return trust


def _trust(wire: Mapping[str, object]) -> Trust:
    issuer = as_text(wire["issuer"])
    keys = tuple(_key(row) for row in as_mappings(wire["keys"]))
    signed_with = as_text(as_mapping(wire["signature"])["key_id"])
    signing = next((key for key in keys if key.owner == issuer and key.key_id == signed_with), None)
    return Trust(
        issued_at=_moment(wire["issued_at"]),
        issuer=issuer,
        fingerprint=fingerprint_of(signing.public_der) if signing else "",
        names_zh={code: as_text(name) for code, name in as_mapping(wire["names_zh"]).items()},
        keys=keys,
        authorities=tuple(_authority(row) for row in as_mappings(wire["authorities"])),
        revoked_seals={serial: _moment(since) for serial, since in as_mapping(wire["revoked_seals"]).items()},
    )


def _key(row: Mapping[str, object]) -> TrustedKey:
    public_der = base64.b64decode(as_text(row["public_key"]), validate=True)
    sm2.load_public(public_der)  # refuses what is no key now rather than at the first certificate
    return TrustedKey(
        owner=as_text(row["owner"]),
        key_id=as_text(row["key_id"]),
        algorithm=as_text(row["algorithm"]),
        public_der=public_der,
        valid_from=_moment(row["valid_from"]),
        valid_until=_optional(row["valid_until"]),
        revoked_at=_optional(row["revoked_at"]),
        compromised_since=_optional(row["compromised_since"]),
    )


def _authority(row: Mapping[str, object]) -> Authority:
    certificate = base64.b64decode(as_text(row["certificate"]), validate=True)
    x509.load_der_x509_certificate(certificate)
    return Authority(as_text(row["site"]), certificate, frozenset(as_text(owner) for owner in as_list(row["owners"])))


def authority_wire(authority: Authority) -> Wire:
    """One authority as a trust file lists it."""
    return {
        "site": authority.site,
        "certificate": base64.b64encode(authority.certificate).decode(),
        "owners": sorted(authority.owners),
    }


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(as_text(value))
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment


def _optional(value: object) -> datetime | None:
    return None if value is None else _moment(value)
