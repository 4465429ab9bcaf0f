"""Who stands at the window: read, compared, and by hand only with a colleague who confirms."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.access import sign_in
from tongban.access.actors import actor_of
from tongban.access.sign_in import Rejection
from tongban.desk.signed_in import signed_in
from tongban.desk.window import fill, parts
from tongban.desk.window.fill import PEOPLE, leave_if_closed
from tongban.desk.window.forms import IdentityForm, without_label
from tongban.desk.window.parts import frame
from tongban.domain.errors import InvalidInput, Problem
from tongban.intake import filling, queries
from tongban.intake.filling import IdentityCheck
from tongban.intake.queries import ApplicationView


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, number: str) -> HttpResponse:
    """Each person present with the check made or to be made."""
    view = queries.application(number, actor_of(request), timezone.now())
    if request.method == "GET":
        return leave_if_closed(view) or _page(request, view)
    position = _position(request)
    form = _form(view, position, request.POST)
    try:
        problems = _check(request, number, _check_of(form, position), form)
    except InvalidInput as error:
        problems = error.problems
    if problems:
        form.tell(_placed(problem) for problem in problems)
        return _page(request, view, (position, form), status=422)
    fresh = queries.application(number, actor_of(request), timezone.now())
    if fresh.gaps_of(PEOPLE.key):
        return redirect(f"{PEOPLE.url(number)}?done=identity")
    return redirect(fill.following_url(request, fresh, PEOPLE))


def _check(request: HttpRequest, number: str, check: IdentityCheck, form: IdentityForm) -> tuple[Problem, ...]:
    """Everything but the colleague first: a code works once and must not be used up by a slip elsewhere."""
    actor, now = actor_of(request), timezone.now()
    found = filling.identity_problems(number, check, actor)
    if found := tuple(problem for problem in found if problem.field != "second"):
        return found
    if check.method == filling.BY_HAND:
        typed = [str(form[name].value() or "") for name in ("username", "password", "code")]
        if not all(typed):
            return (Problem("username", "人工核对要由第二名工作人员确认", "请同事填自己的用户名、口令和动态码"),)
        second = sign_in.confirm(request, *typed, now=now)
        if isinstance(second, Rejection):
            return (Problem("username", second.message_zh, ""),)
        check = replace(check, second=second)
    filling.check_identity(number, check, actor, now=now)
    return ()


def _check_of(form: IdentityForm, position: int) -> IdentityCheck:
    typed = {name: str(form[name].value() or "").strip() for name in ("method", "result", "id_no", "reason")}
    return IdentityCheck(
        position, typed["method"], typed["result"], without_label(typed["id_no"]), typed["reason"]
    )  # fmt: skip


def _placed(problem: Problem) -> Problem:
    return replace(problem, field="username") if problem.field == "second" else problem


def _page(
    request: HttpRequest, view: ApplicationView, typed: tuple[int, IdentityForm] | None = None, *, status: int = 200
) -> HttpResponse:
    who = queries.who_did(view)
    forms = {party.position: _form(view, party.position) for party in view.present_parties}
    if typed:
        forms[typed[0]] = typed[1]
    context = {
        "frame": frame(view, PEOPLE),
        "view": view,
        "people": [
            (
                party,
                parts.whose_zh(view, party.position),
                parts.identity_facts(view, party.position, who),
                forms[party.position],
            )
            for party in view.present_parties
        ],
        "absent": [parts.whose_zh(view, one.position) for one in view.parties if one.position not in view.present],
        "following": _following(view, typed),
        "typed": typed[0] if typed else None,
        "error_form": typed[1] if typed else None,
        "by_hand": filling.BY_HAND,
        "done": request.GET.get("done", ""),
    }
    return render(request, "desk/window/people.html", context, status=status)


def _following(view: ApplicationView, typed: tuple[int, IdentityForm] | None) -> int | None:
    """Whose card the key works on: what was typed wrong, else the first who is not checked yet."""
    if typed:
        return typed[0]
    return next((one.position for one in view.present_parties if not one.identity_result), None)


def _form(view: ApplicationView, position: int, data: QueryDict | None = None) -> IdentityForm:
    party = next((one for one in view.parties if one.position == position), None)
    return IdentityForm(data, prefix=f"p{position}", knows_number=bool(party and party.id_no))


def _position(request: HttpRequest) -> int:
    text = request.POST.get("position", "")
    return int(text) if text.isdecimal() and len(text) < 4 else 0
