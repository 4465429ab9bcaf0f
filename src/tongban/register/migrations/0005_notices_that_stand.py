"""The open advance notices of a ledger are found without reading its other burdens."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0004_lines_of_seizures"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="registeredburden",
            index=models.Index(
                condition=models.Q(("burden__in", ["mortgage_notice", "priority_notice"]), ("to_entry__isnull", True)),
                fields=["ledger"],
                name="register_notice_stands",
            ),
        ),
    ]
