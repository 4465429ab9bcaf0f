"""`tongban backup FILE`: database, keys and site file in one archive, while the site goes on."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from tongban.runtime.backup import BackupError, backup


def run(words: list[str]) -> int:
    """Write the archive; it holds secrets and is readable by its maker only."""
    parser = argparse.ArgumentParser(prog="tongban backup")
    parser.add_argument("archive", type=Path)
    chosen = parser.parse_args(words)
    home = Path(os.environ.get("TONGBAN_HOME", ".tongban")).resolve()
    try:
        manifest = backup(home, chosen.archive.resolve(), datetime.now(UTC))
    except BackupError as error:
        print(f"tongban backup: {error}", file=sys.stderr)
        return 1
    files = len(manifest.digests) - 1
    print(f"{chosen.archive}: site {manifest.site_code}, database {manifest.database}, {files} files")
    return 0
