"""The frame of every page: whose desk it is, who is signed in, where the menu leads."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from tongban.access.actors import Actor, ActorKind, actor_of
from tongban.access.denials import on_denial as on_denial
from tongban.access.permissions import Permission
from tongban.access.require import institutions_for
from tongban.directory import lookup
from tongban.domain.codes import InstitutionKind
from tongban.domain.decision import Place
from tongban.web.shell import NavItem, Person, Shell

P = Permission
DESK = (
    (P.INTAKE_OPEN, NavItem("窗口收件", "/desk/intake/", key="1")),
    (P.INTAKE_OPEN, NavItem("批量申请", "/desk/batches/")),
    (P.CASE_READ, NavItem("属地办理", "/desk/cases/", key="2")),
    (P.REGISTER_READ, NavItem("登记簿", "/desk/register/", key="3")),
    (P.JUDICIAL_READ, NavItem("协助执行", "/desk/orders/")),
    (P.PRESIGNATURE_READ, NavItem("预签备案", "/desk/presignatures/")),
    (P.ENQUIRY_READ, NavItem("资料查询", "/desk/enquiries/")),
    (P.ENQUIRY_LOG, NavItem("查询记录簿", "/desk/enquiries/log/")),
    (P.AUTHORIZATION_MANAGE, NavItem("授权与协议", "/admin/trust/", key="4")),
    (P.OPENING_MANAGE, NavItem("开通与参数", "/admin/settings/", key="5")),
    (P.LOCAL_MANAGE, NavItem("本地说明和窗口", "/admin/local/")),
    (P.STAFF_MANAGE, NavItem("人员", "/admin/staff/", key="6")),
    (P.ROLES_GRANT, NavItem("角色", "/admin/roles/", key="0")),
    (P.MESSAGES_READ, NavItem("机构间报文", "/admin/messages/", key="7")),
    (P.REPORTING_READ, NavItem("上报与对账", "/admin/reporting/")),
    (P.AUDIT_READ, NavItem("审计", "/admin/audit/", key="8")),
    (P.SYSTEM_READ, NavItem("系统状态", "/admin/system/", key="9")),
)
_KEYS = [item.key for _, item in DESK if item.key]
assert len(set(_KEYS)) == len(_KEYS), "whoever holds every permission still has one key per entry"
PUBLIC = (
    NavItem("能不能办", "/can-i"),
    NavItem("证书验真", "/verify"),
    NavItem("办理窗口", "/windows"),
)
PUBLIC_FOOT = (
    ("办事指南", "/guides"),
    ("无障碍说明", "/accessibility"),
    ("隐私说明", "/privacy"),
    ("工作人员登录", "/sign-in"),
)


def shell(request: HttpRequest) -> Shell:
    """The frame for this request; works for anonymous visitors."""
    actor = actor_of(request)
    if actor.kind is not ActorKind.STAFF:
        return Shell(
            area_zh="全豫通办",
            nav=PUBLIC,
            help_place=_province(),
            foot_links=PUBLIC_FOOT,
            is_demo=settings.TONGBAN_DEMO,
        )
    return Shell(
        area_zh="工作台",
        home_url="/desk/",
        person=Person(actor.name_zh, _roles_zh(actor), lookup.institution(actor.institution).name_zh),
        nav=tuple(item for permission, item in DESK if institutions_for(actor, permission) != frozenset()),
        help_place=lookup.place_of(actor.institution),
        sign_out_url="/sign-out",
        is_demo=settings.TONGBAN_DEMO,
    )


def _province() -> Place | None:
    """The province's centre, whom anybody may call; None while the directory is empty."""
    return next((one.place for one in lookup.institutions(InstitutionKind.PROVINCE)), None)


def _roles_zh(actor: Actor) -> str:
    return "、".join(sorted({held.role.name_zh for held in actor.roles}))
