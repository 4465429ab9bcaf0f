"""Many rows of several tables in one statement: rows travel as one JSON text per table.

The recording transaction holds locks while it talks to the database; every round trip and every value to quote is time in
which others wait.  The text of a statement never varies, so a recording of one entry and one of a thousand run the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection, models


@dataclass(frozen=True, slots=True)
class Write:
    """One part of a statement; `%s` in its text stands for the rows.  Nothing when there are none."""

    sql: str
    rows: tuple[models.Model, ...]


def insert(model: type[models.Model], rows: Iterable[models.Model]) -> Write:
    """Insert these rows of one table."""
    table = model._meta.db_table
    return Write(f"INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, %s)", tuple(rows))  # noqa: S608


def update(
    model: type[models.Model], rows: Iterable[models.Model], *, columns: Iterable[str], key: Iterable[str]
) -> Write:
    """Set these columns of the rows with these keys."""
    table = model._meta.db_table
    changes = ", ".join(f"{column} = fresh.{column}" for column in columns)
    same = " AND ".join(f"old.{column} = fresh.{column}" for column in key)
    sql = f"UPDATE {table} old SET {changes} FROM json_populate_recordset(NULL::{table}, %s) fresh WHERE {same}"  # noqa: S608
    return Write(sql, tuple(rows))


def execute(*writes: Write) -> None:
    """Carry out all that have rows, as one statement.

    Parts of one statement do not see each other: what must come after something else goes into a later call.
    """
    parts = [write for write in writes if write.rows]
    if not parts:
        return
    named = ", ".join(f"part{number} AS ({write.sql})" for number, write in enumerate(parts[:-1]))
    sql = f"WITH {named} {parts[-1].sql}" if named else parts[-1].sql
    with connection.cursor() as cursor:
        cursor.execute(sql, [_as_json(write.rows) for write in parts])


def _as_json(rows: tuple[models.Model, ...]) -> str:
    names = [field.attname for field in rows[0]._meta.concrete_fields]
    wires = [{name: getattr(row, name) for name in names} for row in rows]
    return json.dumps(wires, default=_as_text, ensure_ascii=False, check_circular=False)


def _as_text(value: object) -> str:
    """What JSON does not know, in the form in which PostgreSQL reads it."""
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    assert isinstance(value, date), f"no column of the register holds {type(value).__name__}"
    return value.isoformat()
