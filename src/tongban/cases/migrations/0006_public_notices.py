"""Public notices, objections and rulings, which the database refuses to change; reversible while no case is published."""

import django.db.models.deletion
from django.db import migrations, models

import tongban.vault.fields

APPEND_ONLY = """
REVOKE UPDATE, DELETE, TRUNCATE ON cases_publicnotice FROM tongban_app;
CREATE TRIGGER cases_publicnotice_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON cases_publicnotice
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON cases_noticeobjection FROM tongban_app;
CREATE TRIGGER cases_noticeobjection_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON cases_noticeobjection
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON cases_objectionruling FROM tongban_app;
CREATE TRIGGER cases_objectionruling_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON cases_objectionruling
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
"""
NO_LONGER_APPEND_ONLY = """
DROP TRIGGER cases_publicnotice_append_only ON cases_publicnotice;
GRANT UPDATE, DELETE ON cases_publicnotice TO tongban_app;
DROP TRIGGER cases_noticeobjection_append_only ON cases_noticeobjection;
GRANT UPDATE, DELETE ON cases_noticeobjection TO tongban_app;
DROP TRIGGER cases_objectionruling_append_only ON cases_objectionruling;
GRANT UPDATE, DELETE ON cases_objectionruling TO tongban_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_presignatures"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeObjection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("content", tongban.vault.fields.EncryptedJSONField()),
                ("received_on", models.DateField()),
                ("taken_at", models.DateTimeField()),
                ("taken_by", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ObjectionRuling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_upheld", models.BooleanField()),
                ("reason_zh", models.CharField(max_length=1000)),
                ("decided_at", models.DateTimeField()),
                ("decided_by", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="PublicNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("registry", models.CharField(max_length=32)),
                ("content", tongban.vault.fields.EncryptedJSONField()),
                ("published_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("workdays", models.PositiveSmallIntegerField()),
                ("published_at", models.DateTimeField()),
                ("published_by", models.CharField(max_length=64)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_state_known",
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "RECEIVED",
                            "PRE_REVIEW",
                            "CORRECTION",
                            "ACCEPTED",
                            "PUBLISHED",
                            "REVIEWED",
                            "APPROVED",
                            "DUES_SETTLED",
                            "SUSPENDED",
                            "RECORDED",
                            "CERTIFIED",
                            "ARCHIVED",
                            "NOT_ACCEPTED",
                            "REFUSED",
                            "WITHDRAWN",
                        ],
                    )
                ),
                name="case_state_known",
            ),
        ),
        migrations.AddField(
            model_name="objectionruling",
            name="objection",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="ruling", to="cases.noticeobjection"
            ),
        ),
        migrations.AddField(
            model_name="publicnotice",
            name="case",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="public_notice", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="noticeobjection",
            name="notice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="objections", to="cases.publicnotice"
            ),
        ),
        migrations.AddConstraint(
            model_name="objectionruling",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason_zh", ""), _negated=True), name="objection_ruling_has_reason"
            ),
        ),
        migrations.AddIndex(
            model_name="publicnotice",
            index=models.Index(fields=["ends_on", "registry"], name="public_notice_running"),
        ),
        migrations.AddConstraint(
            model_name="publicnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gt", models.F("published_on"))), name="public_notice_lasts"
            ),
        ),
        migrations.AddConstraint(
            model_name="publicnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("workdays__gt", 0)), name="public_notice_has_workdays"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeobjection",
            constraint=models.UniqueConstraint(fields=("notice", "key"), name="notice_objection_once"),
        ),
        migrations.RunSQL(APPEND_ONLY, NO_LONGER_APPEND_ONLY),
    ]
