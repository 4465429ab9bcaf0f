"""The public notice of a case: read before it is published, posted, objected to, ruled on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tongban.access.actors import actor_of
from tongban.access.require import Scope, allowed
from tongban.cases import objection_rulings, public_notices, queries
from tongban.cases.moves import StepData
from tongban.cases.public_notices import NoticeView, ObjectionView
from tongban.cases.queries import CaseView
from tongban.desk.cases import times
from tongban.desk.moves.cards import move_form
from tongban.desk.moves.making import explained, make, move_page, possible, step_data
from tongban.desk.moves.notice_forms import UPHELD, ObjectionForm, PostingForm, RulingForm
from tongban.desk.signed_in import signed_in
from tongban.desk.window.forms import DeskForm
from tongban.directory import lookup
from tongban.domain.decision import Refusal
from tongban.domain.errors import InvalidInput, NotFound
from tongban.vault.blobs import check_upload
from tongban.web.parts import Badge, Datum, Tone

_PURPOSE_ZH: Final = "办理公告"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@explained
def publish(request: HttpRequest, case_no: str, action: str) -> HttpResponse:
    """Read the notice as it will hang out, then publish it."""
    actor, now = actor_of(request), timezone.now()
    view = queries.case(case_no, actor, now) if request.method == "POST" else possible(case_no, action, actor, now)
    form = move_form(view, action, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return make(request, case_no, action, step_data(form, action, now))
    shown = public_notices.of_case(case_no, now)
    office = lookup.institution(view.home_registry)
    return move_page(
        request, view, action, "desk/cases/publish.html", {"form": form, "notice": shown, "office": office}
    )


@dataclass(frozen=True, slots=True)
class ObjectionPanel:
    """One objection with what may be done about it."""

    title_zh: str
    rows: tuple[Datum, ...]
    form: DeskForm | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that came back: which part of the page it belongs to, and a refusal if the law stood in the way."""

    part: str
    form: DeskForm
    refusal: Refusal | None = None


@signed_in
@require_safe
def notice(request: HttpRequest, case_no: str) -> HttpResponse:
    """The notice of a case with its posting and the objections to it."""
    now = timezone.now()
    return _page(request, queries.case(case_no, actor_of(request), now, purpose=_PURPOSE_ZH), now)


@signed_in
@require_http_methods(["POST"])
def notice_act(request: HttpRequest, case_no: str, part: str) -> HttpResponse:
    """Keep a posting, take down an objection, rule on one; then the page again, with what was wrong if something was."""
    if part not in _PARTS:
        raise NotFound("notice_part_not_found", "没有这种办理。")
    now = timezone.now()
    if sent := _PARTS[part](request, case_no, now):
        return _page(request, queries.case(case_no, actor_of(request), now, purpose=_PURPOSE_ZH), now, sent)
    return redirect("desk:case_public_notice", case_no)


def _post(request: HttpRequest, case_no: str, now: datetime) -> Sent | None:
    form = PostingForm(request.POST, request.FILES)
    if not form.is_valid():
        return Sent("post", form)
    given = form.cleaned_data["photo"]
    try:
        photo = check_upload(given.read(), given.content_type or "", given.name or "")
    except InvalidInput as error:
        form.add_error("photo", error.message_zh)
        return Sent("post", form)
    try:
        public_notices.keep_posting(case_no, form.cleaned_data["posted_on"], photo, actor_of(request), now=now)
    except InvalidInput as error:
        form.tell(error.problems)
        return Sent("post", form)
    return None


def _object(request: HttpRequest, case_no: str, now: datetime) -> Sent | None:
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        return Sent("object", form)
    try:
        taken = public_notices.take_objection(
            case_no, form.objection(), actor_of(request), key=form.cleaned_data["key"], now=now
        )
    except InvalidInput as error:
        form.tell(error.problems)
        return Sent("object", form)
    return Sent("object", form, taken) if isinstance(taken, Refusal) else None


def _rule(request: HttpRequest, case_no: str, now: datetime) -> Sent | None:
    form = RulingForm(request.POST)
    if not form.is_valid():
        return Sent("rule", form)
    actor, given = actor_of(request), form.cleaned_data
    if given["ruling"] != UPHELD:
        objection_rulings.dismiss(case_no, given["objection"], given["reason"], actor, now=now)
        return None
    data = StepData(key=f"objection:{uuid4().hex}", now=now)
    outcome = objection_rulings.uphold(case_no, given["objection"], given["reason"], actor, data)
    return Sent("rule", form, outcome) if isinstance(outcome, Refusal) else None


