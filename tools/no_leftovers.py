"""The product holds no unfinished place and no hidden call: no TODO, no empty body to come, no Django signal."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tools.sources import python_sources

UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|raise NotImplementedError)\b|暂未实现|待实现")
SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals")


def findings(root: Path) -> list[str]:
    """Unfinished places and imports of signals below src."""
    found = []
    for source in python_sources(root, "src"):
        for number, line in enumerate(source.text.splitlines(), start=1):
            if UNFINISHED.search(line):
                found.append(source.at(number, "unfinished; finish it or file an issue"))
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(SIGNALS):
                found.append(source.at(node.lineno, "a signal hides who calls whom: call the function"))
    return found
