"""`tongban import-directory FILE`: take over the directory the province signed."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from django.utils import timezone

from tongban.directory.bundles import SignedDirectory, import_directory, pin_province_key
from tongban.domain.errors import TongbanError


def run(words: list[str]) -> int:
    """Nothing changes unless the province signed every byte and the version is no older than ours."""
    parser = argparse.ArgumentParser(prog="tongban import-directory")
    parser.add_argument("directory", type=Path)
    parser.add_argument(
        "--province-keys",
        type=Path,
        metavar="FILE",
        help="the first time: its public keys, handed over by its operator",
    )
    chosen = parser.parse_args(words)
    try:
        if chosen.province_keys:
            pin_province_key(json.loads(chosen.province_keys.read_text()))
        version = import_directory(SignedDirectory.from_file(chosen.directory.read_bytes()), timezone.now())
    except TongbanError as error:
        print(f"tongban import-directory: {error.message_zh}", file=sys.stderr)
        return 1
    print(f"directory version {version} is in force")
    return 0
