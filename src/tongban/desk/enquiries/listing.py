"""The window's list of queries, and one query with what the home registry said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tongban.access.actors import Actor, actor_of
from tongban.access.require import institutions_for
from tongban.desk.enquiries.forms import EnquirySearchForm
from tongban.desk.enquiries.parts import asked_facts, pager, pdf, state_badge, unit_panels
from tongban.desk.signed_in import signed_in
from tongban.domain.errors import OutsideError
from tongban.enquiries import queries, taking, wording
from tongban.enquiries.queries import ANSWERED, ASKED, DENIED, EnquiryRow
from tongban.exchange.contract.register_query import REFUSED
from tongban.web.parts import Column, Row, Tab, Table, Tone

TABS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "all": ("全部", ()),
    "asked": ("等答复", (ASKED,)),
    "answered": ("已出结果", (ANSWERED,)),
    "refused": ("不予查询", (REFUSED, DENIED)),
}
COLUMNS: Final = (
    Column("查询编号", "code"), Column("查询人"), Column("身份"), Column("要查什么"), Column("属地"), Column("状态"),
    Column("收到", "time"), Column("收件人"),
)  # fmt: skip


@signed_in
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Queries taken in at this window, newest first; a number leads straight to its query."""
    actor = actor_of(request)
    if institutions_for(actor, "enquiry.read") == frozenset() != institutions_for(actor, "enquiry.log"):
        return redirect("desk:enquiries-log")
    wanted, tab = request.GET.get("q", "").strip(), request.GET.get("tab", "")
    current = tab if tab in TABS and not wanted else "all"
    keys = {"after": request.GET.get("after", ""), "before": request.GET.get("before", "")}
    page = queries.enquiries(actor, TABS[current][1], number=wanted, **keys)
    if wanted and len(page.rows) == 1 and not any(keys.values()):
        return redirect("desk:enquiry", page.rows[0].number)
    kept = {"q": wanted} if wanted else {"tab": current}
    empty_zh = f"没有编号以“{wanted}”结尾的查询" if wanted else "还没有查询申请"
    context = {
        "tabs": _tabs(queries.counts(actor), current),
        "table": Table("查询", COLUMNS, [_row(row) for row in page.rows], is_queue=True, empty_zh=empty_zh),
        "pager": pager(
            reverse("desk:enquiries"), kept,
            before=page.previous_before, after=page.next_after, shown=len(page.rows),
        ),
        "search": EnquirySearchForm({"q": wanted} if wanted else None),
        "has_log": may_read_log(actor),
    }  # fmt: skip
    return render(request, "desk/enquiries/list.html", context)


@signed_in
@require_GET
def one(request: HttpRequest, number: str) -> HttpResponse:
    """What was asked, what the home registry said, and the paper to hand over."""
    return _page(request, number)


@signed_in
@require_POST
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the home registry again that did not answer."""
    try:
        taking.ask_again(number, actor_of(request), timezone.now())
    except OutsideError as error:
        return _page(request, number, unreached_zh=error.message_zh, status=503)
    return redirect("desk:enquiry", number)


@signed_in
@require_GET
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The sealed certificate or notice of refusal."""
    try:
        return pdf(*taking.paper(number, actor_of(request), timezone.now()))
    except OutsideError as error:
        return _page(request, number, unreached_zh=error.message_zh, status=503)


def may_read_log(actor: Actor) -> bool:
    return institutions_for(actor, "enquiry.log") != frozenset()


def _page(request: HttpRequest, number: str, *, unreached_zh: str = "", status: int = 200) -> HttpResponse:
    view = queries.enquiry(number, actor_of(request), timezone.now())
    context = {
        "view": view,
        "badge": state_badge(view.state),
        "asked": asked_facts(view.request),
        "units": unit_panels(view.answer.units) if view.answer else [],
        "conclusion_zh": (wording.conclusion_zh(view.request, view.answer) if view.answer and not view.refusal else ""),
        "notes": wording.notes_zh(view.request, view.answer) if view.answer and not view.refusal else (),
        "is_waiting": view.state == ASKED,
        "unreached_zh": unreached_zh,
    }
    return render(request, "desk/enquiries/one.html", context, status=status)


def _tabs(counts: Mapping[str, int], current: str) -> list[Tab]:
    address = reverse("desk:enquiries")
    return [
        Tab(
            label, f"{address}?tab={key}", key == current,
            sum(counts.get(state, 0) for state in states or counts), key=str(digit),
        )
        for digit, (key, (label, states)) in enumerate(TABS.items(), 1)
    ]  # fmt: skip


def _row(row: EnquiryRow) -> Row:
    cells = (
        row.number, row.person_zh, row.asker_zh, row.wanted_zh, row.home_zh, state_badge(row.state), row.taken_at,
        row.clerk_zh,
    )  # fmt: skip
    return Row(cells, reverse("desk:enquiry", args=[row.number]), Tone.WAITING if row.state == ASKED else None)
