"""`tongban run`: the whole site on this machine, until it is stopped."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tongban.runtime import site_file
from tongban.runtime.supervisor import Plan, StartError, Supervisor


def run(words: list[str]) -> int:
    """Database, pages and workers; the exit code is 1 when the site could not start."""
    parser = argparse.ArgumentParser(prog="tongban run")
    parser.add_argument("--host", default="127.0.0.1", help="address the pages listen on")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--web", type=int, default=1, metavar="N", help="processes for pages")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes for recurring duties")
    chosen = parser.parse_args(words)
    home = Path(os.environ.get("TONGBAN_HOME", ".tongban")).resolve()
    site = site_file.load(home)
    if site is None:
        print(f"{home} is not a site yet: run `tongban setup`", file=sys.stderr)
        return 1
    plan = Plan(
        home,
        None if os.environ.get("DATABASE_URL") else site,
        host=chosen.host,
        port=chosen.port,
        web=chosen.web,
        workers=chosen.workers,
    )
    try:
        return Supervisor(plan).run()
    except StartError as error:
        print(f"tongban run: {error}", file=sys.stderr)
        return 1
