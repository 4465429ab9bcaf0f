"""What a person should look into: somebody who searches many names, or reads the register without any matter at hand."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.timezone import localtime

from tongban.enquiries.models import QueryAlarm

ALARMS_SHOWN_MAX: Final = 50


def too_many_names(registry: str, institution: str, clerk: str, now: datetime) -> None:
    """Somebody reached the limit of searches by name; one alarm an hour."""
    hour = f"{localtime(now):%Y-%m-%d %H}"
    _raise_once(
        QueryAlarm(
            registry=registry, kind=QueryAlarm.NAMES, who=clerk, institution=institution, about=hour, at=now,
            what_zh="一小时内按姓名查询的次数到了上限，后面的都没有查", key=f"names {registry} {institution} {clerk} {hour}",
        )
    )  # fmt: skip


def _raise_once(alarm: QueryAlarm) -> None:
    alarm.key = alarm.key[:120]
    QueryAlarm.objects.bulk_create([alarm], ignore_conflicts=True)
