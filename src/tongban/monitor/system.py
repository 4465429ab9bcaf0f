"""The state of the site: queues, seals, keys, and whether the register still proves itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from tongban.access import audit_seals
from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.permissions import Permission
from tongban.access.require import institutions_for
from tongban.certificates import queries as licences
from tongban.domain.errors import NotPermitted
from tongban.exchange import queries as exchange
from tongban.monitor import forms
from tongban.monitor.boards import Act, Board, Panel, board
from tongban.register import sealing, verification
from tongban.vault import condition, sm2
from tongban.web.parts import Column, Datum, Row, Table

FAULTS_SHOWN = 5


def _system(request: HttpRequest, actor: Actor, now: datetime) -> Board:
    if institutions_for(actor, Permission.SYSTEM_READ) == frozenset():
        raise NotPermitted("role_missing", "您没有查看系统状态的权限。")
    acts: tuple[Act, ...] = ()
    if institutions_for(actor, Permission.REGISTER_VERIFY) != frozenset():
        note = "从第一笔重放到最后一笔，逐项比对；登簿照常进行"
        acts = (Act("verify", "核验登记簿", forms.Nothing, _verify, "核验", "quiet", note),)
    return Board(
        "系统状态",
        lead_zh="命令 tongban doctor 给出同样的检查，并写明每个故障用什么命令修复。",
        panels=(
            Panel("队列", facts=_queues(now)),
            Panel("密钥", table=_faults(now)),
            Panel("未签名的登记簿", table=_ledgers()),
        ),
        acts=acts,
    )


def _queues(now: datetime) -> tuple[Datum, ...]:
    waiting, papers = exchange.backlog(), licences.backlog()
    return (
        Datum("待发报文", waiting.to_send),
        Datum("最早一份", waiting.oldest_to_send_at, missing_zh="无"),
        Datum("待办报文", waiting.to_process),
        Datum("最早一份待办", waiting.oldest_to_process_at, missing_zh="无"),
        Datum("搁置报文", waiting.parked_sent + waiting.parked_received),
        Datum("待签发证照", papers.unsigned),
        Datum("待制作证照文件", papers.unsealed),
        Datum("审计未封存最久", f"{audit_seals.unsealed_age_s(now)} 秒"),
        Datum("国密算法", sm2.backend_name()),
    )


def _faults(now: datetime) -> Table:
    rows = [Row((fault.what_zh, fault.cure_zh)) for fault in condition.examine(now)]
    return Table("密钥检查", [Column("问题"), Column("办法")], rows, empty_zh="密钥都正常。")


def _ledgers() -> Table:
    columns = [Column("登记簿", "code"), Column("未签名", "number"), Column("最早", "time")]
    rows = [Row((one.ledger, one.entries, one.since)) for one in sealing.unsealed()]
    return Table("未签名的登记簿", columns, rows, empty_zh="每一笔登簿都已在签名的树根之下。")


def _verify(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
    reports = verification.verify_site()
    audit(actor, "register.verify", "all", purpose="核验登记簿", now=now)
    broken = [one for report in reports for one in report.breaks]
    if not broken:
        entries = sum(report.entries for report in reports)
        return f"{len(reports)} 本登记簿、{entries} 笔登簿全部完好。"
    return "发现问题：" + "；".join(str(one) for one in broken[:FAULTS_SHOWN])


system = board(_system)
