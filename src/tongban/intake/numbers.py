"""Application numbers (收件编号): drawn per registry and day under a row lock, so none is given twice."""

from __future__ import annotations

from datetime import date

from django.db import connection

from tongban.domain import numbering
from tongban.domain.codes import ApplicationNo, institution_division

_DRAW = """
INSERT INTO intake_receiptcounter (registry, day, last) VALUES (%s, %s, 1)
ON CONFLICT (registry, day) DO UPDATE SET last = intake_receiptcounter.last + 1
RETURNING last
"""


def draw(registry: str, day: date) -> ApplicationNo:
    """The next application number of a receiving registry; waits for a concurrent drawer to commit or roll back."""
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, [registry, day])
        (seq,) = cursor.fetchone()
    return numbering.application_no(institution_division(registry), day, seq)
