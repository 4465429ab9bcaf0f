"""`tongban demo`: a province of fictional people and cases, running; pages answer while the cases are still made."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tongban.runtime import on_demand, site_file
from tongban.runtime.supervisor import Plan, StartError, Supervisor

HOME = ".tongban-demo"
SITE = "site-demo"


def run(words: list[str]) -> int:
    """Run until stopped; the exit code is 1 when the site could not start."""
    parser = argparse.ArgumentParser(prog="tongban demo")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--home", type=Path, default=Path(HOME), help="folder of the demonstration; remove it to begin anew"
    )
    chosen = parser.parse_args(words)
    home = chosen.home.resolve()
    os.environ |= {"TONGBAN_HOME": str(home), "TONGBAN_DEMO": "1"}
    site = site_file.ensure(home, SITE)
    with on_demand.database(home, site) as server:
        server.prepare()
    # Once the pages answer, the site is filled; what is there already stays.
    plan = Plan(home, site, port=chosen.port, once_ready=("seed-demo", "--port", str(chosen.port)))
    try:
        return Supervisor(plan).run()
    except StartError as error:
        print(f"tongban demo: {error}", file=sys.stderr)
        return 1
