"""`tongban setup`: make a site of this folder, or finish making it."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from tongban.runtime import on_demand, site_file
from tongban.runtime.postgres import create_database, prepare_roles, prepare_schema
from tongban.runtime.site_file import ROLES, SiteFile

ADDRESSES = {"app": "DATABASE_URL", "owner": "DATABASE_OWNER_URL", "reader": "DATABASE_READER_URL"}


def run(words: list[str]) -> int:
    """Site file, roles, database, tables and reference data; may be run again."""
    parser = argparse.ArgumentParser(prog="tongban setup")
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("TONGBAN_HOME", ".tongban")))
    parser.add_argument("--site", default="site-main", help="code of this site")
    parser.add_argument(
        "--hosts", nargs="*", metavar="CODE", help="institutions this site hosts; without it: the whole province"
    )
    chosen = parser.parse_args(words)
    home = chosen.home.resolve()
    site = site_file.ensure(home, chosen.site)
    if os.environ.get("DATABASE_URL"):
        if problem := _prepare_outside():
            print(f"tongban setup: {problem}", file=sys.stderr)
            return 1
        return _fill(home, site, chosen.hosts)
    with on_demand.database(home, site) as server:
        server.prepare(os.environ.get("TONGBAN_DATABASE_NAME", "tongban"))
        return _fill(home, site, chosen.hosts)


def _prepare_outside() -> str:
    """Roles, database and grants at the server the addresses name; gives what is wrong with them, or ""."""
    found = {role: conninfo_to_dict(os.environ.get(name, "")) for role, name in ADDRESSES.items()}
    for role in ROLES:
        if not found[role]:
            return f"{ADDRESSES[role]} is missing: with an outside server all three addresses are needed"
        if found[role].get("user") != f"tongban_{role}":
            return f"{ADDRESSES[role]} must name the user tongban_{role}"
    name = str(found["owner"]["dbname"])
    if admin := os.environ.get("DATABASE_ADMIN_URL"):
        prepare_roles(admin, {role: str(found[role].get("password", "")) for role in ROLES})
        create_database(admin, name)
    else:
        prepare_schema(os.environ["DATABASE_OWNER_URL"])
    return ""


def _fill(home: Path, site: SiteFile, hosts: list[str] | None) -> int:
    """Tables and reference data, each by its own command."""
    reference = ["sync-reference"] if hosts is None else ["sync-reference", "--hosts", *hosts]
    environment = {**os.environ, "TONGBAN_HOME": str(home)}
    for words in (["migrate", "--verbosity", "0"], reference):
        done = subprocess.run([sys.executable, "-m", "tongban.cli.main", *words], env=environment, check=False)
        if done.returncode:
            print(f"tongban setup: `tongban {words[0]}` failed; mend it and run setup again", file=sys.stderr)
            return done.returncode
    print(f"site {site.site_code} is ready at {home}")
    return 0
