"""Authorizations and confidentiality agreements: who may receive what for whom, and who keeps silent (D1, D4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate

from tongban.access import agreements
from tongban.access import queries as access
from tongban.access.actors import Actor
from tongban.access.agreements import Agreement, AgreementKind
from tongban.access.queries import AgreementLine
from tongban.directory import lookup
from tongban.domain.errors import NotFound
from tongban.domain.terms import Channel
from tongban.exchange import authorizations
from tongban.exchange import queries as exchange
from tongban.exchange.authorizations import Terms
from tongban.exchange.queries import AuthorizationRow
from tongban.monitor import forms
from tongban.monitor.boards import Act, Board, Panel, board
from tongban.web.parts import Badge, Column, Datum, Row, Table, Tone


def _trust(request: HttpRequest, actor: Actor, now: datetime) -> Board:
    return Board(
        "授权与协议",
        panels=(
            Panel("收件授权", "点一行可以暂停、恢复或者撤回", _authorizations(actor, now)),
            Panel("保密协议", "没有有效协议的，看不到对方任何信息", _agreements(actor, now)),
        ),
        acts=(
            Act("grant", "新增收件授权", forms.GrantForm, _grant, "授权"),
            Act("between", "录入机构间保密协议", forms.RegistryAgreementForm, _conclude_registries, "录入"),
            Act("staff", "录入工作人员保密协议", forms.StaffAgreementForm, _conclude_staff, "录入"),
        ),
    )


def _authorizations(actor: Actor, now: datetime) -> Table:
    columns = [Column(name) for name in ("属地", "收件", "事项", "办理方式")]
    columns += [Column("起", "day"), Column("止", "day"), Column("状态"), Column("文号")]
    rows = [
        Row(
            (
                _name(row.grantor),
                _name(row.grantee),
                "、".join(row.items),
                "、".join(Channel(one).name_zh for one in row.channels),
                row.valid_from,
                row.valid_until,
                authorization_state(row, now),
                row.document_no,
            ),
            reverse("monitor:authorization", kwargs={"number": row.number}),
        )
        for row in exchange.authorizations(actor)
    ]
    return Table("收件授权", columns, rows, is_queue=True, empty_zh="还没有授权。没有授权，别的窗口不能替本地收件。")


def authorization_state(row: AuthorizationRow, now: datetime) -> Badge:
    """In words: in force, not yet, over, suspended, revoked."""
    today = localdate(now).isoformat()
    if row.revoked_at:
        return Badge("已撤回", Tone.STOPPED)
    if row.suspended_at:
        return Badge("已暂停", Tone.WAITING)
    if str(row.valid_until) < today:
        return Badge("已到期", Tone.STOPPED)
    if str(row.valid_from) > today:
        return Badge("未开始", Tone.QUIET)
    return Badge("有效", Tone.DONE)


def _agreements(actor: Actor, now: datetime) -> Table:
    columns = [Column(name) for name in ("种类", "甲方", "乙方", "协议编号")]
    columns += [Column("生效", "day"), Column("截止", "day"), Column("状态")]
    rows = [
        Row(
            (
                "机构之间" if line.kind == "registry" else "机构与个人",
                _name(line.first),
                _name(line.second),
                line.document_no,
                line.valid_from,
                line.valid_until,
                _agreement_state(line, now),
            ),
            reverse("monitor:agreement", kwargs={"number": line.number}),
        )
        for line in access.agreements(actor)
    ]
    return Table("保密协议", columns, rows, is_queue=True, empty_zh="还没有保密协议。")


def _agreement_state(line: AgreementLine, now: datetime) -> Badge:
    today = localdate(now)
    if line.revoked_at:
        return Badge("已解除", Tone.STOPPED)
    if line.valid_until and line.valid_until < today:
        return Badge("已到期", Tone.STOPPED)
    return Badge("有效", Tone.DONE) if line.valid_from <= today else Badge("未生效", Tone.QUIET)


def _name(code: str) -> str:
    return lookup.institution(code).short_zh if "-" in code else code


def _grant(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
    terms = Terms(
        tuple(data["items"]), tuple(data["channels"]), data["valid_from"], data["valid_until"], data["document_no"]
    )
    authorizations.grant(data["grantor"], data["grantee"], terms, actor, now=now)
    return f"已授权{_name(data['grantee'])}替{_name(data['grantor'])}收件。"


def _conclude_registries(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
    agreements.conclude(actor, Agreement(AgreementKind.REGISTRY, **data), now)
    return f"已录入保密协议 {data['document_no']}。"


def _conclude_staff(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
    agreements.conclude(actor, Agreement(AgreementKind.STAFF, **data), now)
    return f"已录入 {data['second']} 的保密协议。"


def _authorization(request: HttpRequest, actor: Actor, now: datetime, number: int) -> Board:
    row = next((one for one in exchange.authorizations(actor) if one.number == number), None)
    if row is None:
        raise NotFound("authorization_not_found", "没有这份授权，或者不归您管理。")
    acts = []
    if not row.revoked_at:
        if row.suspended_at:
            acts.append(
                Act("resume", "恢复授权", forms.Nothing, _on(authorizations.resume, number, "已恢复。"), "恢复")
            )
        else:
            note = "暂停以后，对方窗口立即不能收件和查询；可以随时恢复。"
            run = _on(authorizations.suspend, number, "已暂停，立即生效。")
            acts.append(Act("suspend", "暂停授权", forms.Nothing, run, "暂停", "quiet", note))
        note = "撤回以后不能恢复，要重新授权。已经移交的案件照常办完。"
        run = _on(authorizations.revoke, number, "已撤回，立即生效。")
        acts.append(Act("revoke", "撤回授权", forms.Nothing, run, "撤回", "refuse", note))
    facts = (
        Datum("属地登记机构", lookup.institution(row.grantor).name_zh),
        Datum("收件登记机构", lookup.institution(row.grantee).name_zh),
        Datum("事项", "、".join(row.items)),
        Datum("起止", f"{row.valid_from} 至 {row.valid_until}"),
        Datum("文号", row.document_no),
        Datum("状态", authorization_state(row, now).text_zh),
    )
    back = ("授权与协议", reverse("monitor:trust"))
    return Board(f"收件授权 {row.document_no}", (Panel(facts=facts),), tuple(acts), back=back)


def _on(change: Any, number: int, said_zh: str) -> Any:
    def run(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
        change(number, actor, now=now)
        return said_zh

    return run


def _agreement(request: HttpRequest, actor: Actor, now: datetime, number: int) -> Board:
    line = next((one for one in access.agreements(actor, before=number + 1) if one.number == number), None)
    if line is None:
        raise NotFound("agreement_not_found", "没有这份协议，或者不归您管理。")
    agreement = Agreement(
        AgreementKind(line.kind),
        line.first,
        line.second,
        line.document_no,
        line.signed_on,
        line.valid_from,
        line.valid_until,
    )

    def revoke(by: Actor, data: Mapping[str, Any], at: datetime) -> str:
        agreements.revoke(by, agreement, at)
        return "已解除，立即生效。"

    note = "解除以后，双方立即看不到对方任何信息。"
    acts = () if line.revoked_at else (Act("revoke", "解除协议", forms.Nothing, revoke, "解除", "refuse", note),)
    facts = (
        Datum("甲方", _name(line.first)),
        Datum("乙方", _name(line.second)),
        Datum("签订", line.signed_on),
        Datum("状态", _agreement_state(line, now).text_zh),
    )
    return Board(
        f"保密协议 {line.document_no}", (Panel(facts=facts),), acts, back=("授权与协议", reverse("monitor:trust"))
    )


trust, authorization, agreement = board(_trust), board(_authorization), board(_agreement)
