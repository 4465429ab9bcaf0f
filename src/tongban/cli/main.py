"""`tongban <command>`: sets the environment, then hands over to the module of that command."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import django

from tongban.runtime import on_demand, site_file
from tongban.runtime.postgres import PostgresError


@dataclass(frozen=True, slots=True)
class Command:
    """One word after `tongban`: `django` needs the settings, `database` also a server that answers."""

    meaning: str
    django: bool = True
    database: bool = True
    role: str = ""


COMMANDS: dict[str, Command] = {
    "setup": Command(
        "make a site of this folder: secrets, database, tables, reference data", django=False, database=False
    ),
    "run": Command("run the site: database, pages and workers, until stopped", django=False, database=False),
    "demo": Command("a province of fictional offices, people and cases, running", django=False, database=False),
    "appoint": Command("make the first three administrators of a site that has nobody yet"),
    "migrate": Command("bring the database to the current form (as its owner)", role="owner"),
    "worker": Command("carry out the recurring duties, until stopped"),
    "doctor": Command("examine the site; each finding names the command that repairs it", django=False, database=False),
    "backup": Command("write database, keys and site file into one archive", django=False, database=False),
    "restore": Command("make a site out of such an archive", django=False, database=False),
    "sync-reference": Command("bring divisions, calendar and parameters to the packaged form"),
    "export-directory": Command("write institutions, sites and public keys into a signed file"),
    "import-directory": Command("take over such a file from the province"),
    "verify-register": Command("replay every ledger and compare it with the book as it stands"),
    "redecide": Command("decide every kept decision again and name those that come out otherwise"),
    "verify-certificate": Command("check a certificate file without any network", django=False, database=False),
    "apply-to-join": Command("write what the province must know to take this site in"),
    "enrol-site": Command("take a site in (at the province)"),
    "export-trust": Command("write the signed list of keys by which certificates are checked offline"),
    "walk": Command("follow one case move by move: state, actor, messages", django=False, database=False),
    "seed-demo": Command("fill a fresh site with fictional people, property and cases"),
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit code is 0 when it did what it says."""
    words = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(prog="tongban", description="通办: 收办分离的不动产登记通办系统")
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)
    for name, command in COMMANDS.items():
        commands.add_parser(name, help=command.meaning, add_help=False)
    chosen = parser.parse_args(words[:1]).command
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
    try:
        return _run(chosen, words[1:])
    except PostgresError as error:
        print(f"tongban {chosen}: {error}", file=sys.stderr)
        return 1


def _run(chosen: str, words: list[str]) -> int:
    command = COMMANDS[chosen]
    if command.role:
        os.environ["TONGBAN_DATABASE_ROLE"] = command.role
    with ExitStack() as stack:
        if command.database and not os.environ.get("DATABASE_URL"):
            home = Path(os.environ.get("TONGBAN_HOME", ".tongban"))
            site = site_file.load(home)
            if site is None:
                print(f"{home} is not a site yet: run `tongban setup`", file=sys.stderr)
                return 1
            stack.enter_context(on_demand.database(home, site))
        if command.django:
            django.setup()
        module = importlib.import_module(f"tongban.cli.{chosen.replace('-', '_')}")
        return int(module.run(words) or 0)


if __name__ == "__main__":
    sys.exit(main())
