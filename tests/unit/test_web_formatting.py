"""Times, money, areas and sizes read in plain Chinese."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest

from tongban.web.formatting import area_zh, bytes_zh, fen_zh, machine_time, moment_zh, share_zh

LATE_IN_UTC = datetime(2026, 3, 5, 17, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("", "2026年3月6日 01:05"),
        ("day", "2026年3月6日"),
        ("weekday", "2026年3月6日（星期五）"),
        ("short", "3月6日 01:05"),
        ("second", "2026年3月6日 01:05:09"),
        ("clock", "01:05"),
    ],
)
def test_an_instant_is_written_in_the_time_of_the_province(form: str, words: str) -> None:
    assert moment_zh(LATE_IN_UTC, form) == words


def test_a_day_stays_a_day_and_nothing_is_a_dash() -> None:
    assert moment_zh(date(2026, 3, 5)) == "2026年3月5日"
    assert moment_zh(date(2026, 3, 5), "short") == "3月5日"
    assert moment_zh(None) == "—"


def test_an_instant_without_a_zone_is_a_programmer_error() -> None:
    with pytest.raises(AssertionError, match="zone"):
        moment_zh(datetime(2026, 3, 5))  # noqa: DTZ001


def test_machines_read_the_same_instant() -> None:
    elsewhere = LATE_IN_UTC.astimezone(timezone(timedelta(hours=-5)))

    assert machine_time(elsewhere) == "2026-03-06T01:05:09+08:00"
    assert machine_time(date(2026, 3, 5)) == "2026-03-05"


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "0.00 元"),
        (5, "0.05 元"),
        (8000, "80.00 元"),
        (123456789, "1,234,567.89 元"),
        (-550, "-5.50 元"),
        (None, "—"),
    ],
)
def test_fen_are_written_as_yuan_without_floating_point(fen: int | None, words: str) -> None:
    assert fen_zh(fen) == words


def test_an_area_keeps_every_digit_of_the_survey() -> None:
    assert area_zh("89.5") == "89.50 平方米"
    assert area_zh(Decimal("1234.567")) == "1,234.567 平方米"
    assert area_zh("") == "—"


def test_shares_name_the_kind_of_ownership() -> None:
    assert share_zh(None) == "共同共有"
    assert share_zh(Fraction(1)) == "单独所有"
    assert share_zh(Fraction(2, 6)) == "按份共有 1/3"


def test_file_sizes_use_the_unit_a_person_would() -> None:
    assert [bytes_zh(size) for size in (1, 1023, 1024, 20 * 1024 * 1024)] == ["1 字节", "1023 字节", "1 KB", "20.0 MB"]
