"""What was found about a row of a batch, kept for the version and the day it was found on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0005_batch_acts"),
    ]

    operations = [
        migrations.AddField(model_name="batchrow", name="checked_on", field=models.DateField(null=True)),
        migrations.AddField(
            model_name="batchrow", name="checked_version", field=models.PositiveIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="batchrow", name="ready_digest", field=models.CharField(blank=True, max_length=64)
        ),
    ]
