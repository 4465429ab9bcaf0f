"""The worker: carries out every duty of a site, one thread each, until it is asked to stop."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from types import FrameType

from django.db import connections
from django.utils import timezone

from tongban.runtime.duties import Duty
from tongban.runtime.heartbeat import Heartbeat

FIRST_PAUSE_S = 0.01
FIRST_FAILURE_PAUSE_S = 0.1
LONGEST_FAILURE_PAUSE_S = 5.0
STEP_S = 0.1
STEPS_PER_BEAT = 20
LONGEST_RUNG_PAUSE_S = 5.0
STOP_LIMIT_S = 8.0
PEERS_AT_ONCE = 16

logger = logging.getLogger(__name__)


class Rhythm:
    """How long to wait before the next call: not at all while busy, longer and longer while idle or failing."""

    def __init__(self, longest_s: float) -> None:
        self._longest_s = longest_s
        self._idle_s = FIRST_PAUSE_S
        self._failing_s = FIRST_FAILURE_PAUSE_S

    def after(self, done: int) -> float:
        """The pause in seconds after a run that did `done` things."""
        self._failing_s = FIRST_FAILURE_PAUSE_S
        if done:
            self._idle_s = FIRST_PAUSE_S
            return 0.0
        pause = min(self._idle_s, self._longest_s)
        self._idle_s = min(self._idle_s * 2, self._longest_s)
        return pause

    def after_failure(self) -> float:
        """The pause in seconds after a run that raised."""
        pause, self._failing_s = self._failing_s, min(self._failing_s * 2, LONGEST_FAILURE_PAUSE_S)
        return pause


class Bell:
    """Rung when a duty did something: the others look at once instead of resting to the end of their pause."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rings = 0
        self.is_over = False

    @property
    def rings(self) -> int:
        return self._rings

    def ring(self) -> None:
        with self._changed:
            self._rings += 1
            self._changed.notify_all()

    def end(self) -> None:
        """Nobody rests any more."""
        with self._changed:
            self.is_over = True
            self._changed.notify_all()

    def rest(self, pause_s: float, heard: int | None = None) -> None:
        """Rest for the pause, or until the end, or until a ring after the `heard` one (None: rings do not matter)."""
        with self._changed:
            self._changed.wait_for(lambda: self.is_over or heard not in (None, self._rings), pause_s)


class Peer:
    """One peer of a duty: being served, resting after a fruitless call, or free."""

    def __init__(self, name: str, duty: Duty) -> None:
        self.name = name
        self.duty = duty
        self.rhythm = Rhythm(duty.pause_s)
        self.serving: Future[None] | None = None
        self.rested_at_s = 0.0

    def is_free(self) -> bool:
        return (self.serving is None or self.serving.done()) and time.monotonic() >= self.rested_at_s


class Worker:
    """Threads for duties; one failing duty stops neither itself nor another."""

    def __init__(self, duties: Sequence[Duty], home: Path, clock: Callable[[], datetime] = timezone.now) -> None:
        self._duties = duties
        self._clock = clock
        self._bell = Bell()
        self._is_asked_to_stop = False
        self._threads: list[threading.Thread] = []
        self.heartbeat = Heartbeat(home, clock())

    def run(self) -> int:
        """Work until SIGTERM or SIGINT; 0 when every duty ended in time."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        self.start()
        steps = 0
        while not self._is_asked_to_stop:
            time.sleep(STEP_S)
            steps += 1
            if steps % STEPS_PER_BEAT == 0:
                self.heartbeat.beat(self._clock())
        return 0 if self.finish() else 1

    def start(self) -> None:
        """Start a thread per duty and write the first heartbeat."""
        for duty in self._duties:
            work = self._keep_peers_served if duty.per_peer else self._keep_running
            thread = threading.Thread(target=work, args=(duty,), name=duty.name, daemon=True)
            self._threads.append(thread)
            thread.start()
        self.heartbeat.beat(self._clock())

    def finish(self) -> bool:
        """Let every duty end its current run; False when one did not within the limit."""
        self._bell.end()
        until = time.monotonic() + STOP_LIMIT_S
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        self.heartbeat.end()
        return not any(thread.is_alive() for thread in self._threads)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        # A lock taken here could be one the interrupted code holds: a plain flag only.
        self._is_asked_to_stop = True

    def _keep_running(self, duty: Duty) -> None:
        rhythm = Rhythm(duty.pause_s)
        while not self._bell.is_over:
            heard = self._bell.rings
            done = self._once(duty.name, partial(duty.run, self._clock()))
            self._rest(duty, rhythm, done, heard)
        connections.close_all()

    def _keep_peers_served(self, duty: Duty) -> None:
        """Ask who has something due, and serve each in a thread of its own, never twice at once."""
        assert duty.per_peer is not None, "only duties with peers come here"
        rhythm = Rhythm(duty.pause_s)
        peers: dict[str, Peer] = {}
        with ThreadPoolExecutor(PEERS_AT_ONCE, thread_name_prefix=duty.name) as pool:
            while not self._bell.is_over:
                heard = self._bell.rings
                due: list[str] = []
                found = self._once(f"{duty.name}: who", partial(_collect, duty.per_peer, self._clock(), due))
                fresh = [peer for name in due if (peer := peers.setdefault(name, Peer(name, duty))).is_free()]
                for peer in fresh:
                    peer.serving = pool.submit(self._serve, peer)
                self._rest(duty, rhythm, None if found is None else len(fresh), heard)
        connections.close_all()

    def _rest(self, duty: Duty, rhythm: Rhythm, done: int | None, heard: int) -> None:
        """Rest as the last run calls for; a ring shortens only the pauses that follow a run without work."""
        if done is None:
            self._bell.rest(rhythm.after_failure())
        elif done and duty.batch_s:
            rhythm.after(done)
            self._bell.rest(duty.batch_s)
        elif pause_s := rhythm.after(done):
            self._bell.rest(FIRST_PAUSE_S)
            if pause_s > FIRST_PAUSE_S:
                self._bell.rest(pause_s - FIRST_PAUSE_S, heard if duty.pause_s <= LONGEST_RUNG_PAUSE_S else None)

    def _serve(self, peer: Peer) -> None:
        done: int | None = 1
        while done and not self._bell.is_over:
            done = self._once(f"{peer.duty.name}: {peer.name}", partial(peer.duty.run, peer.name, self._clock()))
            pause_s = peer.rhythm.after_failure() if done is None else peer.rhythm.after(done)
            peer.rested_at_s = time.monotonic() + pause_s
        connections.close_all()

    def _once(self, name: str, call: Callable[[], int]) -> int | None:
        """One run at the edge of the worker: whatever it raises is logged, counted and tried again."""
        try:
            done = call()
        except Exception as error:
            if not self._bell.is_over:
                logger.exception("duty %s failed", name)
            self.heartbeat.failed(name, error)
            connections.close_all()
            return None
        self.heartbeat.succeeded(name, done, self._clock())
        if done:
            self._bell.ring()
        return done


def _collect(per_peer: Callable[[datetime], Iterable[str]], now: datetime, into: list[str]) -> int:
    into.extend(per_peer(now))
    return 0  # finding out is no work done: it wakes nobody


def stop_for_good(code: int) -> None:
    """End the process even when a duty hangs in an outside call."""
    logging.shutdown()
    os._exit(code)
