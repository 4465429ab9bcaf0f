"""Statements of loss hang on the registry's site alone, for no days or more (细则 22)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_exemptions_are_approved"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="publicnotice",
            name="public_notice_lasts",
        ),
        migrations.RemoveConstraint(
            model_name="publicnotice",
            name="public_notice_has_workdays",
        ),
        migrations.AddField(
            model_name="publicnotice",
            name="shown_until",
            field=models.DateField(null=True),
        ),
        migrations.AddConstraint(
            model_name="publicnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends_on__gt", models.F("published_on")), ("workdays__gt", 0)),
                    models.Q(("ends_on", models.F("published_on")), ("shown_until__isnull", False), ("workdays", 0)),
                    _connector="OR",
                ),
                name="public_notice_runs_its_workdays",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("shown_until__isnull", True), ("shown_until__gte", models.F("ends_on")), _connector="OR"
                ),
                name="public_notice_is_shown",
            ),
        ),
    ]
