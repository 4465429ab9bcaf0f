"""What the database itself holds against everybody: an append-only, gapless book and shares that make a whole.

The application role lacks the privileges; triggers refuse the owner as well, so that changing the book takes an act of
a superuser, which `verification` then names.
"""

from django.db import migrations

BOOK = ("entry", "entrysecret", "unitevent", "ordernote", "ordersettlement", "merklenode", "signedhead")
# Rows of these may change in the named columns only, and never go.
LIVING = {
    "registeredright": "to_entry",
    "rightholder": "to_entry",
    "registeredburden": "to_entry",
    "burdenholder": "to_entry",
    "describedunit": "to_entry",
    "baunit": "flags",
    "ledgerhead": "seq, hash, at, registry",
    "numbercounter": "last",
}

REFUSE = """
CREATE FUNCTION register_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the register is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
"""
APPEND_ONLY = """
REVOKE UPDATE, DELETE, TRUNCATE ON register_{table} FROM tongban_app;
CREATE TRIGGER register_{table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON register_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION register_refuse_change();
"""
NO_LONGER_APPEND_ONLY = """
DROP TRIGGER register_{table}_append_only ON register_{table};
GRANT UPDATE, DELETE ON register_{table} TO tongban_app;
"""
ENDS_ONLY = """
REVOKE UPDATE, DELETE, TRUNCATE ON register_{table} FROM tongban_app;
GRANT UPDATE ({columns}) ON register_{table} TO tongban_app;
CREATE TRIGGER register_{table}_stays BEFORE DELETE OR TRUNCATE ON register_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION register_refuse_change();
"""
NO_LONGER_ENDS_ONLY = """
DROP TRIGGER register_{table}_stays ON register_{table};
GRANT UPDATE, DELETE ON register_{table} TO tongban_app;
"""

# A row of the book is refused unless it continues what stands before it: no gap, no fork, no step back in time.
# A trigger's plans live as long as the session: made while a table was empty they would read all of it ever after, so
# sequential scans are off in these functions.
CHAINS = """
CREATE FUNCTION register_entry_continues() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF NEW.seq > 1 AND NOT EXISTS (
        SELECT 1 FROM register_entry
        WHERE ledger = NEW.ledger AND seq = NEW.seq - 1 AND hash = NEW.previous_hash AND recorded_at <= NEW.recorded_at
    ) THEN
        RAISE EXCEPTION 'entry %/% does not continue its ledger', NEW.ledger, NEW.seq
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER register_entry_continues BEFORE INSERT ON register_entry
    FOR EACH ROW EXECUTE FUNCTION register_entry_continues();

CREATE FUNCTION register_unitevent_continues() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF NEW.seq > 1 AND NOT EXISTS (
        SELECT 1 FROM register_unitevent
        WHERE unit_code = NEW.unit_code AND seq = NEW.seq - 1 AND hash = NEW.previous_hash AND at <= NEW.at
    ) THEN
        RAISE EXCEPTION 'event % of unit % does not continue its sequence', NEW.seq, NEW.unit_code
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER register_unitevent_continues BEFORE INSERT ON register_unitevent
    FOR EACH ROW EXECUTE FUNCTION register_unitevent_continues();

CREATE FUNCTION register_head_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq < OLD.seq OR NEW.ledger <> OLD.ledger THEN
        RAISE EXCEPTION 'the head of ledger % cannot go back', OLD.ledger
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER register_head_goes_forward BEFORE UPDATE ON register_ledgerhead
    FOR EACH ROW EXECUTE FUNCTION register_head_goes_forward();
"""
NO_CHAINS = """
DROP TRIGGER register_head_goes_forward ON register_ledgerhead;
DROP FUNCTION register_head_goes_forward();
DROP TRIGGER register_unitevent_continues ON register_unitevent;
DROP FUNCTION register_unitevent_continues();
DROP TRIGGER register_entry_continues ON register_entry;
DROP FUNCTION register_entry_continues();
"""

# 民法典 297–299: one holder, joint holders without shares, or holders whose shares make exactly one.  Exact fractions,
# and only when the transaction ends: in between a share may have moved from one row to the next.
SHARES = """
CREATE FUNCTION register_check_shares() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    form text;
    holder record;
    holders integer := 0;
    shares integer := 0;
    top numeric := 0;
    bottom numeric := 1;
    divisor numeric;
    fits boolean;
BEGIN
    SELECT co_ownership INTO form FROM register_registeredright
        WHERE unit_code = NEW.unit_code AND title_seq = NEW.title_seq AND to_entry IS NULL;
    FOR holder IN
        SELECT share_numerator::numeric AS top, share_denominator::numeric AS bottom FROM register_rightholder
        WHERE ledger = NEW.ledger AND title_seq = NEW.title_seq AND to_entry IS NULL
    LOOP
        holders := holders + 1;
        IF holder.top IS NOT NULL THEN
            shares := shares + 1;
            top := top * holder.bottom + holder.top * bottom;
            bottom := bottom * holder.bottom;
            divisor := gcd(top, bottom);
            top := div(top, divisor);
            bottom := div(bottom, divisor);
        END IF;
    END LOOP;
    fits := CASE form
        WHEN 'sole' THEN holders = 1 AND (shares = 0 OR top = bottom)
        WHEN 'joint' THEN holders >= 2 AND shares = 0
        WHEN 'by_shares' THEN holders >= 2 AND shares = holders AND top = bottom
        ELSE holders = 0
    END;
    IF fits THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'unit %: % holder(s), % share(s) adding up to %/% do not fit co-ownership %',
        NEW.unit_code, holders, shares, top, bottom, form
        USING ERRCODE = 'check_violation', CONSTRAINT = 'register_shares_make_one', TABLE = 'register_rightholder';
END
$$;
CREATE CONSTRAINT TRIGGER register_shares_make_one AFTER INSERT OR UPDATE ON register_rightholder
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION register_check_shares();
CREATE CONSTRAINT TRIGGER register_title_has_its_holders AFTER INSERT OR UPDATE ON register_registeredright
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION register_check_shares();
"""
NO_SHARES = """
DROP TRIGGER register_title_has_its_holders ON register_registeredright;
DROP TRIGGER register_shares_make_one ON register_rightholder;
DROP FUNCTION register_check_shares();
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0001_book")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION register_refuse_change()"),
        *(migrations.RunSQL(APPEND_ONLY.format(table=t), NO_LONGER_APPEND_ONLY.format(table=t)) for t in BOOK),
        *(
            migrations.RunSQL(ENDS_ONLY.format(table=t, columns=c), NO_LONGER_ENDS_ONLY.format(table=t))
            for t, c in LIVING.items()
        ),
        migrations.RunSQL(CHAINS, NO_CHAINS),
        migrations.RunSQL(SHARES, NO_SHARES),
    ]
