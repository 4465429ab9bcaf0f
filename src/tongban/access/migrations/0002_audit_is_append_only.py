"""Audit rows and seals: written once, never changed; a row waits in `access_auditpending` until a seal covers it."""

from __future__ import annotations

from django.db import migrations

PROTECT = """
REVOKE UPDATE, DELETE, TRUNCATE ON access_auditrow FROM tongban_app;
REVOKE UPDATE, DELETE, TRUNCATE ON access_auditseal FROM tongban_app;
REVOKE UPDATE, TRUNCATE ON access_auditpending FROM tongban_app;
REVOKE DELETE, TRUNCATE ON access_staff FROM tongban_app;
REVOKE DELETE, TRUNCATE ON access_staffrole FROM tongban_app;
REVOKE DELETE, TRUNCATE ON access_confidentialityagreement FROM tongban_app;

CREATE FUNCTION access_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER access_auditrow_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_auditrow
    FOR EACH STATEMENT EXECUTE FUNCTION access_audit_is_append_only();
CREATE TRIGGER access_auditseal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_auditseal
    FOR EACH STATEMENT EXECUTE FUNCTION access_audit_is_append_only();

CREATE FUNCTION access_audit_wait_for_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO access_auditpending (row_id, at) VALUES (NEW.id, NEW.at);
    RETURN NULL;
END $$;

CREATE TRIGGER access_auditrow_wait_for_seal AFTER INSERT ON access_auditrow
    FOR EACH ROW EXECUTE FUNCTION access_audit_wait_for_seal();
"""

UNPROTECT = """
DROP TRIGGER access_auditrow_wait_for_seal ON access_auditrow;
DROP FUNCTION access_audit_wait_for_seal();
DROP TRIGGER access_auditrow_append_only ON access_auditrow;
DROP TRIGGER access_auditseal_append_only ON access_auditseal;
DROP FUNCTION access_audit_is_append_only();
GRANT UPDATE, DELETE ON access_auditrow, access_auditseal, access_auditpending TO tongban_app;
GRANT DELETE ON access_staff, access_staffrole, access_confidentialityagreement TO tongban_app;
"""


class Migration(migrations.Migration):
    """Grants and triggers only; no rows."""

    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunSQL([PROTECT], [UNPROTECT])]
