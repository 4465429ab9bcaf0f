"""Many rows of several tables in one statement: rows travel as one JSON text per table.

The recording transaction holds locks while it talks to the database; every round trip and every value to quote is time in
which others wait.  The text of a statement never varies, so a recording of one entry and one of a thousand run the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from django.db import connection, models

# A row: the values of its columns by name, or an object of the model.
Row: TypeAlias = Mapping[str, object] | models.Model


@dataclass(frozen=True, slots=True)
class Write:
    """One part of a statement; `%s` in its text stands for the rows.  Nothing when there are none."""

    sql: str
    rows: tuple[Row, ...]


def insert(model: type[models.Model], rows: Iterable[Row]) -> Write:
    """Insert these rows of one table; a column that a mapping does not name becomes NULL."""
    table = model._meta.db_table
    return Write(f"INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, %s)", tuple(rows))  # noqa: S608


def update(model: type[models.Model], rows: Iterable[Row], *, columns: Iterable[str], key: Iterable[str]) -> Write:
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


def _as_json(rows: Iterable[Row]) -> str:
    return json.dumps([_values(row) for row in rows], default=_as_text, ensure_ascii=False, check_circular=False)


def _values(row: Row) -> Mapping[str, object]:
    if isinstance(row, models.Model):
        return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return row


def _as_text(value: object) -> str:
    """What JSON does not know, in the form in which PostgreSQL reads it."""
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    assert isinstance(value, date), f"no column of the register holds {type(value).__name__}"
    return value.isoformat()
