"""`tongban setup`: make a site of this folder, or finish making it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from tongban.runtime import site_file
from tongban.runtime.postgres import EmbeddedPostgres


def run(words: list[str]) -> int:
    """Site file, embedded server, roles and database; may be run again."""
    parser = argparse.ArgumentParser(prog="tongban setup")
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("TONGBAN_HOME", ".tongban")))
    parser.add_argument("--site", default="site-main", help="code of this site")
    chosen = parser.parse_args(words)
    site = site_file.ensure(chosen.home, chosen.site)
    server = EmbeddedPostgres(chosen.home, site)
    server.start()
    server.prepare()
    print(f"site {site.site_code} is ready at {chosen.home}")
    return 0
