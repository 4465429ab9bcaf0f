"""Seals of the institutions a site hosts: made when first needed, vouched for by the site's own authority.

An authority and a seal are a P-256 key at the provider and an X.509 certificate in the database.  A seal's certificate
names the institution by its code (subject serial number), so that a seal of one registry never passes for another's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from cryptography import x509
from django.db import connection, transaction

from tongban.certificates.models import SealCertificate, SealRevocation
from tongban.certificates.seals import pdf_check, seal_keys
from tongban.certificates.seals.pdf_seal import Seal
from tongban.certificates.seals.seal_certificates import Issuer, Subject, certify
from tongban.certificates.trust import Authority
from tongban.directory import lookup
from tongban.domain.errors import NotFound, Unavailable

AUTHORITY_YEARS = 30
SEAL_YEARS = 10
_YEAR = timedelta(days=365)


def seal_of(owner: str, now: datetime) -> Seal:
    """The seal of a hosted institution, made and certified when there is none in force.

    Raises `Unavailable` for an institution of another site: its seal is not ours to make.
    """
    found = _in_force(owner, now, is_authority=False)
    if found is None:
        found = _make_seal(owner, now)
    certificate = bytes(found.certificate)
    return Seal(owner, pdf_check.name_of(certificate), certificate, _signing_with(found.key_id))


def authorities() -> tuple[Authority, ...]:
    """Every authority this site ever had, with all institutions whose seals it vouches for: those hosted here."""
    site = lookup.self_site().code
    owners = frozenset(str(one.code) for one in lookup.hosted())
    rows = SealCertificate.objects.filter(is_authority=True).order_by("valid_from", "serial")
    return tuple(Authority(site, bytes(row.certificate), owners) for row in rows)


def revoke_seal(serial: str, since: datetime, now: datetime, reason_zh: str) -> None:
    """From `since` on the seal no longer counts; the next use of its owner's seal makes a fresh one.

    May be called again without harm; the first moment noted stays.  Raises `NotFound` for an unknown serial.
    """
    if not SealCertificate.objects.filter(serial=serial, is_authority=False).exists():
        raise NotFound("seal_unknown", f"没有编号为 {serial[:40]} 的签章证书。")
    SealRevocation.objects.get_or_create(
        certificate_id=serial, defaults={"since": since, "noted_at": now, "reason_zh": reason_zh}
    )


def revoked_seals() -> dict[str, datetime]:
    """Serial of every revoked seal of this site, and since when."""
    return dict(SealRevocation.objects.order_by("certificate_id").values_list("certificate_id", "since"))


def _in_force(owner: str, now: datetime, *, is_authority: bool) -> SealCertificate | None:
    rows = SealCertificate.objects.filter(owner=owner, is_authority=is_authority, valid_until__gt=now)
    return rows.filter(revocation__isnull=True).order_by("-valid_from", "serial").first()


def _make_seal(owner: str, now: datetime) -> SealCertificate:
    if not lookup.hosted_here(owner):
        raise Unavailable("seal_of_another_site", f"{owner} 的电子签章不在本站点。")
    with transaction.atomic():
        _lock("seals of this site")
        authority = _in_force(lookup.self_site().code, now, is_authority=True) or _make_authority(now)
        if found := _in_force(owner, now, is_authority=False):
            return found
        key_id, public = seal_keys.provider().create(owner)
        subject = Subject(owner, lookup.institution(owner).name_zh, public)
        issuer = Issuer(bytes(authority.certificate), _signing_with(authority.key_id))
        until = min(now + SEAL_YEARS * _YEAR, authority.valid_until)
        return _keep(owner, key_id, certify(subject, issuer, now=now, until=until), is_authority=False)


def _make_authority(now: datetime) -> SealCertificate:
    site = lookup.self_site().code
    key_id, public = seal_keys.provider().create(f"authority.{site}")
    subject = Subject(site, f"通办电子签章证书签发机构（{site}）", public)
    issuer = Issuer(None, _signing_with(key_id))
    return _keep(
        site, key_id, certify(subject, issuer, now=now, until=now + AUTHORITY_YEARS * _YEAR), is_authority=True
    )


def _signing_with(key_id: str) -> Callable[[bytes], bytes]:
    def sign(message: bytes) -> bytes:
        return seal_keys.provider().sign(key_id, message)

    return sign


def _keep(owner: str, key_id: str, certificate: bytes, *, is_authority: bool) -> SealCertificate:
    read = x509.load_der_x509_certificate(certificate)
    return SealCertificate.objects.create(
        serial=pdf_check.serial_of(certificate),
        owner=owner,
        is_authority=is_authority,
        key_id=key_id,
        certificate=certificate,
        valid_from=read.not_valid_before_utc,
        valid_until=read.not_valid_after_utc,
    )


def _lock(what: str) -> None:
    """Serialize the making of seals until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", ["certificates " + what])
