"""X.509 certificates of seals and of the authority above them, signed by keys that never leave their provider."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from asn1crypto import algos, keys, x509

NAME_CHARACTERS_MAX = 64  # of one part of an X.509 name
SERIAL_BYTES = 16
# Clocks of other machines may be a little behind ours.
_HEAD_START = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate is about: institution or site code, name for people, public key (SubjectPublicKeyInfo DER)."""

    code: str
    name_zh: str
    public_der: bytes


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs: the authority's own certificate (None: it certifies itself), and its signing function."""

    certificate: bytes | None
    sign: Callable[[bytes], bytes]


def certify(subject: Subject, issuer: Issuer, *, now: datetime, until: datetime) -> bytes:
    """A certificate (DER) from now to `until`; an authority may sign seals only, a seal may sign documents only."""
    is_authority = issuer.certificate is None
    above = x509.Certificate.load(issuer.certificate) if issuer.certificate else None
    key = keys.PublicKeyInfo.load(subject.public_der)
    algorithm = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": int.from_bytes(secrets.token_bytes(SERIAL_BYTES), "big") >> 1 | 1,
            "signature": algorithm,
            "issuer": above.subject if above else _name(subject),
            "validity": {"not_before": _time(now - _HEAD_START), "not_after": _time(until)},
            "subject": _name(subject),
            "subject_public_key_info": key,
            "extensions": _extensions(key, above.public_key if above else key, is_authority=is_authority),
        }
    )
    signature = issuer.sign(body.dump())
    made = {"tbs_certificate": body, "signature_algorithm": algorithm, "signature_value": signature}
    return bytes(x509.Certificate(made).dump())


def _name(subject: Subject) -> x509.Name:
    name_zh = subject.name_zh[:NAME_CHARACTERS_MAX]
    parts = {"country_name": "CN", "organization_name": name_zh, "serial_number": subject.code, "common_name": name_zh}
    return x509.Name.build(parts)


def _time(moment: datetime) -> x509.Time:
    whole = moment.astimezone(UTC).replace(microsecond=0)
    return x509.Time("utc_time" if whole.year < 2050 else "general_time", whole)


def _extensions(key: keys.PublicKeyInfo, above: keys.PublicKeyInfo, *, is_authority: bool) -> list[dict[str, object]]:
    usage = {"key_cert_sign", "crl_sign"} if is_authority else {"digital_signature", "non_repudiation"}
    limits: dict[str, object] = {"ca": True, "path_len_constraint": 0} if is_authority else {"ca": False}
    return [
        {"extn_id": "basic_constraints", "critical": True, "extn_value": x509.BasicConstraints(limits)},
        {"extn_id": "key_usage", "critical": True, "extn_value": x509.KeyUsage(usage)},
        {"extn_id": "key_identifier", "critical": False, "extn_value": key.sha1},
        {
            "extn_id": "authority_key_identifier",
            "critical": False,
            "extn_value": x509.AuthorityKeyIdentifier({"key_identifier": above.sha1}),
        },
    ]
