"""How times, money, areas and sizes read in plain Chinese; pure functions behind the template filters."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_WEEKDAYS_ZH = "一二三四五六日"
_KIB = 1024


def moment_zh(value: date | datetime | None, form: str = "") -> str:
    """Write an instant (aware) or a day.

    `form`: "" (a day, and the minute when there is one), "day", "weekday", "short" (no year), "second", "clock".
    Nothing gives a dash.
    """
    if value is None:
        return "—"
    if not isinstance(value, datetime):
        return _day_zh(value, form)
    assert value.tzinfo is not None, "an instant shown to a person must know its zone"
    local = value.astimezone(SHANGHAI)
    match form:
        case "day" | "weekday":
            return _day_zh(local.date(), form)
        case "short":
            return f"{local.month}月{local.day}日 {local:%H:%M}"
        case "second":
            return f"{_day_zh(local.date(), '')} {local:%H:%M:%S}"
        case "clock":
            return f"{local:%H:%M}"
        case _:
            return f"{_day_zh(local.date(), '')} {local:%H:%M}"


def _day_zh(value: date, form: str) -> str:
    if form == "short":
        return f"{value.month}月{value.day}日"
    text = f"{value.year}年{value.month}月{value.day}日"
    return f"{text}（星期{_WEEKDAYS_ZH[value.weekday()]}）" if form == "weekday" else text


def machine_time(value: date | datetime) -> str:
    """The `datetime` attribute of a `<time>` element."""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat(timespec="seconds")
    return value.isoformat()


def fen_zh(fen: int | None) -> str:
    """Write integer fen as yuan: 123450 → "1,234.50 元"."""
    if fen is None:
        return "—"
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}{yuan:,}.{rest:02d} 元"


def area_zh(area_m2: Decimal | str | None) -> str:
    """Write an area in square metres with two decimals at least."""
    if area_m2 is None or area_m2 == "":
        return "—"
    area = Decimal(area_m2)
    return f"{area:,.2f} 平方米" if area == round(area, 2) else f"{area:,} 平方米"


def share_zh(share: Fraction | None) -> str:
    """Write a co-owner's share; None is joint ownership, which has no shares."""
    if share is None:
        return "共同共有"
    return "单独所有" if share == 1 else f"按份共有 {share.numerator}/{share.denominator}"


def bytes_zh(size: int) -> str:
    """Write a file size: "340 KB", "1.2 MB"."""
    if size < _KIB:
        return f"{size} 字节"
    return f"{size // _KIB} KB" if size < _KIB * _KIB else f"{size / _KIB / _KIB:.1f} MB"
