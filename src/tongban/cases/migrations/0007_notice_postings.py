"""Photographs of notices posted at the property, which the database refuses to change."""

import django.db.models.deletion
from django.db import migrations, models

APPEND_ONLY = """
REVOKE UPDATE, DELETE, TRUNCATE ON cases_noticeposting FROM tongban_app;
CREATE TRIGGER cases_noticeposting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON cases_noticeposting
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
"""
NO_LONGER_APPEND_ONLY = """
DROP TRIGGER cases_noticeposting_append_only ON cases_noticeposting;
GRANT UPDATE, DELETE ON cases_noticeposting TO tongban_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_public_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticePosting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("posted_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("digest", models.CharField(max_length=64)),
                ("added_at", models.DateTimeField()),
                ("added_by", models.CharField(max_length=64)),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="cases.publicnotice",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "posted_on", "digest"), name="notice_posting_once"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("posted_on"))), name="notice_posting_lasts"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="notice_posting_digest_is_sm3"
                    ),
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, NO_LONGER_APPEND_ONLY),
    ]
