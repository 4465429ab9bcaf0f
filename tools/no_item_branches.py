"""No branch on a service number outside the catalogue: what differs per service stands in its ServiceItem."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.sources import Source, numbered_lines, python_sources, repository_files

CATALOGUE = Path("src/tongban/domain/catalogue")
NUMBER = re.compile(r"S\d{2}")
IN_TEMPLATE = re.compile(r"""\{%\s*(?:el)?if\b[^%]*["']S\d{2}["']""")


def findings(root: Path) -> list[str]:
    """Comparisons, matches and look-ups by a service number, in Python and in templates."""
    found = []
    for source in python_sources(root, "src"):
        if not source.path.is_relative_to(CATALOGUE):
            found.extend(_in_python(source))
    for path in repository_files(root):
        if path.suffix == ".html":
            found.extend(
                f"{path}:{number}: a template branches on a service number; ask the ServiceItem"
                for number, line in numbered_lines(root, path)
                if IN_TEMPLATE.search(line)
            )
    return found


def _in_python(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        for branch in _branches(node):
            for part in ast.walk(branch):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and NUMBER.fullmatch(part.value):
                    sentence = f"a branch on the service {part.value}; put the difference into its ServiceItem"
                    yield source.at(part.lineno, sentence)


def _branches(node: ast.AST) -> list[ast.AST]:
    """The parts of a node that decide by value."""
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.MatchValue):
        return [node.value]
    if isinstance(node, ast.Dict):
        return [key for key in node.keys if key is not None]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "startswith":
        return list(node.args)
    return []
