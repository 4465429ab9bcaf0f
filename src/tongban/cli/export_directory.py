"""`tongban export-directory FILE`: the province's directory, signed, for the other sites."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from django.utils import timezone

from tongban.directory.bundles import export_directory, latest_version
from tongban.directory.divisions import PROVINCE
from tongban.domain.errors import TongbanError
from tongban.vault import keys


def run(words: list[str]) -> int:
    """Write the directory, and on wish the province's public keys, by which another site will believe it."""
    parser = argparse.ArgumentParser(prog="tongban export-directory")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--province-keys", type=Path, metavar="FILE", help="also write the province's public keys")
    chosen = parser.parse_args(words)
    try:
        signed = export_directory(timezone.now())
    except TongbanError as error:
        print(f"tongban export-directory: {error.message_zh}", file=sys.stderr)
        return 1
    chosen.directory.write_bytes(signed.to_file())
    if chosen.province_keys:
        chosen.province_keys.write_text(json.dumps(keys.export_public([PROVINCE]), indent=1))
    print(f"{chosen.directory}: directory version {latest_version()}")
    return 0
