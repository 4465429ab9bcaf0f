"""Who approved that something need not be paid."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_notice_postings"),
    ]

    operations = [
        migrations.AddField(
            model_name="casedue",
            name="approver_zh",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddConstraint(
            model_name="casedue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["exempt", "recovery"]), _negated=True),
                    models.Q(("approver_zh", ""), _negated=True),
                    _connector="OR",
                ),
                name="case_due_exemption_is_approved",
            ),
        ),
    ]
