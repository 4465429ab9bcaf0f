"""The register's migrations go back as they came, and forward again."""

from __future__ import annotations

import os
import subprocess
import sys

from django.db import connection


def migrate(database: str, target: str) -> None:
    command = [sys.executable, "-m", "tongban.cli.main", "migrate", "register", target]
    subprocess.run(
        command, check=True, env={**os.environ, "TONGBAN_DATABASE_NAME": database}, stdout=subprocess.DEVNULL
    )


def objects() -> tuple[list[object], list[object]]:
    """Tables and triggers of the register, with what the application may do to each table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, privilege_type FROM information_schema.table_privileges "
            "WHERE grantee = 'tongban_app' AND table_name LIKE 'register_%' ORDER BY 1, 2"
        )
        privileges: list[object] = cursor.fetchall()
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'register_%' ORDER BY 1")
        return privileges, cursor.fetchall()


def test_the_tables_go_and_come_back_with_every_guard(own_database: str) -> None:
    before = objects()
    assert before[0] and before[1]

    migrate(own_database, "0001")
    assert ("register_entry", "UPDATE") in objects()[0]
    assert ("register_entry_append_only",) not in objects()[1]
    migrate(own_database, "zero")
    assert objects() == ([], [])
    migrate(own_database, "0002")

    assert objects() == before
