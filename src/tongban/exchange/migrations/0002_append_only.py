"""Evidence can be added to, never changed: no grant for the application role, and a trigger for everyone."""

from __future__ import annotations

from django.db import migrations

EVIDENCE = (
    "exchange_outboxmessage",
    "exchange_outboxreceipt",
    "exchange_inboxmessage",
    "exchange_refusedmessage",
    "exchange_questionevidence",
)
REFUSE = """
CREATE FUNCTION exchange_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'evidence of the exchange is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
"""
PROTECT = """
REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM tongban_app;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION exchange_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION exchange_refuse_change();
"""
UNPROTECT = """
DROP TRIGGER {table}_append_only ON {table};
DROP TRIGGER {table}_no_truncate ON {table};
GRANT UPDATE, DELETE ON {table} TO tongban_app;
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_exchange")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION exchange_refuse_change()"),
        *(migrations.RunSQL(PROTECT.format(table=t), UNPROTECT.format(table=t)) for t in EVIDENCE),
    ]
