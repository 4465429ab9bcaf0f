"""What the home registry's trial found of a row is counted beside the row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0006_batch_checks"),
    ]

    operations = [
        migrations.AddField(
            model_name="batchrow",
            name="stopped_by",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="batchrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "begun"), ("stopped_by", 0), _connector="OR"),
                name="batch_row_stopped_once_begun",
            ),
        ),
    ]
