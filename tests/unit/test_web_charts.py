"""The band chart puts every band where its days are."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from tongban.web.charts import EDGE, LEAST_WIDTH, NARROW, WIDE, draw
from tongban.web.parts import Band, BandChart, Lane

START, END = date(2010, 1, 1), date(2020, 1, 1)


def chart(*bands: Band) -> BandChart:
    return BandChart("历史", START, END, (Lane("所有权", bands),))


def test_a_band_over_the_whole_time_fills_the_drawing() -> None:
    (drawn,) = draw(chart(Band("张", START))).lanes[0].bands

    assert drawn.x == EDGE
    assert WIDE - EDGE - (drawn.x + drawn.width) <= 2


def test_what_lies_outside_the_time_is_cut_at_the_edge() -> None:
    early, late = (
        draw(chart(Band("早", date(1990, 1, 1), date(2011, 1, 1)), Band("晚", date(2030, 1, 1)))).lanes[0].bands
    )

    assert early.x == EDGE
    assert late.x <= WIDE - EDGE


def test_bands_that_follow_each_other_do_not_touch() -> None:
    first, second = draw(chart(Band("甲", START, date(2015, 1, 1)), Band("乙", date(2015, 1, 1)))).lanes[0].bands

    assert first.x + first.width < second.x


def test_one_day_is_still_seen_and_its_name_stands_beside_it() -> None:
    (drawn,) = draw(chart(Band("异议登记", date(2012, 6, 1), date(2012, 6, 2)))).lanes[0].bands

    assert drawn.width == LEAST_WIDTH
    assert (drawn.text_zh, drawn.is_beside) == ("异议登记", True)
    assert drawn.text_x > drawn.x + drawn.width


def test_a_name_with_no_room_is_left_to_the_table() -> None:
    short = Band("很长很长的权利人名称", date(2012, 6, 1), date(2012, 7, 1))
    first, _ = draw(chart(short, Band("乙", date(2012, 8, 1)))).lanes[0].bands

    assert first.text_zh == ""


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_year_labels_never_run_into_each_other(width: int) -> None:
    ticks = draw(BandChart("历史", date(1950, 1, 1), END, ()), width).ticks

    gaps = [after.x - before.x for before, after in pairwise(ticks)]
    assert min(gaps) >= 40
