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
FIRST_SIMULATOR = 101  # above the port of the pages


def run(words: list[str]) -> int:
    """Run until stopped; the exit code is 1 when the site could not start."""
    parser = argparse.ArgumentParser(prog="tongban demo")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--home", type=Path, default=Path(HOME), help="folder of the demonstration; remove it to begin anew"
    )
    chosen = parser.parse_args(words)
    home = chosen.home.resolve()
    os.environ |= {"TONGBAN_HOME": str(home), "TONGBAN_DEMO": "1"} | _addresses(chosen.port)
    site = site_file.ensure(home, SITE)
    with on_demand.database(home, site) as server:
        server.prepare()
    # Once the pages answer, the site is filled; what is there already stays.
    once_ready = ("seed-demo", "--port", str(chosen.port))
    plan = Plan(home, site, port=chosen.port, once_ready=once_ready, beside=_simulators(chosen.port, home))
    try:
        return Supervisor(plan).run()
    except StartError as error:
        print(f"tongban demo: {error}", file=sys.stderr)
        return 1


def _addresses(port: int) -> dict[str, str]:
    """Where the simulators of the national platform and of the licence libraries answer."""
    names = ("TONGBAN_PLATFORM_URL", "TONGBAN_COUNTY_LIBRARY_URL", "TONGBAN_PROVINCE_LIBRARY_URL")
    return {name: f"http://127.0.0.1:{port + FIRST_SIMULATOR + place}" for place, name in enumerate(names)}


def _simulators(port: int, home: Path) -> tuple[tuple[str, ...], ...]:
    """The programs of the outside bodies; what they took in lies in the demonstration's folder."""
    first, kept = port + FIRST_SIMULATOR, home / "simulators"
    library = "tongban.simulators.licence_library"
    return (
        ("tongban.simulators.platform", "--port", str(first), "--folder", str(kept / "platform")),
        (library, "--port", str(first + 1), "--file", str(kept / "county-library.jsonl")),
        (library, "--port", str(first + 2), "--file", str(kept / "province-library.jsonl")),
    )
