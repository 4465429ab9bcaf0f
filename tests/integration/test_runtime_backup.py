"""Backup and restore: what comes back is the same to the last row, key and right; a bad archive changes nothing."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from tongban.runtime import locks, on_demand, site_file
from tongban.runtime.backup import BackupError, Manifest, backup, restore
from tongban.runtime.postgres import EmbeddedPostgres
from tongban.runtime.site_file import SiteFile

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MUCH_LATER = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TABLES = """
CREATE TABLE book (id int PRIMARY KEY, holder text);
REVOKE UPDATE, DELETE, TRUNCATE ON book FROM tongban_app;
CREATE TABLE notes (id int PRIMARY KEY, text text);
INSERT INTO book VALUES (1, '张三'), (2, '李四');
"""
RIGHTS = """
SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants
WHERE grantee LIKE 'tongban%' ORDER BY 1, 2, 3
"""


pytestmark = pytest.mark.xdist_group("backup")  # three clusters for all of them


@dataclass(frozen=True, slots=True)
class Sites:
    """One site with its archive, and a second machine on which that archive was restored."""

    folder: Path
    old: Path
    new: Path
    archive: Path
    made: Manifest
    restored: Manifest


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    # As root, the database server's user must be able to walk down to the home.
    folder = Path(tempfile.mkdtemp(prefix="tongban-backup-"))
    folder.chmod(0o755)
    old, new, archive = folder / "old", folder / "new", folder / "site.tar"
    try:
        with pytest.MonkeyPatch.context() as patch, ExitStack() as running:
            for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ADMIN_URL", "TONGBAN_DATABASE_NAME"):
                patch.delenv(name, raising=False)
            running.enter_context(_site(old))
            made = backup(old, archive, NOW)
            restored = restore(new, archive, NOW)
            running.enter_context(on_demand.database(new, _file(new)))
            yield Sites(folder, old, new, archive, made, restored)
    finally:
        for home in (old, new):
            shutil.rmtree(site_file.socket_dir(home), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _site(home: Path) -> Iterator[None]:
    """A small site, its server running: two tables with the rights of the real ones, one key."""
    site = site_file.ensure(home, "site-a")
    (home / "keys").mkdir()
    (home / "keys" / "registry-410526.key").write_bytes(b"sealed")
    with on_demand.database(home, site) as server:
        server.prepare()
        with psycopg.connect(site.database_url("owner", home), autocommit=True) as connection:
            connection.execute(TABLES)
        yield


def _file(home: Path) -> SiteFile:
    site = site_file.load(home)
    assert site is not None
    return site


def _rows(home: Path, query: str, role: str = "owner", name: str = "tongban") -> list[tuple[object, ...]]:
    with psycopg.connect(_file(home).database_url(role, home, name), autocommit=True) as connection:
        found = connection.execute(query)
        return found.fetchall() if found.description else []


def test_a_restored_site_has_every_row_right_and_key_on_a_new_machine(sites: Sites) -> None:
    assert sites.restored == sites.made
    assert stat.S_IMODE(sites.archive.stat().st_mode) == 0o600
    assert _rows(sites.new, "SELECT * FROM book WHERE id < 3 ORDER BY id") == [(1, "张三"), (2, "李四")]
    assert _rows(sites.new, RIGHTS) == _rows(sites.old, RIGHTS)
    assert (sites.new / "keys" / "registry-410526.key").read_bytes() == b"sealed"
    assert _file(sites.new) == _file(sites.old)
    assert stat.S_IMODE((sites.new / "site.toml").stat().st_mode) == 0o600


def test_the_application_may_still_not_change_the_book_after_a_restore(sites: Sites) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _rows(sites.new, "UPDATE book SET holder = 'x'", role="app")


def test_tables_made_after_a_restore_are_open_to_the_application(sites: Sites) -> None:
    _rows(sites.new, "CREATE TABLE later (id int)")
    try:
        _rows(sites.new, "INSERT INTO later VALUES (1)", role="app")
        assert _rows(sites.new, "SELECT id FROM later", role="reader") == [(1,)]
    finally:
        _rows(sites.new, "DROP TABLE later")


def test_a_restore_in_place_sets_aside_what_was_there(sites: Sites) -> None:
    _rows(sites.new, "INSERT INTO book VALUES (3, '后来')")
    (sites.new / "keys" / "later.key").write_bytes(b"later")

    restore(sites.new, sites.archive, LATER)

    assert _rows(sites.new, "SELECT count(*) FROM book") == [(2,)]
    assert not (sites.new / "keys" / "later.key").exists()
    assert (sites.new / "before-restore-20261123090000" / "keys" / "later.key").read_bytes() == b"later"
    assert _rows(sites.new, "SELECT count(*) FROM book", name="tongban_before_20261123090000") == [(3,)]


def test_a_restore_over_another_site_takes_its_place_passwords_and_all(sites: Sites) -> None:
    other = sites.folder / "other"
    with _site(other):
        before = _file(other)

        restore(other, sites.archive, LATER)

        assert _file(other) == _file(sites.old) != before
        assert _rows(other, "SELECT count(*) FROM book", role="app") == [(2,)]
        assert _rows(other, "SELECT count(*) FROM book", role="reader") == [(2,)]
        with psycopg.connect(EmbeddedPostgres(other, _file(other)).admin_url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    shutil.rmtree(site_file.socket_dir(other), ignore_errors=True)


def test_a_damaged_archive_is_refused_and_nothing_changes(sites: Sites) -> None:
    content = bytearray(sites.archive.read_bytes())
    content[content.index(b"sealed")] ^= 1
    damaged = sites.folder / "damaged.tar"
    damaged.write_bytes(bytes(content))
    before = _state(sites.new)

    with pytest.raises(BackupError, match=r"registry-410526.key is not what was backed up"):
        restore(sites.new, damaged, MUCH_LATER)

    assert _state(sites.new) == before


def test_a_dump_that_does_not_load_changes_nothing(sites: Sites) -> None:
    before = _state(sites.new)
    template = EmbeddedPostgres(sites.new, _file(sites.new)).admin_url("template1")
    with psycopg.connect(template) as connection:
        connection.execute("CREATE TABLE public.book (id int)")  # every fresh database now has one
    try:
        with pytest.raises(BackupError, match='relation "book" already exists'):
            restore(sites.new, sites.archive, MUCH_LATER)
    finally:
        with psycopg.connect(template) as connection:
            connection.execute("DROP TABLE public.book")

    assert _state(sites.new) == before


def test_a_database_in_use_is_not_pushed_aside(sites: Sites) -> None:
    before = _state(sites.new)

    with psycopg.connect(_file(sites.new).database_url("app", sites.new)) as connection:
        connection.execute("SELECT 1")
        with pytest.raises(BackupError, match="somebody is connected"):
            restore(sites.new, sites.archive, MUCH_LATER)

    assert _state(sites.new) == before


def _state(home: Path) -> tuple[object, ...]:
    """Databases, rows and files of a home."""
    names = _rows(home, "SELECT datname FROM pg_database ORDER BY 1")
    files = sorted(path for path in home.rglob("*") if not path.is_relative_to(home / "pg") and path.is_file())
    kept = {str(path): path.read_bytes() for path in files if path.parent.name != "run"}
    return names, _rows(home, "SELECT * FROM book ORDER BY id"), kept


def test_a_foreign_file_is_no_archive(sites: Sites) -> None:
    (sites.folder / "x.tar").write_text("hello")

    with pytest.raises(BackupError, match="is not an archive made by"):
        restore(sites.folder / "empty", sites.folder / "x.tar", NOW)

    assert not (sites.folder / "empty" / "site.toml").exists()


def test_a_running_site_is_not_restored_over(sites: Sites) -> None:
    before = _state(sites.new)

    with (
        locks.only_supervisor(sites.new, "http://127.0.0.1:8000/"),
        pytest.raises(BackupError, match=f"pid {os.getpid()}.*stop it first"),
    ):
        restore(sites.new, sites.archive, MUCH_LATER)

    assert _state(sites.new) == before
