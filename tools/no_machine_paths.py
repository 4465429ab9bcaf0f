"""Nothing of one machine is committed: no path of a developer's folders, no address in a lock file."""

from __future__ import annotations

import re
from pathlib import Path

from tools.sources import numbered_lines, repository_files

MACHINE_PATH = re.compile(r"(?:^|[^A-Za-z0-9_./-])/(?:work|farm|root|home|Users)/\w")
LOCK_FILE = re.compile(r"(?:.*\.lock|requirements.*\.txt|package-lock\.json|pylock.*\.toml)")


def findings(root: Path) -> list[str]:
    """Machine paths in any text file, addresses in lock files."""
    found = []
    for path in repository_files(root):
        is_lock = LOCK_FILE.fullmatch(path.name) is not None
        for number, line in numbered_lines(root, path):
            if MACHINE_PATH.search(line):
                found.append(f"{path}:{number}: a path of one machine")
            if is_lock and "://" in line:
                found.append(f"{path}:{number}: a lock file must name hashes, not addresses")
    return found
