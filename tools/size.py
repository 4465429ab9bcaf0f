"""Hard limits of size: what is longer cannot be held in the head."""

from __future__ import annotations

import ast
from pathlib import Path

from tools.sources import python_sources

FUNCTION_LINES = 70
MODULE_LINES = 600


def findings(root: Path) -> list[str]:
    """Functions and modules of the product and its tools that are over the limit."""
    found = []
    for source in python_sources(root, "src", "tools"):
        lines = source.text.count("\n")
        if lines > MODULE_LINES:
            found.append(source.at(1, f"module of {lines} lines; at most {MODULE_LINES}"))
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None, "a parsed function has an end"
                length = node.end_lineno - node.lineno + 1
                if length > FUNCTION_LINES:
                    found.append(source.at(node.lineno, f"{node.name} has {length} lines; at most {FUNCTION_LINES}"))
    return found
