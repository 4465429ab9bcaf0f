"""Names that say nothing are refused: a file or class is called by what it does."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tools.sources import python_sources

EMPTY_WORDS = frozenset(
    {"util", "utils", "helper", "helpers", "common", "misc", "manager", "service", "processor", "handler", "base"}
)


def findings(root: Path) -> list[str]:
    """Files and classes whose last word is empty, and classes that begin with Base."""
    found = []
    for source in python_sources(root, "src", "tools", "benchmarks"):
        for part in (*source.path.parts[:-1], source.path.stem):
            if part.split("_")[-1] in EMPTY_WORDS:
                found.append(source.at(1, f"file or folder called {part}: say what it does"))
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef):
                words = [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*", node.name)]
                if words and (words[-1] in EMPTY_WORDS or words[0] == "base"):
                    found.append(source.at(node.lineno, f"class called {node.name}: say what it does"))
    return found
