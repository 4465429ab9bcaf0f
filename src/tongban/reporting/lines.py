"""The lines to outside bodies: which are connected, and the rest a body gets after a failure.

An address that is empty means not connected yet: what is to be reported waits.  “none” means there is no such body.
The circuit breaker is kept in the database so that all workers share it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from tongban.departments.licence_library.port import LicenceLibrary
from tongban.departments.platform.port import Dialect, NationalPlatform
from tongban.domain.errors import OutsideError
from tongban.reporting.models import REASON_CHARACTERS_MAX, Line, LineState

THERE_IS_NONE = "none"
BATCH_MAX = 20
PROBE = 1  # how much goes to a body that failed last time
_FIRST_REST_S = 5
_LONGEST_REST_S = 300

log = logging.getLogger(__name__)


def exists(line: Line) -> bool:
    """Whether there is such a body at all."""
    return _address(line) != THERE_IS_NONE


def is_connected(line: Line) -> bool:
    """Whether it has an address."""
    return _address(line) not in ("", THERE_IS_NONE)


def platform() -> NationalPlatform | None:
    """The national platform; None while it is not connected."""
    return cast("NationalPlatform", _backend(Line.PLATFORM)) if is_connected(Line.PLATFORM) else None


def library(line: Line) -> LicenceLibrary | None:
    """One licence library; None while it is not connected."""
    return cast("LicenceLibrary", _backend(line)) if is_connected(line) else None


def dialect() -> Dialect:
    """What was settled with the platform."""
    settled: Mapping[str, Any] = settings.PLATFORM_DIALECT
    return Dialect(**settled)


def may_send(line: Line, now: datetime) -> int:
    """How many things may go out now: 0 while the body rests, one as a probe after a failure, else a batch.

    Of several workers one gets the probe; the others wait as if it had failed.
    """
    if not is_connected(line):
        return 0
    state = LineState.objects.filter(pk=line).first()
    if state is None or state.failures == 0:
        return BATCH_MAX
    rested = LineState.objects.filter(Q(next_try_at__lte=now), pk=line, failures=state.failures)
    return PROBE if rested.update(next_try_at=now + rest(state.failures + 1)) else 0


def failed(line: Line, error: OutsideError, now: datetime) -> None:
    """The body as a whole did not answer well: let it rest, longer each time."""
    with transaction.atomic():
        LineState.objects.get_or_create(pk=line)
        state = LineState.objects.select_for_update().get(pk=line)
        state.failures += 1
        state.failed_since = state.failed_since or now
        state.next_try_at = now + rest(state.failures)
        state.reason_zh = error.message_zh[:REASON_CHARACTERS_MAX]
        state.save()
    log.warning("%s rests after %d failures: %s", line, state.failures, error)


def answered(line: Line, now: datetime) -> None:
    """The body answered: close the circuit."""
    fine = {"failures": 0, "failed_since": None, "next_try_at": None, "reason_zh": "", "last_ok_at": now}
    LineState.objects.update_or_create(pk=line, defaults=fine)


def rest(failures: int) -> timedelta:
    """5, 10, 20 … seconds, at most five minutes."""
    return timedelta(seconds=min(_LONGEST_REST_S, _FIRST_REST_S * 2 ** min(max(failures - 1, 0), 10)))


def _address(line: Line) -> str:
    address: str = settings.DEPARTMENTS[line.value]["URL"]
    return address


def _backend(line: Line) -> object:
    return _made(settings.DEPARTMENTS[line.value]["BACKEND"], _address(line), float(settings.DEPARTMENTS_TIMEOUT_S))


@lru_cache(maxsize=16)
def _made(backend: str, url: str, timeout_s: float) -> object:
    """One adapter per address: it keeps its connection."""
    made: object = import_string(backend)(url=url, timeout_s=timeout_s)
    return made
