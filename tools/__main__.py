"""`python -m tools`: every house rule over the repository; the exit code is 1 when one finds something."""

from __future__ import annotations

import sys
from pathlib import Path

from tools import names, no_clock, no_item_branches, no_leftovers, no_machine_paths, size

RULES = (size, names, no_clock, no_item_branches, no_leftovers, no_machine_paths)


def main() -> int:
    """Print every finding and how many there are."""
    root = Path(__file__).resolve().parent.parent
    found = [finding for rule in RULES for finding in rule.findings(root)]
    print("\n".join(found) if found else f"{len(RULES)} house rules hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
