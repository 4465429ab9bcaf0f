"""Setting up: on a server of one's own, again, by halves; folders and pid files that are not ours."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests import cluster

from tongban.runtime import site_file
from tongban.runtime.postgres import (
    EmbeddedPostgres,
    PostgresError,
    address_of,
    create_bare_database,
    create_database,
    drop_database,
)

STRANGER = 54321


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The test cluster as somebody else's server: the addresses a site would be given."""
    server, name = cluster.ready(), f"outside_{secrets.token_hex(4)}"
    urls = {role: cluster.SITE.database_url(role, cluster.HOME, name) for role in ("app", "owner", "reader")}
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TONGBAN_DATABASE")}
    yield environment | {
        "TONGBAN_HOME": str(tmp_path),
        "DATABASE_URL": urls["app"],
        "DATABASE_OWNER_URL": urls["owner"],
        "DATABASE_READER_URL": urls["reader"],
        "DATABASE_ADMIN_URL": server.admin_url(),
        "NAME": name,
    }
    drop_database(server.admin_url(), name)


def _tongban(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tongban.cli.main", *words],
        env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip


def test_a_site_is_set_up_on_a_server_of_ones_own(outside: dict[str, str], tmp_path: Path) -> None:
    done = _tongban(outside, "setup", "--site", "site-out", "--hosts", "registry-410526")

    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "pg").exists(), "no embedded server is made beside it"
    with psycopg.connect(outside["DATABASE_URL"]) as connection:
        found = connection.execute("SELECT count(*) FROM vault_signingkey WHERE owner = 'registry-410526'").fetchone()
        assert found == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM register_entry")


def test_a_missing_address_is_named_before_anything_is_made(outside: dict[str, str]) -> None:
    without = {key: value for key, value in outside.items() if key != "DATABASE_READER_URL"}

    done = _tongban(without, "setup")

    assert done.returncode == 1
    assert "DATABASE_READER_URL is missing" in done.stderr
    with psycopg.connect(cluster.SERVER.admin_url()) as connection:
        assert not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [outside["NAME"]]).fetchone()


def test_an_address_with_another_user_is_refused(outside: dict[str, str]) -> None:
    done = _tongban(outside | {"DATABASE_URL": outside["DATABASE_OWNER_URL"]}, "setup")

    assert done.returncode == 1
    assert "DATABASE_URL must name the user tongban_app" in done.stderr


def test_a_setup_that_stopped_half_way_is_finished_by_the_next() -> None:
    server, name = cluster.ready(), f"half_{secrets.token_hex(4)}"
    create_bare_database(server.admin_url(), name)
    try:
        create_database(server.admin_url(), name)
        create_database(server.admin_url(), name)

        with psycopg.connect(cluster.SITE.database_url("owner", cluster.HOME, name)) as connection:
            connection.execute("CREATE TABLE t (id int)")
        with psycopg.connect(cluster.SITE.database_url("app", cluster.HOME, name)) as connection:
            connection.execute("INSERT INTO t VALUES (1)")
    finally:
        drop_database(server.admin_url(), name)


def test_the_address_of_another_database_keeps_everything_else() -> None:
    assert "sslmode=verify-full" in address_of("postgresql://a:b@h:5433/x?sslmode=verify-full", "y")
    assert "dbname=y" in address_of("postgresql://a:b@h:5433/x", "y")


def test_a_pid_file_of_a_killed_server_does_not_count_as_running(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path, site_file.ensure(tmp_path))
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg" / "PG_VERSION").write_text("17")
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")

    assert not server.is_running()


def test_a_socket_folder_that_a_stranger_made_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a folder for somebody else")
    root = tmp_path / "sockets"
    root.mkdir()
    monkeypatch.setenv("TONGBAN_SOCKET_ROOT", str(root))
    folder = site_file.socket_dir(tmp_path)
    folder.mkdir()
    os.chown(folder, STRANGER, STRANGER)

    with pytest.raises(PostgresError, match="belongs to another user"):
        EmbeddedPostgres(tmp_path, site_file.ensure(tmp_path)).init()


def test_the_site_file_is_written_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    made = site_file.ensure(tmp_path, "site-x")

    assert site_file.load(tmp_path) == made
    assert site_file.ensure(tmp_path, "another") == made
    assert (tmp_path / "site.toml").stat().st_mode & 0o777 == 0o600
