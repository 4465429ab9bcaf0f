"""What crosses between institutions: what waits, what is parked and why, and how to let it go on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from tongban.access.actors import Actor
from tongban.access.permissions import Permission
from tongban.access.require import Scope, allowed
from tongban.directory import lookup
from tongban.domain.errors import NotFound
from tongban.exchange import outbox, processing, queries
from tongban.exchange.queries import Direction, MessageRow
from tongban.monitor import forms
from tongban.monitor.boards import Act, Board, Panel, board
from tongban.web.parts import Badge, Column, Datum, KeyPage, Row, Tab, Table, Tone

TABS = (("parked", "搁置"), ("sent", "发出"), ("received", "收到"), ("refused", "拒收"))
STATES = {
    "waiting": Badge("等待", Tone.WAITING),
    "delivered": Badge("已送达", Tone.DONE),
    "processed": Badge("已处理", Tone.DONE),
    "parked": Badge("搁置", Tone.STOPPED),
}


def _messages(request: HttpRequest, actor: Actor, now: datetime) -> Board:
    chosen = request.GET.get("list", "parked")
    chosen = chosen if chosen in dict(TABS) else "parked"
    table, pager = _table(request, actor, chosen)
    here = reverse("monitor:messages")
    return Board(
        "机构间报文",
        lead_zh="每份报文都签名、留存、按顺序办理；发不出去的一直重发，办不了的搁置在这里，不会丢失。",
        tabs=tuple(Tab(label, f"{here}?list={name}", name == chosen) for name, label in TABS),
        panels=(Panel("通往各站点", table=_peers(actor)), Panel(dict(TABS)[chosen], table=table)),
        pager=pager,
    )


def _peers(actor: Actor) -> Table:
    columns = [
        Column("站点"),
        Column("待发", "number"),
        Column("搁置", "number"),
        Column("最早一份", "time"),
        Column("状态"),
    ]
    rows = [
        Row(
            (
                one.site,
                one.waiting,
                one.parked,
                one.oldest_at,
                Badge(f"连不上：{one.reason_zh}", Tone.STOPPED) if one.failures else Badge("正常", Tone.DONE),
            )
        )
        for one in queries.peers(actor)
    ]
    return Table("通往各站点", columns, rows, empty_zh="没有待发的报文。")


def _table(request: HttpRequest, actor: Actor, chosen: str) -> tuple[Table, KeyPage]:
    before = request.GET.get("before", "")
    key = int(before) if before.isdigit() else None
    if chosen == "refused":
        return _refused(actor, key)
    if chosen == "parked":
        rows = queries.parked(actor)
        return _rows("搁置的报文", rows, "没有搁置的报文。"), KeyPage(shown=len(rows))
    direction: Direction = "sent" if chosen == "sent" else "received"
    found = queries.messages(actor, direction, before=key)
    following = f"?list={chosen}&before={found[-1].row}" if len(found) == queries.PAGE_ROWS else ""
    return _rows(dict(TABS)[chosen], found, "没有报文。"), KeyPage(next_url=following, shown=len(found))


def _rows(caption: str, found: tuple[MessageRow, ...], empty_zh: str) -> Table:
    columns = [Column("时间", "time"), Column("种类"), Column("从"), Column("到"), Column("对象", "code")]
    columns += [Column("序号", "number"), Column("状态"), Column("原因")]
    rows = [
        Row(
            (
                one.signed_at,
                one.kind_zh,
                _short(one.source),
                _short(one.to),
                one.subject,
                one.seq,
                STATES.get(one.state, Badge(one.state)),
                one.reason_zh,
            ),
            reverse("monitor:message", kwargs={"direction": one.direction, "row": one.row}),
        )
        for one in found
    ]
    return Table(caption, columns, rows, is_queue=True, empty_zh=empty_zh)


def _refused(actor: Actor, before: int | None) -> tuple[Table, KeyPage]:
    found = queries.refused(actor, before=before)
    columns = [Column("时间", "time"), Column("自称来自"), Column("报文号", "code"), Column("原因代码")]
    rows = [Row((one.received_at, one.source or "（不明）", one.message_id or "（不明）", one.code)) for one in found]
    following = f"?list=refused&before={found[-1].row}" if len(found) == queries.PAGE_ROWS else ""
    empty_zh = "没有拒收过报文。"
    return Table("拒收的报文", columns, rows, empty_zh=empty_zh), KeyPage(next_url=following, shown=len(found))


def _short(code: str) -> str:
    return lookup.institution(code).short_zh


def _message(request: HttpRequest, actor: Actor, now: datetime, direction: Direction, row: int) -> Board:
    one = queries.message(actor, direction, row)
    ours = one.source if direction == "sent" else one.to
    may_retry = one.state == "parked" and allowed(actor, Permission.MESSAGES_RETRY, Scope(frozenset({ours})))
    note = "原样再办一次。请先消除原因，否则还会搁置。"
    acts = (Act("retry", "重新办理", forms.Nothing, _retry(one), "重新办理", note_zh=note),) if may_retry else ()
    facts = (
        Datum("种类", f"{one.kind_zh}（{one.kind}）"),
        Datum("报文号", one.message_id, is_code=True),
        Datum("发出机构", lookup.institution(one.source).name_zh),
        Datum("收到机构", lookup.institution(one.to).name_zh),
        Datum("对象", one.subject, is_code=True),
        Datum("序号", one.seq),
        Datum("签名时间", one.signed_at),
        Datum("状态", STATES.get(one.state, Badge(one.state)).text_zh),
        Datum("已试次数", one.attempts),
        Datum("下次重试", one.next_attempt_at, missing_zh="不再重试"),
        Datum("原因", one.reason_zh, missing_zh="无"),
    )
    return Board("机构间报文", (Panel(facts=facts),), acts, back=("机构间报文", reverse("monitor:messages")))


def _retry(one: MessageRow) -> Any:
    def run(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
        try:
            (outbox if one.direction == "sent" else processing).retry_parked(one.message_id, actor, now=now)
        except NotFound:
            return "这份报文已经不在搁置中了，没有改动。"
        return "已重新排队。"

    return run


messages, message = board(_messages), board(_message)
