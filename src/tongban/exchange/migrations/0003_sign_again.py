"""A message may be signed again under its id; each signing is a row of evidence."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0002_append_only"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="outboxmessage",
            name="exchange_outbox_message_once",
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.UniqueConstraint(fields=("message_id", "digest"), name="exchange_outbox_message_once"),
        ),
    ]
