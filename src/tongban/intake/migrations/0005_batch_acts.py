"""What is done for every row of a batch at once."""

import django.db.models.deletion
from django.db import migrations, models

import tongban.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0004_batches"),
    ]

    operations = [
        migrations.CreateModel(
            name="BatchAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=12)),
                ("content", tongban.vault.fields.EncryptedJSONField()),
                ("clerk", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("cursor", models.PositiveIntegerField(default=0)),
                ("done_count", models.PositiveIntegerField(default=0)),
                ("failures", tongban.vault.fields.EncryptedJSONField()),
                ("failure_count", models.PositiveIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acts", to="intake.batch"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("finished_at", None)), fields=["due_at", "id"], name="batch_act_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "key"), name="batch_act_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["identity", "paper", "inquiry", "sign", "hand_over"])),
                        name="batch_act_kind_known",
                    ),
                ],
            },
        ),
    ]
