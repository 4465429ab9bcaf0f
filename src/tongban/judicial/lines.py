"""What time alone does to lines of seizures: one ends unrenewed, the next is in force at that moment (查扣冻规定 26, 27).

The book's readers compare dates themselves, so a night without this duty changes no decision; it writes down what is.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.timezone import localdate

from tongban.access.actors import system
from tongban.access.audit import audit
from tongban.domain.decision import Refusal
from tongban.domain.restrictions import Act
from tongban.judicial import carrying, plans
from tongban.register import book, reading
from tongban.register.seizure_lines import lines_due

BATCH: Final = 50


def settle_due(now: datetime) -> int:
    """Bring the lines of some units up to the day; how many there were."""
    return sum(_settle(code, registry, now) for code, registry in lines_due(localdate(now), BATCH))


def _settle(unit_code: str, registry: str, now: datetime) -> bool:
    actor = system("judicial", registry)
    with transaction.atomic():
        book.lock([unit_code])
        entries, moved = plans.settle_line(reading.page(unit_code), localdate(now))
        if not entries:
            return False
        key = f"line:{unit_code}:{now.isoformat()}"
        cause = "查封到期、轮候生效"
        outcome = carrying.record(entries, Act.SEIZE, actor, now, registry=registry, key=key, cause_zh=cause)
        if isinstance(outcome, Refusal):
            return False
        carrying.tell_moved(unit_code, moved, now)
        detail = {one.effect.value: one.burden.reference for one in moved}
        audit(actor, "judicial.line", unit_code, detail=detail)
    return True
