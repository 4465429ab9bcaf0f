"""The few Markdown shapes of the reference pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NOTICE = "<!-- Written by `make docs` from the tables in the code; change those, not this page. -->"


def page(title: str, *parts: str) -> str:
    """A whole page: title, notice, parts with a blank line between them."""
    return "\n\n".join((f"# {title}", NOTICE, *(part.rstrip() for part in parts if part))) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar or line break inside a cell is made harmless."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def code(text: str) -> str:
    return f"`{text}`" if text else "—"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>") or "—"
