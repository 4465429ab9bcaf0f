"""What was recorded and what was sent never changes: the database refuses it to everybody.

Of an upload only the columns about its delivery may change; neither it nor any log or difference ever goes.
"""

from django.db import migrations

FIXED = ("uploadmessage", "uploadanswer")
LIVING = {
    "upload": "state, message_no, attempts, bad_replies, next_try_at, lease_until, reason_code, reason_zh, settled_at",
    "libraryentry": "state, attempts, bad_replies, next_try_at, lease_until, reason_code, reason_zh, settled_at",
    "dailylog": "counts, platform_counts, unreported, state, attempts, next_try_at, reason_zh, sent_at",
    "reconciliation": "phase, registry, cursor, checked, listed, finished_at",
    "difference": "registry, kind, ours, theirs, seen_at, repair, resolved_at",
}

REFUSE = """
CREATE FUNCTION reporting_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reports are append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
"""
APPEND_ONLY = """
REVOKE UPDATE, DELETE, TRUNCATE ON reporting_{table} FROM tongban_app;
CREATE TRIGGER reporting_{table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reporting_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_refuse_change();
"""
NO_LONGER_APPEND_ONLY = """
DROP TRIGGER reporting_{table}_append_only ON reporting_{table};
GRANT UPDATE, DELETE ON reporting_{table} TO tongban_app;
"""
STAYS = """
REVOKE UPDATE, DELETE, TRUNCATE ON reporting_{table} FROM tongban_app;
GRANT UPDATE ({columns}) ON reporting_{table} TO tongban_app;
CREATE TRIGGER reporting_{table}_stays BEFORE DELETE OR TRUNCATE ON reporting_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_refuse_change();
"""
NEED_NOT_STAY = """
DROP TRIGGER reporting_{table}_stays ON reporting_{table};
GRANT UPDATE, DELETE ON reporting_{table} TO tongban_app;
"""


class Migration(migrations.Migration):
    """Privileges and triggers."""

    dependencies = [("reporting", "0001_reporting")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION reporting_refuse_change()"),
        *(
            migrations.RunSQL(APPEND_ONLY.format(table=table), NO_LONGER_APPEND_ONLY.format(table=table))
            for table in FIXED
        ),
        *(
            migrations.RunSQL(STAYS.format(table=table, columns=columns), NEED_NOT_STAY.format(table=table))
            for table, columns in LIVING.items()
        ),
    ]
