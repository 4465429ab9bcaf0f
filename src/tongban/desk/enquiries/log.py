"""The home registry's log of queries (查询记录簿): every line, its paper, and what was copied."""

from __future__ import annotations

import secrets
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from tongban.access.actors import actor_of
from tongban.access.require import institutions_for
from tongban.desk.enquiries.forms import CopyForm, EnquirySearchForm
from tongban.desk.enquiries.parts import OUTCOMES, asked_facts, pager, pdf, unit_panels
from tongban.desk.signed_in import signed_in
from tongban.domain.errors import InvalidInput
from tongban.enquiries import copies, papers, queries
from tongban.enquiries.copies import Copied
from tongban.enquiries.queries import RecordRow
from tongban.web.parts import Column, Row, Table

COLUMNS: Final = (
    Column("时间", "time"), Column("查询编号", "code"), Column("查询人"), Column("身份"), Column("目的"),
    Column("在哪里收的"), Column("结果"), Column("证明编号"),
)  # fmt: skip
COPY_COLUMNS: Final = (
    Column("时间", "time"), Column("复制了什么"), Column("页数", "number"), Column("备注"), Column("经办人"),
)  # fmt: skip
ALARM_COLUMNS: Final = (Column("时间", "time"), Column("谁"), Column("单位"), Column("什么事"), Column("有关"))


@signed_in
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Every query this registry answered, newest first, and what to look into."""
    actor = actor_of(request)
    wanted = request.GET.get("q", "").strip()
    keys = {"after": request.GET.get("after", ""), "before": request.GET.get("before", "")}
    page = queries.log(actor, number=wanted, **keys)
    alarms = [
        Row((one.at, one.who_zh, one.institution_zh, one.what_zh, one.about))
        for one in queries.alarms(actor, timezone.now())
    ]
    context = {
        "table": Table("查询记录簿", COLUMNS, [_row(row) for row in page.rows], is_queue=True, empty_zh="没有记录"),
        "pager": pager(
            reverse("desk:enquiries-log"), {"q": wanted} if wanted else {},
            before=page.previous_before, after=page.next_after, shown=len(page.rows),
        ),
        "search": EnquirySearchForm({"q": wanted} if wanted else None),
        "alarms": Table("要留意的查询", ALARM_COLUMNS, alarms) if alarms else None,
        "has_window": institutions_for(actor, "enquiry.read") != frozenset(),
    }  # fmt: skip
    return render(request, "desk/enquiries/log.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One line of the log; original material that was copied is written down here."""
    actor = actor_of(request)
    if request.method == "GET":
        return _page(request, number, CopyForm(initial={"key": secrets.token_hex(16)}))
    form = CopyForm(request.POST)
    if not form.is_valid():
        return _page(request, number, form, status=422)
    given = form.cleaned_data
    try:
        copied = Copied(given["kind"], given["pages"], given["note"])
        copies.note(number, copied, actor, key=given["key"], now=timezone.now())
    except InvalidInput as error:
        form.tell(error.problems)
        return _page(request, number, form, status=422)
    return redirect("desk:enquiries-record", number)


@signed_in
@require_GET
def paper(request: HttpRequest, number: int) -> HttpResponse:
    """The sealed certificate or notice of one line."""
    return pdf(*papers.of_record(number, actor_of(request), timezone.now()))


def _page(request: HttpRequest, number: int, form: CopyForm, *, status: int = 200) -> HttpResponse:
    view = queries.record(number, actor_of(request), timezone.now())
    lines = [Row((one.at, one.kind_zh, one.pages, one.note_zh, one.by_zh)) for one in view.copies]
    context = {
        "view": view,
        "badge": OUTCOMES[view.row.outcome],
        "asked": asked_facts(view.request),
        "parts_zh": "、".join(part.name_zh for part in view.parts) or "没有",
        "units": unit_panels(view.answer.units),
        "copies": Table("复制记录", COPY_COLUMNS, lines, empty_zh="还没有复制"),
        "may_copy": view.may_copy and view.row.outcome == "shown",
        "form": form,
    }
    return render(request, "desk/enquiries/record.html", context, status=status)


def _row(row: RecordRow) -> Row:
    cells = (
        row.at, row.enquiry_no, row.person_zh, row.asker_zh, row.purpose_zh, row.receiving_zh, OUTCOMES[row.outcome],
        row.paper_no,
    )  # fmt: skip
    return Row(cells, reverse("desk:enquiries-record", args=[row.number]))
