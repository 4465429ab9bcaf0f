"""Geometry of the band chart: pure numbers that the SVG template prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tongban.web.parts import Band, BandChart

WIDTH = 960
LEFT = 8
LANE_HEIGHT = 62
BAR_TOP = 26
TOP = 30
MOST_TICKS = 12
_CHARACTER_WIDTH = 14


@dataclass(frozen=True, slots=True)
class DrawnBand:
    """A band with its place; `text_zh` is empty when the words do not fit the bar."""

    band: Band
    x: int
    y: int
    width: int
    text_zh: str


@dataclass(frozen=True, slots=True)
class DrawnLane:
    """A lane with the height of its name line and its bands."""

    name_zh: str
    y: int
    bands: tuple[DrawnBand, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A year line."""

    x: int
    label: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything the SVG needs."""

    height: int
    ticks: tuple[Tick, ...]
    lanes: tuple[DrawnLane, ...]


def draw(chart: BandChart) -> Drawing:
    """Place every band; a band outside the chart's time is cut at its edge."""
    assert chart.start < chart.end, "a band chart needs a stretch of time"
    lanes = tuple(
        DrawnLane(lane.name_zh, TOP + n * LANE_HEIGHT, tuple(_place(chart, band, TOP + n * LANE_HEIGHT) for band in lane.bands))
        for n, lane in enumerate(chart.lanes)
    )
    return Drawing(TOP + len(lanes) * LANE_HEIGHT + 8, _ticks(chart), lanes)


def _x(chart: BandChart, day: date) -> int:
    inside = min(max(day, chart.start), chart.end)
    return LEFT + round((WIDTH - 2 * LEFT) * (inside - chart.start).days / (chart.end - chart.start).days)


def _place(chart: BandChart, band: Band, lane_y: int) -> DrawnBand:
    x = _x(chart, band.start)
    width = max(4, _x(chart, band.end or chart.end) - x)
    fits = len(band.label_zh) * _CHARACTER_WIDTH + 16 <= width
    return DrawnBand(band, x, lane_y + BAR_TOP, width, band.label_zh if fits else "")


def _ticks(chart: BandChart) -> tuple[Tick, ...]:
    years = range(chart.start.year + 1, chart.end.year + 1)
    stride = max(1, -(-len(years) // MOST_TICKS))
    return tuple(Tick(_x(chart, date(year, 1, 1)), str(year)) for year in years[::stride])
