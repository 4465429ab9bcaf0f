"""What a registry tells people (G8)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0002_bundles_are_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="LocalNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("registry_code", models.CharField(max_length=40)),
                ("item_number", models.CharField(blank=True, max_length=8)),
                ("title_zh", models.CharField(max_length=60)),
                ("text_zh", models.CharField(max_length=1000)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("set_by", models.CharField(max_length=64)),
                ("set_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["registry_code", "valid_from"], name="directory_note_registry")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="directory_note_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title_zh", ""), _negated=True), models.Q(("text_zh", ""), _negated=True)
                        ),
                        name="directory_note_says_something",
                    ),
                ],
            },
        ),
    ]
