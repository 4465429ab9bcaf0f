"""`tongban restore FILE`: make the site what an archive says, here or on a new machine."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from tongban.runtime.backup import BackupError, restore


def run(words: list[str]) -> int:
    """Take the archive back; what stood there before is set aside and named."""
    parser = argparse.ArgumentParser(prog="tongban restore")
    parser.add_argument("archive", type=Path)
    chosen = parser.parse_args(words)
    home = Path(os.environ.get("TONGBAN_HOME", ".tongban")).resolve()
    now = datetime.now(UTC)
    try:
        manifest = restore(home, chosen.archive.resolve(), now)
    except BackupError as error:
        print(f"tongban restore: {error}", file=sys.stderr)
        return 1
    print(
        f"site {manifest.site_code} is as it was at {manifest.made_at}; what was here before carries {now:%Y%m%d%H%M%S}"
    )
    print("next: tongban migrate, tongban doctor, tongban run")
    return 0
