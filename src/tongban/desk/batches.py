"""Many applications at once: the sheets handed in, one sheet with its rows, and mending what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_http_methods

from tongban.access.actors import Actor, actor_of
from tongban.desk import together
from tongban.desk.signed_in import signed_in
from tongban.desk.window.forms import DeskForm
from tongban.desk.window.parts import overview_url
from tongban.directory import lookup
from tongban.domain.errors import InvalidInput, Problem, Stale
from tongban.intake import opening
from tongban.intake.batches import columns, queries, taking, workbooks
from tongban.intake.batches.sheets import SHEET_BYTES_MAX, refuse
from tongban.web.parts import Badge, Column, KeyPage, Link, Row, Tab, Table, Tone

TONES: Final = {queries.WRONG: Tone.STOPPED, queries.WAITING: Tone.WAITING, queries.BEGUN: Tone.DONE}
BATCH_COLUMNS: Final = (
    Column("批量编号", "code"), Column("事项"), Column("文件"), Column("上传时间", "time"), Column("要改", "number"),
    Column("等着办", "number"), Column("已成件", "number"),
)  # fmt: skip
ROW_COLUMNS: Final = (
    Column("行", "number"), Column("不动产单元号", "code"), Column("结果"), Column("哪一列"), Column("怎么了"),
    Column("怎么办"), Column("收件编号", "code"),
)  # fmt: skip


ALL: Final = "all"


class SheetForm(DeskForm):
    """A sheet to hand in: for which service, at which window."""

    item_number = forms.ChoiceField(label="办什么")
    window_code = forms.ChoiceField(label="在哪个窗口")
    sheet = forms.FileField(label="表格文件", help_text=".xlsx 或者 CSV，不超过 50 MB、5000 行。")

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        items, windows = self.fields["item_number"], self.fields["window_code"]
        assert isinstance(items, forms.ChoiceField) and isinstance(windows, forms.ChoiceField), "both are chosen"
        items.choices = [(one.number, one.name_zh) for one in taking.batch_items()]
        windows.choices = [(one.code, one.name_zh) for one in lookup.windows(actor.institution)]


class MendedSheetForm(DeskForm):
    """The sheet of wrong rows, mended."""

    sheet = forms.FileField(label="改好的表", help_text="用“下载有错的行”得到的表来改。")


class RowForm(DeskForm):
    """One row, column by column, as it was typed."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, view: queries.BatchView, row: queries.RowView, **options: Any) -> None:
        super().__init__(*args, **options)
        wrong = {finding.column for finding in row.findings}
        wanted = columns.columns_of(view.item)
        self.wrong = [one.key for one in wanted if one.key in wrong]
        for one in wanted:
            self.fields[one.key] = forms.CharField(
                label=one.label_zh, help_text=f"{one.help_zh}{one.how_zh}。", required=False, max_length=2000,
                initial=row.given.get(one.key, ""),
            )  # fmt: skip

    def marked(self) -> list[forms.BoundField]:
        """The fields with something wrong."""
        return [self[key] for key in self.wrong]

    def others(self) -> list[forms.BoundField]:
        """All other fields."""
        return [self[key] for key in self.fields if key != "version" and key not in self.wrong]

    def given(self) -> dict[str, str]:
        """What was typed, by column."""
        typed = {key: str(self[key].value() or "").strip() for key in self.fields if key != "version"}
        return {key: text for key, text in typed.items() if text}


