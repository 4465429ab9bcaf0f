"""The documents: links lead somewhere, commands and targets they name exist, generated pages are fresh."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tools.docs import PAGES
from tools.markdown import page, table
from tools.sources import repository_files

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [path for path in repository_files(ROOT) if path.suffix == ".md"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"\btongban ([a-z]+(?:-[a-z]+)*)\b")
TARGET = re.compile(r"\bmake ([a-z]+(?:-[a-z]+)*)")
BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")


def _code_of(document: Path) -> list[str]:
    text = (ROOT / document).read_text("utf-8")
    return BLOCK.findall(text) + INLINE.findall(BLOCK.sub("", text))


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    text = BLOCK.sub("", (ROOT / document).read_text("utf-8"))

    targets = [link.split("#")[0] for link in LINK.findall(text) if "://" not in link and not link.startswith("#")]

    assert [target for target in targets if not (ROOT / document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_command_a_document_names_exists(document: Path) -> None:
    known = set(re.findall(r'^    "([a-z-]+)": Command', (ROOT / "src/tongban/cli/main.py").read_text(), re.MULTILINE))

    named = {word for code in _code_of(document) for word in COMMAND.findall(code)}

    assert named - known == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_make_target_a_document_names_exists(document: Path) -> None:
    known = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))

    named = {word for code in _code_of(document) for word in TARGET.findall(code)}

    assert named - known == set()


def test_every_command_has_a_module() -> None:
    text = (ROOT / "src/tongban/cli/main.py").read_text()
    names = re.findall(r'^    "([a-z-]+)": Command', text, re.MULTILINE)

    missing = [name for name in names if not (ROOT / f"src/tongban/cli/{name.replace('-', '_')}.py").exists()]

    assert names
    assert missing == []


def test_make_help_lists_the_targets_the_readme_names() -> None:
    listed = subprocess.run(["make", "-s", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout

    assert {"setup", "demo", "run", "test", "lint", "check"} <= set(
        re.findall(r"^  make ([a-z-]+)", listed, re.MULTILINE)
    )


def test_the_generated_pages_are_fresh(tmp_path: Path) -> None:
    environment = {**os.environ, "TONGBAN_HOME": str(tmp_path)}
    for words in (["tongban.runtime.site_file", str(tmp_path)], ["tools.docs", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=ROOT, env=environment, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert set(PAGES) >= {"settings.md", "commands.md", "services.md", "moves.md", "reasons.md", "roles.md"}


def test_a_bar_in_a_cell_does_not_break_the_table() -> None:
    assert table(("a",), [("x|y",), ("",)]).splitlines() == ["| a |", "|---|", "| x\\|y |", "| — |"]


def test_a_generated_page_says_so() -> None:
    assert page("T", "text").startswith("# T\n\n<!-- Written by `make docs`")


def test_decisions_are_numbered_once_each() -> None:
    numbers = [path.name[:4] for path in (ROOT / "docs/decisions").glob("*.md")]

    assert all(number.isdigit() for number in numbers)
    assert len(numbers) == len(set(numbers))
