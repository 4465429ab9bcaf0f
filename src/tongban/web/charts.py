"""Geometry of the band chart: pure numbers that the SVG template prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tongban.web.parts import Band, BandChart, Lane

WIDE = 960
NARROW = 380
EDGE = 2
LANE_HEIGHT = 62
BAR_TOP = 26
TOP = 30
LEAST_WIDTH = 6
GAP = 2
_TICK_SPACE = 76
_PADDING = 8
_FULL_WIDTH_CHARACTER = 13
_HALF_WIDTH_CHARACTER = 8


@dataclass(frozen=True, slots=True)
class DrawnBand:
    """A band with its place and its words: inside the bar, beside it where there is room, or none."""

    band: Band
    x: int
    y: int
    width: int
    text_zh: str
    text_x: int
    is_beside: bool


@dataclass(frozen=True, slots=True)
class DrawnLane:
    """A lane with the top of its name line and its bands."""

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
    """Everything the SVG needs, in its own units."""

    width: int
    height: int
    ticks: tuple[Tick, ...]
    lanes: tuple[DrawnLane, ...]


def draw(chart: BandChart, width: int = WIDE) -> Drawing:
    """Place every band; one outside the chart's time is cut at its edge."""
    assert chart.start < chart.end, "a band chart needs a stretch of time"
    lanes = tuple(_lane(chart, lane, TOP + n * LANE_HEIGHT, width) for n, lane in enumerate(chart.lanes))
    return Drawing(width, TOP + len(lanes) * LANE_HEIGHT, _ticks(chart, width), lanes)


def _x(chart: BandChart, day: date, width: int) -> int:
    inside = min(max(day, chart.start), chart.end)
    return EDGE + round((width - 2 * EDGE) * (inside - chart.start).days / (chart.end - chart.start).days)


def _lane(chart: BandChart, lane: Lane, y: int, width: int) -> DrawnLane:
    bands = sorted(lane.bands, key=lambda band: band.start)
    free_until = [_x(chart, band.start, width) for band in bands[1:]] + [width - EDGE]
    drawn = (_place(chart, band, free, y, width) for band, free in zip(bands, free_until, strict=True))
    return DrawnLane(lane.name_zh, y, tuple(drawn))


def _place(chart: BandChart, band: Band, free_until: int, lane_y: int, width: int) -> DrawnBand:
    x = _x(chart, band.start, width)
    bar = max(LEAST_WIDTH, _x(chart, band.end or chart.end, width) - x - GAP)
    needed = text_width(band.label_zh) + 2 * _PADDING
    fits_inside = needed <= bar
    fits_beside = x + bar + needed <= free_until
    return DrawnBand(
        band,
        x,
        lane_y + BAR_TOP,
        bar,
        band.label_zh if fits_inside or fits_beside else "",
        x + _PADDING if fits_inside else x + bar + _PADDING,
        not fits_inside,
    )


def text_width(text: str) -> int:
    """About how wide a label is drawn: Chinese characters full, others half."""
    return sum(_HALF_WIDTH_CHARACTER if ord(character) < 0x2000 else _FULL_WIDTH_CHARACTER for character in text)


def _ticks(chart: BandChart, width: int) -> tuple[Tick, ...]:
    years = range(chart.start.year + 1, chart.end.year + 1)
    stride = max(1, -(-len(years) * _TICK_SPACE // width))
    return tuple(Tick(_x(chart, date(year, 1, 1), width), str(year)) for year in years[::stride])
