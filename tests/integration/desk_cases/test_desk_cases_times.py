"""Ages and limits in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tongban.desk.cases.times import answer_badge, duration_zh, promise_badge

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=-5), "不到 1 分钟"),
        (timedelta(seconds=59), "不到 1 分钟"),
        (timedelta(minutes=12, seconds=40), "12 分钟"),
        (timedelta(hours=2), "2 小时"),
        (timedelta(hours=2, minutes=5), "2 小时 5 分"),
        (timedelta(days=1), "1 天"),
        (timedelta(days=3, hours=4, minutes=59), "3 天 4 小时"),
    ],
)
def test_a_length_of_time_is_told_in_its_two_largest_parts(length: timedelta, words: str) -> None:
    assert duration_zh(length) == words


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [
        (timedelta(hours=8), "还剩 8 小时", "going"),
        (timedelta(hours=3), "快到期，只剩 3 小时", "waiting"),
        (timedelta(minutes=1), "快到期，只剩 1 分钟", "waiting"),
        (timedelta(), "已到期，视为受理", "stopped"),
        (timedelta(days=-1), "已到期，视为受理", "stopped"),
    ],
)
def test_the_answer_time_presses_more_the_less_is_left(left: timedelta, words: str, tone: str) -> None:
    badge = answer_badge(NOW + left, NOW)

    assert (badge.text_zh, badge.tone) == (words, tone)


@pytest.mark.parametrize(
    ("due_on", "is_paused", "words", "tone"),
    [
        (date(2026, 11, 20), False, "超期 3 天", "stopped"),
        (date(2026, 11, 23), False, "今天到期", "waiting"),
        (date(2026, 11, 24), False, "明天到期", "going"),
        (date(2026, 12, 1), False, "12月1日到期", "going"),
        (date(2026, 11, 20), True, "暂停计时", "quiet"),
    ],
)
def test_the_promise_says_how_it_stands(due_on: date, is_paused: bool, words: str, tone: str) -> None:
    badge = promise_badge(due_on, date(2026, 11, 23), is_paused=is_paused)

    assert badge is not None
    assert (badge.text_zh, badge.tone) == (words, tone)
