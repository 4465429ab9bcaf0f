"""First form of these tables."""

import django.db.models.deletion
from django.db import migrations, models

import tongban.vault.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                ("number", models.CharField(max_length=24, primary_key=True, serialize=False)),
                ("item_number", models.CharField(max_length=8)),
                ("channel", models.CharField(max_length=16)),
                ("receiving_registry", models.CharField(max_length=32)),
                ("home_registry", models.CharField(max_length=32)),
                ("window_code", models.CharField(max_length=32)),
                ("unit_code", models.CharField(max_length=28)),
                ("state", models.CharField(max_length=24)),
                ("state_since", models.DateTimeField()),
                ("clerk", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("handed_over_at", models.DateTimeField(null=True)),
                ("title", tongban.vault.fields.EncryptedJSONField()),
                ("form", tongban.vault.fields.EncryptedJSONField()),
                ("inquiry", tongban.vault.fields.EncryptedJSONField()),
                ("pledged_at", models.DateTimeField(null=True)),
                ("check_id", models.CharField(max_length=64)),
                ("check_digest", models.CharField(max_length=64)),
                ("checked_at", models.DateTimeField()),
                ("check_answer", tongban.vault.fields.EncryptedJSONField()),
                ("case_no", models.CharField(blank=True, max_length=24)),
                ("report", tongban.vault.fields.EncryptedJSONField(null=True)),
                ("package_digest", models.CharField(blank=True, max_length=64)),
                ("opening_key", models.CharField(max_length=64, unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["receiving_registry", "state", "-number"], name="application_queue"),
                    models.Index(fields=["receiving_registry", "-number"], name="application_all"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "DRAFT",
                                    "SEALED",
                                    "HANDED_OVER",
                                    "CORRECTION",
                                    "ACCEPTED",
                                    "SUSPENDED",
                                    "RECORDED",
                                    "CERTIFIED",
                                    "NOT_ACCEPTED",
                                    "REFUSED",
                                    "WITHDRAWN",
                                    "TOLD_HOME",
                                    "EXPIRED",
                                ],
                            )
                        ),
                        name="application_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("handed_over_at__isnull", True),
                            models.Q(("package_digest", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="application_handed_over_has_package",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("handed_over_at__isnull", True),
                            ("handed_over_at__gte", models.F("created_at")),
                            _connector="OR",
                        ),
                        name="application_handed_over_after_opening",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceiptCounter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("registry", models.CharField(max_length=32)),
                ("day", models.DateField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("registry", "day"), name="receipt_counter_once")],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("party_position", models.PositiveSmallIntegerField()),
                ("purpose", models.CharField(max_length=24)),
                ("content_digest", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="intake.application"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ApplicationEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("action", models.CharField(max_length=40)),
                ("state", models.CharField(max_length=24)),
                ("text_zh", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=80)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="intake.application"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("application", "key"), name="application_event_once")],
            },
        ),
        migrations.CreateModel(
            name="ApplicationParty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("role", models.CharField(max_length=24)),
                ("name", tongban.vault.fields.EncryptedTextField()),
                ("id_kind", models.CharField(max_length=24)),
                ("id_no", tongban.vault.fields.EncryptedTextField()),
                ("phone", tongban.vault.fields.EncryptedTextField()),
                ("address", tongban.vault.fields.EncryptedTextField()),
                ("is_agent", models.BooleanField(default=False)),
                ("identity_method", models.CharField(blank=True, max_length=24)),
                ("identity_result", models.CharField(blank=True, max_length=16)),
                ("identity_reason", models.CharField(blank=True, max_length=200)),
                ("identity_by", models.CharField(blank=True, max_length=64)),
                ("identity_second", models.CharField(blank=True, max_length=64)),
                ("identity_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parties", to="intake.application"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "position"), name="party_position_once"),
                    models.CheckConstraint(
                        condition=models.Q(("identity_result__in", ["", "passed", "failed"])),
                        name="party_identity_result_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("identity_second", ""),
                            models.Q(("identity_second", models.F("identity_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="party_second_person_is_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MaterialScan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("material_key", models.CharField(max_length=40)),
                ("page_no", models.PositiveSmallIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("media_type", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("size", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField()),
                ("added_by", models.CharField(max_length=64)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scans", to="intake.application"
                    ),
                ),
            ],
            options={
                "ordering": ["material_key", "page_no"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "material_key", "page_no"), name="scan_page_once"),
                    models.UniqueConstraint(fields=("application", "material_key", "digest"), name="scan_file_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("material_key", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=24)),
                ("pages", models.PositiveSmallIntegerField()),
                ("holder_zh", models.CharField(max_length=80)),
                ("note_zh", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=64)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_events",
                        to="intake.application",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["collected", "checked_returned", "copied", "returned"])),
                        name="paper_event_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("pages__gte", 1)), name="paper_event_has_pages"),
                ],
            },
        ),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON intake_applicationevent FROM tongban_app",
            "GRANT UPDATE, DELETE ON intake_applicationevent TO tongban_app",
        ),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON intake_paperevent FROM tongban_app",
            "GRANT UPDATE, DELETE ON intake_paperevent TO tongban_app",
        ),
    ]
