"""Orders, recordings and recorders at the same moment, in processes of their own, on one database.

House rule: what happens first is what drew its place first under the unit's lock.  Every round is checked for it.
"""

from __future__ import annotations

import json
import os
import random
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

import pytest
from django.db import transaction
from tests import register_builders as a
from tests.thorough import rounds

from tongban.domain.burden_reasons import BurdenReasons
from tongban.domain.codes import UnitCode
from tongban.domain.entries import OpenTitle
from tongban.domain.terms import Cause
from tongban.domain.unit_code import land_of
from tongban.register import book, models, reading, sealing, stock, verification
from tongban.vault import keys

ROUNDS = rounds(200, soak=1000)
LOCKED = 800
FAR_S = 0.003  # how far apart the two sides of a round start at most


class Worker:
    """One long-lived process that carries out one command at a time."""

    def __init__(self, database: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.register_worker"],
            env={**os.environ, "TONGBAN_DATABASE_NAME": database},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def send(self, *command: object) -> None:
        pipe: IO[str] | None = self._process.stdin
        assert pipe is not None
        pipe.write(json.dumps(command) + "\n")
        pipe.flush()

    def answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def has_answered(self) -> bool:
        return bool(select.select([self._process.stdout], [], [], 0)[0])

    def ask(self, *command: object) -> dict[str, Any]:
        self.send(*command)
        return self.answer()

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def workers(own_database: str, settings: Any, tmp_path: Path) -> Iterator[list[Worker]]:
    """Two processes beside the test's own."""
    settings.TONGBAN_KEYS_DIR = tmp_path
    tmp_path.chmod(0o700)
    keys.create_key(a.REGISTRY, a.NOW - timedelta(days=1))
    both = [Worker(own_database), Worker(own_database)]
    yield both
    for worker in both:
        worker.kill()


def open_flats(numbers: range, ledger: str = a.LEDGER) -> None:
    source = stock.StockImport(registry=a.REGISTRY, ledger=ledger, recorder=a.REGISTRAR, key=ledger, now=a.NOW)
    assert sum(len(batch.titles) for batch in stock.open_titles(map(a.opened, numbers), source)) == len(numbers)


def together(first: tuple[Worker, tuple[object, ...]], second: tuple[Worker, tuple[object, ...]], gap_s: float) -> None:
    """Set both going, the second `gap_s` later."""
    first[0].send(*first[1])
    if gap_s:
        time.sleep(gap_s)
    second[0].send(*second[1])


def test_an_order_and_a_recording_at_the_same_moment_have_one_provable_sequence(workers: list[Worker]) -> None:
    recorder, court = workers
    chance = random.Random(20261122)
    open_flats(range(ROUNDS))
    outcomes = []
    for number in range(ROUNDS):
        start = a.NOW + timedelta(minutes=number)
        skewed = start + timedelta(seconds=chance.choice((-30, 0, 30)))  # clocks of two offices differ
        rename = (recorder, ("rename", number, "新名", f"case-{number}", skewed.isoformat()))
        note = (court, ("note", number, f"order-{number}", start.isoformat()))
        first, second = (rename, note) if chance.random() < 0.6 else (note, rename)  # noting is quicker: handicap it
        together(first, second, chance.uniform(0, FAR_S))
        outcomes.append((recorder.answer(), court.answer()))

    sealing.seal(a.NOW)
    events: dict[str, list[models.UnitEvent]] = {}
    for event in models.UnitEvent.objects.order_by("unit_code", "seq"):
        events.setdefault(event.unit_code, []).append(event)
    recorded = {n: _check_round(events[a.unit(n)], *outcome) for n, outcome in enumerate(outcomes)}
    assert 0 < sum(recorded.values()) < ROUNDS, "both outcomes were met"
    _record_after_the_orders([number for number, is_recorded in recorded.items() if not is_recorded], outcomes)
    assert verification.verify(a.LEDGER).breaks == ()


def _check_round(events: list[models.UnitEvent], recording: dict[str, Any], order: dict[str, Any]) -> bool:
    """Either the entry precedes the order, or nothing was recorded; whether it was."""
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert all(early.at < late.at for early, late in pairwise(events))
    assert (bytes(events[order["seq"] - 1].hash).hex(), events[-1].kind) == (order["hash"], "order")
    if "refused" in recording:
        assert (recording["refused"], order["seq"], len(events)) == (BurdenReasons.BEING_PROCESSED.code, 2, 2)
        return False
    (ref,) = (book.EntryRef.from_wire(wire) for wire in recording["entries"])
    assert (ref.unit_seq, order["seq"], len(events)) == (2, 3, 3)
    assert ref.recorded_at < datetime.fromisoformat(order["at"])
    proof = sealing.inclusion_proof(ref.ledger, ref.seq)
    assert proof is not None and sealing.check_inclusion(ref.hash, proof, proof.head)
    return True


def _record_after_the_orders(numbers: list[int], outcomes: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """Once the orders are settled the refused recordings go through, and their leaves cover the orders' places."""
    for number in numbers:
        book.settle_order(f"order-{number}", "declined", a.NOW)
    for start in range(0, len(numbers), 500):
        batch = numbers[start : start + 500]
        entries = [a.renamed(number, a.title(number).holders[0].identity, "新名") for number in batch]
        done = book.record(a.request(*entries, key=f"after-{start}"))
        assert isinstance(done, book.Recording)
        for number, ref in zip(batch, done.entries, strict=True):
            leaf = models.Entry.objects.get(ledger=ref.ledger, seq=ref.seq).leaf
            assert f'"unit_previous":"{outcomes[number][1]["hash"]}"' in leaf


def test_two_recorders_of_one_unit_at_once_do_not_both_win(workers: list[Worker]) -> None:
    open_flats(range(100))
    for number in range(100):
        for worker, name in zip(workers, ("甲", "乙"), strict=True):
            worker.send("rename", number, name, f"{name}-{number}", a.NOW.isoformat())
        outcomes = [worker.answer() for worker in workers]

        assert sorted("entries" in outcome for outcome in outcomes) == [False, True]
        assert {"error": "register_moved_on"} in outcomes
        title = reading.title(a.unit(number))
        assert title is not None
        assert title.holders[0].name == ("甲" if "entries" in outcomes[0] else "乙")
    assert verification.verify(a.LEDGER).breaks == ()


def test_two_workers_with_one_key_get_one_recording(workers: list[Worker]) -> None:
    open_flats(range(100))
    for number in range(100):
        for worker in workers:
            worker.send("rename", number, "甲", f"key-{number}", a.NOW.isoformat())
        first, second = (worker.answer() for worker in workers)

        assert first == second and "entries" in first
    assert models.Entry.objects.count() == 200


def test_recorders_of_several_units_in_any_order_never_wait_in_a_circle(workers: list[Worker]) -> None:
    chance = random.Random(20261122)
    open_flats(range(4))
    open_flats(range(4, 8), "old-ledger")
    for number in range(60):
        start = time.monotonic() + 0.01
        for worker, name in zip(workers, "ab", strict=True):
            # Many locks, so that both are at it at the same time.
            worker.send(
                "mortgage", chance.sample(range(8), 4), f"{name}-{number}", chance.sample(range(LOCKED), LOCKED), start
            )
        for worker in workers:
            assert len(worker.answer()["entries"]) == 4

    assert models.Entry.objects.count() == 8 + 60 * 2 * 4
    assert [report.breaks for report in verification.verify_site()] == [(), (), ()]


def test_a_house_is_recorded_before_an_order_on_its_land_or_waits_for_it(workers: list[Worker]) -> None:
    """查扣冻规定 21, 23: of land and house of one holder an order on either holds both from its delivery."""
    recorder, land = workers[0], land_of(a.unit(0))
    open_flats(range(2))
    on_land = replace(a.title(0), unit=replace(a.title(0).unit, unit_code=UnitCode(land)), certificate_no="豫-地")
    book.record(a.request(OpenTitle(on_land, Cause.OTHER), key="land"))

    with transaction.atomic():
        book.note_order([land], order_id="order", organ="院", now=a.NOW)
        recorder.send("rename", 0, "新名", "house", a.NOW.isoformat())
        time.sleep(0.3)
        assert not recorder.has_answered()

    assert recorder.answer() == {"refused": BurdenReasons.BEING_PROCESSED.code}


def test_houses_of_one_parcel_do_not_wait_for_each_other(workers: list[Worker]) -> None:
    open_flats(range(2))

    with transaction.atomic():
        book.lock([a.unit(0)])

        assert "entries" in workers[0].ask("rename", 1, "新名", "other", a.NOW.isoformat())
