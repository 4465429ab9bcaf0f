"""`tongban verify-register`: replay every ledger and name what is not as it was written."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from tongban.register.verification import Report, verify, verify_site


def run(words: list[str]) -> int:
    """One line per ledger, one per break; 1 when anything is broken."""
    parser = argparse.ArgumentParser(prog="tongban verify-register")
    parser.add_argument("ledgers", nargs="*", metavar="LEDGER", help="codes of ledgers; without any: the whole site")
    chosen = parser.parse_args(words)
    reports: Iterable[Report] = [verify(code) for code in chosen.ledgers] if chosen.ledgers else verify_site()
    broken = 0
    for report in reports:
        name = report.ledger or "units without a ledger"
        print(
            f"{name}: {report.entries} entries, {report.units} units, {report.heads} heads, {len(report.breaks)} breaks"
        )
        for found in report.breaks:
            print(f"  {found.check.name_zh}：{found.row}，{found.what_zh}")
        broken += len(report.breaks)
    return 1 if broken else 0
