"""kill -9 at any moment: what was recorded is whole, what was not has left nothing, and sealing goes on."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import timedelta
from typing import Any

from tests import register_builders as a
from tests.faults.test_register_races import Worker, open_flats

from tongban.register import models, sealing, verification
from tongban.vault import keys

KILLS = 12
LONGEST_S = 0.4


def test_killed_recorders_leave_whole_recordings_only(own_database: str, settings: Any) -> None:
    settings.TONGBAN_KEYS_DIR.mkdir(mode=0o700, exist_ok=True)
    keys.create_key(a.REGISTRY, a.NOW - timedelta(days=1))
    chance = random.Random(20261122)
    open_flats(range(4))
    workers = [Worker(own_database) for _ in range(3)]
    for number in range(KILLS):
        worker = workers.pop(0)
        workers.append(Worker(own_database))  # the next ones start up meanwhile
        assert worker.ask("work", f"run-{number}") == {"ready": f"run-{number}"}
        time.sleep(chance.uniform(0, LONGEST_S))
        worker.kill()

        assert verification.verify(a.LEDGER).breaks == ()
    for worker in workers:
        worker.kill()

    recordings = Counter(
        models.Entry.objects.exclude(request_key__startswith=a.LEDGER).values_list("request_key", flat=True)
    )
    assert recordings and set(recordings.values()) == {3}, "every recording has all its entries"
    assert models.RegisteredBurden.objects.count() == sum(recordings.values())
    sealing.seal(a.NOW + timedelta(days=1))
    assert sealing.unsealed() == ()
    assert verification.verify(a.LEDGER).breaks == ()
