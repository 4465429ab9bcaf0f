"""The tutorial's one file makes a service that works: in a copy of the source with that file added and nothing else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = (ROOT / "docs/tutorials/add-a-business-type.md").read_text("utf-8")


@pytest.fixture(scope="module")
def with_caretaker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source in which the tutorial was followed."""
    copy = tmp_path_factory.mktemp("tutorial")
    shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    (code,) = re.findall(r"```python\n(.*?)```", TUTORIAL, re.DOTALL)
    (named,) = set(re.findall(r"`(src/tongban/domain/catalogue/\w+\.py)`", TUTORIAL))
    (copy / named).write_text(code, "utf-8")
    copy.chmod(0o755)
    return copy


def run(copy: Path, *words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *words], cwd=copy, env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_one_file_makes_a_service_that_is_received_recorded_and_certified(with_caretaker: Path) -> None:
    walked = run(with_caretaker, "-m", "tongban.cli.main", "walk", "T01")

    assert "T01 房屋照管人登记" in walked
    assert re.search(r"^record +已登簿", walked, re.MULTILINE)
    assert re.search(r"^豫（\d{4}）滑县不动产权第\d{7}号, \d+ bytes of sealed PDF", walked, re.MULTILINE)


def test_what_follows_from_the_catalogue_knows_it_without_another_edit(with_caretaker: Path) -> None:
    asked = """
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.parameters import PARAMETERS
print(CATALOGUE["T01"].fee_zh, PARAMETERS["item_days.T01"].default)
"""
    assert run(with_caretaker, "-c", asked).split() == ["不收登记费", "1"]
