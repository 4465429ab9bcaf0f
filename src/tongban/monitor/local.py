"""What a registry tells people and how its counters are to be reached, within the province's standard (G8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.http import HttpRequest
from django.utils.timezone import localdate

from tongban.access import directory_changes
from tongban.access.actors import Actor
from tongban.access.permissions import Permission
from tongban.access.require import Scope, require
from tongban.directory import local_rules, lookup
from tongban.directory.local_rules import Note, WindowChange
from tongban.directory.lookup import WindowView
from tongban.domain.catalogue import CATALOGUE
from tongban.monitor import forms
from tongban.monitor.boards import Act, Board, Panel, board
from tongban.monitor.registries import registry_chosen
from tongban.web.parts import Badge, Column, Row, Table, Tone

_WORKDAYS: Final = "12345"


def _local(request: HttpRequest, actor: Actor, now: datetime) -> Board:
    registry, choice = registry_chosen(request, actor, Permission.LOCAL_MANAGE)
    require(actor, Permission.LOCAL_MANAGE, Scope(frozenset({registry}), registry))
    today, windows = localdate(now), lookup.windows(registry)
    notes = local_rules.notes_of(registry, today)
    acts = [
        Act(
            "publish", "发布公告或者说明", forms.NoteForm, _publisher(registry), "发布",
            note_zh="只能说明怎么办更方便，不能增加材料、条件或者期限：那些是全省统一的", initial={"valid_from": today},
        )
    ]  # fmt: skip
    if notes:
        acts.append(Act("take_down", "撤下一条", forms.note_choice(notes), _taker(registry), "撤下", "refuse"))
    acts += [
        Act(f"window-{one.code}", f"改窗口：{one.name_zh}", forms.WindowForm, _changer(registry, one.code), "保存",
            initial=_initial(one))
        for one in windows
    ]  # fmt: skip
    return Board(
        f"本地说明和窗口：{lookup.institution(registry).short_zh}",
        lead_zh="这里写的，申请人在“办理窗口”“能不能办”里看得到，外地窗口收这里的件时也看得到。",
        panels=(Panel("公告和说明", table=_notes(notes, today)), Panel("窗口", table=_windows(windows))),
        acts=tuple(acts),
        search=choice,
    )


def _notes(notes: tuple[Note, ...], today: date) -> Table:
    columns = [
        Column("标题"),
        Column("说的事项"),
        Column("内容"),
        Column("从", "day"),
        Column("到", "day"),
        Column("状态"),
    ]
    rows = [
        Row(
            (
                note.title_zh,
                CATALOGUE[note.item].name_zh if note.item else "所有事项",
                note.text_zh,
                note.valid_from,
                note.valid_until,
                Badge("有效", Tone.DONE) if note.valid_from <= today else Badge("未到日期", Tone.WAITING),
            )
        )
        for note in notes
    ]
    return Table("公告和说明", columns, rows, empty_zh="没有公告，也没有说明。")


def _windows(windows: tuple[WindowView, ...]) -> Table:
    columns = [
        Column("窗口"),
        Column("地址"),
        Column("电话", "code"),
        Column("周一到周五"),
        Column("周六"),
        Column("周日"),
    ]
    rows = [
        Row((one.name_zh, one.address_zh, one.phone, *(_span(one, day) for day in ("1", "6", "7")))) for one in windows
    ]
    return Table("窗口", columns, rows, empty_zh="没有开着的窗口。")


def _span(window: WindowView, day: str) -> str:
    return "-".join(window.hours[day]) if day in window.hours else ""


def _initial(window: WindowView) -> dict[str, object]:
    return {
        "name_zh": window.name_zh, "address_zh": window.address_zh, "phone": window.phone, "weekdays": _span(window, "1"),
        "saturday": _span(window, "6"), "sunday": _span(window, "7"), "is_active": True,
    }  # fmt: skip


def _publisher(registry: str) -> Any:
    def run(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
        note = Note(registry, data["title_zh"], data["text_zh"], data["valid_from"], data["valid_until"], data["item"])
        directory_changes.publish_note(actor, note, now)
        return f"已发布“{note.title_zh}”。"

    return run


def _taker(registry: str) -> Any:
    def run(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
        directory_changes.take_down_note(actor, registry, int(data["note"]), now)
        return "已撤下。"

    return run


def _changer(registry: str, code: str) -> Any:
    def run(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
        spans = {
            days: local_rules.read_hours(field, data[field])
            for days, field in ((_WORKDAYS, "weekdays"), ("6", "saturday"), ("7", "sunday"))
        }
        hours = {day: span for days, span in spans.items() if span for day in days}
        change = WindowChange(
            code, data["name_zh"], data["address_zh"], data["phone"], hours, is_active=data["is_active"]
        )
        directory_changes.change_window(actor, registry, change, now)
        return f"已保存“{change.name_zh}”。" if change.is_active else f"已停用“{change.name_zh}”。"

    return run


local = board(_local)
