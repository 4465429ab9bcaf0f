"""What was decided, signed and sealed never changes: the database refuses it to everybody.

Of a licence's standing only the columns about whether it counts and what is still due may change; it never goes.
"""

from django.db import migrations

FIXED = ("licence", "licenceevent", "signedpayload", "sealedfile", "sealcertificate", "sealrevocation")
LIVING = {
    "licencestate": "state, changed_at, replaced_by, reason_zh, is_sealed, next_try_at, tries, problem_zh",
}

REFUSE = """
CREATE FUNCTION certificates_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'licences are append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
"""
APPEND_ONLY = """
REVOKE UPDATE, DELETE, TRUNCATE ON certificates_{table} FROM tongban_app;
CREATE TRIGGER certificates_{table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON certificates_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_change();
"""
NO_LONGER_APPEND_ONLY = """
DROP TRIGGER certificates_{table}_append_only ON certificates_{table};
GRANT UPDATE, DELETE ON certificates_{table} TO tongban_app;
"""
STAYS = """
REVOKE UPDATE, DELETE, TRUNCATE ON certificates_{table} FROM tongban_app;
GRANT UPDATE ({columns}) ON certificates_{table} TO tongban_app;
CREATE TRIGGER certificates_{table}_stays BEFORE DELETE OR TRUNCATE ON certificates_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_change();
"""
NEED_NOT_STAY = """
DROP TRIGGER certificates_{table}_stays ON certificates_{table};
GRANT UPDATE, DELETE ON certificates_{table} TO tongban_app;
"""


class Migration(migrations.Migration):
    """Privileges and triggers."""

    dependencies = [("certificates", "0001_licences")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION certificates_refuse_change()"),
        *(
            migrations.RunSQL(APPEND_ONLY.format(table=table), NO_LONGER_APPEND_ONLY.format(table=table))
            for table in FIXED
        ),
        *(
            migrations.RunSQL(STAYS.format(table=table, columns=columns), NEED_NOT_STAY.format(table=table))
            for table, columns in LIVING.items()
        ),
    ]