_PARTS: Final[Mapping[str, Callable[[HttpRequest, str, datetime], Sent | None]]] = MappingProxyType(
    {"post": _post, "object": _object, "rule": _rule}
)


def _page(request: HttpRequest, view: CaseView, now: datetime, sent: Sent | None = None) -> HttpResponse:
    actor, scope = actor_of(request), Scope(frozenset({view.home_registry}), view.case_no)
    shown = public_notices.of_case(view.case_no, now)
    if shown is None:
        raise NotFound("no_notice", "这件不用公告。")
    is_open = bool(shown.pk) and not view.limits.has_ended
    can = {
        part: is_open and allowed(actor, permission, scope)
        for part, permission in (
            ("post", "case.post_notice"),
            ("object", "case.take_objection"),
            ("rule", "case.decide_objection"),
        )
    }
    can["post"] = can["post"] and not shown.is_on_site_only
    can["object"] = can["object"] and shown.days.lasts
    context = {
        "view": view,
        "state": times.state_badge(view.state, issues=bool(view.item.issues)),
        "notice": shown,
        "office": lookup.institution(shown.registry),
        "hanging": _hanging(shown),
        "posting": _form_of(sent, "post", PostingForm()) if can["post"] else None,
        "objecting": _form_of(sent, "object", ObjectionForm.fresh()) if can["object"] else None,
        "objections": _objections(view, sent, may_rule=can["rule"]),
        "refusal": sent.refusal if sent else None,
        "wrong": sent.form if sent and not sent.refusal else None,
    }
    status = 200 if sent is None else 409 if sent.refusal else 422
    return render(request, "desk/cases/public_notice.html", context, status=status)


def _form_of(sent: Sent | None, part: str, fresh: DeskForm) -> DeskForm:
    return sent.form if sent and sent.part == part else fresh


def _hanging(shown: NoticeView) -> tuple[Datum, ...]:
    """Where and until when the notice hangs out."""
    if not shown.pk:
        return (Datum("网站", missing_zh="还没有发布"),)
    days = shown.days
    if shown.is_on_site_only:
        return (
            Datum("网站", Badge("登着", Tone.GOING) if shown.is_running else Badge("已撤下", Tone.QUIET)),
            Datum("登出", days.published_on),
            Datum("登到", shown.shown_until),
            *((Datum("期满", days.ends_on),) if days.lasts else ()),
        )
    return (
        Datum("网站", Badge("公告中", Tone.GOING) if shown.is_running else Badge("已撤下", Tone.QUIET)),
        Datum("发布", days.published_on),
        Datum("不动产所在地", shown.posted_on, missing_zh="还没有存张贴的照片"),
        Datum("公告期满", days.ends_on) if days.is_posted else Datum("公告期满", missing_zh="存了张贴的照片才能算"),
    )


def _objections(view: CaseView, sent: Sent | None, *, may_rule: bool) -> list[ObjectionPanel]:
    return [_objection(n, one, sent, may_rule) for n, one in enumerate(public_notices.objections_of(view.case_no), 1)]


def _objection(number: int, one: ObjectionView, sent: Sent | None, may_rule: bool) -> ObjectionPanel:
    said = one.objection
    rows = (
        Datum("谁提出的", said.name_zh),
        Datum("怎样联系", said.contact_zh),
        Datum("收到", said.received_on),
        Datum("为什么", said.grounds_zh),
        Datum("材料", said.evidence_zh),
        Datum(
            "处理", Badge("成立，不予登记" if one.is_upheld else "不成立", Tone.STOPPED if one.is_upheld else Tone.DONE)
        )
        if one.ruling_zh
        else Datum("处理", Badge("还没有处理", Tone.WAITING)),
        *((Datum("理由", one.ruling_zh),) if one.ruling_zh else ()),
    )
    form = None
    if may_rule and not one.ruling_zh:
        is_sent = sent is not None and sent.part == "rule" and sent.form.data.get("objection") == str(one.pk)
        form = sent.form if sent and is_sent else RulingForm(initial={"objection": one.pk}, auto_id=f"id_{one.pk}_%s")
    return ObjectionPanel(f"异议 {number}", rows, form)
