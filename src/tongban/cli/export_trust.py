"""`tongban export-trust FILE`: write the trust file with which anybody verifies certificates offline."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils import timezone

from tongban.certificates.trust import read_trust
from tongban.certificates.trust_export import trust_bundle


def run(words: list[str]) -> int:
    """Write the file and print the fingerprint to publish with it."""
    parser = argparse.ArgumentParser(prog="tongban export-trust")
    parser.add_argument("file", type=Path)
    chosen = parser.parse_args(words)
    data = trust_bundle(timezone.now())
    chosen.file.write_bytes(data)
    print(f"密钥指纹：{read_trust(data).fingerprint}")
    return 0
