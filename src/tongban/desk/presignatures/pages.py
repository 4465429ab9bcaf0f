"""The home registry's file of standing pre-signatures (预签备案): the list, a new paper, one paper and its revocation."""

from __future__ import annotations

import secrets
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from tongban.access.actors import actor_of
from tongban.access.permissions import Permission
from tongban.access.require import Scope, institutions_for, require
from tongban.cases import presignatures
from tongban.cases.presignatures import KeptPaper
from tongban.desk.presignatures.forms import PaperForm, RevokeForm
from tongban.desk.signed_in import signed_in
from tongban.domain.errors import InvalidInput, Problem
from tongban.vault.blobs import check_upload
from tongban.web.parts import Badge, Column, Datum, Row, Table, Tone

COLUMNS: Final = (
    Column("单位"), Column("授权文件", "code"), Column("办什么"), Column("哪些房产"), Column("到哪天"), Column("状态"),
)  # fmt: skip


@signed_in
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Every paper on file, newest first."""
    actor, today = actor_of(request), timezone.localdate()
    rows = [
        Row(
            (
                kept.paper.body_name, kept.paper.document_no, kept.items_zh, kept.area_zh, kept.paper.valid_until,
                _state(kept, today),
            ),
            reverse("desk:presignature", args=[kept.number]),
        )
        for kept in presignatures.listing(actor)
    ]  # fmt: skip
    context = {
        "table": Table("预签备案", COLUMNS, rows, is_queue=True, empty_zh="还没有备案"),
        "may_manage": institutions_for(actor, Permission.PRESIGNATURE_MANAGE) != frozenset(),
        "done": request.GET.get("done", ""),
    }
    return render(request, "desk/presignatures/list.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Put a paper on file."""
    actor = actor_of(request)
    require(actor, Permission.PRESIGNATURE_MANAGE, Scope(frozenset({actor.institution})))
    form = PaperForm(request.POST or None, request.FILES or None, initial={"key": secrets.token_hex(16)})
    if request.method == "GET":
        return render(request, "desk/presignatures/new.html", {"form": form})
    if form.is_valid():
        try:
            file = form.cleaned_data["document"]
            upload = check_upload(file.read(), file.content_type or "", file.name or "")
            presignatures.keep(actor, form.paper(), upload, timezone.now())
            return redirect(f"{reverse('desk:presignatures')}?done=kept")
        except InvalidInput as error:
            form.tell(
                Problem("document" if one.field == "file" else one.field, one.what_zh, one.cure_zh)
                for one in error.problems
            )
    return render(request, "desk/presignatures/new.html", {"form": form}, status=422)


@signed_in
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One paper; it can be taken back here."""
    actor, status = actor_of(request), 200
    form = RevokeForm(request.POST or None)
    if request.method == "POST":
        try:
            presignatures.revoke(number, actor, reason_zh=request.POST.get("reason", ""), now=timezone.now())
            return redirect("desk:presignature", number)
        except InvalidInput as error:
            form.tell(error.problems)
            status = 422
    kept = presignatures.one(number, actor)
    context = {
        "kept": kept,
        "badge": _state(kept, timezone.localdate()),
        "facts": _facts(kept),
        "form": form,
        "may_revoke": kept.paper.revoked_at is None
        and institutions_for(actor, Permission.PRESIGNATURE_MANAGE) != frozenset(),
    }
    return render(request, "desk/presignatures/one.html", context, status=status)


@signed_in
@require_GET
def document(request: HttpRequest, number: int) -> HttpResponse:
    """The scan of the paper."""
    data, media_type = presignatures.document(number, actor_of(request))
    return HttpResponse(data, content_type=media_type)


def _state(kept: KeptPaper, today: object) -> Badge:
    paper = kept.paper
    if paper.revoked_at is not None:
        return Badge("已撤销", Tone.QUIET)
    if str(today) < paper.valid_from.isoformat():
        return Badge("还没有开始", Tone.WAITING)
    if str(today) > paper.valid_until.isoformat():
        return Badge("已到期", Tone.QUIET)
    return Badge("有效", Tone.DONE)


def _facts(kept: KeptPaper) -> list[Datum]:
    paper = kept.paper
    rows = [
        Datum("单位", paper.body_name), Datum("统一社会信用代码", paper.body_id_no), Datum("签章人", paper.signer),
        Datum("办什么", kept.items_zh), Datum("哪些房产", kept.area_zh), Datum("从哪天", paper.valid_from),
        Datum("到哪天", paper.valid_until), Datum("备案时间", kept.kept_at), Datum("备案人", kept.kept_by_zh),
    ]  # fmt: skip
    if paper.revoked_at is not None:
        rows += [
            Datum("撤销时间", paper.revoked_at), Datum("撤销人", kept.revoked_by_zh),
            Datum("撤销原因", kept.revoked_reason_zh),
        ]  # fmt: skip
    return rows
