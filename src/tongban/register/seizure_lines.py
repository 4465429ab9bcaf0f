"""Units whose line of seizures time has moved: one in force is over, or nothing stands before one that waits."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import connection

from tongban.domain.burdens import Burden
from tongban.register.models import EFFECTIVE_SEIZURES

_DUE: Final = """
WITH due AS (
    SELECT unit_code FROM register_registeredburden
    WHERE to_entry IS NULL AND burden IN ('pre_seizure', 'seizure') AND until < %(today)s
    UNION
    SELECT waits.unit_code FROM register_registeredburden waits
    WHERE waits.to_entry IS NULL AND waits.burden = 'waiting_seizure' AND NOT EXISTS (
        SELECT 1 FROM register_registeredburden held WHERE held.unit_code = waits.unit_code
        AND held.to_entry IS NULL AND held.burden IN ('pre_seizure', 'seizure')
    )
)
SELECT due.unit_code, head.registry FROM due
JOIN register_baunit unit ON unit.unit_code = due.unit_code
JOIN register_ledgerhead head ON head.ledger = unit.ledger
WHERE NOT EXISTS (
    SELECT 1 FROM register_ordernote note WHERE note.unit_code = due.unit_code
    AND NOT EXISTS (SELECT 1 FROM register_ordersettlement done WHERE done.order_id = note.order_id)
)
ORDER BY due.unit_code LIMIT %(many)s
"""
assert set(EFFECTIVE_SEIZURES) == {"pre_seizure", "seizure"}, "the statement above names them"
assert Burden.WAITING_SEIZURE.value == "waiting_seizure", "and this one"


def lines_due(today: date, many: int) -> tuple[tuple[str, str], ...]:
    """Unit and registry, at most so many; units with an order not dealt with are left alone: it may renew."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"today": today, "many": many})
        return tuple((code, registry) for code, registry in cursor.fetchall())
