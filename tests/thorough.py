"""How much a long test does: enough to find a mistake in `make test`, everything that was promised in `make soak`."""

from __future__ import annotations

import os

IS_SOAK = bool(os.environ.get("TONGBAN_TEST_SOAK"))


def rounds(usual: int, *, soak: int) -> int:
    """How many rounds, cases or flats a test works through."""
    return soak if IS_SOAK else usual
