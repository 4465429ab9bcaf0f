"""Paths of one machine and addresses in lock files do not get into the repository."""

import subprocess
from pathlib import Path

import pytest
from tools import no_machine_paths


def _findings(root: Path, name: str, text: str) -> list[str]:
    (root / name).write_text(text)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return no_machine_paths.findings(root)


@pytest.mark.parametrize("folder", ["work", "home", "root", "Users"])
def test_a_path_of_one_machine_is_found(tmp_path: Path, folder: str) -> None:
    assert _findings(tmp_path, "notes.md", f"see /{folder}/me/x\n") == ["notes.md:1: a path of one machine"]


@pytest.mark.parametrize("text", ["docs/work/x\n", "https://example.org/work/x\n", "var/lib\n"])
def test_a_path_below_something_else_passes(tmp_path: Path, text: str) -> None:
    assert _findings(tmp_path, "notes.md", text) == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.txt", "package-lock.json"])
def test_an_address_in_a_lock_file_is_found(tmp_path: Path, name: str) -> None:
    text = "a @ https:" + "//example.org/a.whl\n"

    assert _findings(tmp_path, name, text) == [f"{name}:1: a lock file must name hashes, not addresses"]


def test_an_ignored_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("notes.md\n")

    assert _findings(tmp_path, "notes.md", "/" + "work/x\n") == []


def test_a_picture_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\xff\xfe/home/me")

    assert _findings(tmp_path, "notes.md", "fine\n") == []
