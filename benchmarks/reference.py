"""What bare PostgreSQL does on this machine: a fixed set of statements for one recording and one look-up, over psycopg.

The statements are those any register needs for one name change: lock the unit, look for the key, the unit's last event,
burdens and title, lock the ledger, write two entries with their secrets and events, end and open the rows of right and
holder, move the head.  No hashing, no encryption, no ORM.  A figure of the product is worth reading only beside these,
from the same run: `python benchmarks/bench_register.py` prints the ratios.
"""

from __future__ import annotations

import time

import psycopg

LEDGERS = 16
UNITS_PER_LEDGER = 2000
LEAF = "x" * 900
SECRET = b"x" * 360
HASH = b"h" * 32

TABLES = """
CREATE TABLE ref_head (ledger int PRIMARY KEY, seq bigint NOT NULL, hash bytea NOT NULL);
CREATE TABLE ref_entry (ledger int, seq bigint, unit text, unit_seq int, key text, leaf text, hash bytea,
    PRIMARY KEY (ledger, seq), UNIQUE (unit, unit_seq), UNIQUE (key, unit_seq));
CREATE TABLE ref_secret (ledger int, seq bigint, ciphertext bytea, PRIMARY KEY (ledger, seq));
CREATE TABLE ref_event (unit text, seq int, ref text, at timestamptz, hash bytea, PRIMARY KEY (unit, seq));
CREATE TABLE ref_right (ledger int, from_entry bigint, to_entry bigint, unit text, certificate text UNIQUE, body jsonb,
    PRIMARY KEY (ledger, from_entry));
CREATE INDEX ON ref_right (unit) WHERE to_entry IS NULL;
CREATE TABLE ref_holder (ledger int, from_entry bigint, to_entry bigint, unit text, identity bytea, id_index bytea,
    PRIMARY KEY (ledger, from_entry));
CREATE INDEX ON ref_holder (unit) WHERE to_entry IS NULL;
CREATE INDEX ON ref_holder (id_index);
CREATE TABLE ref_burden (ledger int, from_entry bigint, to_entry bigint, unit text, kind text,
    PRIMARY KEY (ledger, from_entry));
CREATE INDEX ON ref_burden (unit) WHERE to_entry IS NULL;
"""
FILL = """
INSERT INTO ref_head SELECT l, %(units)s, %(hash)s FROM generate_series(1, %(ledgers)s) l;
INSERT INTO ref_right SELECT l, u, NULL, l || '-' || u, l || '-' || u || '-0', '{"area_m2": "118.26"}'
    FROM generate_series(1, %(ledgers)s) l, generate_series(1, %(units)s) u;
INSERT INTO ref_holder SELECT l, u, NULL, l || '-' || u, %(secret)s, decode(md5(l || '-' || u), 'hex')
    FROM generate_series(1, %(ledgers)s) l, generate_series(1, %(units)s) u;
INSERT INTO ref_burden SELECT l, u, NULL, l || '-' || u, 'mortgage'
    FROM generate_series(1, %(ledgers)s) l, generate_series(1, %(units)s, 5) u;
"""
READS = (
    "SELECT pg_advisory_xact_lock(1, hashtext(%(unit)s))",
    "SELECT seq, hash FROM ref_entry WHERE key = %(key)s",
    "SELECT seq, hash, at FROM ref_event WHERE unit = %(unit)s ORDER BY seq DESC LIMIT 1",
    "SELECT kind FROM ref_burden WHERE unit = %(unit)s AND to_entry IS NULL",
    "SELECT * FROM ref_right WHERE unit = %(unit)s AND to_entry IS NULL",
    "SELECT * FROM ref_holder WHERE unit = %(unit)s AND to_entry IS NULL",
)
HEAD = "SELECT seq FROM ref_head WHERE ledger = %(ledger)s FOR UPDATE"
WRITES = (
    "INSERT INTO ref_entry VALUES (%(ledger)s, %(a)s, %(unit)s, %(p)s, %(key)s, %(leaf)s, %(hash)s),"
    " (%(ledger)s, %(b)s, %(unit)s, %(q)s, %(key)s, %(leaf)s, %(hash)s)",
    "INSERT INTO ref_secret VALUES (%(ledger)s, %(a)s, %(secret)s), (%(ledger)s, %(b)s, %(secret)s)",
    "INSERT INTO ref_event VALUES (%(unit)s, %(p)s, %(key)s, now(), %(hash)s),"
    " (%(unit)s, %(q)s, %(key)s, now(), %(hash)s)",
    "UPDATE ref_head SET seq = %(b)s, hash = %(hash)s WHERE ledger = %(ledger)s",
    "UPDATE ref_right SET to_entry = %(b)s WHERE unit = %(unit)s AND to_entry IS NULL",
    "UPDATE ref_holder SET to_entry = %(a)s WHERE unit = %(unit)s AND to_entry IS NULL",
    'INSERT INTO ref_right VALUES (%(ledger)s, %(b)s, NULL, %(unit)s, %(key)s, \'{"area_m2": "118.26"}\')',
    "INSERT INTO ref_holder VALUES (%(ledger)s, %(a)s, NULL, %(unit)s, %(secret)s, %(hash)s)",
)
LOOK_UP = (
    "SELECT kind FROM ref_burden WHERE unit = %(unit)s AND to_entry IS NULL "
    "UNION ALL SELECT ref FROM ref_event WHERE unit = %(unit)s AND seq = 0"
)


def prepare(url: str) -> None:
    """Make and fill the tables of the reference."""
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute(TABLES)
        connection.execute(FILL, {"ledgers": LEDGERS, "units": UNITS_PER_LEDGER, "hash": HASH, "secret": SECRET})
        connection.execute("ANALYZE")


def record(connection: psycopg.Connection[object], ledger: int, unit: str, key: str) -> None:
    """One recording; `connection` commits on its own only at the end."""
    values: dict[str, object] = {
        "ledger": ledger,
        "unit": unit,
        "key": key,
        "leaf": LEAF,
        "hash": HASH,
        "secret": SECRET,
    }
    with connection.transaction():
        last = 0
        for number, statement in enumerate(READS):
            row = connection.execute(statement, values).fetchone()
            if number == 2 and row:
                last = row[0]  # type: ignore[index]
        head = connection.execute(HEAD, values).fetchone()
        seq = head[0]  # type: ignore[index]
        values |= {"a": seq + 1, "b": seq + 2, "p": last + 1, "q": last + 2}
        for statement in WRITES:
            connection.execute(statement, values)


def recordings(url: str, ledgers: list[int], seconds: float, name: str) -> float:
    """Recordings a second over these ledgers in turn."""
    with psycopg.connect(url, autocommit=True) as connection:
        done, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            ledger = ledgers[done % len(ledgers)]
            record(connection, ledger, f"{ledger}-{done // len(ledgers) % UNITS_PER_LEDGER + 1}", f"case-{name}-{done}")
            done += 1
        return done / (time.perf_counter() - began)


def look_ups(url: str, seconds: float) -> float:
    """Look-ups of one unit's burdens a second."""
    with psycopg.connect(url, autocommit=True) as connection:
        done, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            unit = f"{done % LEDGERS + 1}-{done % UNITS_PER_LEDGER + 1}"
            connection.execute(LOOK_UP, {"unit": unit}).fetchall()
            done += 1
        return done / (time.perf_counter() - began)
