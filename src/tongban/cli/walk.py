"""`tongban walk S13`: follow one case through the code, on a site made for it and thrown away."""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django

from tongban.runtime import site_file
from tongban.runtime.postgres import EmbeddedPostgres


def run(words: list[str]) -> int:
    """Print one line per move; the exit code is 0 when the certificate was issued."""
    parser = argparse.ArgumentParser(prog="tongban walk")
    parser.add_argument("item", nargs="?", default="S13", help="number of the service item")
    chosen = parser.parse_args(words)
    home = Path(tempfile.mkdtemp(prefix="tongban-walk-"))
    home.chmod(0o755)
    server = EmbeddedPostgres(home, site_file.ensure(home, "site-walk"), settings={"fsync": "off"})
    try:
        server.start()
        server.prepare()
        os.environ["TONGBAN_HOME"] = str(home)
        subprocess.run([sys.executable, "-m", "tongban.cli.main", "migrate", "--verbosity", "0"], check=True)
        django.setup()
        return int(importlib.import_module("tongban.cli.walking").Walk(print).run(chosen.item))
    finally:
        server.stop("immediate")
        shutil.rmtree(home, ignore_errors=True)
