"""What a page hands to a component: frozen view data, already worded in Chinese by the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Tone(StrEnum):
    """What a mark says beside its words; every tone has its own shape, never colour alone."""

    QUIET = "quiet"
    GOING = "going"
    WAITING = "waiting"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Badge:
    """A state in a word or two."""

    text_zh: str
    tone: Tone = Tone.QUIET


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    text_zh: str
    url: str


@dataclass(frozen=True, slots=True)
class Datum:
    """One named value.  Fetched values say from where and when; a missing one says why in `missing_zh`."""

    name_zh: str
    value: object = ""
    source_zh: str = ""
    fetched_at: datetime | None = None
    missing_zh: str = ""
    is_code: bool = False

    @property
    def is_missing(self) -> bool:
        """Whether there is no value, and words for why."""
        return bool(self.missing_zh) and (self.value is None or self.value == "")


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after an act."""

    name_zh: str
    before: object = ""
    after: object = ""

    @property
    def is_changed(self) -> bool:
        """Whether the act touches this value."""
        return self.before != self.after


class StepState(StrEnum):
    """Where a step of a journey stands."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a journey: what, by whom, when."""

    label_zh: str
    state: StepState
    by_zh: str = ""
    at: datetime | None = None
    note_zh: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Where it is now, who has to act until when, what happens next, and the steps."""

    now: Badge
    who_zh: str
    next_zh: str
    until: date | datetime | None = None
    steps: Sequence[Step] = ()


class ClockState(StrEnum):
    """Whether a legal or service time limit is counting."""

    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit in working days: how much is used, when it ends, what it rests on."""

    name_zh: str
    used_days: int
    limit_days: int
    state: ClockState = ClockState.RUNNING
    due_on: date | None = None
    basis_zh: str = ""

    @property
    def tone(self) -> Tone:
        """Red when over, amber from four fifths or while paused, calm otherwise."""
        if self.state is ClockState.OVERDUE or (self.state is ClockState.RUNNING and self.used_days > self.limit_days):
            return Tone.STOPPED
        if self.state is ClockState.DONE:
            return Tone.DONE
        tight = self.used_days * 5 >= self.limit_days * 4
        return Tone.WAITING if tight or self.state is ClockState.PAUSED else Tone.GOING

    @property
    def bar_width(self) -> int:
        """Used part, 0 to 100, for the drawing."""
        return min(100, round(100 * self.used_days / self.limit_days)) if self.limit_days else 100


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a desk table.  `kind`: text, code, number, time, day, money (fen)."""

    label_zh: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: cells in column order (text, number, time, Badge, Link, None) and where Enter leads."""

    cells: Sequence[object]
    url: str = ""
    tone: Tone | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A dense desk table.  With `is_queue` j, k and Enter move through it."""

    caption_zh: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    is_queue: bool = False
    empty_zh: str = "没有记录"


@dataclass(frozen=True, slots=True)
class KeyPage:
    """A page of a list reached by key, never by number."""

    previous_url: str = ""
    next_url: str = ""
    shown: int = 0
    total_zh: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab is a link to the same page with another part shown; `key` is its single-letter shortcut."""

    label_zh: str
    url: str
    is_current: bool = False
    count: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A scan or PDF to look at; its response must allow framing by this site (`xframe_options_sameorigin`)."""

    title_zh: str
    url: str
    media_type: str
    note_zh: str = ""

    @property
    def is_image(self) -> bool:
        """Whether the browser can draw it as a picture."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class Progress:
    """Which page of how many an applicant is on."""

    step: int
    total: int
    title_zh: str

    @property
    def marks(self) -> tuple[str, ...]:
        """One word per step: done, now, next."""
        return tuple("done" if n < self.step else "now" if n == self.step else "next" for n in range(1, self.total + 1))


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of time with a name; `end` None reaches to the chart's end and beyond."""

    label_zh: str
    start: date
    end: date | None = None
    tone: Tone = Tone.GOING
    detail_zh: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of a band chart."""

    name_zh: str
    bands: Sequence[Band]


@dataclass(frozen=True, slots=True)
class BandChart:
    """Lanes of bands over the years from `start` to `end`, drawn as SVG with a table behind."""

    title_zh: str
    start: date
    end: date
    lanes: Sequence[Lane]
