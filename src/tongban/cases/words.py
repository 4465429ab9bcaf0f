"""How a day and a moment are written in a document: in China's time, once and for ever."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.timezone import localtime


def day_words(day: date) -> str:
    """“2026年11月23日”."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_words(moment: datetime) -> str:
    """“2026年11月23日 10时02分”."""
    here = localtime(moment)
    return f"{day_words(here.date())} {here.hour}时{here.minute:02d}分"
