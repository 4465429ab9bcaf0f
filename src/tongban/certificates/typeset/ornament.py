"""The drawing behind a certificate, by formula: woven frame, rosettes, waves.

As SVG it is set in a tenth of the time typst takes to draw the same lines itself.  Units are millimetres on A4 landscape.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache

WIDTH, HEIGHT = 297.0, 210.0
_MARGIN, _CORNER = 7.0, 5.0
_BRONZE, _BRONZE_LIGHT = "#8f5a3c", "#dfcabc"
_JADE_LIGHT = "#b5cdc2"
_WAVE_COLOURS = ("#ecd0c7", "#c9dfd3")
_WAVE_ROWS, _WAVE_HALVES, _WAVE_HEIGHT = 46, 18, 3.4
_BRAID_HEIGHTS = (3.0, 2.35, 1.7, 1.05, 0.4)
_ROSETTE_RINGS = ((1.0, 0.62), (0.8, 0.36), (0.56, 0.3))
# A cubic comes closest to half a sine wave, and to a quarter of an ellipse, with its handles at these parts.
_WAVE_HANDLE, _ELLIPSE_HANDLE = 0.3642, 0.5523


@cache
def background_svg() -> str:
    """The whole drawing; the same text every time."""
    waves = (
        _line("".join(_background_wave(row) for row in range(parity, _WAVE_ROWS + 1, 2)), 0.065, colour)
        for parity, colour in enumerate(_WAVE_COLOURS)
    )
    rosettes = (
        _line(_rosette(76, 100, 38, 36), 0.056, _JADE_LIGHT),
        _line(_rosette(240, 120, 48, 40), 0.056, _BRONZE_LIGHT),
    )
    return "".join((_HEAD, *waves, *rosettes, *_frame(), "</svg>"))


_HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}">'
    '<defs><linearGradient id="tint" x1="0" y1="0" x2="1" y2="0.6"><stop offset="0" stop-color="#fdf3ef"/>'
    '<stop offset="0.5" stop-color="#fbfaf1"/><stop offset="1" stop-color="#eef6f1"/></linearGradient></defs>'
    f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="url(#tint)"/>'
)


def _frame() -> Iterable[str]:
    """Four braids between four corners, and a double line inside."""
    near, far_x, far_y = _MARGIN + _CORNER / 2, WIDTH - _MARGIN - _CORNER / 2, HEIGHT - _MARGIN - _CORNER / 2
    start = _MARGIN + _CORNER
    across, down = WIDTH - 2 * start, HEIGHT - 2 * start
    edges = (
        (start, near, across, 60, False),
        (start, far_y, across, 60, False),
        (near, start, down, 42, True),
        (far_x, start, down, 42, True),
    )
    braids = (
        _wave(x, y, length, height, halves, phase=phase, turned=turned)
        for x, y, length, halves, turned in edges
        for height in _BRAID_HEIGHTS
        for phase in (1, -1)
    )
    yield _line("".join(braids), 0.095, _BRONZE)
    for x in (near, far_x):
        for y in (near, far_y):
            yield _line(_square(x, y, _CORNER / 2, 0), 0.2, _BRONZE, fill="#fdf8f3")
            yield _line("".join(_square(x, y, 1.45, turn) for turn in range(0, 90, 15)), 0.08, _BRONZE)
    for inset, width in ((1.1, 0.32), (2.0, 0.1)):
        yield (
            f'<rect x="{start + inset:g}" y="{start + inset:g}" width="{across - 2 * inset:g}" '
            f'height="{down - 2 * inset:g}" fill="none" stroke="{_BRONZE}" stroke-width="{width:g}"/>'
        )


def _background_wave(row: int) -> str:
    y = HEIGHT / _WAVE_ROWS * row
    return _wave(-6, y, WIDTH + 12, _WAVE_HEIGHT, _WAVE_HALVES, phase=1 if row % 4 < 2 else -1)


def _wave(  # noqa: PLR0913 - place, size and direction of one line
    x: float, y: float, length: float, height: float, halves: int, *, phase: int, turned: bool = False
) -> str:
    """A line of half sine waves from a point onwards, or downwards when turned."""

    def at(along: float, off: float) -> str:
        return _point(x - off, y + along) if turned else _point(x + along, y + off)

    step, drawn = length / halves, [f"M{at(0, 0)}"]
    for half in range(halves):
        up = -height * (phase if half % 2 == 0 else -phase)
        handles = at(step * (half + _WAVE_HANDLE), up), at(step * (half + 1 - _WAVE_HANDLE), up)
        drawn.append(f"C{handles[0]} {handles[1]} {at(step * (half + 1), 0)}")
    return "".join(drawn)


def _rosette(x: float, y: float, radius: float, turns: int) -> str:
    """Ellipses turned about one centre: their envelope is the rosette."""
    return "".join(
        _ellipse(x, y, radius * long, radius * short, math.pi / turns * turn)
        for long, short in _ROSETTE_RINGS
        for turn in range(turns)
    )


def _ellipse(x: float, y: float, a: float, b: float, turn: float) -> str:
    cosine, sine, k = math.cos(turn), math.sin(turn), _ELLIPSE_HANDLE

    def at(u: float, v: float) -> str:
        return _point(x + u * cosine - v * sine, y + u * sine + v * cosine)

    return (
        f"M{at(a, 0)}C{at(a, b * k)} {at(a * k, b)} {at(0, b)}C{at(-a * k, b)} {at(-a, b * k)} {at(-a, 0)}"
        f"C{at(-a, -b * k)} {at(-a * k, -b)} {at(0, -b)}C{at(a * k, -b)} {at(a, -b * k)} {at(a, 0)}"
    )


def _square(x: float, y: float, half: float, degrees: float) -> str:
    corners = (math.radians(degrees + 45 + 90 * corner) for corner in range(4))
    reach = half * math.sqrt(2)
    points = [_point(x + reach * math.cos(angle), y + reach * math.sin(angle)) for angle in corners]
    return f"M{points[0]}L{' L'.join(points[1:])}Z"


def _line(path: str, width: float, colour: str, *, fill: str = "none") -> str:
    return f'<path d="{path}" fill="{fill}" stroke="{colour}" stroke-width="{width:g}"/>'


def _point(x: float, y: float) -> str:
    return f"{x:.2f} {y:.2f}"
