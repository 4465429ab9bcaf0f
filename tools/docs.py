"""`python -m tools.docs` writes docs/reference from the tables in the code; with `--check` it only names stale pages."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import django

from tools import audit_page, fees_page, pages, query_page

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"

PAGES: dict[str, Callable[[], str]] = {
    "settings.md": pages.settings,
    "commands.md": pages.commands,
    "services.md": pages.services,
    "moves.md": pages.moves,
    "restrictions.md": pages.restrictions,
    "reasons.md": pages.reasons,
    "messages.md": pages.messages,
    "parameters.md": pages.parameters,
    "roles.md": pages.roles,
    "audit-events.md": audit_page.audit_events,
    "fees.md": fees_page.fees,
    "queries.md": query_page.queries,
}


def stale(folder: Path = REFERENCE) -> list[str]:
    """Names of pages that are missing or are not what the tables say now."""
    found = []
    for name, generate in PAGES.items():
        path = folder / name
        if not path.exists() or path.read_text("utf-8") != generate():
            found.append(name)
    return found


def main(words: list[str]) -> int:
    """Write, or check only; the exit code of a check is 1 when a page is stale."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
    django.setup()
    if "--check" in words:
        names = stale()
        print(f"stale: {', '.join(names)}; run `make docs`" if names else f"{len(PAGES)} reference pages are fresh")
        return 1 if names else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, generate in PAGES.items():
        (REFERENCE / name).write_text(generate(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
