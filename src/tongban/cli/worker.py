"""`tongban worker`: one process that carries out the recurring duties."""

from __future__ import annotations

import argparse

from django.conf import settings

from tongban.runtime import duties
from tongban.runtime.worker import Worker, stop_for_good


def run(words: list[str]) -> int:
    """Work until stopped; a duty that does not end in time does not hold up the end."""
    parser = argparse.ArgumentParser(prog="tongban worker")
    parser.add_argument("--only", metavar="DUTY", action="append", help="carry out this duty only; may be repeated")
    chosen = parser.parse_args(words)
    table = duties.load()
    if chosen.only and (unknown := sorted(set(chosen.only) - {duty.name for duty in table})):
        parser.error(f"no such duty: {', '.join(unknown)}; there are: {', '.join(duty.name for duty in table)}")
    mine = [duty for duty in table if not chosen.only or duty.name in chosen.only]
    code = Worker(mine, settings.TONGBAN_HOME).run()
    if code:
        stop_for_good(code)
    return code
