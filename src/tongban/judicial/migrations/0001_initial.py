"""First form of these tables."""

from django.db import migrations, models

import tongban.vault.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("message_id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("order_no", models.CharField(max_length=64)),
                ("court", models.CharField(max_length=32)),
                ("court_case_no", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=24)),
                ("registry", models.CharField(max_length=32)),
                ("body", tongban.vault.fields.EncryptedJSONField()),
                ("state", models.CharField(max_length=16)),
                ("arrived_at", models.DateTimeField()),
                ("places", models.JSONField(default=list)),
                ("outcome", models.JSONField(null=True)),
                ("entered_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["registry", "state", "arrived_at"], name="order_queue")],
                "constraints": [
                    models.UniqueConstraint(fields=("court", "order_no", "registry"), name="order_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["arrived", "entered", "queued"])), name="order_state_known"
                    ),
                ],
            },
        ),
    ]
