"""The domain takes time and chance as arguments: it never asks the clock, a random source or the machine."""

from __future__ import annotations

import ast
from pathlib import Path

from tools.sources import python_sources

DOMAIN = "src/tongban/domain"
# Services are given `now`; only views, duties and commands read the clock.
# Vault is left out: Django hands no clock down to an encrypted field, which picks the data key of the day.
PACKAGES = "directory access exchange register certificates intake cases judicial"
SERVICES = tuple(f"src/tongban/{package}" for package in PACKAGES.split())
# The edge inside services: what runs per request, and audit rows, which carry the time at which they were written.
EDGES = frozenset({"middleware.py", "audit.py", "denials.py"})
IMPURE_MODULES = frozenset({"time", "random", "secrets", "os", "socket", "subprocess", "threading", "asyncio"})
CLOCK = frozenset({"now", "utcnow", "today"})
# With an argument these only change the time zone.
CLOCK_WITHOUT_ARGUMENT = frozenset({"localdate", "localtime"})
CLOCK_OWNERS = frozenset({"datetime", "date", "timezone", "dt"})
CHANCE = frozenset({"uuid1", "uuid4", "urandom", "token_hex", "token_bytes", "token_urlsafe"})


def findings(root: Path) -> list[str]:
    """Where the domain reads clock, chance or machine, and where a service reads the clock."""
    found = []
    for source in python_sources(root, DOMAIN):
        for node in ast.walk(source.tree):
            if what := _impure_import(node) or _clock(node) or _chance(node):
                found.append(source.at(_line(node), f"the domain is pure: {what} must come in as an argument"))
    for source in python_sources(root, *SERVICES):
        for node in () if source.path.name in EDGES else ast.walk(source.tree):
            if what := _clock(node):
                found.append(source.at(_line(node), f"services take `now`: {what} belongs to the edge"))
    return found


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 1))


def _impure_import(node: ast.AST) -> str:
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        names = [node.module or ""]
    return next((name for name in names if name.split(".")[0] in IMPURE_MODULES), "")


def _clock(node: ast.AST) -> str:
    """A mention such as `datetime.now`, `timezone.now`, or a call such as `timezone.localdate()`."""
    if isinstance(node, ast.Attribute) and node.attr in CLOCK:
        return _owned(node)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args and not node.keywords:
        return _owned(node.func) if node.func.attr in CLOCK_WITHOUT_ARGUMENT else ""
    return ""


def _owned(mention: ast.Attribute) -> str:
    owner = mention.value
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    return f"{name}.{mention.attr}" if name in CLOCK_OWNERS else ""


def _chance(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute) and node.attr in CHANCE:
        return node.attr
    if isinstance(node, ast.ImportFrom):
        return next((alias.name for alias in node.names if alias.name in CHANCE), "")
    return ""
