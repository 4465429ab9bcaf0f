"""`tongban <command>`: sets the environment, then hands over to the module of that command."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

import django

COMMANDS: dict[str, str] = {
    "setup": "make the site file, the database roles and the database",
    "migrate": "bring the database to the current form (as its owner)",
}
BEFORE_DJANGO = frozenset({"setup"})


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit code is 0 when it did what it says."""
    words = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(prog="tongban", description="通办: 收办分离的不动产登记通办系统")
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)
    for name, meaning in COMMANDS.items():
        commands.add_parser(name, help=meaning, add_help=False)
    chosen = parser.parse_args(words[:1]).command
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
    if chosen == "migrate":
        os.environ["TONGBAN_DATABASE_ROLE"] = "owner"
    if chosen not in BEFORE_DJANGO:
        django.setup()
    module = importlib.import_module(f"tongban.cli.{chosen.replace('-', '_')}")
    return int(module.run(words[1:]) or 0)


if __name__ == "__main__":
    sys.exit(main())
