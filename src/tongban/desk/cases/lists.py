"""The queues as tables: columns by queue, ages and limits in words, rows that are pressing marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from tongban.cases.queues import QUEUES, CaseRow, Page, Queue
from tongban.desk.cases.times import answer_badge, duration_zh, limit_of, state_badge
from tongban.web.parts import Badge, Column, KeyPage, Row, Tab, Table, Tone

Cell = Callable[[CaseRow, datetime], object]
_HEAD: Final = (Column("业务号", "code"), Column("事项"), Column("申请人"), Column("收件机构"))


def _arrived(row: CaseRow, now: datetime) -> object:
    return row.opened_at


def _since(row: CaseRow, now: datetime) -> object:
    return row.state_since


def _waited(row: CaseRow, now: datetime) -> object:
    return duration_zh(now - row.state_since)


def _answer(row: CaseRow, now: datetime) -> object:
    return answer_badge(row.answer_due_at, now)


def _state(row: CaseRow, now: datetime) -> object:
    return state_badge(row.state, issues=row.issues)


def _ended(row: CaseRow, now: datetime) -> object:
    return row.ended_at


def _own_first(row: CaseRow, now: datetime) -> object:
    return Badge("您初审的，要由别人复审", Tone.WAITING) if row.is_own_first else None


_ARRIVED, _SINCE, _WAITED = (
    (Column("移交到达", "time"), _arrived),
    (Column("进入本环节", "time"), _since),
    (Column("已等"), _waited),
)
_LIMIT: Final = (Column("期限"), limit_of)
_COLUMNS: Final[Mapping[str, Sequence[tuple[Column, Cell]]]] = {
    "receive": (_ARRIVED, _WAITED, (Column("答复时间"), _answer)),
    "correction": ((Column("告知补正", "time"), _since), _WAITED),
    "first": (_SINCE, _WAITED, _LIMIT),
    "second": (_SINCE, _WAITED, _LIMIT, (Column("提示"), _own_first)),
    "notice": ((Column("公告于", "time"), _since), _WAITED),
    "dues": (_SINCE, _WAITED),
    "record": (_SINCE, _WAITED, _LIMIT),
    "paused": ((Column("暂停于", "time"), _since), (Column("已停"), _waited), _LIMIT),
    "archive": ((Column("发证于", "time"), _since), _WAITED),
    "ended": ((Column("状态"), _state), (Column("办结于", "time"), _ended)),
    "all": ((Column("状态"), _state), _ARRIVED, _LIMIT),
}
_EMPTY: Final = {
    "receive": "没有等待受理的案件",
    "correction": "没有等待补正的案件",
    "first": "没有等待初审的案件",
    "second": "没有等待复审的案件",
    "notice": "没有正在公告的案件",
    "dues": "没有等待税费和部门审核的案件",
    "record": "没有等待登簿的案件",
    "paused": "没有暂停的案件",
    "archive": "没有等待归档的案件",
    "ended": "最近30天没有办结的案件",
}
assert set(_COLUMNS) == set(QUEUES) == {*_EMPTY, "all"}, "every queue has its columns and its word when it is empty"


def queue_url(queue: str, **more: str) -> str:
    """The page of a queue."""
    return f"{reverse('desk:cases')}?{urlencode({'queue': queue, **more})}"


def case_url(case_no: str, queue: str) -> str:
    """The review page of a case, opened from a queue."""
    return f"{reverse('desk:case', args=[case_no])}?{urlencode({'queue': queue})}"


def table(queue: Queue, rows: Sequence[CaseRow], now: datetime) -> Table:
    """A queue's page."""
    extra = _COLUMNS[queue.key]
    return Table(
        f"{queue.name_zh}案件",
        (*_HEAD, *(column for column, _ in extra)),
        [_row(row, queue, [cell(row, now) for _, cell in extra], now) for row in rows],
        is_queue=True,
        empty_zh=_EMPTY.get(queue.key, "没有案件"),
    )


def tabs(queues: Sequence[Queue], current: Queue, counts: Mapping[str, int]) -> list[Tab]:
    """The queues this officer works in, then those to look at."""
    return [
        Tab(
            one.name_zh,
            queue_url(one.key),
            one.key == current.key,
            counts.get(one.key),
            str(number) if number < 10 else "",
        )
        for number, one in enumerate(queues, 1)
    ]


def pager(queue: Queue, page: Page) -> KeyPage:
    """Newer and older by key."""
    return KeyPage(
        previous_url=queue_url(queue.key, before=page.before) if page.before else "",
        next_url=queue_url(queue.key, after=page.after) if page.after else "",
        shown=len(page.rows),
    )


def _row(row: CaseRow, queue: Queue, cells: Sequence[object], now: datetime) -> Row:
    limit = limit_of(row, now)
    tone = limit.tone if limit and limit.tone in (Tone.WAITING, Tone.STOPPED) else None
    head = (row.case_no, row.item_zh, row.applicant_zh, row.receiving_zh)
    return Row((*head, *cells), case_url(row.case_no, queue.key), tone)
