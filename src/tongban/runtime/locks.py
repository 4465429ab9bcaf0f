"""Locks of a site's home: one supervisor at a time, and who is using the embedded database just now."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

SUPERVISOR = "supervisor.lock"
DATABASE_USERS = "database-users.lock"
DATABASE_CHANGE = "database-change.lock"


class LockTakenError(RuntimeError):
    """Another process holds the lock; `holder` is what it wrote about itself."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


def run_dir(home: Path) -> Path:
    """Folder of locks and heartbeats; nothing in it needs a backup."""
    folder = home / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def only_supervisor(home: Path, about: str) -> Iterator[None]:
    """Hold the supervisor's lock; raises LockTakenError when another one runs. The kernel frees it at any death."""
    with (run_dir(home) / SUPERVISOR).open("a+") as lock:
        if not _try(lock, fcntl.LOCK_EX):
            lock.seek(0)
            raise LockTakenError(lock.read().strip())
        lock.truncate(0)
        lock.write(f"pid {os.getpid()}, {about}\n")
        lock.flush()
        yield
        lock.truncate(0)


def supervisor_of(home: Path) -> str | None:
    """What the running supervisor wrote about itself, or None when none runs."""
    path = home / "run" / SUPERVISOR
    if not path.exists():
        return None
    with path.open() as lock:
        return None if _try(lock, fcntl.LOCK_SH) else lock.read().strip()


@contextmanager
def database_change(home: Path) -> Iterator[None]:
    """Nobody else starts or stops the embedded server within the block."""
    with (run_dir(home) / DATABASE_CHANGE).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Presence:
    """The mark of a process that is using the embedded server."""

    def __init__(self, home: Path) -> None:
        self._file = (run_dir(home) / DATABASE_USERS).open("a")

    def enter(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def is_alone(self) -> bool:
        """Whether nobody else is using the server; the own mark is given up by asking. Ask within `database_change`."""
        fcntl.flock(self._file, fcntl.LOCK_UN)
        alone = _try(self._file, fcntl.LOCK_EX)
        fcntl.flock(self._file, fcntl.LOCK_UN)
        return alone

    def close(self) -> None:
        self._file.close()


def _try(lock: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
