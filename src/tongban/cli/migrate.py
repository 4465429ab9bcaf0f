"""`tongban migrate`: bring the database to the current form, as its owner."""

from __future__ import annotations

from django.core.management import call_command


def run(words: list[str]) -> int:
    """Apply every migration that is missing."""
    call_command("migrate", *words, interactive=False)
    return 0
