"""`tongban apply-to-join FILE --url URL`: what the province needs to know of this site."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tongban.directory.enrolment import apply_to_join
from tongban.domain.errors import TongbanError


def run(words: list[str]) -> int:
    """Write the application and say its fingerprint, to be read to the province's operator."""
    parser = argparse.ArgumentParser(prog="tongban apply-to-join")
    parser.add_argument("file", type=Path)
    parser.add_argument("--url", required=True, help="where other sites reach this one")
    chosen = parser.parse_args(words)
    try:
        joining = apply_to_join(chosen.url)
    except TongbanError as error:
        print(f"tongban apply-to-join: {error.message_zh}", file=sys.stderr)
        return 1
    chosen.file.write_bytes(joining.to_bytes())
    print(f"{chosen.file}: {len(joining.institutions)} institutions\nfingerprint {joining.fingerprint}")
    return 0
