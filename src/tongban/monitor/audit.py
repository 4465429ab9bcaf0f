"""The audit trail as an auditor reads it, and the state of its seals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from tongban.access import audit_seals, queries
from tongban.access.actors import Actor
from tongban.access.audit import audit as write
from tongban.access.permissions import Permission
from tongban.access.queries import AuditFilter
from tongban.access.require import Scope, require
from tongban.directory import lookup
from tongban.monitor import forms
from tongban.monitor.boards import Act, Board, Panel, board
from tongban.web.parts import Badge, Column, Datum, KeyPage, Row, Table, Tone

OUTCOMES = {
    "ok": Badge("成功", Tone.DONE),
    "denied": Badge("无权限", Tone.STOPPED),
    "refused": Badge("依法不办", Tone.WAITING),
    "failed": Badge("失败", Tone.STOPPED),
}


def _audit(request: HttpRequest, actor: Actor, now: datetime) -> Board:
    form = forms.AuditSearch(request.GET)
    wanted = {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    before = request.GET.get("before", "")
    lines = queries.audit_trail(actor, AuditFilter(**wanted), before=int(before) if before.isdigit() else None)
    write(actor, "audit.read", "audit", purpose="审计", detail=wanted, now=now)
    following = "?" + urlencode({**wanted, "before": lines[-1].number}) if len(lines) == queries.PAGE_ROWS else ""
    return Board(
        "审计",
        lead_zh="谁、什么时候、为哪件业务、做了或者看了什么。没有权限的尝试也在里面。记录只能增加，不能改、不能删。",
        search=form,
        panels=(Panel("记录", table=_table(lines)), Panel("封存", facts=_seals(now))),
        pager=KeyPage(next_url=following, shown=len(lines)),
        acts=(
            Act(
                "verify", "核验全部记录", forms.Nothing, _verify, "核验", "quiet", "逐行重算摘要，找出被改、被删的记录"
            ),
        ),
    )


def _table(lines: tuple[queries.AuditLine, ...]) -> Table:
    columns = [Column("时间", "time"), Column("人员", "code"), Column("机构"), Column("行为", "code")]
    columns += [Column("对象", "code"), Column("结果"), Column("目的和细节")]
    rows = [
        Row(
            (
                line.at,
                line.actor_id,
                _institution(line.institution),
                line.action,
                line.object_id or line.case_no,
                OUTCOMES.get(line.outcome, Badge(line.outcome)),
                _words(line),
            )
        )
        for line in lines
    ]
    return Table("审计记录", columns, rows, empty_zh="没有符合条件的记录。")


def _institution(code: str) -> str:
    return lookup.institution(code).short_zh if code else ""


def _words(line: queries.AuditLine) -> str:
    detail = (f"{key} {value}" for key, value in line.detail.items() if value)
    case = line.case_no if line.case_no != line.object_id else ""
    return "；".join(part for part in (line.purpose, case, *detail, line.origin) if part)


def _seals(now: datetime) -> tuple[Datum, ...]:
    head = audit_seals.seal_head()
    age = audit_seals.unsealed_age_s(now)
    return (
        Datum("最新封存", head.sequence if head else "", missing_zh="还没有封存"),
        Datum("封存时间", head.sealed_at if head else None, missing_zh="—"),
        Datum("封存摘要", head.hash_hex if head else "", is_code=True, missing_zh="—"),
        Datum("未封存最久", f"{age} 秒"),
    )


def _verify(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
    require(actor, Permission.AUDIT_READ, Scope(frozenset({actor.institution}), "audit"))
    report = audit_seals.verify_audit()
    if report.is_sound:
        return f"{report.rows} 行记录、{report.seals} 个封存全部完好。"
    return "发现问题：" + "；".join(fault.what_zh for fault in report.faults[:5])


audit = board(_audit)
