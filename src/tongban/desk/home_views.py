"""The first page after signing in: what waits for this person, queue by queue, and the ways to everything else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tongban.access.actors import Actor, actor_of
from tongban.access.permissions import WINDOW_ROLES, Permission
from tongban.access.require import institutions_for
from tongban.cases import queues
from tongban.desk.cases.lists import queue_url
from tongban.desk.signed_in import signed_in
from tongban.desk.window.listing import TABS
from tongban.domain.lifecycle import ApplicationState
from tongban.domain.reasons import Reasons
from tongban.intake import queries
from tongban.judicial import queries as orders
from tongban.judicial.queries import QUEUED
from tongban.web.parts import Badge, Column, Datum, Row, Table, Tone
from tongban.web.shell import shell_of

HINTS: Final = {
    "draft": "接着填，填完移交属地",
    "correction": "请申请人来补材料，补齐再送属地",
    "handed-over": "等属地答复，到期视为受理",
    "accepted": "属地在办，可以查进度",
}
WAITS: Final = frozenset({"correction", "receive", "first", "second", "record", "archive", "orders"})


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Counts by queue for whatever roles the person holds; Enter opens a queue."""
    actor = actor_of(request)
    shell = shell_of(request)
    rows = [*_order_rows(actor), *_window_rows(actor), *_case_rows(actor)]
    nav = [item for item in shell.nav if not item.url.startswith(("/desk/intake/", "/desk/cases/", "/desk/orders/"))]
    context = {
        "table": Table("我的工作", (Column("待办"), Column("件数", "number"), Column("要做什么")), rows, is_queue=True),
        "nav": nav,
        "may_open": institutions_for(actor, Permission.INTAKE_OPEN) != frozenset(),
        "facts": _facts(actor, shell.person.institution_zh if shell.person else ""),
        "unsigned": Reasons.NO_STAFF_AGREEMENT if _lacks_agreement(actor) else None,
        "has_roles": bool(actor.roles),
        "done": request.GET.get("done", ""),
    }
    return render(request, "desk/home.html", context)


def _order_rows(actor: Actor) -> Iterator[Row]:
    if institutions_for(actor, Permission.JUDICIAL_READ) != frozenset():
        many = orders.counts(actor).get(QUEUED, 0)
        yield _row("协助执行 · 等人办", many, reverse("desk:orders"), "先到的先办，房产在办完以前不能处分", "orders")


def _window_rows(actor: Actor) -> Iterator[Row]:
    if institutions_for(actor, Permission.INTAKE_READ) == frozenset():
        return
    counts = queries.counts(actor)
    for key in ("correction", "draft", "handed-over", "accepted"):
        label, states = TABS[key]
        many = sum(counts.get(ApplicationState(state), 0) for state in states)
        yield _row(f"窗口收件 · {label}", many, f"{reverse('desk:intake')}?tab={key}", HINTS[key], key)


def _case_rows(actor: Actor) -> Iterator[Row]:
    if institutions_for(actor, Permission.CASE_READ) == frozenset():
        return
    counts = queues.counts(actor)
    for queue in queues.queues_of(actor):
        if queue.is_worked:
            yield _row(f"属地办理 · {queue.name_zh}", counts.get(queue.key, 0), queue_url(queue.key), "", queue.key)


def _row(label: str, many: int, url: str, hint: str, key: str) -> Row:
    is_pressing = bool(many) and key in WAITS
    return Row((label, many, hint), url, Tone.WAITING if is_pressing else None)


def _facts(actor: Actor, institution_zh: str) -> list[Datum]:
    roles = "、".join(sorted({held.role.name_zh for held in actor.roles})) or "还没有岗位"
    facts = [Datum("姓名", actor.name_zh), Datum("单位", institution_zh), Datum("岗位", roles)]
    if _is_at_window(actor):
        signed = Badge("有效", Tone.DONE) if actor.has_agreement else Badge("没有", Tone.STOPPED)
        facts.append(Datum("保密协议", signed))
    return facts


def _is_at_window(actor: Actor) -> bool:
    return any(held.role in WINDOW_ROLES for held in actor.roles)


def _lacks_agreement(actor: Actor) -> bool:
    return _is_at_window(actor) and not actor.has_agreement
