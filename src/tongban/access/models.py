"""Tables of people, what they may do and what they did."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value

from tongban.access.permissions import ESTATES, GRANTABLE, PROVINCE_ONLY, Estate
from tongban.vault.fields import EncryptedTextField

ROLES = [role.value for role in GRANTABLE]
ESTATE_RULES = [
    Q(estate=estate.value, role__in=[role.value for role, of in ESTATES.items() if of is estate])
    for estate in Estate
    if estate is not Estate.NONE
]
_Row = TypeVar("_Row", bound=models.Model)
PERIOD = Func(F("valid_from"), F("valid_until"), Value("[]"), function="daterange")


def in_force(rows: models.QuerySet[_Row], today: date) -> models.QuerySet[_Row]:
    """The rows whose period, first and last day included, holds `today`."""
    return rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today), valid_from__lte=today)


class Staff(AbstractBaseUser):
    """One person with an account at one institution; never deleted, only closed."""

    username = models.CharField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=60)
    institution_code = models.CharField(max_length=40)
    totp_secret = EncryptedTextField(null=True)
    totp_last_step = models.BigIntegerField(default=0)
    failed_count = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    must_change_password = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    last_seen_at = models.DateTimeField(null=True)

    objects = BaseUserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name_zh", "institution_code"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(username__regex="^[a-z][a-z0-9._-]{2,39}$"), name="access_staff_username_form"
            )
        ]
        indexes = [models.Index(fields=["institution_code", "username"], name="access_staff_institution")]

    def __str__(self) -> str:
        return self.username


class StaffRole(models.Model):
    """A role held at an institution from a day to a day, both included."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="held_roles")
    role = models.CharField(max_length=24)
    estate = models.CharField(max_length=8, blank=True)
    institution_code = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    granted_by = models.CharField(max_length=64)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=ROLES), name="access_role_known"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="access_role_period"
            ),
            models.CheckConstraint(
                condition=(Q(estate="") & ~Q(role__in=[role.value for role in ESTATES]))
                | ESTATE_RULES[0]
                | ESTATE_RULES[1]
                | ESTATE_RULES[2],
                name="access_role_estate_follows",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[role.value for role in PROVINCE_ONLY])
                | Q(institution_code__startswith="province-"),
                name="access_role_province_only",
            ),
            ExclusionConstraint(
                name="access_role_held_once",
                expressions=[("staff", "="), ("role", "="), ("institution_code", "="), (PERIOD, "&&")],
                condition=Q(revoked_at=None),
            ),
            ExclusionConstraint(
                name="access_role_three_admins_apart",
                expressions=[("staff", "="), ("estate", "<>"), (PERIOD, "&&")],
                condition=~Q(estate="") & Q(revoked_at=None),
            ),
        ]
        indexes = [models.Index(fields=["institution_code", "role"], name="access_role_institution")]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.role} {self.institution_code}"


class ConfidentialityAgreement(models.Model):
    """保密协议 between two registries (`first` < `second`) or a registry and one of its staff (`second`: username)."""

    kind = models.CharField(max_length=10)
    first = models.CharField(max_length=64)
    second = models.CharField(max_length=64)
    document_no = models.CharField(max_length=80)
    signed_on = models.DateField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["registry", "staff"]), name="access_agreement_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="staff") | Q(first__lt=F("second")), name="access_agreement_ordered"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="access_agreement_period",
            ),
            models.CheckConstraint(condition=Q(valid_from__gte=F("signed_on")), name="access_agreement_signed_first"),
            models.CheckConstraint(condition=~Q(document_no=""), name="access_agreement_has_document"),
            models.UniqueConstraint(
                fields=["kind", "first", "second", "document_no"], name="access_agreement_document_once"
            ),
        ]
        indexes = [models.Index(fields=["kind", "second"], name="access_agreement_second")]

    def __str__(self) -> str:
        return f"{self.first} {self.second} {self.document_no}"


class AuditRow(models.Model):
    """One thing that was done, tried or looked at.  Append-only; `mac` is HMAC-SM3 over every other column but `id`."""

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=80)
    institution_code = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=80, blank=True)
    action = models.CharField(max_length=60)
    object_id = models.CharField(max_length=120, blank=True)
    case_no = models.CharField(max_length=24, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=12)
    detail = models.JSONField(default=dict)
    mac = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["institution_code", "-id"], name="access_audit_institution"),
            models.Index(fields=["actor_id", "-id"], name="access_audit_actor"),
            models.Index(fields=["object_id", "-id"], name="access_audit_object"),
            models.Index(fields=["case_no", "-id"], name="access_audit_case", condition=~Q(case_no="")),
            models.Index(fields=["at"], name="access_audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.action} {self.outcome}"


class AuditPending(models.Model):
    """An audit row no seal covers yet.  A trigger writes it with the row, the sealer removes it, nobody else does."""

    row_id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.row_id)


class AuditSeal(models.Model):
    """A link of the chain over audit rows.  `rows`: inclusive ranges [first id, last id] of the rows it covers."""

    sequence = models.BigIntegerField(primary_key=True)
    previous = models.BinaryField()
    rows = models.JSONField()
    row_count = models.PositiveIntegerField()
    digest = models.BinaryField()
    sealed_at = models.DateTimeField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sequence__gte=1, row_count__gte=1), name="access_seal_not_empty")
        ]

    def __str__(self) -> str:
        return f"seal {self.sequence}"
