"""The steps by which two scratch sites get to know each other, one per call: `site_joining.py STEP WORDS…`."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

import province  # noqa: F401 - sets Django up
from tongban.cli import stage
from tongban.directory import bundles, enrolment
from tongban.vault import keys


def found(*hosts: str) -> None:
    stage.found(timezone.now() - timedelta(hours=1), hosts=hosts)


def join(url: str, path: str) -> None:
    Path(path).write_bytes(enrolment.apply_to_join(url).to_bytes())


def enrol(path: str) -> None:
    enrolment.enrol(enrolment.Joining.read(Path(path).read_bytes()))


def export(path: str, keys_path: str) -> None:
    Path(keys_path).write_text(json.dumps(keys.export_public([bundles.PROVINCE])))
    Path(path).write_bytes(bundles.export_directory(timezone.now()).to_file())


def take_directory(path: str, keys_path: str) -> None:
    bundles.pin_province_key(json.loads(Path(keys_path).read_text()))
    bundles.import_directory(bundles.SignedDirectory.from_file(Path(path).read_bytes()), timezone.now())


def befriend() -> None:
    stage.befriend(stage.HUAXIAN, stage.ZHENGZHOU, timezone.now())


STEPS = {step.__name__: step for step in (found, join, enrol, export, take_directory, befriend)}

if __name__ == "__main__":
    STEPS[sys.argv[1]](*sys.argv[2:])
