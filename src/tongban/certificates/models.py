"""Tables of licences and seals.

What a licence says, what was signed and what was sealed never changes: those tables are append-only.  The one thing
that changes, whether a licence counts, stands in `LicenceState`, and every change of it in `LicenceEvent`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tongban.domain.terms import Document
from tongban.vault.fields import EncryptedJSONField

KINDS = (Document.CERTIFICATE.value, Document.PROOF.value)


class State(models.TextChoices):
    """PENDING: recorded, not yet signed.  CURRENT: signed, the one that counts.  The other two count no more."""

    PENDING = "pending", "制证中"
    CURRENT = "current", "有效"
    REPLACED = "replaced", "已被新证替换"
    REVOKED = "revoked", "已注销"


LIVE = (State.PENDING.value, State.CURRENT.value)


class Licence(models.Model):
    """One version of one electronic licence, as decided in the recording transaction.

    `right_ref` names the right it is about (one live licence per right); the entry is the register's.
    """

    identifier = models.CharField(max_length=100, primary_key=True)
    kind = models.CharField(max_length=16)
    certificate_no = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    registry = models.CharField(max_length=40)
    case_no = models.CharField(max_length=40, blank=True)
    unit_code = models.CharField(max_length=28)
    right_ref = models.CharField(max_length=120)
    ledger = models.CharField(max_length=40)
    entry_seq = models.PositiveBigIntegerField()
    entry_hash = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    prepared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["certificate_no", "version"], name="certificates_number_version_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="certificates_licence_kind_known"),
            models.CheckConstraint(
                condition=Q(version__gte=1, version__lte=999), name="certificates_licence_version_in_range"
            ),
            models.CheckConstraint(condition=Q(entry_seq__gte=1), name="certificates_licence_names_an_entry"),
            models.CheckConstraint(
                condition=Q(entry_hash__regex="^[0-9a-f]{64}$"), name="certificates_licence_entry_hash_is_sm3"
            ),
        ]
        indexes = [
            models.Index(fields=["unit_code"], name="certificates_licence_unit"),
            models.Index(fields=["case_no"], name="certificates_licence_case"),
        ]

    def __str__(self) -> str:
        return self.identifier


class LicenceState(models.Model):
    """Whether a licence counts, and the work still due on it."""

    licence = models.OneToOneField(Licence, on_delete=models.PROTECT, primary_key=True, related_name="standing")
    right_ref = models.CharField(max_length=120)
    certificate_no = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    changed_at = models.DateTimeField()
    replaced_by = models.CharField(max_length=100, blank=True)
    reason_zh = models.CharField(max_length=200, blank=True)
    is_sealed = models.BooleanField(default=False)
    next_try_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    problem_zh = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["right_ref"], condition=Q(state__in=LIVE), name="certificates_one_live_licence_per_right"
            ),
            models.UniqueConstraint(
                fields=["certificate_no"], condition=Q(state__in=LIVE), name="certificates_one_live_licence_per_number"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="certificates_state_known"),
            models.CheckConstraint(
                condition=Q(state=State.REPLACED, replaced_by__gt="") | (~Q(state=State.REPLACED) & Q(replaced_by="")),
                name="certificates_replaced_says_by_what",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state=State.PENDING), name="certificates_to_sign"),
            models.Index(
                fields=["next_try_at"], condition=Q(state=State.CURRENT, is_sealed=False), name="certificates_to_seal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.state}"


class LicenceEvent(models.Model):
    """One change of a licence's state."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="events")
    state = models.CharField(max_length=12, choices=State.choices)
    at = models.DateTimeField()
    by_licence = models.CharField(max_length=100, blank=True)
    reason_zh = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["licence", "id"], name="certificates_event_order")]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.state}"


class SignedPayload(models.Model):
    """What the registry signed: the exact bytes, both signatures, and the path to the head that covers the entry.

    `opening` is what opens the commitments: the printed words, the holders, the salt.
    """

    licence = models.OneToOneField(Licence, on_delete=models.PROTECT, primary_key=True, related_name="signed")
    payload = models.BinaryField()
    algorithm = models.CharField(max_length=16)
    key_id = models.CharField(max_length=120)
    signature = models.BinaryField()
    head_signature = models.BinaryField()
    path = models.BinaryField()
    opening = EncryptedJSONField()
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.licence_id}"


class SealedFile(models.Model):
    """The sealed PDF of a licence: the digest of a stored file, made once."""

    licence = models.OneToOneField(Licence, on_delete=models.PROTECT, primary_key=True, related_name="file")
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    seal_serial = models.CharField(max_length=40)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.licence_id} {self.digest[:12]}"


class SealCertificate(models.Model):
    """A certificate of this site: its authority of seals (`is_authority`), or the seal of one hosted institution."""

    serial = models.CharField(max_length=40, primary_key=True)
    owner = models.CharField(max_length=64)
    is_authority = models.BooleanField()
    key_id = models.CharField(max_length=120)
    certificate = models.BinaryField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["owner", "is_authority", "valid_until"], name="certificates_seal_of_owner")]

    def __str__(self) -> str:
        return f"{self.owner} {self.serial}"


class SealRevocation(models.Model):
    """From when on a seal no longer counts."""

    certificate = models.OneToOneField(
        SealCertificate, on_delete=models.PROTECT, primary_key=True, related_name="revocation"
    )
    since = models.DateTimeField()
    noted_at = models.DateTimeField()
    reason_zh = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.since}"
