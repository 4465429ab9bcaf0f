"""Child processes of the supervisor: started, watched, restarted with growing pauses, never left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
STEADY_AFTER_S = 10.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int, signal_no: int = signal.SIGTERM) -> None:
    """Ask the kernel to send `signal_no` when the parent dies; exits at once if it has died already.

    To be called in the child, on its main thread; survives exec, but not a change of user.
    """
    if _libc.prctl(_PR_SET_PDEATHSIG, signal_no, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:
        os._exit(1)


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: `identity` is the user to become (as for subprocess), `log` takes the output instead of ours.

    With `once` it is not started again after it ended.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    stop_signal: int = signal.SIGTERM
    identity: Mapping[str, Any] = field(default_factory=dict)
    log: Path | None = None
    folder: str | None = None
    once: bool = False


class Child:
    """One program kept alive: `step` starts it when it is due and notices when it ended."""

    def __init__(self, program: Program, report: Callable[[str], None]) -> None:
        self.program = program
        self._report = report
        self._process: subprocess.Popen[bytes] | None = None
        self._failures = 0
        self._started_at = 0.0
        self._due_at = 0.0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def step(self, now_s: float | None = None) -> None:
        """Notice an end, start again when the pause is over; `now_s` is the monotonic clock."""
        now_s = time.monotonic() if now_s is None else now_s
        if self._process is not None and self._process.poll() is not None:
            self._ended(now_s)
        if self._process is None and now_s >= self._due_at and not (self.program.once and self._started_at):
            self._start(now_s)

    def ask_to_stop(self) -> None:
        """Send the program its own stop signal."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(self.program.stop_signal)

    def wait_stopped(self, until_s: float) -> None:
        """Wait for the end until the monotonic `until_s`, then kill the program and its whole group."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.05, until_s - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._report(f"{self.program.name} does not stop: killed")
        self._kill_group()
        self._process.wait()
        self._process = None

    def _start(self, now_s: float) -> None:
        parent = os.getpid()
        log = self.program.log.open("ab") if self.program.log else None
        try:
            self._process = subprocess.Popen(
                self.program.command,
                env=dict(self.program.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.program.folder,
                start_new_session=True,
                # The supervisor has one thread, so code between fork and exec is safe here.
                preexec_fn=lambda: die_with_parent(parent, self.program.stop_signal),
                **self.program.identity,
            )
        finally:
            if log:
                log.close()
        self._started_at = now_s
        self._report(f"{self.program.name} started, pid {self._process.pid}")

    def _ended(self, now_s: float) -> None:
        assert self._process is not None, "only a started program can end"
        how = _how(self._process.returncode)
        self._kill_group()
        self._process = None
        if self.program.once:
            self._report(f"{self.program.name} ended ({how})")
            return
        self._failures = 0 if now_s - self._started_at > STEADY_AFTER_S else self._failures + 1
        pause = min(FIRST_PAUSE_S * 2 ** max(0, self._failures - 1), LONGEST_PAUSE_S)
        self._due_at = now_s + pause
        self._report(f"{self.program.name} ended ({how}); again in {pause:.1f} s")

    def _kill_group(self) -> None:
        """End what the program may have left behind in its group (granian's workers after a kill of granian)."""
        assert self._process is not None, "a group belongs to a started program"
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
