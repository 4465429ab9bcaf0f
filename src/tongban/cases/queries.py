"""Reads of cases for pages and other packages: frozen values, filtered by what the actor may see."""

from __future__ import annotations

from tongban.cases.models import CaseUnit


def open_on(unit_code: str) -> tuple[tuple[str, str], ...]:
    """The open cases on a unit: number and state."""
    rows = CaseUnit.objects.filter(unit_code=unit_code, is_open=True).order_by("case_id")
    return tuple(rows.values_list("case_id", "case__state"))
