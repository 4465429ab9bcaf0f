"""Backup and restore: the database, the keys and the site file of a site in one archive.

The archive holds secrets: it is written with mode 0600, and whoever has it has the site.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tongban.runtime import locks, on_demand, site_file
from tongban.runtime.postgres import (
    address_of,
    create_bare_database,
    drop_database,
    prepare_roles,
    set_admin_password,
    tool_path,
)

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
FILES = "home"
# The server keeps its own folder, the rest of these is made anew at every start.
NOT_KEPT = frozenset({"pg", "run", "static"})
ASIDE = "before-restore-"


class BackupError(RuntimeError):
    """The archive could not be written or taken back; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive is: its format, the product's version, the site, when it was made, SHA-256 of each member."""

    format: int
    product: str
    site_code: str
    database: str
    made_at: str
    digests: Mapping[str, str]


def backup(home: Path, archive: Path, now: datetime) -> Manifest:
    """Write the site at `home` into `archive` while it may go on running.

    The dump is one snapshot. Keys are read after it, so none that the dump needs is missing.
    """
    site = site_file.load(home)
    if site is None:
        raise BackupError(f"{home} is not a site: nothing to back up")
    if outside := os.environ.get("DATABASE_OWNER_URL"):
        return _write(home, archive, outside, now)
    with on_demand.database(home, site):
        name = os.environ.get("TONGBAN_DATABASE_NAME", "tongban")
        return _write(home, archive, site.database_url("owner", home, name), now)


def _write(home: Path, archive: Path, owner_url: str, now: datetime) -> Manifest:
    site = site_file.load(home)
    assert site is not None, "the caller has read it"
    with tempfile.TemporaryDirectory(dir=archive.parent, prefix=".backup-") as folder:
        dump = Path(folder) / DUMP
        _postgres("pg_dump", owner_url, "--format=custom", "--compress=3", f"--file={dump}")
        files = {DUMP: dump, **{f"{FILES}/{path.relative_to(home)}": path for path in _files_of(home, archive)}}
        manifest = Manifest(
            format=FORMAT,
            product=version("tongban"),
            site_code=site.site_code,
            database=str(conninfo_to_dict(owner_url)["dbname"]),
            made_at=now.isoformat(),
            digests={name: _digest(path) for name, path in files.items()},
        )
        half = Path(folder) / "archive"
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            with tarfile.open(fileobj=out, mode="w") as tar:
                _add_text(tar, MANIFEST, json.dumps(asdict(manifest), indent=1))
                for name, path in files.items():
                    tar.add(path, name, recursive=False)
            out.flush()
            os.fsync(out.fileno())
        half.replace(archive)
    return manifest


def restore(home: Path, archive: Path, now: datetime) -> Manifest:
    """Make the site at `home` what the archive says; files and a database that are there are set aside, not lost.

    Refused while the site runs, and when a member of the archive is not what the manifest says. The database is
    loaded first, under another name: when that fails, nothing has changed.
    """
    if holder := locks.supervisor_of(home):
        raise BackupError(f"the site is running ({holder}); stop it first")
    if os.environ.get("DATABASE_URL") and not os.environ.get("DATABASE_ADMIN_URL"):
        raise BackupError("with an outside server, give DATABASE_ADMIN_URL so that databases can be renamed")
    with tempfile.TemporaryDirectory(prefix="tongban-restore-") as name:
        folder = Path(name)
        manifest = _unpack(archive, folder)
        if admin := os.environ.get("DATABASE_ADMIN_URL"):
            fresh = _load(admin, folder / DUMP, manifest, now)
            _take_the_name(admin, fresh, manifest, now)
            _take_back_files(home, folder, now)
            return manifest
        after = site_file.load(folder / FILES)
        assert after is not None, "the archive held a site file"
        before = site_file.load(home) or after
        with on_demand.database(home, before) as server:
            admin = server.admin_url()
            prepare_roles(admin, before.database_passwords)
            fresh = _load(admin, folder / DUMP, manifest, now)
            _take_the_name(admin, fresh, manifest, now)
            _take_back_files(home, folder, now)
            prepare_roles(admin, after.database_passwords)
            set_admin_password(admin, after.database_passwords["postgres"])
    return manifest


