"""The size limits: a function or module over them is named, one at the limit is not."""

from pathlib import Path

from tools import size


def _write(root: Path, text: str) -> None:
    (root / "src").mkdir()
    (root / "src" / "m.py").write_text(text)


def test_a_function_over_the_limit_is_named(tmp_path: Path) -> None:
    _write(tmp_path, "def long():\n" + "    x = 1\n" * size.FUNCTION_LINES)

    assert size.findings(tmp_path) == ["src/m.py:1: long has 71 lines; at most 70"]


def test_a_function_at_the_limit_passes(tmp_path: Path) -> None:
    _write(tmp_path, "def long():\n" + "    x = 1\n" * (size.FUNCTION_LINES - 1))

    assert size.findings(tmp_path) == []


def test_a_module_over_the_limit_is_named(tmp_path: Path) -> None:
    _write(tmp_path, "x = 1\n" * (size.MODULE_LINES + 1))

    assert size.findings(tmp_path) == ["src/m.py:1: module of 601 lines; at most 600"]
