"""The latest sales by courts, found without reading every case."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_statements_of_loss"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="caseunit",
            index=models.Index(
                condition=models.Q(("act", "compelled_transfer"), ("is_open", False)),
                fields=["-case"],
                name="case_unit_court_sale",
            ),
        ),
    ]