def _unpack(archive: Path, folder: Path) -> Manifest:
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
        found = Manifest(**json.loads((folder / MANIFEST).read_text()))
    except (tarfile.TarError, FileNotFoundError, TypeError, ValueError) as error:
        raise BackupError(f"{archive} is not an archive made by `tongban backup` ({error})") from error
    if found.format != FORMAT:
        raise BackupError(f"{archive} has format {found.format}; this version reads {FORMAT}")
    for name, digest in found.digests.items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            raise BackupError(f"{archive} is damaged: {name} is not what was backed up")
    return found


def _files_of(home: Path, archive: Path) -> list[Path]:
    """What the home holds beside the database: site file, keys, whatever a package keeps there."""
    kept = [top for top in sorted(home.iterdir()) if top.name not in NOT_KEPT and not top.name.startswith(ASIDE)]
    inside = [path for top in kept for path in ([top] if top.is_file() else sorted(top.rglob("*")))]
    return [path for path in inside if path.is_file() and path != archive and ".backup-" not in str(path)]


def _take_back_files(home: Path, folder: Path, now: datetime) -> None:
    """Site file, keys and the like of the archive; what stood there before is set aside, never deleted."""
    aside = home / f"{ASIDE}{_stamp(now)}"
    for fresh in sorted((folder / FILES).iterdir()):
        current = home / fresh.name
        if current.exists():
            aside.mkdir(parents=True, exist_ok=True)
            current.rename(aside / fresh.name)
        shutil.move(fresh, current)
        if current.is_dir():
            current.chmod(0o700)


def _load(admin_url: str, dump: Path, manifest: Manifest, now: datetime) -> str:
    """Load the dump into a fresh database and give its name; a failed load leaves none."""
    fresh = f"{manifest.database}_restored_{_stamp(now)}"
    create_bare_database(admin_url, fresh)
    try:
        _postgres("pg_restore", address_of(admin_url, fresh), "--exit-on-error", str(dump))
    except BackupError:
        drop_database(admin_url, fresh)
        raise
    return fresh


def _take_the_name(admin_url: str, fresh: str, manifest: Manifest, now: datetime) -> None:
    """The restored database takes the name; the one that had it steps aside, unless somebody is connected to it."""
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    known = "SELECT 1 FROM pg_database WHERE datname = %s"
    with psycopg.connect(admin_url, autocommit=True) as connection:
        if connection.execute(known, [manifest.database]).fetchone():
            before = sql.Identifier(f"{manifest.database}_before_{_stamp(now)}")
            try:
                connection.execute(rename.format(sql.Identifier(manifest.database), before))
            except psycopg.errors.ObjectInUse as error:
                drop_database(admin_url, fresh)
                raise BackupError("somebody is connected to the database; stop pages and workers first") from error
        connection.execute(rename.format(sql.Identifier(fresh), sql.Identifier(manifest.database)))


def _postgres(program: str, url: str, *words: str) -> None:
    """Run a client program against `url`; the password goes through the environment, never the command line."""
    parts = conninfo_to_dict(url)
    environment = {**os.environ, "PGPASSWORD": str(parts.pop("password", ""))}
    place = psycopg.conninfo.make_conninfo("", **parts)
    done = subprocess.run(
        [tool_path(program), f"--dbname={place}", *words],
        env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()}")


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    member = tarfile.TarInfo(name)
    member.size = len(content)
    member.mode = 0o600
    tar.addfile(member, io.BytesIO(content))


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _stamp(now: datetime) -> str:
    return f"{now:%Y%m%d%H%M%S}"
