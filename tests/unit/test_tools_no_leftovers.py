"""Nothing unfinished and no signal stays below src."""

from pathlib import Path

import pytest
from tools import no_leftovers

UNFINISHED = ["# TO" + "DO: later\n", "raise NotImplemented" + "Error\n", "x = 1  # FIX" + "ME\n"]


@pytest.mark.parametrize("text", [*UNFINISHED, "from django.db.models.signals import post_save\n"])
def test_a_leftover_is_found(tmp_path: Path, text: str) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "m.py").write_text(text)

    assert len(no_leftovers.findings(tmp_path)) == 1


def test_finished_code_passes(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "m.py").write_text("import signal\ntry:\n    x = 1\nexcept NotImplementedError:\n    x = 2\n")

    assert no_leftovers.findings(tmp_path) == []
