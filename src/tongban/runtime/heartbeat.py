"""Heartbeats: a small file per worker process that says which duty last succeeded, how often, and what failed."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tongban.runtime.locks import run_dir

PATTERN = "worker-*.json"


@dataclass(slots=True)
class DutyRecord:
    """Counts of one duty since its worker started; times as ISO text in UTC."""

    runs: int = 0
    done: int = 0
    failures: int = 0
    failures_in_row: int = 0
    last_ok_at: str = ""
    last_error: str = ""


@dataclass(slots=True)
class Heartbeat:
    """The record of one worker, written by `beat`, removed by `end`; safe to use from many threads."""

    home: Path
    started_at: datetime
    duties: dict[str, DutyRecord] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def path(self) -> Path:
        return run_dir(self.home) / f"worker-{os.getpid()}.json"

    def succeeded(self, duty: str, done: int, now: datetime) -> None:
        """Count one run that came to its end."""
        with self._lock:
            record = self.duties.setdefault(duty, DutyRecord())
            record.runs += 1
            record.done += done
            record.failures_in_row = 0
            record.last_ok_at = now.isoformat()

    def failed(self, duty: str, error: BaseException) -> None:
        """Count one run that raised."""
        with self._lock:
            record = self.duties.setdefault(duty, DutyRecord())
            record.runs += 1
            record.failures += 1
            record.failures_in_row += 1
            record.last_error = type(error).__name__

    def beat(self, now: datetime) -> None:
        """Write the file so that a reader sees the old or the new one, never half."""
        with self._lock:
            content: dict[str, Any] = {
                "pid": os.getpid(),
                "started_at": self.started_at.isoformat(),
                "beat_at": now.isoformat(),
                "duties": {name: asdict(record) for name, record in self.duties.items()},
            }
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(content, indent=1))
        fresh.replace(self.path)

    def end(self) -> None:
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a heartbeat file says: which process, when it last wrote, and its duties."""

    pid: int
    beat_at: datetime
    duties: dict[str, DutyRecord]


def pulses(home: Path) -> list[Pulse]:
    """Every worker of this home whose process still lives; files of dead ones are removed."""
    found = []
    for path in sorted((home / "run").glob(PATTERN)):
        content = json.loads(path.read_text())
        if not Path(f"/proc/{content['pid']}").exists():
            path.unlink(missing_ok=True)
            continue
        duties = {name: DutyRecord(**record) for name, record in content["duties"].items()}
        found.append(Pulse(content["pid"], datetime.fromisoformat(content["beat_at"]), duties))
    return found
