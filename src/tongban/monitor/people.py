"""Accounts and roles, in different hands (三员分立)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localdate

from tongban.access import queries
from tongban.access import staff as accounts
from tongban.access.actors import Actor
from tongban.access.permissions import Permission, Role
from tongban.access.queries import StaffLine
from tongban.access.require import institutions_for
from tongban.access.staff import Credentials, Grant, NewStaff
from tongban.directory import lookup
from tongban.domain.errors import NotPermitted
from tongban.monitor import forms
from tongban.monitor.boards import Act, Board, Panel, board
from tongban.web.parts import Badge, Column, KeyPage, Row, Table, Tone

PAGE_ROWS = queries.PAGE_ROWS


def _staff(request: HttpRequest, actor: Actor, now: datetime) -> Board:
    _need(actor, Permission.STAFF_MANAGE)
    table, pager = _page(request, actor, now)
    return Board(
        "人员账号",
        panels=(Panel("账号", "角色由安全管理员授予", table),),
        pager=pager,
        acts=(
            Act("create", "新建账号", forms.HireForm, _create, "新建", note_zh="首次口令和动态码密钥只显示一次"),
            Act("reset", "重置口令和动态码", forms.AccountForm, _reset, "重置", "quiet"),
            Act("unlock", "解除锁定", forms.AccountForm, _unlock, "解除", "quiet"),
            Act("close", "停用账号", forms.AccountForm, _close, "停用", "refuse", "停用后立即退出，不能恢复"),
        ),
    )


def _roles(request: HttpRequest, actor: Actor, now: datetime) -> Board:
    _need(actor, Permission.ROLES_GRANT)
    today = localdate(now)
    table, pager = _page(request, actor, now)
    return Board(
        "角色",
        panels=(Panel("人员和角色", table=table),),
        pager=pager,
        acts=(
            Act("grant", "授予角色", forms.RoleForm, _grant, "授予", initial={"valid_from": today}),
            Act("end", "收回角色", forms.EndRoleForm, _end, "收回", "refuse", "立即生效"),
        ),
    )


def _need(actor: Actor, permission: Permission) -> None:
    if institutions_for(actor, permission) == frozenset():
        raise NotPermitted("role_missing", f"您没有“{permission.name_zh}”的权限。")


def _page(request: HttpRequest, actor: Actor, now: datetime) -> tuple[Table, KeyPage]:
    lines = queries.staff(actor, localdate(now), after=request.GET.get("after", ""))
    columns = [Column(name) for name in ("用户名", "姓名", "机构", "角色", "保密协议", "状态")] + [
        Column("最近使用", "time")
    ]
    rows = [
        Row(
            (
                line.username,
                line.name_zh,
                lookup.institution(line.institution).short_zh,
                "、".join(held.role.name_zh for held in line.roles) or "（无）",
                Badge("有效", Tone.DONE) if line.has_agreement else Badge("没有", Tone.WAITING),
                _state(line, now),
                line.last_seen_at,
            )
        )
        for line in lines
    ]
    following = f"?after={lines[-1].username}" if len(lines) == PAGE_ROWS else ""
    return Table("账号", columns, rows), KeyPage(next_url=following, shown=len(lines))


def _state(line: StaffLine, now: datetime) -> Badge:
    if not line.is_active:
        return Badge("已停用", Tone.STOPPED)
    if line.locked_until and line.locked_until > now:
        return Badge("已锁定", Tone.WAITING)
    return Badge("正常", Tone.DONE)


def _shown_once(made: Credentials) -> str:
    return f"{made.username} 的首次口令 {made.password}，动态码密钥 {made.totp_secret}。只显示这一次，请当面交给本人。"


def _create(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
    return _shown_once(
        accounts.create_staff(actor, NewStaff(data["username"], data["name_zh"], data["institution"]), now)
    )


def _reset(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
    return _shown_once(accounts.reset_credentials(actor, data["username"], now))


def _unlock(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
    accounts.unlock(actor, data["username"], now)
    return f"{data['username']} 已解除锁定。"


def _close(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
    accounts.close_account(actor, data["username"], now)
    return f"{data['username']} 已停用。"


def _grant(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
    role = Role(data["role"])
    grant = Grant(data["username"], role, data["institution"], data["valid_from"], data["valid_until"])
    accounts.grant_role(actor, grant, now)
    return f"已授予 {data['username']}“{role.name_zh}”。"


def _end(actor: Actor, data: Mapping[str, Any], now: datetime) -> str:
    count = accounts.end_role(actor, data["username"], Role(data["role"]), data["institution"], now=now)
    return "已收回，立即生效。" if count else "这个人没有这个角色，没有改动。"


staff, roles = board(_staff), board(_roles)
