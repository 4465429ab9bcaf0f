"""What is open where, which figures hold, and which days are worked (G8, I2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localdate

from tongban.access import directory_changes
from tongban.access.actors import Actor
from tongban.access.permissions import Permission
from tongban.access.require import Scope, allowed, require
from tongban.cases import clocks
from tongban.directory import lookup, queries
from tongban.directory.divisions import PROVINCE
from tongban.directory.figures import Figure, Opening
from tongban.directory.notices import Notice, calendar_status
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.terms import Channel
from tongban.monitor import forms
from tongban.monitor.boards import Act, Board, Panel, board
from tongban.monitor.registries import registry_chosen
from tongban.web.parts import Badge, Column, Datum, Row, Table, Tone


def _settings(request: HttpRequest, actor: Actor, now: datetime) -> Board:
    registry, choice = registry_chosen(request, actor, Permission.OPENING_MANAGE)
    place, today = lookup.institution(registry), localdate(now)
    require(actor, Permission.OPENING_MANAGE, Scope(frozenset({registry}), registry))
    acts = [
        Act("open", "开通事项", forms.OpenForm, _opener(registry), "开通", initial={"open_from": today}),
        Act("close", "停办事项", forms.CloseForm, _closer(registry), "停办", "refuse"),
        Act(
            "figure",
            "设定参数",
            forms.FigureForm,
            _setter(place.division_code),
            "设定",
            note_zh="全省统一的参数只能由省级设定；本地只能设定咨询时限等本地事项",
            initial={"valid_from": today},
        ),
    ]
    if allowed(actor, Permission.CALENDAR_IMPORT, Scope(frozenset({PROVINCE}))):
        acts.append(
            Act("notice", "导入放假通知", forms.NoticeForm, _import_notice, "导入", initial={"year": today.year + 1})
        )
    return Board(
        f"开通与参数：{place.short_zh}",
        panels=(
            Panel("已开通事项", table=_openings(registry, today)),
            Panel("参数", "括号里是设定的范围；没有设定的用产品默认值", _figures(place.division_code, today)),
            Panel("工作日历", facts=_calendar()),
        ),
        acts=tuple(acts),
        search=choice,
    )


def _openings(registry: str, today: date) -> Table:
    columns = [
        Column("事项"),
        Column("办理方式"),
        Column("开通", "day"),
        Column("最后一天", "day"),
        Column("状态"),
        Column("说明"),
    ]
    rows = [
        Row(
            (
                f"{line.item} {CATALOGUE[line.item].name_zh}",
                line.channel.name_zh,
                line.open_from,
                line.open_until,
                _opening_state(line, today),
                line.note_zh,
            )
        )
        for line in queries.openings(registry)
    ]
    return Table("已开通事项", columns, rows, empty_zh="没有开通任何事项。")


def _opening_state(line: queries.OpeningLine, today: date) -> Badge:
    if line.open_until and line.open_until < today:
        return Badge("已停办", Tone.STOPPED)
    return Badge("开通", Tone.DONE) if line.open_from <= today else Badge("未到日期", Tone.WAITING)


def _figures(division: str, today: date) -> Table:
    columns = [Column("参数"), Column("取值"), Column("单位"), Column("范围"), Column("依据")]
    rows = [
        Row(
            (line.parameter.name_zh, _value(line.value), line.parameter.unit_zh, line.set_for or "默认", line.source_zh)
        )
        for line in queries.figures(division, today)
    ]
    return Table("参数", columns, rows)


def _value(text: str) -> str:
    return {"on": "开", "off": "关"}.get(text, text)


def _calendar() -> tuple[Datum, ...]:
    status = calendar_status()
    return (
        Datum("已有国务院通知到", status.last_final_day, source_zh="国务院办公厅放假通知"),
        Datum("暂按法定节假日推算到", status.last_day),
    )


def _opener(registry: str) -> Any:
    def run(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
        opening = Opening(
            registry, data["item"], Channel(data["channel"]), data["open_from"], data["open_until"], data["note_zh"]
        )
        directory_changes.open_service(actor, opening, now)
        return f"已开通 {data['item']}。"

    return run


def _closer(registry: str) -> Any:
    def run(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
        count = directory_changes.close_service(
            actor, registry, data["item"], Channel(data["channel"]), last_day=data["last_day"], now=now
        )
        return f"已停办 {data['item']}。" if count else f"{data['item']} 本来就没有开通，没有改动。"

    return run


def _setter(division: str) -> Any:
    def run(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
        figure = Figure(
            data["name"], division, data["value"], data["valid_from"], data["source_zh"], data["valid_until"]
        )
        directory_changes.set_parameter(actor, figure, now)
        return "已设定。"

    return run


def _import_notice(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
    notice = Notice(
        data["year"],
        _days("off_days", data["off_days"]),
        _days("work_days", data["work_days"]),
        data["source"],
        data["is_correction"],
    )
    done = directory_changes.import_notice(actor, notice, now)
    moved = clocks.recount_open(now) if done.changed else 0
    return f"{done.year}年放假通知已导入，{len(done.changed)}天有变化，{moved}件未办结案件的期限已重算。"


def _days(field: str, text: str) -> frozenset[date]:
    try:
        return frozenset(date.fromisoformat(line) for line in text.split())
    except ValueError:
        raise InvalidInput([Problem(field, "有一行不是日期", "每行一天，例如 2027-01-01")]) from None


settings = board(_settings)
