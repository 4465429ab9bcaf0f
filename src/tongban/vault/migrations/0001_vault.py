"""Tables of the vault, and what the application role may not do to them."""

import django.db.models.deletion
from django.db import migrations, models

# Losing a data key loses every row under it; a file and a public key, once stored, never change their content.
FORBID = """
REVOKE DELETE, TRUNCATE ON vault_datakey FROM tongban_app;
REVOKE UPDATE, TRUNCATE ON vault_blob FROM tongban_app;
REVOKE UPDATE, DELETE, TRUNCATE ON vault_signingkey FROM tongban_app;
GRANT UPDATE (valid_until, revoked_at, compromised_since) ON vault_signingkey TO tongban_app;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Blob",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("size", models.PositiveIntegerField()),
                ("media_type", models.CharField(max_length=100)),
                ("ciphertext", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="vault_blob_digest_is_hex"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DataKey",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("group", models.CharField(max_length=160)),
                ("master_key_id", models.CharField(max_length=40)),
                ("wrapped", models.BinaryField()),
                ("rewrapped_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["master_key_id"], name="vault_data_key_master")],
                "constraints": [models.UniqueConstraint(fields=("group",), name="vault_data_key_one_per_group")],
            },
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner", models.CharField(max_length=64)),
                ("key_id", models.CharField(max_length=120)),
                ("algorithm", models.CharField(default="sm2sm3", max_length=16)),
                ("public_der", models.BinaryField()),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("compromised_since", models.DateTimeField(null=True)),
                ("is_local", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [models.Index(fields=["owner", "-valid_from"], name="vault_signing_key_current")],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "key_id"), name="vault_signing_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="vault_signing_key_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("compromised_since__isnull", True),
                            models.Q(("revoked_at__gte", models.F("compromised_since")), ("revoked_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="vault_signing_key_compromise_is_a_revocation",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BlobOwner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=200)),
                ("purpose", models.CharField(blank=True, max_length=64)),
                (
                    "blob",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="owners", to="vault.blob"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("owner", "blob"), name="vault_blob_owner_once")],
            },
        ),
        # Nothing to give back: going back drops the tables.
        migrations.RunSQL(FORBID, migrations.RunSQL.noop),
    ]
