"""A registry's own affairs within the province's standard (G8): what it tells people, and its counters with their hours.

Who may change them, and the audit, is the affair of `tongban.access.directory_changes`; this is the writing alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from tongban.directory.models import LocalNote, Window
from tongban.directory.recent import forget_kept, kept_briefly
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.errors import InvalidInput, NotFound, Problem

TITLE_CHARS_MAX: Final = 60
TEXT_CHARS_MAX: Final = 1000
ADDRESS_CHARS_MAX: Final = 160
SHOWN_MAX: Final = 10
_SPAN: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_PHONE: Final = re.compile(r"[0-9-]{7,20}")


@dataclass(frozen=True, slots=True)
class Note:
    """An announcement of a registry, or a hint for one item; in force from a day to a day, both included."""

    registry: str
    title_zh: str
    text_zh: str
    valid_from: date
    valid_until: date | None = None
    item: str = ""
    pk: int = 0


@dataclass(frozen=True, slots=True)
class WindowChange:
    """How a counter is to be from now on; `hours`: weekday "1" (Monday) to "7" → (from, to) as "HH:MM"."""

    code: str
    name_zh: str
    address_zh: str
    phone: str
    hours: Mapping[str, tuple[str, str]]
    is_active: bool = True


@kept_briefly
def notes_in_force(registry: str, today: date, item: str = "") -> tuple[Note, ...]:
    """What a registry says on a day to everybody, and about one item if asked for; newest first, at most `SHOWN_MAX`."""
    rows = LocalNote.objects.filter(registry_code=registry, item_number__in={"", item}, valid_from__lte=today)
    rows = rows.filter(Q(valid_until=None) | Q(valid_until__gte=today))
    return _notes(rows)


def notes_of(registry: str, today: date) -> tuple[Note, ...]:
    """What a registry says now or has planned; newest first."""
    return _notes(LocalNote.objects.filter(registry_code=registry).exclude(valid_until__lt=today))


def write_note(note: Note, *, set_by: str, now: datetime) -> int:
    """Keep a new note; its number.  Raises InvalidInput for an unknown item, empty or long words, or a day past."""
    today = localdate(now)
    problems = [
        *_length("title_zh", note.title_zh, "标题", TITLE_CHARS_MAX),
        *_length("text_zh", note.text_zh, "内容", TEXT_CHARS_MAX),
    ]
    if note.item and note.item not in CATALOGUE:
        problems.append(Problem("item", "没有这个事项", "请从事项列表里选择，或者不选，表示对所有事项"))
    if note.valid_from < today:
        problems.append(Problem("valid_from", "起始日期已经过去", "请填今天或者以后"))
    if note.valid_until and note.valid_until < note.valid_from:
        problems.append(Problem("valid_until", "截止日期在起始日期以前", "请填起始日期当天或者以后，一直有效的不填"))
    if problems:
        raise InvalidInput(problems)
    with transaction.atomic():
        forget_kept()
        row = LocalNote.objects.create(
            registry_code=note.registry, item_number=note.item, title_zh=note.title_zh.strip(),
            text_zh=note.text_zh.strip(), valid_from=note.valid_from, valid_until=note.valid_until, set_by=set_by,
            set_at=now,
        )  # fmt: skip
    return int(row.pk)


def take_down(registry: str, number: int, today: date) -> Note:
    """End a note before today, or drop one whose first day has not come; raises NotFound for one not in force."""
    with transaction.atomic():
        row = LocalNote.objects.select_for_update().filter(pk=number, registry_code=registry).first()
        if row is None or (row.valid_until and row.valid_until < today):
            raise NotFound("note_not_found", "没有这条说明，或者已经撤下。")
        forget_kept()
        note = _note(row)
        if row.valid_from >= today:
            row.delete()
        else:
            row.valid_until = today - timedelta(days=1)
            row.save(update_fields=["valid_until"])
    return note


def change_window(registry: str, change: WindowChange) -> None:
    """Set name, address, phone and hours of a counter, or close it; raises NotFound, InvalidInput."""
    problems = [
        *_length("name_zh", change.name_zh, "名称", 80),
        *_length("address_zh", change.address_zh, "地址", ADDRESS_CHARS_MAX),
    ]
    if not _PHONE.fullmatch(change.phone):
        problems.append(Problem("phone", "电话号码不对", "请只填数字和“-”，例如 0372-8410526"))
    if change.is_active and not change.hours:
        problems.append(Problem("weekdays", "没有一天上班", "请填上班时间，不再开的窗口请选“停用”"))
    if problems:
        raise InvalidInput(problems)
    with transaction.atomic():
        forget_kept()
        changed = Window.objects.filter(code=change.code, institution_code=registry).update(
            name_zh=change.name_zh.strip(), address_zh=change.address_zh.strip(), phone=change.phone,
            hours={day: list(span) for day, span in change.hours.items()}, is_active=change.is_active,
        )  # fmt: skip
        if not changed:
            raise NotFound("window_not_found", "这个登记机构没有这个窗口。")


def read_hours(field: str, text: str) -> tuple[str, str] | None:
    """“9:00-17:00” as it is typed; None for nothing; raises InvalidInput."""
    plain = re.sub(r"[—–~至到]+", "-", text.replace("：", ":").replace(" ", ""))
    if not plain:
        return None
    ends = [part.zfill(5) for part in plain.split("-")]
    if len(ends) != 2 or not all(map(_SPAN.fullmatch, ends)) or ends[0] >= ends[1]:
        raise InvalidInput([Problem(field, "上班时间不对", "请写成“09:00-17:00”，不上班的不填")])
    return ends[0], ends[1]


def _length(field: str, text: str, name_zh: str, most: int) -> list[Problem]:
    is_right = 1 <= len(text.strip()) <= most
    return [] if is_right else [Problem(field, f"{name_zh}是空的，或者太长", f"请写1到{most}个字")]


def _notes(rows: QuerySet[LocalNote]) -> tuple[Note, ...]:
    return tuple(_note(row) for row in rows.order_by("-valid_from", "-pk")[:SHOWN_MAX])


def _note(row: LocalNote) -> Note:
    return Note(
        row.registry_code, row.title_zh, row.text_zh, row.valid_from, row.valid_until, row.item_number, int(row.pk)
    )
