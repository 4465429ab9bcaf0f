"""Every exception of the product, in one tree.

    TongbanError
    ├── NotPermitted      the actor may not do this here
    ├── NotFound          there is no such object, or none this actor may know of
    ├── WrongState        the move does not start from the present state
    ├── Stale             somebody else changed the object in between
    ├── InvalidInput      the form or message breaks its own rules; carries Problems
    ├── BadSignature      a signature does not belong to these bytes, key or time
    ├── EvidenceBroken    stored evidence contradicts itself (chain, digest, replay)
    ├── CalendarGap       a day lies outside the known working-day calendar
    └── OutsideError
        ├── Unavailable   try again later
        ├── BadReply      the other side answered nonsense; stop and tell the operator
        └── Declined      the other side said no; a normal answer for the applicant

What the law can answer is never an exception but a value (`tongban.domain.decision.Refusal`).
"""

# ruff: noqa: N818  -- the names are those of the house style and say what happened

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field, said so that the person who typed it can mend it."""

    field: str
    what_zh: str
    cure_zh: str

    def to_wire(self) -> dict[str, str]:
        return {"field": self.field, "what_zh": self.what_zh, "cure_zh": self.cure_zh}


class TongbanError(Exception):
    """The root.  `code` is stable and for machines, `message_zh` is for people."""

    def __init__(self, code: str, message_zh: str) -> None:
        super().__init__(code, message_zh)
        self.code = code
        self.message_zh = message_zh

    def __str__(self) -> str:
        return f"[{self.code}] {self.message_zh}"


class NotPermitted(TongbanError):
    """The actor lacks the permission, the place or the object."""


class NotFound(TongbanError):
    """No such object, or none that this actor may know of."""


class WrongState(TongbanError):
    """The move does not start from the present state."""


class Stale(TongbanError):
    """The object was changed by somebody else since it was read."""


class InvalidInput(TongbanError):
    """Input breaks its own rules; nothing was done.  `problems` is never empty."""

    def __init__(self, problems: Iterable[Problem], code: str = "invalid_input") -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        assert self.problems, "InvalidInput needs at least one problem"
        super().__init__(code, "；".join(problem.what_zh for problem in self.problems))


class BadSignature(TongbanError):
    """The signature does not fit the bytes, the key, or the time it claims."""


class EvidenceBroken(TongbanError):
    """Stored evidence contradicts itself: somebody or something changed it."""


class CalendarGap(TongbanError):
    """The working-day calendar does not reach the asked day; never guess."""


class OutsideError(TongbanError):
    """Another institution or system did not give a usable answer."""


class Unavailable(OutsideError):
    """No answer now; the same question may be asked again later."""


class BadReply(OutsideError):
    """An answer that cannot be understood or trusted."""


class Declined(OutsideError):
    """A proper no."""
