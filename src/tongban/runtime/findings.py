"""What the doctor finds: a subject, its state, and the command that repairs it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """FINE: nothing to do. NOTE: works, but know it. BAD: repair it."""

    FINE = "正常"
    NOTE = "注意"
    BAD = "故障"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing examined; whatever is not fine says in `cure_zh` which command or act repairs it."""

    subject_zh: str
    what_zh: str
    level: Level = Level.FINE
    cure_zh: str = ""

    def __post_init__(self) -> None:
        assert self.level is Level.FINE or self.cure_zh, f"{self.subject_zh}: a finding without a cure helps nobody"


def bad(subject_zh: str, what_zh: str, cure_zh: str) -> Finding:
    """Something to repair."""
    return Finding(subject_zh, what_zh, Level.BAD, cure_zh)


def note(subject_zh: str, what_zh: str, cure_zh: str) -> Finding:
    """Something that works, but should be known."""
    return Finding(subject_zh, what_zh, Level.NOTE, cure_zh)
