"""Signed directory bundles are evidence: written once, never changed."""

from __future__ import annotations

from django.db import migrations

PROTECT = """
REVOKE UPDATE, DELETE, TRUNCATE ON directory_bundleversion FROM tongban_app;

CREATE FUNCTION directory_bundle_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER directory_bundle_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON directory_bundleversion
    FOR EACH STATEMENT EXECUTE FUNCTION directory_bundle_is_append_only();
"""

UNPROTECT = """
DROP TRIGGER directory_bundle_append_only ON directory_bundleversion;
DROP FUNCTION directory_bundle_is_append_only();
GRANT UPDATE, DELETE ON directory_bundleversion TO tongban_app;
"""


class Migration(migrations.Migration):
    """Grants and triggers only; no rows."""

    dependencies = [("directory", "0001_initial")]
    operations = [migrations.RunSQL([PROTECT], [UNPROTECT])]
