"""Local figures and the roll-out of services, by date: the rows behind `lookup.parameter` and `lookup.is_open`.

Who may change them, and the audit, is the affair of `tongban.access.directory_changes`; this is the writing alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import models, transaction
from django.db.models import Q
from django.utils.timezone import localdate

from tongban.directory import lookup
from tongban.directory.models import ParameterValue, ServiceOpening
from tongban.directory.recent import forget_kept
from tongban.directory.turns import take_turns
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.parameters import PARAMETERS
from tongban.domain.terms import Channel

VALUE_CHARS_MAX: Final = 400
SOURCE_CHARS_MAX: Final = 200
NOTE_CHARS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure to be set: for a division (county, prefecture or the province) from a day to a day, both included."""

    name: str
    division_code: str
    value: str
    valid_from: date
    source_zh: str
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A service item to be taken by a home registry through a channel, from a day to a day, both included."""

    registry: str
    item: str
    channel: Channel
    open_from: date
    open_until: date | None = None
    note_zh: str = ""


def write_figure(figure: Figure, *, set_by: str, now: datetime) -> None:
    """Set a figure from its day on; a figure in force until further notice ends the day before.

    Raises InvalidInput for an unknown figure or division, an unreadable value, a missing source, a day already past, or
    when another figure is planned within the same days.
    """
    _raise_if(_figure_problems(figure, localdate(now)))
    lookup.division(figure.division_code)
    with transaction.atomic():
        take_turns(f"directory parameter {figure.name} {figure.division_code}")
        rows = ParameterValue.objects.filter(name=figure.name, division_code=figure.division_code)
        rows.filter(valid_until=None, valid_from__lt=figure.valid_from).update(
            valid_until=_day_before(figure.valid_from)
        )
        _raise_if(_clash(_overlapping(rows, figure.valid_from, figure.valid_until)))
        ParameterValue.objects.create(
            name=figure.name,
            division_code=figure.division_code,
            value=figure.value,
            valid_from=figure.valid_from,
            valid_until=figure.valid_until,
            source_zh=figure.source_zh,
            set_by=set_by,
            set_at=now,
        )
        forget_kept()


def write_opening(opening: Opening, today: date) -> None:
    """Open an item; raises InvalidInput for an unknown item, a day already past, or days that are open already."""
    problems: list[Problem] = []
    if opening.item not in CATALOGUE:
        problems.append(Problem("item", f"没有编号为“{opening.item[:8]}”的业务", "请从业务列表里选择"))
    elif opening.channel not in CATALOGUE[opening.item].channels:
        problems.append(Problem("channel", "这项业务不支持这种办理方式", "请换一种办理方式"))
    problems += _period_problems(opening.open_from, opening.open_until, today)
    _raise_if(problems)
    lookup.institution(opening.registry)
    with transaction.atomic():
        take_turns(f"directory opening {opening.registry} {opening.item} {opening.channel}")
        rows = ServiceOpening.objects.filter(
            registry_code=opening.registry, item_number=opening.item, channel=opening.channel.value
        )
        after = Q(open_until=None) | Q(open_until__gte=opening.open_from)
        overlapping = rows.filter(after)
        if opening.open_until is not None:
            overlapping = overlapping.filter(open_from__lte=opening.open_until)
        _raise_if(_clash(overlapping.exists()))
        ServiceOpening.objects.create(
            registry_code=opening.registry,
            item_number=opening.item,
            channel=opening.channel.value,
            open_from=opening.open_from,
            open_until=opening.open_until,
            note_zh=opening.note_zh[:NOTE_CHARS_MAX],
        )
        forget_kept()


def end_opening(registry: str, item: str, channel: Channel, *, last_day: date, today: date) -> int:
    """Close an item after `last_day` (yesterday: at once); openings planned for later are taken back.  How many rows.

    What was open in the past stays on record.
    """
    if last_day < today - timedelta(days=1):
        raise InvalidInput([Problem("last_day", "不能把过去的日子改成没有开通", "请填今天或者以后的日期")])
    rows = ServiceOpening.objects.filter(registry_code=registry, item_number=item, channel=channel.value)
    with transaction.atomic():
        take_turns(f"directory opening {registry} {item} {channel}")
        planned, _ = rows.filter(open_from__gt=last_day).delete()
        ended = rows.filter(Q(open_until=None) | Q(open_until__gt=last_day), open_from__lte=last_day)
        count = planned + ended.update(open_until=last_day)
        forget_kept()
    return count


def _figure_problems(figure: Figure, today: date) -> list[Problem]:
    problems = _period_problems(figure.valid_from, figure.valid_until, today)
    known = PARAMETERS.get(figure.name)
    if known is None:
        return [*problems, Problem("name", f"没有叫“{figure.name[:40]}”的参数", "请从参数列表里选择")]
    if not figure.value or len(figure.value) > VALUE_CHARS_MAX:
        problems.append(Problem("value", "没有填参数值，或者太长", f"请填写，不超过{VALUE_CHARS_MAX}个字"))
    else:
        try:
            known.read(figure.value)
        except InvalidInput as error:
            problems += error.problems
    if not figure.source_zh.strip() or len(figure.source_zh) > SOURCE_CHARS_MAX:
        problems.append(Problem("source_zh", "没有写明依据，或者太长", "请填文件名称和文号"))
    return problems


def _period_problems(first: date, last: date | None, today: date) -> list[Problem]:
    problems: list[Problem] = []
    if first < today:
        problems.append(Problem("valid_from", "起始日期已经过去，不能改变过去的规定", "请填今天或者以后的日期"))
    if last is not None and last < first:
        problems.append(Problem("valid_until", "截止日期早于起始日期", "请核对两个日期"))
    return problems


def _overlapping(rows: models.QuerySet[ParameterValue], first: date, last: date | None) -> bool:
    overlapping = rows.filter(Q(valid_until=None) | Q(valid_until__gte=first))
    return (overlapping if last is None else overlapping.filter(valid_from__lte=last)).exists()


def _clash(is_taken: bool) -> list[Problem]:
    return [Problem("valid_from", "这段时间里已经有别的设定", "请先结束原来的设定，或者换一段时间")] if is_taken else []


def _raise_if(problems: list[Problem]) -> None:
    if problems:
        raise InvalidInput(problems)


def _day_before(day: date) -> date:
    return day - timedelta(days=1)
