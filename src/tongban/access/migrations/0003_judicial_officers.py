"""Assistants in execution (协助执行人员) are a role."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_audit_is_append_only"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="staffrole",
            name="access_role_known",
        ),
        migrations.AddConstraint(
            model_name="staffrole",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "window_clerk",
                            "window_supervisor",
                            "desk_officer",
                            "reviewer",
                            "second_reviewer",
                            "registrar",
                            "judicial_officer",
                            "registry_admin",
                            "province_admin",
                            "security_admin",
                            "auditor",
                        ],
                    )
                ),
                name="access_role_known",
            ),
        ),
    ]
