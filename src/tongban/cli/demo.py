"""`tongban demo`: a province of fictional people and cases, running; pages answer while the cases are still made."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from tongban.runtime import on_demand, site_file
from tongban.runtime.supervisor import Plan, StartError, Supervisor

HOME = ".tongban-demo"
SITE = "site-demo"
WAIT_S = 0.2


def run(words: list[str]) -> int:
    """Run until stopped; the exit code is 1 when the site could not start."""
    parser = argparse.ArgumentParser(prog="tongban demo")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--home", type=Path, default=Path(HOME), help="folder of the demonstration; remove it to begin anew")
    chosen = parser.parse_args(words)
    home = chosen.home.resolve()
    os.environ |= {"TONGBAN_HOME": str(home), "TONGBAN_DEMO": "1"}
    site = site_file.ensure(home, SITE)
    with on_demand.database(home, site) as server:
        server.prepare()
    plan = Plan(home, site, port=chosen.port)
    threading.Thread(target=_seed, args=(plan,), daemon=True).start()
    try:
        return Supervisor(plan).run()
    except StartError as error:
        print(f"tongban demo: {error}", file=sys.stderr)
        return 1


def _seed(plan: Plan) -> None:
    """Once the pages answer, fill the site; what is there already stays."""
    while not _answers(plan):
        time.sleep(WAIT_S)
    subprocess.run([sys.executable, "-m", "tongban.cli.main", "seed-demo", "--port", str(plan.port)], check=False)


def _answers(plan: Plan) -> bool:
    with socket.socket() as probe:
        probe.settimeout(WAIT_S)
        return probe.connect_ex((plan.host, plan.port)) == 0
