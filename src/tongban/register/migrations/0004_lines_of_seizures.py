"""Seizures found by their last day, and those that wait by their unit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0003_address_index"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="registeredburden",
            index=models.Index(
                condition=models.Q(("burden__in", ("pre_seizure", "seizure")), ("to_entry__isnull", True)),
                fields=["until"],
                name="register_seizure_ends",
            ),
        ),
        migrations.AddIndex(
            model_name="registeredburden",
            index=models.Index(
                condition=models.Q(("burden", "waiting_seizure"), ("to_entry__isnull", True)),
                fields=["unit_code"],
                name="register_seizure_waits",
            ),
        ),
    ]
