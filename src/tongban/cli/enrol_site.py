"""`tongban enrol-site FILE`: the province takes a site in."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tongban.directory.enrolment import Joining, enrol
from tongban.domain.errors import TongbanError


def run(words: list[str]) -> int:
    """Refuses unless the fingerprint that was read over the telephone is the file's."""
    parser = argparse.ArgumentParser(prog="tongban enrol-site")
    parser.add_argument("file", type=Path)
    parser.add_argument("--fingerprint", required=True, help="as the other operator read it")
    chosen = parser.parse_args(words)
    try:
        joining = Joining.read(chosen.file.read_bytes())
        if "".join(chosen.fingerprint.split()) != "".join(joining.fingerprint.split()):
            print("tongban enrol-site: the fingerprint is another one; nothing was changed", file=sys.stderr)
            return 1
        count = enrol(joining)
    except TongbanError as error:
        print(f"tongban enrol-site: {error.message_zh}", file=sys.stderr)
        return 1
    print(f"{joining.site_code} at {joining.base_url} hosts {count} institutions; export the directory to all sites")
    return 0
