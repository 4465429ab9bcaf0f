"""What people do with an order: propose, confirm or give back, ask the court."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tongban.access.actors import actor_of
from tongban.desk.orders.forms import AskForm, ProposalForm, SeenForm
from tongban.desk.orders.listing import shown
from tongban.desk.signed_in import signed_in
from tongban.domain.errors import InvalidInput, Stale, WrongState
from tongban.judicial import deciding, queries


@signed_in
@require_POST
def propose(request: HttpRequest, message_id: str) -> HttpResponse:
    """One person's reading of the order."""
    actor, now = actor_of(request), timezone.now()
    view = queries.order(message_id, actor, now)
    form = ProposalForm(request.POST, view)
    if not form.is_valid():
        return shown(request, view, form=form, status=422)
    try:
        deciding.propose(message_id, form.proposal(), actor, now)
    except InvalidInput as error:
        form.tell(error.problems)
        return shown(request, view, form=form, status=422)
    except WrongState as error:
        return shown(request, view, trouble_zh=error.message_zh, status=409)
    return _back(message_id, "proposed")


@signed_in
@require_POST
def confirm(request: HttpRequest, message_id: str) -> HttpResponse:
    """Another person's yes, or back it goes."""
    actor, now = actor_of(request), timezone.now()
    seen = SeenForm(request.POST)
    try:
        if not seen.is_valid():
            raise Stale("order_proposal_changed", "看不出要核准的是哪一次意见。请刷新页面再办。")
        if request.POST.get("act") == "back":
            deciding.send_back(message_id, seen.cleaned_data["seen"], actor, now)
            return _back(message_id, "back")
        refusal = deciding.confirm(message_id, seen.cleaned_data["seen"], actor, now)
    except InvalidInput as error:
        trouble = "".join(f"{one.what_zh}{one.cure_zh}" for one in error.problems)
        return shown(request, queries.order(message_id, actor, now), trouble_zh=trouble, status=422)
    except (Stale, WrongState) as error:
        return shown(request, queries.order(message_id, actor, now), trouble_zh=error.message_zh, status=409)
    if refusal is not None:
        trouble = f"{refusal.reason.what_zh}{refusal.reason.cure_zh}"
        return shown(request, queries.order(message_id, actor, now), trouble_zh=trouble, status=409)
    return _back(message_id, "")


@signed_in
@require_POST
def ask(request: HttpRequest, message_id: str) -> HttpResponse:
    """A question to the court."""
    actor, now = actor_of(request), timezone.now()
    is_paper = queries.order(message_id, actor, now).row.is_paper
    form = AskForm(request.POST, is_paper=is_paper)
    if form.is_valid():
        try:
            deciding.ask(message_id, form.cleaned_data["words"], actor, now)
            return _back(message_id, "asked")
        except InvalidInput as error:
            form.tell(error.problems)
        except WrongState as error:
            return shown(request, queries.order(message_id, actor, now), trouble_zh=error.message_zh, status=409)
    return shown(request, queries.order(message_id, actor, now), ask=form, status=422)


def _back(message_id: str, done: str) -> HttpResponse:
    address = reverse("desk:order", args=[message_id])
    return redirect(f"{address}?done={done}" if done else address)
