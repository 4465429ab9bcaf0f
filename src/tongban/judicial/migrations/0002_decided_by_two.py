"""What people settle about an order, what two of them decided, and orders on paper."""

from django.db import migrations, models
from django.db.migrations.state import StateApps

import tongban.vault.fields


def name_the_organs(apps: StateApps, schema_editor: object) -> None:
    """Orders from before carry the code of their court only."""
    names = dict(apps.get_model("directory", "Institution").objects.values_list("pk", "name_zh"))
    orders = apps.get_model("judicial", "Order").objects
    for court in orders.filter(organ_zh="").values_list("court", flat=True).distinct():
        orders.filter(court=court, organ_zh="").update(organ_zh=names.get(court, court))


class Migration(migrations.Migration):
    dependencies = [
        ("judicial", "0001_initial"),
        ("directory", "0003_local_notes"),
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
            name="disposed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="doubts",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="order",
            name="is_paper",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="order",
            name="organ_zh",
            field=models.CharField(default="", max_length=120),
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
        migrations.AddField(
            model_name="order",
            name="told",
            field=tongban.vault.fields.EncryptedJSONField(null=True),
        ),
        migrations.AlterField(
            model_name="order",
            name="court",
            field=models.CharField(blank=True, max_length=32),
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
        migrations.RunPython(name_the_organs, migrations.RunPython.noop),
    ]