@signed_in
@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """The batches of this window, newest first, and the place to hand in another."""
    actor = actor_of(request)
    form = SheetForm(request.POST or None, request.FILES or None, actor=actor)
    status = 200
    if request.method == "POST":
        try:
            given = {name: request.POST.get(name, "") for name in ("item_number", "window_code")}
            name = _sheet(request).name or ""
            number = taking.take(**given, data=_bytes(request), name=name, actor=actor, now=timezone.now())
            return redirect("desk:batch", number)
        except InvalidInput as error:
            form.tell(error.problems)
            status = 422
    page = queries.batches(actor, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {
        "form": form,
        "templates": [Link(one.name_zh, reverse("desk:batch-template", args=[one.number])) for one in taking.batch_items()],
        "table": Table("批量申请", BATCH_COLUMNS, [_batch_row(one) for one in page.batches], True, "还没有批量申请"),
        "pager": _pager(page, len(page.batches)),
    }  # fmt: skip
    return render(request, "desk/batches/list.html", context, status=status)


def _batch_row(one: queries.BatchView) -> Row:
    counted = (one.counts[state] for state in (queries.WRONG, queries.WAITING, queries.BEGUN))
    cells = (one.number, one.item.name_zh, one.file_name, one.created_at, *counted)
    return Row(cells, reverse("desk:batch", args=[one.number]), Tone.WAITING if one.counts[queries.WRONG] else None)


def _sheet(request: HttpRequest) -> UploadedFile[bytes]:
    file = request.FILES.get("sheet")
    if not isinstance(file, UploadedFile):
        raise InvalidInput([Problem("sheet", "没有选文件", "请选择填好的表格")])
    if (file.size or 0) > SHEET_BYTES_MAX:
        raise refuse("文件超过 50 MB", "表里只留要填的列，去掉图片，或者分成几个文件")
    return file


def _bytes(request: HttpRequest) -> bytes:
    data: bytes = _sheet(request).read()
    return data


@signed_in
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One batch: how far it is, wrong rows first, and the way to mend them."""
    actor = actor_of(request)
    form, status = MendedSheetForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        try:
            done = taking.mend_by_sheet(number, _bytes(request), actor, now=timezone.now())
            return redirect(f"{reverse('desk:batch', args=[number])}?{urlencode({'mended': done.taken})}")
        except InvalidInput as error:
            form.tell(error.problems)
            status = 422
    view = queries.batch(number, actor)
    first = queries.WRONG if view.counts[queries.WRONG] else ""
    asked = request.GET.get("state", first)
    state = asked if asked in queries.STATES_ZH else ""  # ALL and whatever nobody knows: every row
    page = queries.rows(view, state, after=_row_no(request, "after"), before=_row_no(request, "before"))
    context = {
        "view": view,
        "form": form,
        "tabs": _tabs(view, state),
        "table": Table("这一批的行", ROW_COLUMNS, [_row(view, row) for row in page.rows], True, "没有这样的行"),
        "pager": _pager(page, len(page.rows), state=state or ALL),
        "wrong": view.counts[queries.WRONG],
        "waiting": view.counts[queries.WAITING],
        "begun": view.counts[queries.BEGUN],
        "mended": request.GET.get("mended", ""),
    }
    return render(request, "desk/batches/one.html", context, status=status)


def _row_no(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 8 else 0


def _pager(page: queries.BatchPage | queries.RowPage, shown: int, **kept: str) -> KeyPage:
    def url(name: str, key: str | int) -> str:
        return f"?{urlencode({**kept, name: key})}" if key else ""

    return KeyPage(url("before", page.previous_before), url("after", page.next_after), shown)


def _tabs(view: queries.BatchView, current: str) -> list[Tab]:
    address = reverse("desk:batch", args=[view.number])
    shown = [*queries.STATES_ZH.items(), ("", "全部")]
    return [
        Tab(words, f"{address}?state={key or ALL}", key == current, view.counts.get(key, view.total), str(digit))
        for digit, (key, words) in enumerate(shown, 1)
    ]


def _row(view: queries.BatchView, row: queries.RowView) -> Row:
    first = row.findings[0] if row.findings else None
    more = f"（还有{len(row.findings) - 1}处）" if len(row.findings) > 1 else ""
    words = (
        (first.column_zh, f"{first.what_zh}{more}{f'。{first.why_zh}' if first.why_zh else ''}", first.cure_zh)
        if first
        else ("", row.waits_zh, "")
    )
    state_zh = row.application_state.name_zh if row.application_state else queries.STATES_ZH[row.state]
    url = overview_url(row.application_no) if row.application_no else ""
    if row.state == queries.WRONG:
        url = reverse("desk:batch-row", args=[view.number, row.row_no])
    return Row((row.row_no, row.unit_code, Badge(state_zh, TONES[row.state]), *words, row.application_no), url)


@signed_in
@require_http_methods(["GET", "POST"])
def mend(request: HttpRequest, number: str, row_no: int) -> HttpResponse:
    """One wrong row with what is wrong beside each column; mended, it goes on by itself."""
    actor = actor_of(request)
    view = queries.batch(number, actor)
    row = queries.row(view, row_no)
    if row.state != queries.WRONG:
        return redirect("desk:batch", number)
    form, status, stale_zh = (
        RowForm(request.POST or None, view=view, row=row, initial={"version": row.version}),
        200,
        "",
    )
    if request.method == "POST":
        text = request.POST.get("version", "")
        version = int(text) if text.isdecimal() and len(text) < 10 else -1
        try:
            taking.mend_row(number, row_no, form.given(), actor, version=version, now=timezone.now())
        except Stale as error:
            stale_zh, status = error.message_zh, 409
        else:
            row = queries.row(view, row_no)
            if row.state != queries.WRONG:
                return redirect(f"{reverse('desk:batch', args=[number])}?mended=1")
            status = 422
            data = request.POST.copy()
            data["version"] = str(row.version)
            form = RowForm(data, view=view, row=row)
            form.tell(_told(row.findings))
    context = {"view": view, "row": row, "form": form, "stale_zh": stale_zh}
    return render(request, "desk/batches/row.html", context, status=status)


def _told(findings: Iterable[queries.Finding]) -> list[Problem]:
    return [Problem(one.column, one.what_zh, one.cure_zh) for one in findings]


@signed_in
@require_GET
def template(request: HttpRequest, item_number: str) -> HttpResponse:
    """An empty sheet to fill in."""
    opening.may_open(actor_of(request))
    item = taking.item_of(item_number)
    return _file(workbooks.workbook(columns.template(item)), f"{item.name_zh}样表.xlsx")


@signed_in
@require_GET
def wrong_sheet(request: HttpRequest, number: str) -> HttpResponse:
    """Just the wrong rows, to be mended in a spreadsheet."""
    return _export(request, number, queries.wrong_sheet, "要改的行")


@signed_in
@require_GET
def result_sheet(request: HttpRequest, number: str) -> HttpResponse:
    """What became of every row."""
    return _export(request, number, queries.result_sheet, "办理结果")


def _export(
    request: HttpRequest, number: str, make: Callable[[queries.BatchView, Actor], bytes], what_zh: str
) -> HttpResponse:
    actor = actor_of(request)
    return _file(make(queries.batch(number, actor), actor), f"{number}{what_zh}{localdate():%m%d}.xlsx")


def _file(data: bytes, name: str) -> HttpResponse:
    headers = {"X-Content-Type-Options": "nosniff"}
    response = HttpResponse(data, content_type=workbooks.XLSX, headers=headers)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{urlencode({'n': name})[2:]}"
    return response


urlpatterns = [
    path("", listing, name="batches"),
    path("templates/<str:item_number>.xlsx", template, name="batch-template"),
    path("<str:number>/", one, name="batch"),
    path("<str:number>/together", together.do_together, name="batch-together"),
    path("<str:number>/wrong.xlsx", wrong_sheet, name="batch-wrong"),
    path("<str:number>/results.xlsx", result_sheet, name="batch-results"),
    path("<str:number>/rows/<int:row_no>", mend, name="batch-row"),
]
