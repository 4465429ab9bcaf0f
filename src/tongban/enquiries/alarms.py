"""What a person should look into: somebody who searches many names, or reads the register without any matter at hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.utils.timezone import localtime

from tongban.access.queries import AuditLine, looks
from tongban.domain.numbering import names_a_matter
from tongban.enquiries.models import QueryAlarm

READS: Final = ("register.read", "register.read_in_full")
READS_SPAN: Final = timedelta(days=7)
UNBOUND_ZH: Final = "看了登记簿，没有写明业务号、收件编号或者查询编号"


def too_many_names(registry: str, institution: str, clerk: str, now: datetime) -> None:
    """Somebody reached the limit of searches by name; one alarm an hour."""
    hour = f"{localtime(now):%Y-%m-%d %H}"
    _raise_once(
        QueryAlarm(
            registry=registry, kind=QueryAlarm.NAMES, who=clerk, institution=institution, about=hour, at=now,
            what_zh="一小时内按姓名查询的次数到了上限，后面的都没有查", key=f"names {registry} {institution} {clerk} {hour}",
        )
    )  # fmt: skip


def reads_without_matter(registries: frozenset[str] | None, now: datetime) -> Iterable[AuditLine]:
    """Looks into the register in the last days whose purpose names no matter at hand, newest first."""
    return (one for one in looks(READS, registries, now - READS_SPAN) if not names_a_matter(one.purpose))


def _raise_once(alarm: QueryAlarm) -> None:
    alarm.key = alarm.key[:120]
    QueryAlarm.objects.bulk_create([alarm], ignore_conflicts=True)
