"""What every decision rested on, kept so that it can be decided again; the database refuses to change it."""

import django.db.models.deletion
from django.db import migrations, models

import tongban.vault.fields

APPEND_ONLY = """
CREATE FUNCTION cases_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'decisions are append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
REVOKE UPDATE, DELETE, TRUNCATE ON cases_casedecision FROM tongban_app;
CREATE TRIGGER cases_casedecision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON cases_casedecision
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
"""
NO_LONGER_APPEND_ONLY = """
DROP TRIGGER cases_casedecision_append_only ON cases_casedecision;
GRANT UPDATE, DELETE ON cases_casedecision TO tongban_app;
DROP FUNCTION cases_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_files_and_newest"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("step", models.CharField(max_length=40)),
                ("item_number", models.CharField(max_length=8)),
                ("decided_on", models.DateField()),
                ("decided_at", models.DateTimeField()),
                ("inputs", tongban.vault.fields.EncryptedJSONField()),
                ("verdict", models.CharField(max_length=12)),
                ("decision", tongban.vault.fields.EncryptedJSONField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decided", to="cases.case"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["decided_on"], name="case_decision_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "position"), name="case_decision_position_once"),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["ALLOW", "CONDITION", "REFUSE"])),
                        name="case_decision_verdict_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, NO_LONGER_APPEND_ONLY),
    ]
