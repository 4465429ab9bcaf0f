"""`tongban sync-reference`: divisions, institutions, calendar and first openings as this version packages them."""

from __future__ import annotations

import argparse

from django.utils import timezone

from tongban.directory.reference import create_missing_keys, sync_reference


def run(words: list[str]) -> int:
    """Add what is missing, and a key for every institution hosted here; what an administrator changed stays."""
    parser = argparse.ArgumentParser(prog="tongban sync-reference")
    parser.add_argument(
        "--hosts", nargs="*", metavar="CODE", help="institutions this site hosts; without it: every institution"
    )
    chosen = parser.parse_args(words)
    now = timezone.now()
    added = sync_reference(now, hosts=chosen.hosts)
    made = create_missing_keys(now)
    print(
        f"added: {added.divisions} divisions, {added.institutions} institutions, {added.districts} districts, "
        f"{added.windows} windows, {added.openings} openings, {added.days} days, {made} keys"
    )
    return 0
