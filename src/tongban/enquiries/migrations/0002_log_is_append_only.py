"""The log of queries, its papers, copies and alarms: written once, never changed, by anybody."""

from django.db import migrations

TABLES = ("queryrecord", "querypaper", "querycopy", "queryalarm")

REFUSE = """
CREATE FUNCTION enquiries_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of queries is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
"""
APPEND_ONLY = """
REVOKE UPDATE, DELETE, TRUNCATE ON enquiries_{table} FROM tongban_app;
CREATE TRIGGER enquiries_{table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON enquiries_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION enquiries_refuse_change();
"""
NO_LONGER_APPEND_ONLY = """
DROP TRIGGER enquiries_{table}_append_only ON enquiries_{table};
GRANT UPDATE, DELETE ON enquiries_{table} TO tongban_app;
"""
STAYS = "REVOKE DELETE, TRUNCATE ON enquiries_enquiry FROM tongban_app"
NEED_NOT_STAY = "GRANT DELETE ON enquiries_enquiry TO tongban_app"


class Migration(migrations.Migration):
    """Privileges and triggers."""

    dependencies = [("enquiries", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION enquiries_refuse_change()"),
        *(
            migrations.RunSQL(APPEND_ONLY.format(table=table), NO_LONGER_APPEND_ONLY.format(table=table))
            for table in TABLES
        ),
        migrations.RunSQL(STAYS, NEED_NOT_STAY),
    ]
