"""What time alone does to lines of seizures: one ends unrenewed, the next is in force at that moment (查扣冻规定 26, 27).

The book's readers compare dates themselves, so a night without this duty changes no decision; it writes down what is.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.timezone import localdate

from tongban.access.actors import system
from tongban.access.audit import audit
from tongban.domain.burdens import Burden
from tongban.domain.decision import Refusal
from tongban.domain.restrictions import Act
from tongban.judicial import carrying, plans
from tongban.judicial.ordered import Effect
from tongban.register import book, reading
from tongban.register.seizure_lines import lines_due

BATCH: Final = 50
_SAID: Final = (Effect.LAPSED.value, Effect.IN_FORCE.value)
log = logging.getLogger(__name__)


def settle_due(now: datetime) -> int:
    """Bring the lines of some units up to the day; how many there were."""
    return sum(_settled(code, registry, now) for code, registry in lines_due(localdate(now), BATCH))


def _settled(unit_code: str, registry: str, now: datetime) -> bool:
    """One unit that cannot be settled keeps no other waiting."""
    try:
        return _settle(unit_code, registry, now)
    except Exception:
        log.exception("the line of seizures of a unit was not settled: %s", unit_code)
        return False


def _settle(unit_code: str, registry: str, now: datetime) -> bool:
    actor = system("judicial", registry)
    with transaction.atomic():
        book.lock([unit_code])
        if any(one.burden is Burden.UNREAD_ORDER and not one.from_unit for one in reading.burdens(unit_code)):
            return False  # it came while this unit was being chosen, and may be a renewal in time
        entries, moved = plans.settle_line(reading.page(unit_code), localdate(now))
        if not entries:
            return False
        key = f"line:{unit_code}:{now.isoformat()}"
        cause = "查封到期、轮候生效"
        outcome = carrying.record(entries, Act.SEIZE, actor, now, registry=registry, key=key, cause_zh=cause)
        if isinstance(outcome, Refusal):
            return False
        carrying.tell_moved(unit_code, moved, now)
        detail = {effect: "、".join(one.burden.reference for one in moved if one.effect == effect) for effect in _SAID}
        audit(actor, "judicial.line", unit_code, detail=detail)
    return True
