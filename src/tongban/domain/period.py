"""A stretch of days during which a rule of law holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included; None: until further notice."""

    first: date
    last: date | None = None

    def __post_init__(self) -> None:
        assert self.last is None or self.first <= self.last, "a period ends after it began"

    def holds(self, day: date) -> bool:
        """Whether the day is within it."""
        return self.first <= day and (self.last is None or day <= self.last)
