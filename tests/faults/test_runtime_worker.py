"""The worker: duties go on through errors and broken connections, peers do not slow each other, a stop is clean."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection, connections
from tests.site_process import eventually

from tongban.runtime import heartbeat
from tongban.runtime.duties import Duty
from tongban.runtime.worker import FIRST_PAUSE_S, Rhythm, Worker

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
Start = Callable[..., Worker]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a worker with the given duties; ended after the test."""
    workers: list[Worker] = []

    def begin(*duties: Duty) -> Worker:
        workers.append(Worker(duties, tmp_path, clock=lambda: NOW))
        workers[-1].start()
        return workers[-1]

    yield begin
    for worker in workers:
        worker.finish()


def test_a_busy_duty_is_called_again_at_once_and_an_idle_one_less_and_less() -> None:
    rhythm = Rhythm(longest_s=0.05)

    assert [rhythm.after(n) for n in (3, 0, 0, 0, 0, 1, 0)] == [0.0, 0.01, 0.02, 0.04, 0.05, 0.0, FIRST_PAUSE_S]


def test_a_failing_duty_is_tried_again_after_growing_bounded_pauses() -> None:
    rhythm = Rhythm(longest_s=1.0)

    pauses = [rhythm.after_failure() for _ in range(8)]

    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]
    rhythm.after(0)
    assert rhythm.after_failure() == 0.1


def test_a_failing_duty_stops_neither_itself_nor_another(start: Start) -> None:
    good, tries = [], []

    def fails(_now: datetime) -> int:
        tries.append(1)
        if len(tries) < 3:
            raise RuntimeError("not yet")
        return 0

    worker = start(Duty("fails", fails, 0.05), Duty("works", lambda now: good.append(now) or 0, 0.05))

    eventually("both succeed", lambda: len(tries) >= 3 and len(good) >= 3, 10)
    record = worker.heartbeat.duties["fails"]
    assert record.failures == 2
    assert record.last_error == "RuntimeError"
    assert set(good) == {NOW}


def test_a_duty_survives_the_loss_of_its_database_connection(own_database: str, start: Start) -> None:
    pids: list[int] = []

    def asks(_now: datetime) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pids.append(cursor.fetchone()[0])
        return 0

    worker = start(Duty("asks", asks, 0.02))
    eventually("the first answer", lambda: pids, 10)

    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pids[0]])

    eventually("an answer over another connection", lambda: set(pids) - {pids[0]}, 10)
    assert worker.heartbeat.duties["asks"].failures >= 1


def test_when_a_duty_did_something_the_others_look_at_once(start: Start) -> None:
    queue: list[int] = []
    taken = threading.Event()
    go = threading.Event()

    def produce(_now: datetime) -> int:
        if go.is_set() and not queue and not taken.is_set():
            queue.append(1)
            return 1
        return 0

    def consume(_now: datetime) -> int:
        if queue:
            queue.clear()
            taken.set()
            return 1
        return 0

    worker = start(Duty("produce", produce, 0.02), Duty("consume", consume, 4.0))
    eventually("the consumer rests long", lambda: worker.heartbeat.duties["consume"].runs >= 7, 10)

    go.set()

    assert taken.wait(2.0), "the consumer slept on through the ring"


def test_what_arrives_while_a_batching_duty_rests_makes_one_batch(start: Start) -> None:
    arrived: list[int] = []
    batches: list[int] = []

    def produce(_now: datetime) -> int:
        if sum(batches) + len(arrived) < 40:
            arrived.append(1)
            return 1
        return 0

    def seal(_now: datetime) -> int:
        count = len(arrived)
        del arrived[:count]
        if count:
            batches.append(count)
        return count

    start(Duty("seal", seal, 0.02, batch_s=0.3), Duty("produce", produce, 0.02))

    eventually("all are sealed", lambda: sum(batches) == 40, 10)
    assert len(batches) <= 5


def test_a_peer_that_hangs_slows_no_other_and_is_not_called_twice(start: Start) -> None:
    release = threading.Event()
    served: list[str] = []
    hanging: list[str] = []

    def drain(peer: str, _now: datetime) -> int:
        if peer == "dead":
            hanging.append(peer)
            release.wait(10)
            return 0
        served.append(peer)
        return 0

    start(Duty("deliver", drain, 0.02, per_peer=lambda now: ("dead", "a", "b")))

    eventually("the living are served again and again", lambda: served.count("a") > 3 and served.count("b") > 3, 10)
    assert hanging == ["dead"]
    release.set()


def test_a_peer_whose_call_fails_rests_longer_each_time(start: Start) -> None:
    calls: list[str] = []

    def drain(peer: str, _now: datetime) -> int:
        calls.append(peer)
        if peer == "dead":
            raise RuntimeError("refused")
        return 0

    start(Duty("deliver", drain, 0.01, per_peer=lambda now: ("dead", "alive")))

    eventually("the living one was asked often", lambda: calls.count("alive") > 30, 20)
    assert calls.count("dead") < 8


def test_a_stop_lets_the_running_call_end_and_removes_the_heartbeat(tmp_path: Path) -> None:
    began, ended = threading.Event(), threading.Event()

    def slow(_now: datetime) -> int:
        began.set()
        threading.Event().wait(0.3)
        ended.set()
        return 0

    worker = Worker([Duty("slow", slow, 0.05)], tmp_path, clock=lambda: NOW)
    worker.start()
    began.wait(5)
    assert [pulse.pid for pulse in heartbeat.pulses(tmp_path)] == [os.getpid()]

    assert worker.finish()

    assert ended.is_set()
    assert heartbeat.pulses(tmp_path) == []


def test_the_heartbeat_of_a_killed_worker_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    stale = tmp_path / "run" / "worker-4194305.json"  # above the kernel's highest process number
    stale.write_text('{"pid": 4194305, "started_at": "", "beat_at": "2026-11-22T09:00:00+00:00", "duties": {}}')

    assert heartbeat.pulses(tmp_path) == []
    assert not stale.exists()


def test_sigterm_ends_a_worker(tmp_path: Path) -> None:
    worker = Worker([Duty("idle", lambda now: 0, 0.05)], tmp_path, clock=lambda: NOW)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
    try:
        assert worker.run() == 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
