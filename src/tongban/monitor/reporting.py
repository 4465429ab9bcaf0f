"""What is reported upward: what waits, what stopped and why, and whether both sides count the same (G9, G12)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from tongban.access.actors import Actor
from tongban.access.permissions import Permission
from tongban.access.require import Scope, allowed, institutions_for
from tongban.directory import lookup
from tongban.domain.errors import NotFound
from tongban.monitor import forms
from tongban.monitor.boards import Act, Board, Panel, board
from tongban.reporting import days, queries, reconciling, resending
from tongban.reporting.queries import DayView, LineView, UploadView
from tongban.web.parts import Badge, Column, Datum, KeyPage, Row, Tab, Table, Tone

TITLE_ZH = "上报与对账"
TABS = (("parked", "搁置"), ("uploads", "全部上报"), ("days", "登簿日志"), ("licences", "证照库"))
STATES = {
    "waiting": Badge("等待上报", Tone.WAITING),
    "accepted": Badge("已接收", Tone.DONE),
    "agreed": Badge("一致", Tone.DONE),
    "different": Badge("不一致", Tone.STOPPED),
    "parked": Badge("搁置", Tone.STOPPED),
}
UPLOAD_COLUMNS = (
    Column("登簿时间", "time"),
    Column("业务号", "code"),
    Column("登记"),
    Column("不动产单元", "code"),
    Column("登记机构"),
    Column("状态"),
    Column("原因"),
)


def _reports(request: HttpRequest, actor: Actor, now: datetime) -> Board:
    queries.may_read(actor)
    chosen = request.GET.get("list", "parked")
    chosen = chosen if chosen in dict(TABS) else "parked"
    before = request.GET.get("before", "")
    panels, pager, acts = _CONTENT[chosen](actor, int(before) if before.isdigit() else None)
    here = reverse("monitor:reporting")
    return Board(
        TITLE_ZH,
        lead_zh="每一笔登簿都上报国家平台，每一份证照的签发和失效都登记到证照库。对方连不上时在这里等，不会丢失，也不会报两次。",
        tabs=tuple(Tab(label, f"{here}?list={name}", name == chosen) for name, label in TABS),
        panels=(Panel("上报到哪里", table=_lines()), *panels),
        pager=pager,
        acts=acts,
    )


Content = tuple[tuple[Panel, ...], KeyPage | None, tuple[Act, ...]]


def _lines() -> Table:
    columns = [Column("对方"), Column("等待", "number"), Column("最早一份", "time"), Column("搁置", "number")]
    columns += [Column("最近一次应答", "time"), Column("状态")]
    rows = [
        Row((one.name_zh, one.waiting, one.oldest_at, one.parked, one.last_ok_at, _line_state(one)))
        for one in queries.overview()
        if one.exists
    ]
    return Table("上报到哪里", columns, rows)


def _line_state(line: LineView) -> Badge:
    if not line.is_connected:
        return Badge("未接入，先等着", Tone.WAITING)
    if line.failures:
        return Badge(f"连不上：{line.reason_zh}", Tone.STOPPED)
    return Badge("正常", Tone.DONE)


def _parked(actor: Actor, _before: int | None) -> Content:
    found, entries = queries.parked_uploads(actor), queries.parked_entries(actor)
    columns = [Column("变动时间", "time"), Column("证照库"), Column("证号"), Column("要登记的状态"), Column("原因")]
    rows = [
        Row(
            (one.changed_at, one.line_zh, one.certificate_no, one.standing_zh, one.reason_zh),
            reverse("monitor:library-entry", kwargs={"row": one.row}),
        )
        for one in entries
    ]
    acts: tuple[Act, ...] = ()
    if found and institutions_for(actor, Permission.REPORTING_RESEND) != frozenset():
        note = "先消除原因。国家平台退回的按登簿内容重新生成、重新编号，其余用原报文号。"
        acts = (Act("resend_all", "全部重新上报", forms.Nothing, _resend_all, "全部重新上报", "quiet", note),)
    panels = (
        Panel("搁置的上报", table=_uploads_table("搁置的上报", found, "没有搁置的上报。")),
        Panel("搁置的证照", table=Table("搁置的证照", columns, rows, is_queue=True, empty_zh="没有搁置的证照。")),
    )
    return panels, None, acts


def _uploads(actor: Actor, before: int | None) -> Content:
    found = queries.uploads(actor, before=before)
    following = f"?list=uploads&before={found[-1].row}" if len(found) == queries.PAGE_ROWS else ""
    panel = Panel("全部上报", table=_uploads_table("全部上报", found, "还没有登簿需要上报。"))
    return (panel,), KeyPage(next_url=following, shown=len(found)), ()


def _names() -> Mapping[str, str]:
    """The short names of all registries, in one question to the directory."""
    return {one.code: one.short_zh for one in lookup.registries()}


def _uploads_table(caption: str, found: tuple[UploadView, ...], empty_zh: str) -> Table:
    names = _names()
    rows = [
        Row(
            (
                one.recorded_at,
                one.flow_no,
                f"{one.registration_zh}（{one.subject_zh}）",
                one.unit_code,
                names.get(one.registry, one.registry),
                STATES[one.state],
                one.reason_zh,
            ),
            reverse("monitor:upload", kwargs={"row": one.row}),
        )
        for one in found
    ]
    return Table(caption, UPLOAD_COLUMNS, rows, is_queue=True, empty_zh=empty_zh)


def _days(actor: Actor, before: int | None) -> Content:
    found = queries.day_logs(actor, before=before)
    following = f"?list=days&before={found[-1].row}" if len(found) == queries.PAGE_ROWS else ""
    panels = (
        Panel("对不上的日子", table=_days_table("对不上的日子", queries.open_days(actor), "每一天都对得上。")),
        Panel("登簿日志", table=_days_table("登簿日志", found, "登簿日志从第一笔上报的次日开始。")),
    )
    return panels, KeyPage(next_url=following, shown=len(found)), ()


def _days_table(caption: str, found: tuple[DayView, ...], empty_zh: str) -> Table:
    names = _names()
    columns = [Column("日期", "day"), Column("登记机构"), Column("本站", "number"), Column("平台", "number")]
    columns += [Column("状态"), Column("说明")]
    rows = [
        Row(
            (
                one.day,
                names.get(one.registry, one.registry),
                one.ours,
                one.theirs,
                STATES[one.state],
                one.reason_zh,
            ),
            reverse("monitor:day-log", kwargs={"row": one.row}),
        )
        for one in found
    ]
    return Table(caption, columns, rows, is_queue=True, empty_zh=empty_zh)


def _licences(actor: Actor, _before: int | None) -> Content:
    columns = [Column("发现时间", "time"), Column("证照库"), Column("证照标识", "code"), Column("差异")]
    columns += [Column("本站"), Column("证照库的状态"), Column("处理")]
    rows = [
        Row(
            (
                one.found_at,
                one.line_zh,
                one.identifier,
                one.kind_zh,
                one.ours_zh or "没有",
                one.theirs_zh or "没有",
                Badge("已重新登记", Tone.WAITING) if one.is_repairing else Badge("待处理", Tone.STOPPED),
            ),
            reverse("monitor:difference", kwargs={"row": one.row}),
        )
        for one in queries.differences(actor)
    ]
    compared = [Column("证照库"), Column("日期", "day"), Column("核对本站证照", "number")]
    compared += [Column("核对库内证照", "number"), Column("完成时间", "time")]
    last = [Row((one.line_zh, one.day, one.checked, one.listed, one.finished_at)) for one in queries.comparisons()]
    empty_zh = "最近一次对账没有发现差异。"
    panels = (
        Panel("与证照库的差异", table=Table("与证照库的差异", columns, rows, is_queue=True, empty_zh=empty_zh)),
        Panel("最近一次对账", table=Table("最近一次对账", compared, last, empty_zh="还没有对过账，每天凌晨两点开始。")),
    )
    return panels, None, ()


_CONTENT: Mapping[str, Callable[[Actor, int | None], Content]] = {
    "parked": _parked,
    "uploads": _uploads,
    "days": _days,
    "licences": _licences,
}


def _upload(request: HttpRequest, actor: Actor, now: datetime, row: int) -> Board:
    one, answers = queries.upload(actor, row)
    may = one.state == "parked" and allowed(actor, Permission.REPORTING_RESEND, Scope(frozenset({one.registry})))
    note = "请先消除原因。国家平台退回的按登簿内容重新生成、重新编号；是否收到不明的用原报文号再发一次。"
    acts = (Act("resend", "重新上报", forms.Nothing, _resend(row), "重新上报", note_zh=note),) if may else ()
    facts = (
        Datum("业务流水号", one.flow_no, is_code=True),
        Datum("登记", f"{one.registration_zh}（{one.subject_zh}）"),
        Datum("不动产单元", one.unit_code, is_code=True),
        Datum("登记机构", lookup.institution(one.registry).name_zh),
        Datum("登簿时间", one.recorded_at),
        Datum("状态", STATES[one.state].text_zh),
        Datum("报文号", one.message_no, missing_zh="还没有编号", is_code=True),
        Datum("没有应答的次数", one.attempts),
        Datum("下次上报", one.next_try_at if one.state == "waiting" else "", missing_zh="不再自动上报"),
        Datum("接收或者搁置时间", one.settled_at, missing_zh="还没有结果"),
        Datum("原因", one.reason_zh, missing_zh="无"),
    )
    columns = [Column("时间", "time"), Column("报文号", "code"), Column("结果"), Column("平台的说明")]
    said = [
        Row((a.at, a.message_no, Badge("接收", Tone.DONE) if a.is_accepted else Badge("退回", Tone.STOPPED), a.said_zh))
        for a in answers
    ]
    table = Table("国家平台的答复", columns, said, empty_zh="国家平台还没有答复过。")
    panels = (Panel(facts=facts), Panel("国家平台的答复", table=table))
    return Board("一笔登簿的上报", panels, acts, back=(TITLE_ZH, reverse("monitor:reporting")))


def _day(request: HttpRequest, actor: Actor, now: datetime, row: int) -> Board:
    one, counts = queries.day_log(actor, row)
    may = one.state == "parked" and allowed(actor, Permission.REPORTING_RESEND, Scope(frozenset({one.registry})))
    acts = (Act("resend", "重新上报这一天", forms.Nothing, _resend_day(row), "重新上报"),) if may else ()
    columns = [Column("登记类型"), Column("本站", "number"), Column("平台", "number")]
    rows = [Row((name, ours, theirs)) for name, ours, theirs in counts]
    missing = [Row((line.partition(" ")[0], line.partition(" ")[2])) for line in one.unreported]
    facts = (
        Datum("登记机构", lookup.institution(one.registry).name_zh),
        Datum("日期", one.day),
        Datum("状态", one.state_zh),
        Datum("最近一次上报", one.sent_at, missing_zh="还没有上报"),
        Datum("说明", one.reason_zh, missing_zh="无"),
    )
    unreported = Table(
        "没有上报的登簿",
        [Column("业务号", "code"), Column("不动产单元", "code")],
        missing,
        empty_zh="这一天的登簿都已列入上报。",
    )
    panels = (
        Panel(facts=facts),
        Panel("按登记类型", table=Table("按登记类型", columns, rows, empty_zh="这一天没有登簿。")),
        Panel("没有上报的登簿", table=unreported),
    )
    return Board("登簿日志", panels, acts, back=(TITLE_ZH, f"{reverse('monitor:reporting')}?list=days"))


def _entry(request: HttpRequest, actor: Actor, now: datetime, row: int) -> Board:
    one = next((entry for entry in queries.parked_entries(actor) if entry.row == row), None)
    back = (TITLE_ZH, reverse("monitor:reporting"))
    if one is None:
        raise NotFound("entry_unknown", "没有这条搁置的证照入库记录，可能已经重新登记。")
    facts = (
        Datum("证照库", one.line_zh),
        Datum("证号", one.certificate_no),
        Datum("证照标识", one.identifier, is_code=True),
        Datum("要登记的状态", one.standing_zh),
        Datum("变动时间", one.changed_at),
        Datum("原因", one.reason_zh),
    )
    act = Act("register", "重新登记", forms.Nothing, _register(row), "重新登记", note_zh="请先消除原因。")
    may = institutions_for(actor, Permission.REPORTING_RESEND) != frozenset()
    return Board("一份证照的入库", (Panel(facts=facts),), (act,) if may else (), back=back)


def _difference(request: HttpRequest, actor: Actor, now: datetime, row: int) -> Board:
    one = next((found for found in queries.differences(actor) if found.row == row), None)
    if one is None:
        raise NotFound("difference_unknown", "没有这条差异，或者已经消除。")
    cure_zh = (
        "重新登记：把本站的状态再告诉证照库一次，下次对账时核对结果。"
        if one.may_repair
        else "本站没有签发过这份证照。请把证照标识告诉证照库的管理单位核查，本站不能代为更正。"
    )
    facts = (
        Datum("证照库", one.line_zh),
        Datum("证照标识", one.identifier, is_code=True),
        Datum("差异", one.kind_zh),
        Datum("本站的状态", one.ours_zh, missing_zh="没有这份证照"),
        Datum("证照库的状态", one.theirs_zh, missing_zh="没有这份证照"),
        Datum("发现时间", one.found_at),
        Datum("怎样消除", cure_zh),
    )
    may = one.may_repair and institutions_for(actor, Permission.REPORTING_RESEND) != frozenset()
    acts = (Act("repair", "重新登记", forms.Nothing, _repair(row), "重新登记"),) if may else ()
    back = (TITLE_ZH, f"{reverse('monitor:reporting')}?list=licences")
    return Board("与证照库的差异", (Panel(facts=facts),), acts, back=back)


Run = Callable[[Actor, Mapping[str, Any], datetime], str]


def _resend(row: int) -> Run:
    return lambda actor, _data, now: resending.resend(row, actor, now)


def _resend_all(actor: Actor, _data: Mapping[str, Any], now: datetime) -> str:
    return f"已重新排队 {resending.resend_all(actor, now)} 份。"


def _resend_day(row: int) -> Run:
    def run(actor: Actor, _data: Mapping[str, Any], now: datetime) -> str:
        days.send_again(row, actor, now)
        return "已重新排队。"

    return run


def _register(row: int) -> Run:
    def run(actor: Actor, _data: Mapping[str, Any], now: datetime) -> str:
        resending.register_again(row, actor, now)
        return "已重新排队。"

    return run


def _repair(row: int) -> Run:
    return lambda actor, _data, now: reconciling.repair(row, actor, now)


reports, upload, day, entry, difference = (board(one) for one in (_reports, _upload, _day, _entry, _difference))
