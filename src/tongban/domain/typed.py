"""What people type, in its normal form where it can mean one thing only; else what is wrong with it and what to do.

“800,000” and “80 0000元” are 800000.  “80万” is asked back with the figure it would be, since it decides about tax, and
“1,23” is not guessed at.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Final

from tongban.domain.errors import Problem

FIRST_YEAR: Final = 1900
YEARS_AHEAD_MAX: Final = 100  # longer than any right here runs
_LABEL: Final = re.compile(r"^[^:：\d]{2,16}[:：]\s*")
_GROUPED: Final = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_MYRIADS: Final = re.compile(r"(\d{1,8}(?:\.\d{1,6})?)(万|亿)", re.ASCII)
_MINUS_OR_ZERO: Final = re.compile(r"-[\d.]+|0+(\.0*)?", re.ASCII)
_PLACES: Final = {"万": 4, "亿": 8}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOBILE: Final = re.compile(r"(?:\+?86)?(1[3-9]\d{9})", re.ASCII)
_AREA_CODE: Final = re.compile(r"\((0\d{2,3})\)-?(\d{7,8})", re.ASCII)


def without_label(text: str) -> str:
    """A pasted value without the name before it and the stop behind it: “身份证号：4105…。” gives the number."""
    return _LABEL.sub("", text.strip()).rstrip("。；;，,、 ")


def plain_figure(text: str) -> str:
    """A number half-width, without blanks, unit and the commas between its thousands; any other comma stays."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    plain = plain.removeprefix("¥").removesuffix("元").removesuffix("M2").removesuffix("平方米")
    return plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain


def plain_phone(text: str) -> str:
    """A telephone number without blanks, country code and the hyphens of a mobile one."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if found := _MOBILE.fullmatch(plain.replace("-", "")):
        return found[1]
    if found := _AREA_CODE.fullmatch(plain):
        return f"{found[1]}-{found[2]}"
    return plain


def amount_problem(label_zh: str, text: str) -> Problem:
    """What is wrong with a text that is no amount in yuan."""
    name_zh, cure_zh = f"“{label_zh}”", "请填元，可以有两位小数，例如 800000 或者 800000.50"
    if found := _MYRIADS.fullmatch(text):
        yuan = Decimal(found[1]).scaleb(_PLACES[found[2]])
        return Problem("", f"{name_zh}写的是“{text}”，要写成元", f"请核对以后填 {yuan.normalize():f}")
    if _MINUS_OR_ZERO.fullmatch(text):
        return Problem("", f"{name_zh}要大于0", cure_zh)
    whole, _, rest = text.partition(".")
    if whole.isdecimal() and rest.isdecimal() and len(rest) > 2:
        return Problem("", f"{name_zh}最多有两位小数，现在是{len(rest)}位", "请照着合同、票据核对")
    if whole.isdecimal() and len(whole) > 12:
        return Problem("", f"{name_zh}有{len(whole)}位数，太大了", "请核对是不是多写了几位")
    return Problem("", f"{name_zh}不是一个金额", cure_zh)


def day_problem(label_zh: str, text: str, today: date, *, is_past: bool) -> Problem | None:
    """What is wrong with a day; `is_past`: it cannot lie ahead."""
    name_zh, cure_zh = f"“{label_zh}”", "请按“年-月-日”填写，年份写四位，例如 2026-11-20"
    try:
        day = date.fromisoformat(text)
    except ValueError:
        if _DAY.fullmatch(text):
            return Problem("", f"{name_zh}写的是{text}，没有这一天", "请对照材料核对年、月、日")
        return Problem("", f"{name_zh}不是一个日期", cure_zh)
    if is_past and day > today:
        return Problem("", f"{name_zh}还没有到", "请核对日期，不能晚于今天")
    if not FIRST_YEAR <= day.year <= today.year + YEARS_AHEAD_MAX:
        return Problem("", f"{name_zh}的年份是{day.year}年，不对", "请对照材料核对年份")
    return None
