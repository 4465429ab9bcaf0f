"""Tables of the vault: public keys of institutions, wrapped data keys, encrypted files."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tongban.vault import sm2


class SigningKey(models.Model):
    """The public half of one key of one institution, ours or another's; private halves are at the key provider.

    Only `valid_until`, `revoked_at` and `compromised_since` ever change, and the database allows nothing else.
    """

    owner = models.CharField(max_length=64)
    key_id = models.CharField(max_length=120)
    algorithm = models.CharField(max_length=16, default=sm2.ALGORITHM)
    public_der = models.BinaryField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    compromised_since = models.DateTimeField(null=True)
    is_local = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key_id"], name="vault_signing_key_once"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="vault_signing_key_period",
            ),
            models.CheckConstraint(
                condition=Q(compromised_since__isnull=True)
                | Q(revoked_at__isnull=False, revoked_at__gte=F("compromised_since")),
                name="vault_signing_key_compromise_is_a_revocation",
            ),
        ]
        indexes = [models.Index(fields=["owner", "-valid_from"], name="vault_signing_key_current")]

    def __str__(self) -> str:
        return f"{self.owner} {self.key_id}"


class DataKey(models.Model):
    """A key that encrypts one group of rows, itself encrypted under a master key."""

    id = models.UUIDField(primary_key=True)
    group = models.CharField(max_length=160)
    master_key_id = models.CharField(max_length=40)
    wrapped = models.BinaryField()
    rewrapped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group"], name="vault_data_key_one_per_group")]
        indexes = [models.Index(fields=["master_key_id"], name="vault_data_key_master")]

    def __str__(self) -> str:
        return self.group


class Blob(models.Model):
    """The encrypted bytes of one file, named by the SM3 digest of its plaintext."""

    digest = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=100)
    ciphertext = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(digest__regex="^[0-9a-f]{64}$"), name="vault_blob_digest_is_hex")
        ]

    def __str__(self) -> str:
        return self.digest


class BlobOwner(models.Model):
    """One institution's right to read one file, with the name it knows the file by."""

    owner = models.CharField(max_length=64)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="owners")
    name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "blob"], name="vault_blob_owner_once")]

    def __str__(self) -> str:
        return f"{self.owner} {self.name}"
