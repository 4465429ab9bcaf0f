"""What people settle about an order, and what two of them decided."""

from django.db import migrations, models

import tongban.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("judicial", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="order",
            name="order_once",
        ),
        migrations.RemoveConstraint(
            model_name="order",
            name="order_state_known",
        ),
        migrations.AddField(
            model_name="order",
            name="asked",
            field=tongban.vault.fields.EncryptedJSONField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="doubts",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="order",
            name="proposal",
            field=tongban.vault.fields.EncryptedJSONField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="proposed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="proposed_by",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["court", "order_no", "registry"], name="order_by_number"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["arrived", "entered", "queued", "refused", "duplicate"])),
                name="order_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("proposal__isnull", True),
                    models.Q(models.Q(("proposed_by", ""), _negated=True), ("proposed_at__isnull", False)),
                    _connector="OR",
                ),
                name="order_proposal_is_somebodys",
            ),
        ),
    ]
