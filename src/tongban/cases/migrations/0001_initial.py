"""First form of these tables."""

import django.db.models.deletion
from django.db import migrations, models

import tongban.vault.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                ("case_no", models.CharField(max_length=24, primary_key=True, serialize=False)),
                ("application_no", models.CharField(max_length=24, unique=True)),
                ("item_number", models.CharField(max_length=8)),
                ("channel", models.CharField(max_length=16)),
                ("home_registry", models.CharField(max_length=32)),
                ("receiving_registry", models.CharField(max_length=32)),
                ("state", models.CharField(max_length=24)),
                ("resume_state", models.CharField(blank=True, max_length=24)),
                ("state_since", models.DateTimeField()),
                ("package", tongban.vault.fields.EncryptedJSONField()),
                ("package_digest", models.CharField(max_length=64)),
                ("package_message", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("answer_due_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("legal_due_on", models.DateField(null=True)),
                ("service_due_on", models.DateField(null=True)),
                ("service_paused_at", models.DateTimeField(null=True)),
                ("assigned_to", models.CharField(blank=True, max_length=64)),
                ("first_reviewer", models.CharField(blank=True, max_length=64)),
                ("second_reviewer", models.CharField(blank=True, max_length=64)),
                ("decision", tongban.vault.fields.EncryptedJSONField(null=True)),
                ("evidence", models.JSONField(default=list)),
                ("refusal", models.JSONField(null=True)),
                ("certificate_no", models.CharField(blank=True, max_length=60)),
                ("licence_id", models.CharField(blank=True, max_length=120)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["home_registry", "state", "case_no"], name="case_queue"),
                    models.Index(
                        condition=models.Q(("state", "RECEIVED")), fields=["answer_due_at"], name="case_answer_due"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "RECEIVED",
                                    "PRE_REVIEW",
                                    "CORRECTION",
                                    "ACCEPTED",
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
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_reviewer", ""),
                            ("second_reviewer", ""),
                            models.Q(("first_reviewer", models.F("second_reviewer")), _negated=True),
                            _connector="OR",
                        ),
                        name="case_two_reviewers",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "SUSPENDED"), _negated=True),
                            models.Q(("resume_state", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="case_suspended_can_resume",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseCounter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division", models.CharField(max_length=6)),
                ("day", models.DateField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("division", "day"), name="case_counter_once")],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round_no", models.PositiveSmallIntegerField()),
                ("material_key", models.CharField(max_length=40)),
                ("what_zh", models.CharField(max_length=200)),
                ("cure_zh", models.CharField(max_length=200)),
                ("supplied_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="corrections", to="cases.case"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="CaseMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("action", models.CharField(max_length=40)),
                ("source", models.CharField(blank=True, max_length=24)),
                ("target", models.CharField(max_length=24)),
                ("by", models.CharField(max_length=64)),
                ("by_name_zh", models.CharField(max_length=80)),
                ("institution", models.CharField(max_length=32)),
                ("note_zh", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("key", models.CharField(max_length=80)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="cases.case"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "key"), name="case_move_once"),
                    models.UniqueConstraint(fields=("case", "position"), name="case_move_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit_code", models.CharField(max_length=28)),
                ("act", models.CharField(max_length=32)),
                ("is_open", models.BooleanField(default=True)),
                ("is_exclusive", models.BooleanField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="units", to="cases.case"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("is_open", True)), fields=["unit_code"], name="case_unit_open")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "unit_code"), name="case_unit_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_exclusive", True), ("is_open", True)),
                        fields=("unit_code",),
                        name="unit_one_open_disposal",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON cases_casemove FROM tongban_app",
            "GRANT UPDATE, DELETE ON cases_casemove TO tongban_app",
        ),
    ]
