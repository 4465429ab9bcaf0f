"""What the house rules read: the repository's files, and Python files as trees."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file: its path from the top of the repository, its text and its tree."""

    path: Path
    text: str
    tree: ast.Module

    def at(self, line: int, sentence: str) -> str:
        return f"{self.path}:{line}: {sentence}"


def repository_files(root: Path) -> list[Path]:
    """Every file that is or could be committed, as paths from the top."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return [Path(name) for name in sorted(set(listed.split("\0"))) if name and (root / name).is_file()]


def python_sources(root: Path, *folders: str) -> Iterator[Source]:
    """The Python files below `folders`."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            text = path.read_text("utf-8")
            yield Source(path.relative_to(root), text, ast.parse(text))


def numbered_lines(root: Path, path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines of a text file; nothing for a file that is not text."""
    try:
        text = (root / path).read_text("utf-8")
    except UnicodeDecodeError:
        return
    yield from enumerate(text.splitlines(), start=1)
