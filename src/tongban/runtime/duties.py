"""Duties: the recurring work of a site, as one table that `config/wiring.py` fills and the worker carries out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Duty:
    """One recurring piece of work.

    `run(now)` does a bounded amount and returns how many things it did; 0 means there was nothing to do.
    The worker calls again at once while something was done, else it waits longer and longer, up to `pause_s`.
    State lives in our own tables: a duty cut off by a kill finds its work again, so `run` must be safe to
    repeat and safe beside itself in another worker.

    With `batch_s` the next call comes no sooner than that after one that did something, so that what arrives
    meanwhile makes one batch (one signature over many entries instead of one each).

    With `per_peer`, that function names the peers that have something due and the worker calls
    `run(peer, now)`, one call at a time for each peer and many peers at once, so a dead one slows no other.
    """

    name: str
    run: Callable[..., int]
    pause_s: float = 1.0
    batch_s: float = 0.0
    per_peer: Callable[[datetime], Iterable[str]] | None = None


def load() -> tuple[Duty, ...]:
    """The duties of this site, from the wiring module that the settings name."""
    duties: tuple[Duty, ...] = import_string(f"{settings.TONGBAN_WIRING}.DUTIES")
    names = [duty.name for duty in duties]
    assert len(names) == len(set(names)), f"two duties carry one name: {sorted(names)}"
    return duties
